#!/usr/bin/env python3
"""Every answer of a recording lost in turn, in every way: a rule is then as
it was or unknown, and unknown for that very cause; and whatever facts the
checks document are there, or a gap says why not.  TAP.
"""

import documents
import json
import os
import pathlib
import subprocess
import sys
import tempfile

PRESEND = os.environ.get("PRESEND", "./presend")
EXAMPLE = pathlib.Path(os.environ.get("srcdir", ".")) / "audit" / "example"

HEADER = {"schema": "presend.evidence/1", "as_of": "2026-11-22T08:00:00Z"}
DOMAIN = "shop.example"
TEMPORARY, MALFORMED, NOT_ASKED = "temporary", "malformed", "not-asked"

# kind of question: how its answer may be lost
LOSSES = {
    "dns": [(TEMPORARY, "timeout"), (TEMPORARY, "servfail"),
            (MALFORMED, "cname-loop"), (NOT_ASKED, "deadline"), None],
    "smtp": [(TEMPORARY, "timeout"), (TEMPORARY, "deferred"),
             (TEMPORARY, "refused"), (NOT_ASKED, "private"), None],
    "https": [(TEMPORARY, "timeout"), (TEMPORARY, "tls"),
              (NOT_ASKED, "private"), None],
}


# ---- recordings ------------------------------------------------------------

def dns(name, kind, *records, rcode=0, zone=None):
    answer = {"rcode": rcode, "authentic": True,
              "records": [{"owner": name, "type": kind, **r}
                          for r in records]}
    if zone:
        answer["soa_owner"] = zone
    return {"question": {"kind": "dns", "name": name, "type": kind},
            "seen": "answered" if records else "absent", "dns": answer}


def alias(name, kind, target, *records):
    line = dns(name, kind, *records)
    line["dns"]["chain"] = [{"owner": name, "type": "CNAME", "name": target}]
    return line


def txt(name, *texts):
    return dns(name, "TXT", *({"strings": [t]} for t in texts),
               rcode=0 if texts else 3)


def host(name, *addresses):
    return [dns(name, kind, *({"address": a} for a in addresses
                              if (":" in a) == (kind == "AAAA")))
            for kind in ("A", "AAAA")]


def smtp(name, address, **answer):
    return {"question": {"kind": "smtp", "name": name, "port": 25,
                         "addresses": [address]},
            "seen": "answered", "smtp": {"stage": "done", "code": 250,
                                         **answer}}


def example():
    lines = (EXAMPLE / "evidence.jsonl").read_text(encoding="utf-8")
    return [documents.loads(line) for line in lines.splitlines()[1:]]


def changed(lines, *others):
    """The lines with those others in the place of the same questions."""
    new = {json.dumps(o["question"], sort_keys=True): o for o in others}
    return [line for line in lines
            if json.dumps(line["question"], sort_keys=True) not in new
            ] + list(others)


ENVELOPE = "bounces.example"  # the domain of MAIL FROM
SERVICE = "reports.example"  # takes DMARC reports for others


def envelope(*records):
    """What DNS says of the envelope sender's domain."""
    return [txt(ENVELOPE, *records), dns(ENVELOPE, "SPF"),
            dns(ENVELOPE, "SOA", {"mname": "ns." + ENVELOPE}),
            dns(ENVELOPE, "MX", {"preference": 10, "host": "mx1." + DOMAIN}),
            *host(ENVELOPE, "203.0.113.81"), txt("_dmarc." + ENVELOPE)]


def lookups(lines):
    """Too many of them, by way of includes, and some that find nothing."""
    names = [f"h{i}.{ENVELOPE}" for i in range(6)]
    return changed(
        lines, *envelope("v=spf1 include:_a.bounces.example mx "
                         "include:_b.bounces.example ptr -all"),
        txt("_a." + ENVELOPE, "v=spf1 " + " ".join(f"a:{n}" for n in names) +
            " ?all"),
        txt("_b." + ENVELOPE, "v=spf1 exists:%{i}.ok.bounces.example "
            "redirect=_c.bounces.example"),
        txt("_c." + ENVELOPE, "v=spf1 include:none.bounces.example +all"),
        txt("none." + ENVELOPE),
        *host("25.113.0.203.ok." + ENVELOPE),
        *(line for i, n in enumerate(names)
          for line in host(n, *[f"198.51.100.{i}"][:i % 2])),
        txt("mailer." + DOMAIN, "v=spf1 a -all"))


def sound(lines):
    """The example, mended, and with all that can be published."""
    tls = next(line for line in lines if line["question"]["kind"] == "smtp")
    return changed(
        lines, *envelope("v=spf1 include:_spf.mailroom.example "
                         "a:mailer.shop.example mx ~all"),
        txt("mailer." + DOMAIN, "v=spf1 a -all"),
        txt("_dmarc." + DOMAIN,
            f"v=DMARC1; p=none; rua=mailto:d@{DOMAIN},mailto:d@{SERVICE}"),
        txt(f"{DOMAIN}._report._dmarc.{SERVICE}", "v=DMARC1"),
        txt("_dmarc." + SERVICE),
        dns("25.113.0.203.in-addr.arpa", "PTR",
            {"name": "mailer." + DOMAIN}, {"name": "other.example"}),
        *host("other.example"),
        dns(DOMAIN, "MX", {"preference": 10, "host": "mx1." + DOMAIN},
            {"preference": 20, "host": "mx2." + DOMAIN}),
        *host("mx2." + DOMAIN, "203.0.113.26", "2001:db8::26"),
        {**tls, "question": {**tls["question"], "name": "mx2." + DOMAIN}},
        smtp("mx2." + DOMAIN, "2001:db8::26", capabilities=["SIZE"]),
        dns("_25._tcp.mx1." + DOMAIN, "TLSA",
            {"usage": 3, "selector": 1, "matching": 1, "data": "00" * 32}),
        dns("_25._tcp.mx2." + DOMAIN, "TLSA", rcode=3))


def inherited(lines):
    """The policy is the parent's, and depends on whether the name exists."""
    return changed(
        lines, txt("_dmarc." + DOMAIN, "v=spf1 -all"),
        txt("_dmarc.example", "v=DMARC1; p=none; sp=reject; np=quarantine"),
        dns(DOMAIN, "SOA", rcode=3, zone="example"),
        dns(DOMAIN, "MX", rcode=3), *host(DOMAIN), txt("_mta-sts." + DOMAIN))


def wrong(lines):
    """What is published twice, at the wrong place or badly."""
    return changed(
        lines, txt("_dmarc." + DOMAIN, "v=DMARC1; p=none", "v=DMARC1; p=none"),
        *envelope("v=spf1 + ip4:203.0.113.25 +all",
                  "v=spf1 a include:_spf.mailroom.example ~all"),
        txt("dmarc." + DOMAIN, "v=DMARC1; p=none"),
        txt("_domainkey." + DOMAIN, "t=y; o=~"),
        txt("_adsp._domainkey." + DOMAIN, "dkim=all"),
        txt("*." + DOMAIN, "v=spf1 ~all"),
        txt(f"_dmarc.{DOMAIN}.{DOMAIN}", "v=DMARC1; p=none", "v=spf1 ~all"),
        dns("25.113.0.203.in-addr.arpa", "PTR", rcode=3),
        dns(DOMAIN, "MX", {"preference": 10, "host": "192.0.2.1"},
            {"preference": 5, "host": "old." + DOMAIN},
            {"preference": 7, "host": "gone." + DOMAIN},
            {"preference": 0, "host": ""}),
        alias("old." + DOMAIN, "A", "mx1." + DOMAIN,
              {"address": "203.0.113.26"}),
        alias("old." + DOMAIN, "AAAA", "mx1." + DOMAIN),
        smtp("old." + DOMAIN, "203.0.113.26", starttls_offered=True,
             starttls_code=454),
        *host("gone." + DOMAIN), *host("192.0.2.1"),
        txt("_mta-sts." + DOMAIN, "v=STSv1; id=1", "v=STSv1; id=2"),
        txt("_smtp._tls." + DOMAIN, "v=TLSRPTv1; rua=none", "v=TLSRPTv1;"),
        *(dns(f"_25._tcp.{h}.{DOMAIN}", "TLSA", rcode=3)
          for h in ("old", "gone")))


def refused(lines):
    """Who is asked does answer, and the answer is no."""
    url = f"https://mta-sts.{DOMAIN}/.well-known/mta-sts.txt"
    return changed(
        lines, dns(DOMAIN, "MX", {"preference": 0, "host": ""}),
        txt("_dmarc." + DOMAIN, "v=DMARC1; p=maybe"),
        {"question": {"kind": "https", "name": url,
                      "addresses": ["203.0.113.80"]},
         "seen": "answered", "https": {"status": 404}})


def many(lines):
    """More than is looked at."""
    mx = [f"mx{i}.{DOMAIN}" for i in range(1, 36)]
    names = [f"a{i}.{DOMAIN}" for i in range(40)]
    return changed(
        lines, dns(DOMAIN, "MX", *({"preference": i, "host": h}
                                   for i, h in enumerate(mx))),
        *(line for i, h in enumerate(mx) for line in
          host(h, *(["198.51.100.1"] if i > 0 else
                    [f"198.51.100.{k}" for k in range(20)]))),
        dns("25.113.0.203.in-addr.arpa", "PTR", *({"name": h}
                                                  for h in names)),
        *(line for h in names for line in host(h, "192.0.2.1")),
        *host("mailer." + DOMAIN, *(f"203.0.113.{k}" for k in range(30))))


BY_LIMIT = {"standards.mx.resolves", "standards.mx.not_alias",
            "standards.tls.starttls", "gmail.dns.ptr", "yahoo.dns.fcrdns"}

RECORDINGS = [lambda lines: lines, sound, inherited, wrong, refused, lookups]


# ---- what is documented ----------------------------------------------------

def documented():
    """{check: fact paths}"""
    out, name = {}, ""
    text = subprocess.run([PRESEND, "checks"], capture_output=True,
                          check=True, encoding="utf-8").stdout
    for line in text.splitlines():
        if line and line[0] != " ":
            name = line.split(":")[0]
            out[name] = set()
        elif line.startswith("  ") and line[2] != " ":
            out[name].add(line.split()[0][len(name) + 1:])
    return out


def undocumented(value, path, docs):
    """Paths of facts that no check speaks of."""
    if isinstance(value, dict):
        for key, below in value.items():
            at = f"{path}.{key}" if path else key
            if at not in docs:
                yield at
            yield from undocumented(below, at, docs)
    elif isinstance(value, list):
        for below in value:
            if isinstance(below, dict):
                yield from undocumented(below, path + "[]", docs)


def empty(value, path):
    """Texts with nothing in them: what is not there is null, or absent."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield from empty(below, f"{path}.{key}")
    elif isinstance(value, list):
        for below in value:
            yield from empty(below, path + "[]")
    elif value == "":
        yield path


def covers(gap, path):
    short, long = sorted((gap, path), key=len)
    return short == "" or long == short or (
        long.startswith(short) and long[len(short)] in ".[")


def holders(value, steps):
    """The objects that should hold what the last step names."""
    if isinstance(value, list):
        for item in value:
            yield from holders(item, steps)
    elif isinstance(value, dict) and len(steps) == 1:
        yield value
    elif isinstance(value, dict):
        yield from holders(value.get(steps[0]), steps[1:])


def unsaid(facts, docs, gaps):
    """Documented paths that are absent, and no gap says why."""
    for path in docs:
        steps = path.replace("[]", "").split(".")
        if path.endswith("[]") or any(covers(g, path) for g in gaps):
            continue
        if any(steps[-1] not in o for o in holders(facts, steps)):
            yield path


ORDER = {
    "audit": ["subject", "verdicts", "changes", "recommended", "results",
              "facts", "gaps"],
    "subject": ["domain", "ips", "helo", "mail_from", "audience", "class",
                "message"],
    "verdicts": ["provider", "verdict", "must", "should", "may",
                 "consequence", "consequences", "stale"],
    "results": ["rule", "provider", "check", "requirement", "audience",
                "level", "consequence", "status", "title", "why", "fix",
                "records", "codes", "source", "checked", "stale", "notes",
                "question",
                "attested", "unknown"],
    "gaps": ["check", "fact", "cause", "detail"],
}


def disorder(audit):
    """Objects whose keys are not in the order of the contract."""
    for name, order in ORDER.items():
        these = audit if name == "audit" else audit[name]
        for one in these if isinstance(these, list) else [these]:
            if list(one) != [key for key in order if key in one]:
                yield f"{name} has the keys {list(one)}"


# ---- the sweep -------------------------------------------------------------

class Sweep:
    """Runs replays and collects what is wrong with them."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.docs = documented()
        self.runs = 0

    def audit(self, lines, args):
        path = self.folder / "rec"
        path.write_text("\n".join(map(json.dumps, [HEADER, *lines])),
                        encoding="utf-8")
        run = subprocess.run(
            [PRESEND, "audit", *args, "--replay", path, "-p", "all", "-f",
             "json", "--ca-file", EXAMPLE / "ca.pem"],
            capture_output=True, check=False)
        self.runs += 1
        if run.returncode not in (0, 1, 3):
            raise RuntimeError(run.stderr.decode())
        return documents.loads(run.stdout)["audits"][0]

    def said(self, audit):
        """What is wrong with an audit as it stands."""
        yield from disorder(audit)
        for check, docs in self.docs.items():
            facts = audit["facts"].get(check, {})
            gaps = [g["fact"] for g in audit["gaps"] if g["check"] == check]
            for path in undocumented(facts, "", docs):
                yield f"{check}.{path} is not documented"
            for path in unsaid(facts, docs, gaps):
                yield f"{check}.{path} is absent without a gap"
            for path in empty(facts, check):
                yield f"{path} is empty"

    def lost(self, whole, less, cause):
        """What is wrong after a loss."""
        before = {r["rule"]: r for r in whole["results"]}
        # What only an answer of the sender settles has no gap.
        known = {g["cause"] for g in whole["gaps"]} | {"needs-attestation"}
        for r in less["results"]:
            was = before[r["rule"]]["status"]
            if r["status"] not in (was, "unknown"):
                yield f"{r['rule']} was {was} and is {r['status']}"
            causes = {u["cause"] for u in r.get("unknown", [])}
            if causes - known - {cause}:
                yield f"{r['rule']} is unknown for {causes}"
            if r["status"] == "unknown" != was and cause not in causes:
                yield f"{r['rule']} is not unknown for {cause}"


def lose(lines, i, how):
    if how is None:
        return lines[:i] + lines[i + 1:]
    gone = {"question": lines[i]["question"], "seen": how[0], "cause": how[1]}
    return lines[:i] + [gone] + lines[i + 1:]


def sweep(s, lines, args):
    """(where, what is wrong)"""
    whole = s.audit(lines, args)
    yield from (("nothing lost", why) for why in s.said(whole))
    skipped = [r["rule"] for r in whole["results"]
               if any(u["cause"] == "skipped" for u in r.get("unknown", []))]
    for rule in skipped:
        yield "nothing lost", f"{rule} is unknown as skipped"
    for i, line in enumerate(lines):
        q = line["question"]
        for how in LOSSES[q["kind"]]:
            cause = how[1] if how else "offline"
            less = s.audit(lose(lines, i, how), args)
            for why in [*s.said(less), *s.lost(whole, less, cause)]:
                yield f"{q['name']} {q.get('type', '')} {cause}", why


def limits(s, args):
    """What is wrong with what is said of more than is looked at."""
    for r in s.audit(wide(example()), args)["results"]:
        if r["rule"].startswith("standards.tls.") and r["status"] == "pass":
            yield f"{r['rule']} passes though not all was looked at"
    audit = s.audit(many(example()), args)
    gaps = {(g["check"], g["fact"]) for g in audit["gaps"]
            if g["cause"] == "limit"}
    yield from s.said(audit)
    for gap in [("helo", "addresses"), ("mx", "hosts"),
                ("mx", "hosts[].addresses"), ("ptr", "ips[].confirmed")]:
        if gap not in gaps:
            yield f"no gap {gap}"
    for r in audit["results"]:
        causes = {u["cause"] for u in r.get("unknown", [])}
        if r["rule"] in BY_LIMIT and "limit" not in causes:
            yield f"{r['rule']} is {r['status']}, {causes}"


PACK = """[pack]
title = Ours
provider = ours

[ours.slow]
title = A pattern that takes for ever
level = must
consequence = advice
require = helo.name matches "^(a|aa|aaa)+$"
why = no
fix = no
source = https://example.com/
checked = 2026-11-21

[ours.skipped]
title = Of a check that is left out
level = must
consequence = advice
require = helo.fqdn and mx.present
why = no
fix = no
source = https://example.com/
checked = 2026-11-21
"""


def other_reasons(s):
    """What is wrong with what is said without a gap."""
    rules = s.folder / "rules"
    rules.mkdir()
    (rules / "ours.rules").write_text(PACK, encoding="utf-8")
    audit = s.audit([], [DOMAIN, "--helo", "a" * 60 + ".b", "--rules", rules,
                         "--skip", "mx"])
    said = {r["rule"]: [(u["fact"], u["cause"]) for u in r["unknown"]]
            for r in audit["results"] if r["provider"] == "ours"}
    if said != {"ours.slow": [("helo.name", "limit")],
                "ours.skipped": [("mx.present", "skipped")]}:
        yield str(said)


def wide(lines):
    """A host of more addresses than are connected to, the first fine."""
    tls = next(line for line in lines if line["question"]["kind"] == "smtp")
    at = [f"203.0.113.{i}" for i in range(26, 50)]
    return changed(lines, *host("mx1." + DOMAIN, *at), *(
        {**tls, "question": {**tls["question"], "addresses": [a]}}
        for a in at))


def main():
    message = str(EXAMPLE / "message.eml")
    full = ["-m", message, "--ip", "203.0.113.25", "--mail-from",
            "a@bounces.example"]
    subjects = {
        "the domain alone": [DOMAIN],
        "a message": ["-m", message],
        "all": full,
        "a literal": [DOMAIN, "--ip", "203.0.113.25", "--helo",
                      "[203.0.113.25]"],
        "no name": [DOMAIN, "--ip", "2001:db8::1", "--helo", "nobody"],
    }
    n = 0
    with tempfile.TemporaryDirectory() as folder:
        s = Sweep(folder)
        plans = [(r, "all", full) for r in RECORDINGS]
        plans += [(sound, name, args) for name, args in subjects.items()
                  if name != "all"]
        for recording, name, args in plans:
            what = recording.__name__.strip("<>").replace("lambda", "example")
            bad = {}
            for where, why in sweep(s, recording(example()), args):
                bad.setdefault(why, []).append(where)
            n += 1
            print(f"{'not ' if bad else ''}ok {n} - {what}, {name}")
            for why, where in bad.items():
                print(f"# {why}: {where[0]} and {len(where) - 1} more")
            sys.stdout.flush()
        for name, bad in [("limits are said", list(limits(s, full))),
                          ("other reasons", list(other_reasons(s)))]:
            n += 1
            print(f"{'not ' if bad else ''}ok {n} - {name}")
            for why in bad:
                print("# " + why)
        print(f"# {s.runs} audits")
    print(f"1..{n}")


if __name__ == "__main__":
    main()
