#!/usr/bin/env python3
"""The DMARC cases of Mail::DMARC, mox and OpenDMARC, each through the command
line against a DNS server made of the case's zone.  TAP.  The suites are looked
for beside the checkout, or where PRESEND_SUITES says.

What cannot be put to the program, and where a suite is not RFC 9989, is named
one by one below, with the reason.
"""

import itertools
import threading

import suite
from dkim_sign import Key, signature

IP = "192.0.2.1"
COUNTER = itertools.count()
KEY_IS_MADE = threading.Lock()


def signed(asked, case):
    """(rows, options): a message with the signatures of a case, and the keys
    that make of each what it is to be."""
    with KEY_IS_MADE:
        key = Key(asked.folder)
    text = (f"From: A <a@{case['header_from']}>\nTo: <b@b.test>\n"
            "Subject: s\nDate: Tue, 24 Nov 2026 10:00:00 +0000\n"
            f"Message-ID: <1@{case['header_from']}>\n\nHello.\n")
    rows, header = [], ""
    for one in case["dkim"]:
        selector = one.get("selector", "s1")
        name = f"{selector}._domainkey.{one['domain']}"
        field = signature(key, text, one["domain"], selector)
        if one["result"] == "fail":
            field = field.replace("bh=", "bh=AAAA", 1)
        header += field
        if one["result"] == "temperror":
            rows.append((name, "fault", "servfail"))
        else:
            record = key.record().replace('"', "").replace(" ", "")
            rows.append((name, "TXT", [record[i:i + 255] for i in
                                       range(0, len(record), 255)]))
    path = asked.write(f"signed{next(COUNTER)}.eml", header + text)
    return rows, ["-m", path]


# ---- Mail::DMARC -----------------------------------------------------------

# id: (what is expected, why)
MAIL_DMARC = {
    "mail-dmarc/psd-y/no-p": (
        {"disposition": None, "result": "none"},
        "RFC 9989 4.10.1: no p and no rua, so no DMARC processing; there it "
        "is taken as p=none, by 4.7"),
}


def sender(case):
    """(rows that make the case's SPF result, options)"""
    rows, options = [], ["--mail-from", "", "--helo", "helo.invalid"]
    for spf in case["spf"]:
        if spf["scope"] == "mfrom":
            options[1] = "a@" + spf["domain"]
        else:
            options[3] = spf["domain"]
        rows.append((spf["domain"].lower(), "TXT",
                     ["v=spf1 " + ("+all" if spf["result"] == "pass"
                                   else "-all")]))
    return rows, ["--ip", IP, *options]


def found_policy(want, facts):
    """The policy of a case, a table of tags, against the record."""
    tags = dict(x.strip().split("=", 1)
                for x in (facts["record"] or "").split(";") if "=" in x)
    for tag, value in want.items():
        # The defaults are filled in there.
        if tag in tags and tags[tag].strip() != str(value):
            yield f"{tag} is {tags[tag]}"
    if want["p"] != facts["p_tag"]:
        yield f"p is {facts['p_tag']}"


def wrong_result(want, facts):
    result = facts.get("result")
    if result != want:
        yield f"result is {result}"


def wrong_mail_dmarc(case, facts):
    want = case["expect"]
    org = facts["organizational_domain"]["tree_walk"]
    for key, said in (("org_domain", org), ("disposition", facts["policy"]),
                      ("record", facts["record"])):
        passes = want.get("result") == "pass"
        if key in want and said != want[key] and not (
                key == "disposition" and passes):
            yield f"{key} is {said}"
    for key in ("record_at", "policy_domain"):
        if key in want and facts["location"] != "_dmarc." + want[key]:
            yield f"location is {facts['location']}"
    if "is_subdomain" in want:
        if want["is_subdomain"] != (org != case["header_from"]):
            yield f"the organizational domain is {org}"
    if "policy" in want:
        yield from found_policy(want["policy"], facts)
    for key, fact, tag in (("spf_align", "aligned_spf", "aspf"),
                           ("dkim_align", "aligned_dkim", "adkim")):
        if key + "ed" in want and bool(want[key + "ed"]) != facts[fact]:
            yield f"{fact} is {facts[fact]}"
        if key in want and want[key] != facts[tag]:
            yield f"{tag} is {facts[tag]}"
    if "result" in want:
        yield from wrong_result(want["result"], facts)


def mail_dmarc(asked):
    whole = suite.load("dmarc-mail-dmarc", "zone.json")
    for case in suite.load("dmarc-mail-dmarc", "cases.json"):
        name, want = case["id"], case["expect"]
        rows = whole if case["zone"] == "zone.json" else case["zone"]
        if name in MAIL_DMARC:
            want.update(MAIL_DMARC[name][0])
            name += f" ({MAIL_DMARC[name][1]})"
        more, options = sender(case)
        keys, message = signed(asked, case)
        facts = asked.dmarc(case["header_from"], [*rows, *more, *keys],
                            *options, *message)
        yield name, None, [*wrong_mail_dmarc(case, facts)]


def broken_records(asked):
    """Records as they were once found: each has a fault that is named."""
    with open(suite.path("dmarc-mail-dmarc",
                         "real-world-broken-records.txt"),
              encoding="utf-8") as f:
        for line in f:
            domain, record = line.strip().split(";", 1)
            domain = domain.split("=")[1]
            facts = asked.dmarc(domain, [("_dmarc." + domain, "TXT",
                                          [record])])
            codes = {p["code"] for p in facts["problems"]}
            bad = []
            if not codes - suite.ADVICE:
                bad.append(f"nothing wrong with {record}: {sorted(codes)}")
            if "p=" in record and facts["p_tag"] is None:
                bad.append(f"p is not read from {record}")
            yield f"broken record of {domain}", None, bad


# ---- From ------------------------------------------------------------------

NOT_5322 = "RFC 5322 3.4: without angle brackets there is no display name"
BOTH = "RFC 9989 5.3.1: two authors; there the first is taken"
# header: (domains, why)
AUTHORS = {
    '"Johnson, Joe <joe@joe.com>" joe@joe.com': ([], NOT_5322),
    '"( bob@bob.com)" joe@joe.com': ([], NOT_5322),
    "<<<><joe@joe.com>>>": ([], "RFC 5322 3.4: no address"),
    "Joe Johnson <joe@joe.com>, ace@ace.com": (["joe.com", "ace.com"], BOTH),
    "joe@joe.com, ace@ace.com": (["joe.com", "ace.com"], BOTH),
}


def author(asked, path, n, case):
    header = case["header"]
    if not header.startswith("From:"):
        header = "From: " + header.lstrip()
    message = asked.write(f"{path}{n}.eml",
                          header + "\nTo: <b@b.test>\n\nHello.\n")
    said = asked.dmarc("example.org", [], "-m", message)["author_domains"]
    name = f"{path}: {header}"
    if case["header"] in AUTHORS:
        expected, why = AUTHORS[case["header"]]
        return (f"{name} ({why})", None,
                [] if said == expected else [f"said {said}"])
    # None: not one domain.
    good = said == [case["domain"]] if case["domain"] else len(said) != 1
    return name, None, [] if good else [f"said {said}, not {case['domain']}"]


def authors(asked):
    for path in ("dmarc-mail-dmarc", "dmarc-records"):
        for n, case in enumerate(suite.load(path, "from-domain.json")):
            yield author(asked, path, n, case)


# ---- records ---------------------------------------------------------------

GONE = "RFC 9989 C.2: not a tag any more, and what is not known is ignored"
NO_ADDRESS = "RFC 6068 2: a mailto URI with // has no address"
# record: (whether it is as it should be, why)
RECORDS = {
    "v=DMARC1; sp=reject; p=reject":
        (True, "RFC 9989 4.8: p may stand anywhere"),
    "v=DMARC1; p=reject; sp=invalid; rua=mailto:mjl@mox.example":
        (False, "RFC 9989 4.10.1: it is taken as p=none, which is no valid "
         "record for who wrote p=reject"),
    "v=DMARC1; rua=mailto:dmarc-feedback@example.com!" + "9" * 47:
        (True, "RFC 9989 4.7: a size behind an address is obsolete, and "
         "ignored however large"),
    "v=DMARC1; p=n;": (False, "RFC 9989 4.7: none, quarantine and reject are "
                       "the values; there the beginning is enough"),
    "v=DMARC1; p=none; rf=bob;": (True, GONE),
    "v=DMARC1; p=none; ri=bob;": (True, GONE),
    "v=DMARC1; p=none; pct=500;": (True, GONE),
    "v=DMARC1; p=none; rf=000000000000000000000000000000000": (True, GONE),
    "v=DMARC1; p=none; rua=ftp://abuse.com":
        (False, "RFC 9989 4.7: only mailto has to be known, and no receiver "
         "sends by ftp"),
    "v=DMARC1; p=none; ruf=mailto://abuse.com": (False, NO_ADDRESS),
    "v=DMARC1; p=none; ruf=mailto://abuse.com; foo=bar; buzz=happy;":
        (False, NO_ADDRESS),
}


def syntax(asked):
    for n, case in enumerate(suite.load("dmarc-records",
                                        "record-syntax.json")):
        record = case["record"]
        codes, facts = asked.dmarc_faults(record)
        valid = facts["records_found"] == 1 and not codes
        want, why = RECORDS.get(record, (case["valid"], None))
        name = f"record {n}: {record}" + (f" ({why})" if why else "")
        yield name, None, [] if valid == want else [
            f"valid is {valid}, expected {want}: "
            f"{facts['records_found']} found, {sorted(codes)}"]


# ---- alignment -------------------------------------------------------------

def alignment(asked):
    for case in suite.load("dmarc-records", "alignment.json"):
        domain, other = case["from_domain"], case["auth_domain"]
        name = f"alignment {domain}, {other}, {case['mode']}"
        if ".." in domain or ".." in other or domain.startswith("."):
            yield name, "not a domain name; a sender cannot have it", None
            continue
        record = f"v=DMARC1; p=none; aspf={case['mode'][0]}"
        tops = {".".join(d.split(".")[-2:]) for d in (domain, other)}
        rows = [("_dmarc." + top, "TXT", [record]) for top in tops]
        facts = asked.dmarc(domain, rows, "--mail-from", "a@" + other)
        said = (facts["aligned_spf"], facts["psl"]["aligned_spf"])
        yield name, None, [] if said == (case["aligned"],) * 2 else [
            f"said {said}, expected {case['aligned']}"]


# ---- mox -------------------------------------------------------------------

# id: (what is expected, why)
MOX = {
    "mox-lookup/malformed.example": (
        {"record_found": True},
        "RFC 9989 4.7: what is no tag is ignored, and the record counts"),
    "mox-verify/malformed": (
        {"status": "fail"},
        "RFC 9989 4.7: what is no tag is ignored, and the record counts"),
    "mox-extreport/example.com-malformed.example": (
        {"accepts": True}, "RFC 9990 4: a record that begins with v=DMARC1 "
        "is enough; what is no tag is ignored"),
}


def mox_rows(case):
    for name, value in case["txt"].items():
        if isinstance(value, dict):
            yield name, "fault", value["rcode"].lower()
        else:
            for record in value:
                yield name, "TXT", [record]


def wrong_lookup(case, facts):
    want = case["expect"]
    if want["status"] == "temperror":
        if facts.get("result") != "temperror" or "record" in facts:
            yield f"result {facts.get('result')}, {facts.get('record')}"
        return
    if want["record_found"] != (facts["record"] is not None):
        yield f"record is {facts['record']}"
    if want["record_found"] and \
            facts["location"] != "_dmarc." + want["found_at"]:
        yield f"location is {facts['location']}"


def wrong_verify(case, facts):
    want = case["expect"]
    # What a lost answer decides is not known, so not there.
    if want["status"] != facts.get("result", "temperror"):
        yield f"result is {facts.get('result')}"
    if want["reject"] != (facts.get("policy") == "reject") and \
            want["status"] == "fail":
        yield f"policy is {facts.get('policy')}"


def mox_verify(asked, case):
    if case["spf"] == "pass" or case["spf_domain"]:
        domain = case["spf_domain"]
    else:
        domain = "nothing.invalid"
    rows = [*mox_rows(case)]
    if case["spf"] == "temperror":
        rows.append((domain, "fault", "servfail"))
    elif case["spf"] != "none":
        rows.append((domain, "TXT", ["v=spf1 " + (
            "+all" if case["spf"] == "pass" else "-all")]))
    keys, message = signed(asked, case)
    facts = asked.dmarc(case["header_from"], [*rows, *keys], "--mail-from",
                        "a@" + domain, "--ip", IP, "--helo", "helo.invalid",
                        *message)
    return [*wrong_verify(case, facts)]


def mox_report(asked, case):
    """Whether reports may go to another domain."""
    target = case["report_domain"]
    rows = [("_dmarc." + case["domain"], "TXT",
             [f"v=DMARC1; p=none; rua=mailto:r@{target}"]), *mox_rows(case)]
    facts = asked.dmarc(case["domain"], rows)
    said = [r.get("authorized") for r in facts["external_reports"]]
    want = case["expect"]
    if want["status"] == "temperror":
        return [] if said == [None] else [f"authorized is {said}"]
    return [] if said == [want["accepts"]] else [f"authorized is {said}"]


def mox(asked):
    for case in suite.load("dmarc-records", "mox-lookup-verify.json"):
        name = case["id"]
        if name in MOX:
            case["expect"].update(MOX[name][0])
            name += f" ({MOX[name][1]})"
        if name.startswith("mox-lookup"):
            facts = asked.dmarc(case["domain"], [*mox_rows(case)])
            yield name, None, [*wrong_lookup(case, facts)]
        elif name.startswith("mox-extreport"):
            yield name, None, mox_report(asked, case)
        else:
            yield name, None, mox_verify(asked, case)


# ---- the public suffix list ------------------------------------------------

# name: (what is expected, why)
SUFFIXES = {
    "x.ignored.example.com": (
        "x.ignored.example.com",
        "publicsuffix.org, format: a rule is one wherever it stands; there "
        "those behind the last section are left out"),
}


def suffixes(asked):
    mini = suite.load("psl", "mox-mini-list.json")
    asked.write("mini", mini["list"])
    for name, want in mini["cases"]:
        title = f"suffix list: {name}"
        if name in SUFFIXES:
            want, why = SUFFIXES[name]
            title += f" ({why})"
        facts = asked.dmarc(name, [], "--psl",
                            asked.path("mini"))["organizational_domain"]
        want = want.encode("idna").decode()
        yield title, None, [] if facts["psl"] == want else [
            f"said {facts['psl']}, expected {want}"]


if __name__ == "__main__":
    suite.main("dmarc-mail-dmarc", [mail_dmarc, broken_records, authors,
                                    syntax, alignment, mox, suffixes])
