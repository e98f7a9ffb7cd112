#!/usr/bin/env python3
"""The case that must never fail: a domain's DNS moved to another provider, and
the DKIM record that the mail server's panel has was never copied there.  An
Exim log says Gmail's 5.7.26; the log and --audit lead to the record to paste.
And what was mended since is said to be.  TAP.
"""

import os
import subprocess
import sys
import tempfile

import dkim_sign
import documents
import nameserver
import tap

PRESEND = os.environ.get("PRESEND", "./presend")
DOMAIN = "sender.test"
KEY = "mail._domainkey." + DOMAIN
LOG = (
    "2026-11-20 10:00:00 1v1az8-1gnkxW-6B <= news@sender.test H=app "
    "[10.0.0.1] P=esmtp S=100\n"
    "2026-11-20 10:00:01 1v1az8-1gnkxW-6B ** joe@gmail.com R=dnslookup "
    "T=remote_smtp H=gmail-smtp-in.l.google.com [142.250.27.26] "
    "X=TLS1.3:TLS_AES_256_GCM_SHA384:256 CV=yes: SMTP error from remote mail "
    "server after end of data: 550-5.7.26 This message does not have "
    "authentication information or fails to\\n550-5.7.26 pass authentication "
    "checks (SPF or DKIM). To best protect our users from\\n550-5.7.26 spam, "
    "the message has been blocked. For this message, DKIM checks did not pass "
    "and SPF check for [sender.test] did not pass with ip: [192.0.2.77].\\n"
    "550-5.7.26 Please visit\\n550-5.7.26  https://support.google.com/mail/"
    "answer/81126#authentication for more\\n550 5.7.26 information. "
    "1a2b3c4d5e6f.7a8b9c0d1e2f - gsmtp\n"
    "2026-11-20 10:00:02 1v1az8-1gnkxW-6B Completed\n")


def public(key=None, address="192.0.2.10"):
    zone = nameserver.Zone()
    zone.put(DOMAIN, "SOA", "ns1.dns.test", "root.dns.test", "1", "3600",
             "600", "86400", "60")
    zone.put(DOMAIN, "NS", "ns1.dns.test")
    zone.put("ns1.dns.test", "A", "192.0.2.53")
    zone.put(DOMAIN, "MX", 10, "mail." + DOMAIN)
    zone.put("mail." + DOMAIN, "A", "192.0.2.10")
    zone.put(DOMAIN, "TXT", f"v=spf1 ip4:{address} -all")
    zone.put("_dmarc." + DOMAIN, "TXT", "v=DMARC1; p=none; "
             f"rua=mailto:d@{DOMAIN}")
    if key:
        zone.put(KEY, "TXT", *key)
    return zone


class Case:
    def __init__(self, folder, dns):
        self.folder, self.dns = folder, dns
        self.key = dkim_sign.Key(folder)
        text = (f"From: News <news@{DOMAIN}>\nTo: joe@gmail.com\n"
                "Subject: What is new\nDate: Fri, 20 Nov 2026 10:00:00 +0000\n"
                f"Message-ID: <1@{DOMAIN}>\n\nHello.\n")
        self.message = self.write("m.eml", dkim_sign.signature(
            self.key, text, DOMAIN, "mail", ("From", "To", "Subject")) + text)
        self.zone = self.write("sender.test.db", "$TTL 1h\n"
                               "@ SOA ns1.panel.example. root 1 1h 1h 1w 1h\n"
                               "@ NS ns1.panel.example.\n"
                               f"mail._domainkey TXT {self.key.record()}\n")
        self.log = self.write("mainlog", LOG)

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        return path

    def run(self, zone, *args):
        port = self.dns.serve(zone)
        return subprocess.run(
            [PRESEND, "bounces", self.log, "--audit", DOMAIN, "-n",
             f"127.0.0.1:{port}", *args], check=False, capture_output=True,
            env={**os.environ, "LC_ALL": "C.UTF-8"})

    def cluster(self, zone, *args):
        out = self.run(zone, "-f", "json", *args)
        if out.returncode:
            raise RuntimeError(out.stderr.decode())
        doc = documents.loads(out.stdout)
        return doc, doc["clusters"][0]


def rule(cluster, name):
    return next((r for r in cluster.get("results", ())
                 if r["rule"] == name), None)


def never_copied(t, case):
    doc, c = case.cluster(public(), "--expect-zone", case.zone)
    t.point(c["identity"]["ip"] == "192.0.2.77" and
            c["identity"]["spf_domain"] == DOMAIN,
            "the reply tells whom it refuses", c)
    t.point(doc["audit"]["subject"]["ips"] == ["192.0.2.77"],
            "and that is the address that is audited", doc["audit"])
    t.point(c["today"] == "still-failing", "it still fails", c)
    zone = rule(c, "standards.zone.published")
    t.point(zone is not None and zone["records"] and
            zone["records"][0]["name"] == KEY + "." and
            case.key.public in zone["records"][0]["value"],
            "the record that was never copied is there to paste", c)
    _, c = case.cluster(public(), "--expect-zone", case.zone, "-m",
                        case.message, "--ip", "192.0.2.77")
    any_rule = rule(c, "gmail.auth.any")
    t.point(any_rule is not None and any_rule["status"] == "fail",
            "with the sample, the rule that Gmail names fails", c)
    dkim = rule(c, "gmail.auth.dkim")
    t.point(dkim is not None and "zone file" in dkim["why"],
            "because the key is in the zone file alone", c)
    out = case.run(public(), "--expect-zone", case.zone).stdout.decode()
    t.point("still failing" in out and
            f'{KEY}. IN TXT v=DKIM1' in out.replace('"', ""),
            "the text leads there too", out)


def mended(t, case):
    record = case.key.record().replace('" "', "").strip('"')
    key = [record[i:i + 255] for i in range(0, len(record), 255)]
    zone = public(key, "192.0.2.77")
    _, c = case.cluster(zone, "-m", case.message, "--ip", "192.0.2.77",
                        "--mail-from", "news@" + DOMAIN)
    t.point(rule(c, "gmail.auth.any")["status"] == "pass",
            "once it is copied, the rule passes", c)
    t.point(c["today"] in ("mended", "still-failing"), "and that is said", c)
    t.point(not any(r["status"] == "fail" and r["rule"].startswith("gmail.")
                    for r in c["results"]), "nothing of Gmail's fails", c)


def not_known(t, case):
    zone = public()
    for name in (DOMAIN, KEY, "_dmarc." + DOMAIN):
        zone.fail(name, "*", "servfail")
    _, c = case.cluster(zone, "-m", case.message)
    t.point(c["today"] == "unknown", "what cannot be asked is not known", c)


def main():
    t = tap.Tap()
    with tempfile.TemporaryDirectory() as folder, \
            nameserver.Nameservers() as dns:
        case = Case(folder, dns)
        for test in (never_copied, mended, not_known):
            test(t, case)
    return t.end()


if __name__ == "__main__":
    sys.exit(main())
