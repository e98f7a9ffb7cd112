#!/usr/bin/env python3
"""--expect-zone with zone files as panels write them, and --authoritative with
name servers that differ, on loopback; live, recorded and replayed; and bad
input.  TAP.
"""

import os
import re
import subprocess
import sys
import tempfile
import time

import dkim_sign
import documents
import nameserver
import tap

PRESEND = os.environ.get("PRESEND", "./presend")
DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data",
                    "zones")
DOMAIN = "sender.test"
KEY = "mail._domainkey." + DOMAIN
RECORDS = 300_000
RD = 0x0100


def public(spf="v=spf1 a mx ip4:192.0.2.10 -all", key=None, serial=1):
    """What the public sees: the provider has all but the key."""
    zone = nameserver.Zone()
    zone.put(DOMAIN, "SOA", "ns1.dns.test", "root.dns.test", str(serial),
             "3600", "600", "86400", "60")
    zone.put(DOMAIN, "NS", "ns1.dns.test")
    zone.put(DOMAIN, "NS", "ns2.dns.test")
    zone.put("ns1.dns.test", "A", "192.0.2.53")
    zone.put("ns2.dns.test", "A", "192.0.2.54")
    zone.put(DOMAIN, "MX", 10, "mail." + DOMAIN)
    zone.put("mail." + DOMAIN, "A", "192.0.2.10")
    zone.put(DOMAIN, "A", "192.0.2.10")
    zone.put(DOMAIN, "TXT", spf)
    zone.put("_dmarc." + DOMAIN, "TXT", "v=DMARC1; p=quarantine; pct=100")
    if key:
        zone.put(KEY, "TXT", key)
    return zone


class Runs:
    """presend with its files in a folder."""

    def __init__(self, folder, dns):
        self.folder, self.dns = folder, dns

    def write(self, name, octets):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as f:
            f.write(octets.encode() if isinstance(octets, str) else octets)
        return path

    def run(self, *args, stdin=None):
        return subprocess.run([PRESEND, "audit", *args], check=False,
                              capture_output=True, input=stdin,
                              env={**os.environ, "LC_ALL": "C.UTF-8"})

    def audit(self, port, *args):
        """(document, what a replay of the recording says)"""
        record = os.path.join(self.folder, "evidence.jsonl")
        common = [*args, "-c", "zone,authoritative,dkim,spf", "-f", "json",
                  "--evidence"]
        live = self.run(*common, "-n", f"127.0.0.1:{port}", "-t", "1",
                        "--retries", "0", "--record", record, "--force")
        again = self.run(*common, "--replay", record)
        if live.returncode == 2:
            raise RuntimeError(live.stderr.decode())
        return live.stdout, again.stdout


def facts(document):
    return documents.loads(document)["audits"][0]["facts"]


def result(document, rule):
    for r in documents.loads(document)["audits"][0]["results"]:
        if r["rule"] == rule:
            return r
    return {"status": "none"}


# ---- --expect-zone ---------------------------------------------------------

def panel_keys(t, runs):
    """The story: all is published but the key."""
    port = runs.dns.serve(public())
    for name in sorted(os.listdir(DATA)):
        path = os.path.join(DATA, name)
        args = [DOMAIN, "--expect-zone", path]
        live, again = runs.audit(port, *args)
        zone = facts(live)["zone"]
        missing = [(m["name"], m["type"]) for m in zone["missing"]]
        value = "".join(m["value"] for m in zone["missing"])
        t.point(missing == [(KEY, "TXT")] and
                re.search(r"p=MIIBIjAN[A-Za-z0-9]{96,}", value) and
                zone["moved"] and zone["problems"] == [] and
                zone["nameservers"] == ["ns1.dns.test", "ns2.dns.test"] and
                live == again,
                f"{name}: the key that was never copied is named", zone)
        rule = result(live, "standards.zone.published")
        t.point(rule["status"] == "fail" and
                [r["name"] for r in rule["records"]] == [KEY + "."] and
                rule["records"][0]["value"] == value,
                f"{name}: the record to paste is in the finding", rule)
    for name in sorted(os.listdir(DATA)):
        with open(os.path.join(DATA, name), encoding="ascii") as f:
            text = f.read()
        path = runs.write("windows.zone", "\ufeff" + "$ORIGIN sender.test.\n"
                          + text.replace("\n", "\r\n"))
        zone = facts(runs.audit(port, DOMAIN, "--expect-zone", path)[0])["zone"]
        t.point(len(zone["missing"]) == 1 and zone["problems"] == [],
                f"{name}: the same with CRLF and a byte order mark", zone)


def published(t, runs):
    path = os.path.join(DATA, "hestia.db")
    with open(path, encoding="ascii") as f:
        key = f.read().split("p=")[-1].split('"')[0]
    port = runs.dns.serve(public(key="k=rsa; p=" + key))
    live, _ = runs.audit(port, DOMAIN, "--expect-zone", path)
    t.point(facts(live)["zone"]["agrees"] is True and
            result(live, "standards.zone.published")["status"] == "pass" and
            result(live, "standards.zone.same")["status"] == "pass",
            "once it is copied, all agrees", facts(live)["zone"])
    port = runs.dns.serve(public(spf="v=spf1 include:other.test -all",
                                 key="k=rsa; p=" + key))
    live, _ = runs.audit(port, DOMAIN, "--expect-zone", path)
    rule = result(live, "standards.zone.same")
    t.point(rule["status"] == "fail" and rule["records"][0]["value"] ==
            "v=spf1 a mx ip4:192.0.2.10 -all",
            "another SPF record in public is told", rule)
    zone = public()
    zone.fail(KEY, "TXT", "servfail")
    live, again = runs.audit(runs.dns.serve(zone), DOMAIN, "--expect-zone",
                             path)
    t.point(facts(live)["zone"]["missing"] == [] and
            "agrees" not in facts(live)["zone"] and live == again and
            result(live, "standards.zone.published")["status"] == "unknown",
            "a lost answer is not known, and nothing is missing",
            facts(live)["zone"])
    live, _ = runs.audit(port, DOMAIN)
    t.point(facts(live)["zone"]["file"] is None and
            not any(facts(live)["zone"].values()) and
            result(live, "standards.zone.published")["status"] ==
            "not-applicable" and
            not any(facts(live)["authoritative"].values()),
            "without the options nothing is said", live)


def signed(t, runs):
    """Gmail's 5.7.26: the sample is signed, and nobody can verify it."""
    key = dkim_sign.Key(runs.folder)
    text = (f"From: News <news@{DOMAIN}>\nTo: joe@example.org\n"
            "Subject: What is new\n\nHello.\n")
    message = dkim_sign.signature(key, text, DOMAIN, "mail",
                                  ("From", "To", "Subject")) + text
    path = runs.write("m.eml", message)
    zone = runs.write("sender.test.db", "$TTL 1h\n@ SOA ns1.panel.example. "
                      "root 1 1h 1h 1w 1h\n@ NS ns1.panel.example.\n"
                      f"mail._domainkey TXT {key.record()}\n")
    port = runs.dns.serve(public())
    live, again = runs.audit(port, "-m", path, "--expect-zone", zone)
    dkim = result(live, "gmail.auth.dkim")
    t.point(dkim["status"] == "fail" and "zone file" in dkim["why"] and
            [r["name"] for r in dkim["records"]] == [KEY + "."] and
            key.public in dkim["records"][0]["value"] and live == again,
            "Gmail's finding names the zone file and has the record", dkim)
    advice = result(live, "standards.dkim.key_record")
    t.point(advice["status"] == "fail" and advice["records"] == [],
            "and no record is shown of which there is nothing", advice)
    t.point("this is why its DKIM signature fails" in
            facts(live)["zone"]["missing"][0]["detail"],
            "and the zone's finding says that this is why",
            facts(live)["zone"]["missing"])
    out = runs.run("-m", path, "--expect-zone", zone, "-n",
                   f"127.0.0.1:{port}", "-c", "zone,dkim,spf").stdout.decode()
    t.point("YOUR ZONE FILE, AND PUBLIC DNS" in out and
            f'{KEY}. IN TXT "v=DKIM1' in out and "ns1.dns.test" in out and
            "ns1.panel.example" in out,
            "the text has the record and who serves the zone", out)


# ---- --authoritative -------------------------------------------------------

class Flags:
    """Keeps the flags of the questions that a server got."""

    def __init__(self):
        self.seen = set()

    def __call__(self, server, q, tcp):
        self.seen.add(q.flags & RD)


def mapped(*ports):
    out = []
    for address, port in zip(("192.0.2.53", "192.0.2.54"), ports):
        out += ["--connect-to", f"{address}:53:127.0.0.1:{port}"]
    return out


def authoritative(t, runs):
    flags = Flags()
    port = runs.dns.serve(public())
    one = runs.dns.serve(public(), flags)
    two = runs.dns.serve(public())
    args = [DOMAIN, "--authoritative", "--selector", "mail"]
    live, again = runs.audit(port, *args, *mapped(one, two))
    says = facts(live)["authoritative"]
    t.point(says.get("agree") is True and says["fresh"] is True and
            [s["serial"] for s in says["servers"]] == [1, 1] and
            live == again, "two servers that agree", says)
    t.point(flags.seen == {0}, "they are asked without recursion", flags.seen)
    t.point((KEY, "TXT") in runs.dns.asked(two) and
            (DOMAIN, "MX") in runs.dns.asked(two),
            "for keys and mail hosts too", runs.dns.asked(two))
    new = runs.dns.serve(public(spf="v=spf1 mx -all", serial=2))
    live, again = runs.audit(port, *args, *mapped(one, new))
    says = facts(live)["authoritative"]
    rule = result(live, "standards.authoritative.agree")
    t.point(says["agree"] is False and rule["status"] == "fail" and
            "ns1.dns.test (192.0.2.53)" in rule["why"] and
            {d["server"]: d["value"] for d in says["differences"]} ==
            {"ns1.dns.test": ["v=spf1 a mx ip4:192.0.2.10 -all"],
             "ns2.dns.test": ["v=spf1 mx -all"]} and live == again,
            "one that is behind is named, with what it answers", says)
    live, _ = runs.audit(port, *args, *mapped(new, new))
    says = facts(live)["authoritative"]
    t.point(says["fresh"] is False and
            [(c["name"], c["ttl"]) for c in says["cached"]] ==
            [(DOMAIN, 300)] and says["agree"] is True and
            result(live, "standards.authoritative.fresh")["status"] == "fail",
            "what a cache still holds is told with its time", says)
    text = runs.run(*args, *mapped(one, new), "-n", f"127.0.0.1:{port}",
                    "-c", "authoritative").stdout.decode()
    t.point("THE NAME SERVERS, ONE BY ONE" in text and "serial 2" in text,
            "the text shows each of them", text)


def servers_that_fail(t, runs):
    port = runs.dns.serve(public())
    one = runs.dns.serve(public())
    args = [DOMAIN, "--authoritative"]
    for fault in ("refused", "referral"):
        zone = public()
        zone.fail("*", "*", fault)
        live, again = runs.audit(port, *args,
                                 *mapped(one, runs.dns.serve(zone)))
        says = facts(live)["authoritative"]
        rule = result(live, "standards.authoritative.lame")
        t.point(says["servers"][1]["lame"] is True and live == again and
                says["agree"] is True and rule["status"] == "fail",
                f"{fault}: the server does not have the zone", says)
    for fault in ("timeout", "servfail", "noise"):
        zone = public()
        zone.fail("*", "*", fault)
        live, again = runs.audit(port, *args,
                                 *mapped(one, runs.dns.serve(zone)))
        says = facts(live)["authoritative"]
        t.point("lame" not in says["servers"][1] and live == again and
                "agree" not in says and says["problems"] == [] and
                result(live, "standards.authoritative.agree")["status"] ==
                "unknown", f"{fault}: it is not known", says)
    zone = public()
    zone.fail("_dmarc." + DOMAIN, "*", "referral")
    live, _ = runs.audit(port, *args, *mapped(one, runs.dns.serve(zone)))
    t.point(facts(live)["authoritative"]["agree"] is True,
            "a name that is delegated on is no difference",
            facts(live)["authoritative"])
    live, again = runs.audit(port, *args)
    causes = {g["cause"] for g in documents.loads(live)["audits"][0]["gaps"]
              if g["check"] == "authoritative"}
    t.point("private" in causes and live == again,
            "private addresses are not asked", causes)
    before = len(runs.dns.asked(one))
    runs.audit(port, DOMAIN, *mapped(one, one))
    t.point(len(runs.dns.asked(one)) == before,
            "without the option nobody is asked", runs.dns.asked(one))


# ---- bad input -------------------------------------------------------------

BAD = {
    "an empty file": b"",
    "a page in place of a zone": b"<!DOCTYPE html>\n<html>x</html>\n",
    "a zone in UTF-16": "\ufeffx A 192.0.2.1\n".encode("utf-16"),
    "a picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)),
    "another zone": b"other.test. A 192.0.2.1\nother.test. TXT \"v=spf1\"\n",
    "nothing but faults": b"sender.test. A x\nsender.test. MX y z\n",
    "a line without an end": b"(" * 100000,
}


def bad_input(t, runs):
    for name, octets in BAD.items():
        path = runs.write("bad", octets)
        done = runs.run(DOMAIN, "--expect-zone", path, "--offline")
        line = done.stderr.decode()
        t.point(done.returncode == 2 and line.count("\n") == 1 and
                not done.stdout and not re.search(r"[\0-\x09\x0b-\x1f]", line),
                f"{name}: status 2, one line", done)
    for path in (runs.folder, os.path.join(runs.folder, "none")):
        done = runs.run(DOMAIN, "--expect-zone", path, "--offline")
        t.point(done.returncode == 2 and done.stderr.count(b"\n") == 1,
                "a folder, and no file", done)
    with open(os.path.join(DATA, "cpanel.db"), "rb") as f:
        text = f.read()
    done = runs.run(DOMAIN, "--expect-zone", "-", "--offline", "-c", "zone",
                    "-f", "json", stdin=text)
    t.point(facts(done.stdout)["zone"]["records"] == 11,
            "from standard input", done)
    done = runs.run(DOMAIN, "other.test", "--expect-zone",
                    os.path.join(DATA, "cpanel.db"), "--offline", "-c",
                    "zone", "-f", "json")
    files = [a["facts"]["zone"]["file"] for a in
             documents.loads(done.stdout)["audits"]]
    t.point(files[0] and files[1] is None,
            "of several domains only its own has the file", files)


def hostile(t, runs):
    """What is in a file must not act on a terminal."""
    path = runs.write("sender.test.db", b"$ORIGIN sender.test.\n"
                      b"@ TXT \"v=spf1 \x1b[2J\x9b -all\"\n"
                      b"a\x1b[31m._domainkey TXT \"v=DKIM1; p=\\027]0;x\\007"
                      b"\xe2\x80\xae\"\n\x1b]0;x\x07 A y\n$\x1b[1m z\n")
    port = runs.dns.serve(public())
    for form in ("text", "json"):
        out = runs.run(DOMAIN, "--expect-zone", path, "-n",
                       f"127.0.0.1:{port}", "-f", form, "-c", "zone").stdout
        t.point(not re.search(rb"[\0-\x09\x0b-\x1f\x7f]|\xe2\x80\xae", out) and
                b"_domainkey" in out, f"no control octet in {form}", out)


def large(t, runs):
    """Time grows as the file does; and a million records are the limit."""
    def seconds(n, name):
        path = runs.write(name, "$ORIGIN sender.test.\n@ TXT \"v=spf1\"\n" +
                          "".join(f"h{i} 300 IN A 192.0.2.1\n"
                                  for i in range(n)))
        best, done = None, None
        for _ in range(3):
            begin = time.monotonic()
            done = runs.run(DOMAIN, "--expect-zone", path, "--offline", "-c",
                            "zone", "-f", "json")
            spent = time.monotonic() - begin
            best = spent if best is None else min(best, spent)
        return best, done

    half, _ = seconds(RECORDS // 2, "half.zone")
    whole, done = seconds(RECORDS, "whole.zone")
    t.point(done.stdout and documents.loads(done.stdout)["audits"][0]["facts"][
        "zone"]["records"] == RECORDS + 1, "many records are read", done)
    t.point(whole < 2.6 * half + 0.3, "in time as the file is long", half,
            whole)
    path = runs.write("over.zone", b"$ORIGIN sender.test.\n" +
                      b"a A 192.0.2.1\nb TXT x\n" * 500_001)
    done = runs.run(DOMAIN, "--expect-zone", path, "--offline")
    t.point(done.returncode in (2, 3) and done.stderr.count(b"\n") <= 1,
            "a million of them end in one clear line, or are read", done)


def main():
    t = tap.Tap()
    with tempfile.TemporaryDirectory() as folder, \
            nameserver.Nameservers() as dns:
        runs = Runs(folder, dns)
        for test in (panel_keys, published, signed, authoritative,
                     servers_that_fail, bad_input, hostile, large):
            test(t, runs)
    return t.end()


if __name__ == "__main__":
    sys.exit(main())
