#!/usr/bin/env python3
"""One fault at a time: in the sender, exactly the expected rules fail; in the
asking, the rules that depend on it are unknown and none changes sides.  Every
audit is recorded, and its replay must be the same octet for octet.  TAP.
"""

import datetime
import subprocess
import sys

import dkim_sign
import documents
import lab
import world

PTR = {"gmail.dns.ptr", "yahoo.dns.fcrdns"}
DMARC = {"gmail.dmarc.record", "yahoo.dmarc.record"}
HELO = {"standards.helo.resolves"}
SPF = {"gmail.auth.spf", "yahoo.auth.both"}
ALIGNMENT = {"gmail.dmarc.alignment", "yahoo.dmarc.alignment"}
DKIM = {"gmail.auth.dkim", "yahoo.auth.dkim"}
# Then no signature covers the fields for unsubscribing either.
UNSIGNED = DKIM | {"gmail.unsub.signed", "yahoo.unsub.signed"}


def no_ptr(s):
    s.ptr = ""


def ptr_without_forward(s):
    s.ptr = "nowhere." + s.domain


def helo_unresolvable(s):
    s.helo = "gone." + s.domain


def no_starttls(s):
    s.smtp = "plain"


def expired(s):
    s.smtp = "short"
    later = datetime.datetime.now(datetime.timezone.utc) + \
        datetime.timedelta(days=30)
    s.as_of = later.strftime("%Y-%m-%dT%H:%M:%SZ")


def self_signed(s):
    s.smtp = "own"


def wrong_name(s):
    s.smtp = "other"


def old_tls(s):
    s.smtp = "old"


def injection(s):
    s.smtp = "injection"


def no_one_click(s):
    del s.headers["List-Unsubscribe-Post"]


def no_list_unsubscribe(s):
    s.headers.clear()


def two_subjects(s):
    s.headers["subject"] = "again"


def blank_fold(s):
    s.headers["Comments"] = "a\n \n b"


def many_hops(s):
    s.altered = lambda text: 50 * "Received: by localhost\n" + text


def feedback_id(s):
    s.headers["Feedback-ID"] = "autumn:shop:news:eu"


def idn_link(s):
    s.body += "https://xn--pple-43d.com/\n"


def forwarded(s):
    """By a mailbox that leaves the envelope sender as it was."""
    s.records[("@", "TXT")] = '"v=spf1 a:mx.%s -all"' % s.domain
    s.altered = lambda text: "X-Forwarded-To: a@example.net\n" + text


def no_dmarc(s):
    s.without(("_dmarc", "TXT"))


def plain_delivery(s):
    s.protocol, s.tls = "ESMTP", ""


def null_mx(s):
    s.records[("@", "MX")] = "0 ."
    s.without(("_mta-sts", "TXT"))


def mx_is_alias(s):
    s.records[("mx", "CNAME")] = "mx2"
    s.records[("mx2", "A")] = s.mx_ip
    s.without(("mx", "A"))


def untouched(_):
    pass


def unsigned(s):
    s.key = None


def body_altered(s):
    s.altered = lambda text: text + "-- \nSent by a list\n"


def subject_altered(s):
    s.altered = lambda text: text.replace("Subject: ", "Subject: [news] ")


def key_gone(s):
    s.without(("s1._domainkey", "TXT"))


def key_other(s):
    s.records[("s1._domainkey", "TXT")] = s.other_key.record()


def key_revoked(s):
    s.records[("s1._domainkey", "TXT")] = '"v=DKIM1; p="'


def key_short(s):
    s.key = s.short_key
    s.records[("s1._domainkey", "TXT")] = s.key.record()


def signed_by_another(s):
    """Its key is there, and SPF does not help."""
    s.signer = "compliant.test"
    spf("v=spf1 -all")(s)


def unsubscribe_unsigned(s):
    s.signed = ("From", "To", "Subject", "Date", "Message-ID")


def spf(*records):
    """Those in place of the domain's SPF record; {d}: the domain."""
    def put(s):
        s.records[("@", "TXT")] = ['"' + r.format(d=s.domain) + '"'
                                   for r in records]
    return put


def spf_eleven(s):
    names = [f"h{i}" for i in range(11)]
    for i, name in enumerate(names):
        s.records[(name, "A")] = f"198.51.100.{i + 1}"
    spf("v=spf1 " + " ".join(f"a:{n}.{{d}}" for n in names) +
        " a:mail.{d} -all")(s)


def dmarc(*records):
    """The same of its DMARC record."""
    def put(s):
        s.records[("_dmarc", "TXT")] = ['"' + r.format(d=s.domain) + '"'
                                        for r in records]
    return put


def key_at_domain(s):
    s.records[("@", "TXT")] = [s.records[("@", "TXT")],
                               '"v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQ"']


def bimi(s):
    """A logo, and a DMARC policy of none, by which nobody shows it."""
    s.records[("default._bimi", "TXT")] = \
        f'"v=BIMI1; l=https://{s.domain}/l.svg"'


# name: (what is done, the rules that fail)
FAULTS = {
    "compliant": (untouched, set()),
    "no-ptr": (no_ptr, PTR),
    "ptr-no-forward": (ptr_without_forward, PTR),
    "helo-unresolvable": (helo_unresolvable, HELO | {"standards.spf.helo"}),
    "no-starttls": (no_starttls, {"standards.tls.starttls"}),
    "cert-expired": (expired, {"standards.tls.certificate.valid"}),
    "cert-self-signed": (self_signed, {"standards.tls.certificate.trusted"}),
    "cert-wrong-name": (wrong_name, {"standards.tls.certificate.name"}),
    "tls-1-0": (old_tls, {"standards.tls.version"}),
    "starttls-injection": (injection, {"standards.tls.injection"}),
    "sts-other-mx": (untouched, {"standards.mta_sts.mx_listed"}),
    "no-one-click": (no_one_click, {"gmail.unsub.oneclick", "yahoo.unsub.oneclick"}),
    "no-unsubscribe": (no_list_unsubscribe,
                       {"gmail.unsub.oneclick", "yahoo.unsub.header"}),
    "two-subjects": (two_subjects, {"gmail.format.single_headers",
                                    "yahoo.rfc.single_headers"}),
    "blank-fold": (blank_fold, {"gmail.format.rfc5322", "yahoo.rfc"}),
    "hops": (many_hops, {"gmail.hops", "standards.hops.loop",
                         "standards.hops.trace", "standards.format.advice"}),
    "feedback-id": (feedback_id, {"gmail.feedbackid",
                                  "standards.dkim.coverage"}),
    "idn": (idn_link, {"gmail.idn"}),
    "forwarded": (forwarded, {"gmail.forward.srs", "yahoo.arc"} | SPF),
    "no-dmarc": (no_dmarc, DMARC),
    "no-tls-delivery": (plain_delivery, {"gmail.tls"}),
    "null-mx": (null_mx, {"yahoo.dns.nullmx", "standards.mx.present"}),
    "mx-alias": (mx_is_alias, {"standards.mx.not_alias"}),
    "spf-missing": (spf("hello"), SPF),
    "spf-two": (spf("v=spf1 a:mail.{d} -all", "v=spf1 a -all"),
                SPF | {"standards.spf.one_record"}),
    "spf-other-ip": (spf("v=spf1 a:mx.{d} -all"), SPF),
    "spf-eleven": (spf_eleven, SPF | {"standards.spf.lookups"}),
    "spf-voids": (spf("v=spf1 a:x.{d} a:y.{d} a:z.{d} a:mail.{d} -all"),
                  SPF | {"standards.spf.voids"}),
    "spf-plus-all": (spf("v=spf1 +all"),
                     {"gmail.spf.suspicious", "standards.spf.all"}),
    "spf-syntax": (spf("v=spf1 + a:mail.{d} -all"),
                   SPF | {"standards.spf.syntax"}),
    "dmarc-two": (dmarc("v=DMARC1; p=none; rua=mailto:a@{d}",
                        "v=DMARC1; p=reject; rua=mailto:a@{d}"),
                  DMARC | {"standards.dmarc.one_record"}),
    "dmarc-no-p": (dmarc("v=DMARC1; rua=mailto:a@{d}"),
                   DMARC),
    "dmarc-no-rua": (dmarc("v=DMARC1; p=none"),
                     {"gmail.dmarc.rua", "yahoo.dmarc.rua"}),
    "dmarc-pct": (dmarc("v=DMARC1; p=none; pct=100; rua=mailto:a@{d}"),
                  {"standards.dmarc.removed_tags"}),
    "dmarc-external": (dmarc("v=DMARC1; p=none; rua=mailto:a@other.test"),
                       {"standards.dmarc.external_reports"}),
    "dmarc-methods": (dmarc("v=DMARC1; p=quarantine; t=y; rua=mailto:a@{d}"),
                      {"standards.dmarc.methods"}),
    "dkim-none": (unsigned, UNSIGNED),
    "dkim-body": (body_altered, UNSIGNED),
    "dkim-subject": (subject_altered, UNSIGNED),
    "dkim-key-gone": (key_gone, UNSIGNED | {"standards.dkim.key_record"}),
    "dkim-key-other": (key_other, UNSIGNED),
    "dkim-key-revoked": (key_revoked,
                         UNSIGNED | {"standards.dkim.key_record"}),
    "dkim-key-1024": (key_short, {"gmail.dkim.keysize2048",
                                  "yahoo.dkim.keysize2048"}),
    "dkim-unaligned": (signed_by_another,
                       SPF | ALIGNMENT | {"standards.unsub.aligned"}),
    "dkim-unsubscribe": (unsubscribe_unsigned,
                         {"gmail.unsub.signed", "yahoo.unsub.signed",
                          "standards.dkim.coverage",
                          "standards.dkim.oversigning"}),
    "key-at-domain": (key_at_domain, {"standards.misplaced.names"}),
    "listed": (untouched, {"gmail.ip.blocklist", "yahoo.ip.blocklist"}),
    "domain-listed": (untouched, {"standards.blocklist.domain"}),
    "bimi-weak": (bimi, {"standards.bimi.record", "yahoo.bimi"}),
}

MX = {"standards.mx.present", "standards.mx.not_alias",
      "standards.mx.resolves", "yahoo.dns.nullmx"}
TLS = {"standards.tls.starttls", "standards.tls.handshake",
       "standards.tls.version", "standards.tls.strength",
       "standards.tls.injection", "standards.tls.certificate.trusted",
       "standards.tls.certificate.valid", "standards.tls.certificate.name"}

# (question or server, fault): the cause, and rules that must be unknown by it
ASKING = [
    ("dmarc-timeout", "_dmarc TXT timeout", "timeout", DMARC),
    ("dmarc-servfail", "_dmarc TXT servfail", "servfail", DMARC),
    ("dmarc-refused", "_dmarc TXT refused", "refused", DMARC),
    ("dmarc-cut", "_dmarc TXT cut", "malformed", DMARC),
    ("dmarc-garbage", "_dmarc TXT garbage", "malformed", DMARC),
    ("dmarc-truncated", "_dmarc TXT truncate-tcp-drop", "network", DMARC),
    ("spf-timeout", "@ TXT timeout", "timeout", {"gmail.auth.spf"}),
    ("spf-servfail", "@ TXT servfail", "servfail", {"gmail.auth.spf"}),
    ("dkim-timeout", "s1._domainkey TXT timeout", "timeout", DKIM),
    ("dkim-servfail", "s1._domainkey TXT servfail", "servfail", DKIM),
    ("ptr-timeout", "PTR PTR timeout", "timeout", PTR),
    ("ptr-servfail", "PTR PTR servfail", "servfail", PTR),
    ("ptr-refused", "PTR PTR refused", "refused", PTR),
    ("forward-timeout", "mail A timeout", "timeout", PTR | HELO),
    ("mx-timeout", "@ MX timeout", "timeout", MX | TLS),
    ("mx-servfail", "@ MX servfail", "servfail", MX | TLS),
    ("mx-host-servfail", "mx A servfail", "servfail",
     {"standards.mx.resolves"} | TLS),
    ("soa-timeout", "@ SOA timeout", "timeout", {"yahoo.dns.soa"}),
    ("sts-servfail", "_mta-sts TXT servfail", "servfail",
     {"standards.mta_sts.valid", "standards.mta_sts.mx_listed"}),
    ("tlsrpt-timeout", "_smtp._tls TXT timeout", "timeout",
     {"standards.tls_rpt.valid"}),
    ("dmarc-cname-loop", "CNAME", "cname-loop", DMARC),
    ("smtp-tarpit", "smtp tarpit", "timeout", TLS),
    ("smtp-silent", "smtp silent", "timeout", TLS),
    ("smtp-421", "smtp banner-421", "deferred", TLS),
    ("smtp-refused", "smtp-closed", "refused", TLS),
    ("https-timeout", "https silent", "timeout",
     {"standards.mta_sts.valid", "standards.mta_sts.mx_listed"}),
]


HOLES = ("nothing,", "nothing.", "is nothing", "(not known)", "(list)",
         "example.com")


class Tap:
    """Counts and prints test points."""

    def __init__(self):
        self.n = 0

    def point(self, good, name, *why):
        self.n += 1
        print(f"{'ok' if good else 'not ok'} {self.n} - {name}")
        if not good:
            for line in why:
                print(f"# {line}")
        sys.stdout.flush()

    def end(self):
        print(f"1..{self.n}")


def told(where):
    """Options by which the sender tells what nobody outside can see."""
    form = lab.run(lab.PRESEND, "rules", "attest", "-p", "gmail,yahoo",
                   text=True).stdout
    form = form.replace("answer = ?", "answer = yes").replace(
        "by = ?", "by = the sender").replace("date = ?", "date = 2026-11-01")
    return ["--attest", where.write("answers", form), "--spam-rate", "0.01"]


class Audits:
    """Runs presend on the lab, twice: asking, and from the recording."""

    def __init__(self, where, ca):
        self.lab = where
        self.ca = ca
        self.told = told(where)

    def run(self, sender, resolver, connect, *more):
        """(exit status, document, error text, the replay is the same)"""
        base = self.lab.path("run-" + sender.name)
        message = self.lab.write(f"run-{sender.name}.eml", sender.message())
        args = [lab.PRESEND, "audit", sender.domain, "-m", message, "--ip",
                sender.ip, "--helo", sender.helo, "-f", "json", "--force",
                "--evidence", "--ca-file", self.ca, *self.told, *sender.extra]
        if sender.as_of:
            args += ["--as-of", sender.as_of]
        asking = ["-n", f"127.0.0.1:{resolver}", "--record", base + ".rec",
                  *more]
        for host, port, real in connect:
            asking += ["--connect-to", f"{host}:{port}:127.0.0.1:{real}"]
        live = subprocess.run(args + asking, capture_output=True, check=False)
        again = subprocess.run(args + ["--replay", base + ".rec"],
                               capture_output=True, check=False)
        if live.returncode in (0, 1, 3):
            with open(base + ".rec", encoding="utf-8") as f:
                documents.lines(f.read())
        try:
            document = documents.loads(live.stdout)
        except ValueError:
            document = None
        return (live.returncode, document, live.stderr.decode(),
                live.stdout == again.stdout and
                live.returncode == again.returncode)


def by_status(document, status):
    return {r["rule"] for r in document["audits"][0]["results"]
            if r["status"] == status}


def causes(document, rules):
    return {u["cause"] for r in document["audits"][0]["results"]
            if r["rule"] in rules for u in r.get("unknown", [])}


def verdicts(document):
    return {v["provider"]: v["verdict"]
            for v in document["audits"][0]["verdicts"]}


def holes(document):
    """What a reader could not use in the texts of what fails."""
    found = []
    for r in document["audits"][0]["results"]:
        if r["status"] != "fail":
            continue
        names = [x["name"] for x in r["records"] if x["type"] != "header"]
        texts = [r["why"], r["fix"]] + [x[k] for x in r["records"]
                                        for k in ("name", "value")]
        found += [(r["rule"], t) for t in texts
                  if not t or any(hole in t for hole in HOLES)]
        found += [(r["rule"], n) for n in names if not n.endswith(".")]
    return found


def test_faults(tap, audits, knot, ports, https, senders):
    for s in senders:
        _, expected = FAULTS[s.name]
        connect = connections([s], ports, https)
        code, doc, err, same = audits.run(s, knot, connect)
        if doc is None:
            tap.point(False, s.name, err)
            continue
        failed = by_status(doc, "fail")
        tap.point(failed == expected, f"{s.name}: exactly its rules fail",
                  f"expected {sorted(expected)}", f"failed {sorted(failed)}")
        musts = any(r["rule"] in failed and r["level"] == "must"
                    for r in doc["audits"][0]["results"])
        tap.point(code == (1 if musts else 0), f"{s.name}: exit status",
                  f"it was {code}", err,
                  f"unknown {sorted(by_status(doc, 'unknown'))}")
        tap.point(same, f"{s.name}: the replay is the same")
        tap.point(not holes(doc), f"{s.name}: no text has a hole",
                  *map(str, holes(doc)))
        if s.name == "compliant":
            tap.point(verdicts(doc) == {"gmail": "compliant",
                                        "yahoo": "compliant"},
                      "compliant: for both", str(verdicts(doc)))
            tap.point(not by_status(doc, "unknown"),
                      "compliant: all is known",
                      str(by_status(doc, "unknown")))


def connections(senders, ports, https):
    closed = lab.free_port()
    for s in senders:
        yield "mx." + s.domain, 25, ports[s.smtp]
        yield "mx2." + s.domain, 25, ports[s.smtp]
        yield s.helo, 25, closed
        yield "mta-sts." + s.domain, 443, https


def test_many(tap, where, audits, knot, connect, senders):
    """A folder of messages, all at once: each as if it were alone."""
    for s in senders:
        where.write(f"folder/{s.name}.eml", s.message())
    args = [lab.PRESEND, "audit", "-m", where.path("folder"), "-f", "jsonl",
            "--force", "--evidence", "--ca-file", audits.ca, "--blocklists",
            where.path("lists"), *audits.told]
    record = ["-n", f"127.0.0.1:{knot}", "--record", where.path("many.rec")]
    for host, port, real in connect:
        record += ["--connect-to", f"{host}:{port}:127.0.0.1:{real}"]
    live = subprocess.run(args + record, capture_output=True, check=False)
    again = subprocess.run(args + ["--replay", where.path("many.rec")],
                           capture_output=True, check=False)
    lines = [documents.loads(line) for line in live.stdout.splitlines()]
    names = [line["subject"]["domain"].split(".")[0] for line in lines]
    tap.point(names == sorted(s.name for s in senders),
              "many: all of them, in input order", str(names),
              live.stderr.decode())
    for line, name in zip(lines, names):
        failed = by_status({"audits": [line]}, "fail")
        tap.point(failed == FAULTS[name][1], f"many: {name}",
                  f"expected {sorted(FAULTS[name][1])}",
                  f"failed {sorted(failed)}")
    tap.point(live.stdout == again.stdout, "many: the replay is the same")
    one = subprocess.run(args + ["--replay", where.path("many.rec"),
                                 "--jobs", "1"],
                         capture_output=True, check=False)
    tap.point(one.stdout == live.stdout, "many: one job says the same")
    alone = b""
    for s in sorted(senders, key=lambda s: s.name):
        path = where.path("folder") + f"/{s.name}.eml"
        alone += subprocess.run(
            args[:3] + [path] + args[4:] + ["--replay",
                                            where.path("many.rec")],
            capture_output=True, check=False).stdout
    tap.point(alone == live.stdout,
              "many: nothing of one audit stands in another")


def dns_fault(sender, fault):
    """The scripted server's zone for a fault."""
    if fault == "CNAME":
        sender.without(("_dmarc", "TXT"))
        return world.flat_zone(sender) + (
            f"_dmarc.{sender.domain}. CNAME a.{sender.domain}.\n"
            f"a.{sender.domain}. CNAME _dmarc.{sender.domain}.\n")
    owner, kind, what = fault.split(" ", 2)
    name = f"{owner}.{sender.domain}."
    if owner == "@":
        name = sender.domain + "."
    elif owner == "PTR":
        name = sender.ip.rsplit(".", 1)[1] + ".2.0.192.in-addr.arpa."
    return world.flat_zone(sender) + f"! {name} {kind} {what}\n"


def asking_servers(where, sender, fault, usual):
    """(zone, port of the MX, port of HTTPS) for a fault in the asking."""
    smtp, https, cert = usual
    if fault.startswith("smtp "):
        smtp = where.scripted("fakesmtp.py", fault.split()[1])
    elif fault == "smtp-closed":
        smtp = lab.free_port()
    elif fault.startswith("https "):
        https = where.scripted("fakehttps.py", "--cert", cert[0], "--key",
                               cert[1], fault.split()[1])
    else:
        return dns_fault(sender, fault), smtp, https
    return world.flat_zone(sender), smtp, https


def test_asking(tap, where, audits, usual, key):
    for number, (name, fault, cause, expected) in enumerate(ASKING):
        s = world.Sender(name, number, key)
        zone, smtp, https = asking_servers(where, s, fault, usual)
        dns = where.scripted("fakedns.py", where.write(name + ".zone", zone))
        connect = [("mx." + s.domain, 25, smtp), (s.helo, 25,
                                                  lab.free_port()),
                   ("mta-sts." + s.domain, 443, https)]
        code, doc, err, same = audits.run(
            s, dns, connect, "--timeout", "0.8", "--retries", "1")
        if doc is None:
            tap.point(False, name, err)
            continue
        unknown = by_status(doc, "unknown")
        failed = by_status(doc, "fail")
        tap.point(expected <= unknown, f"{name}: what depends is unknown",
                  f"not unknown {sorted(expected - unknown)}")
        tap.point(not failed, f"{name}: nothing fails", str(sorted(failed)))
        tap.point(causes(doc, expected) == {cause}, f"{name}: the cause",
                  f"expected {cause}", str(sorted(causes(doc, expected))))
        musts = any(r["rule"] in unknown and r["level"] == "must"
                    for r in doc["audits"][0]["results"])
        tap.point(code == (3 if musts else 0), f"{name}: exit status",
                  f"it was {code}", err)
        tap.point(same, f"{name}: the replay is the same")


def services(where, certs):
    def tls(name):
        cert, key = certs[name]
        return ["smtpd_tls_security_level=may", f"smtpd_tls_cert_file={cert}",
                f"smtpd_tls_key_file={key}"]

    return where.postfix({
        "good": tls("good"), "short": tls("short"), "own": tls("own"),
        "other": tls("other"), "plain": ["smtpd_tls_security_level=none"],
        "old": tls("good") + ["smtpd_tls_protocols=TLSv1",
                              "smtpd_tls_ciphers=medium",
                              "tls_medium_cipherlist=ALL:@SECLEVEL=0"]})


def main():
    why = lab.missing()
    if why:
        print(f"1..0 # SKIP {why}")
        return
    tap = Tap()
    senders = []
    names = [*FAULTS] + [row[0] for row in ASKING]
    hosts = [f"{h}.{n}.test" for n in names for h in ("mx", "mx2", "mta-sts")]
    with lab.Lab() as where:
        key = dkim_sign.Key(where.path("."))
        for i, name in enumerate(FAULTS):
            s = world.Sender(name, i, key)
            s.other_key = dkim_sign.Key(where.path("."), 2049)
            s.short_key = dkim_sign.Key(where.path("."), 1024)
            FAULTS[name][0](s)
            senders.append(s)
        ca = where.authority()
        certs = {"good": where.certificate("good", hosts),
                 "short": where.certificate("short", hosts, days=1),
                 "own": where.certificate("own", hosts, own=True),
                 "other": where.certificate("other", ["mx.elsewhere.test"])}
        lists = where.write("lists", "bl.test ip4 domain\n")
        for s in senders:
            s.extra += ["--blocklists", lists]
        origin, text = world.LISTS
        listed = "".join(s.listing() for s in senders)
        knot = where.knot(dict([s.zone() for s in senders] +
                               [world.reverse_zone(senders), world.TOP_ZONE,
                                (origin, text.format(listed))]))
        ports = services(where, certs)
        ports["injection"] = where.scripted(
            "fakesmtp.py", "--cert", certs["good"][0], "--key",
            certs["good"][1], "injection")
        https = where.nginx(world.NGINX.format(cert=certs["good"][0],
                                               key=certs["good"][1]))
        audits = Audits(where, ca)
        test_faults(tap, audits, knot, ports, https, senders)
        # The certificate that has expired has only done so later.
        today = [s for s in senders if not s.as_of]
        test_many(tap, where, audits, knot,
                  connections(today, ports, https), today)
        test_asking(tap, where, audits, (ports["good"], https, certs["good"]),
                    key)
    tap.end()


if __name__ == "__main__":
    main()
