#!/usr/bin/env python3
"""BIMI over a scripted DNS server: where the record is found, what is judged by
it, that nothing is fetched, and that no lost answer makes a logo or takes one
away.  TAP.
"""

import tempfile

import nameserver
import recorded
import tap

DMARC = "_dmarc.corp.test TXT v=DMARC1; p=reject\n"
SPF = "corp.test TXT v=spf1 -all\n"
RECORD = "v=BIMI1; l=https://corp.test/l.svg; a=https://corp.test/c.pem"
RULES = ("standards.bimi.record", "yahoo.bimi")
NOT, FAIL, PASS = "not-applicable", "fail", "pass"

# Title, domain, zone, facts, status of the rules, codes of problems.
SCENARIOS = [
    ("a record of the domain", "corp.test",
     DMARC + SPF + f"default._bimi.corp.test TXT {RECORD}",
     {"ready": True, "location": "default._bimi.corp.test",
      "logo": "https://corp.test/l.svg"}, PASS, []),
    ("the organization's, of a subdomain", "news.corp.test",
     DMARC + SPF + "news.corp.test A 192.0.2.1\n"
     f"default._bimi.corp.test TXT {RECORD}",
     {"ready": True, "name": "default._bimi.news.corp.test",
      "location": "default._bimi.corp.test"}, PASS, []),
    ("by a wildcard", "a.corp.test",
     DMARC + SPF + f"*.corp.test TXT {RECORD}",
     {"location": "default._bimi.a.corp.test", "ready": True}, PASS, []),
    ("no record", "corp.test", DMARC + SPF,
     {"record": None, "ready": None}, NOT, []),
    ("declined", "corp.test",
     DMARC + SPF + "default._bimi.corp.test TXT v=BIMI1; l=; a=;",
     {"declined": True, "ready": False}, NOT, []),
    ("p=none", "corp.test",
     "_dmarc.corp.test TXT v=DMARC1; p=none\n" + SPF +
     f"default._bimi.corp.test TXT {RECORD}",
     {"valid": True, "dmarc_enforced": False, "ready": False}, FAIL,
     ["bimi.dmarc-policy"]),
    ("two records and +all", "corp.test",
     DMARC + "corp.test TXT v=spf1 +all\n"
     f"default._bimi.corp.test TXT {RECORD}\n"
     "default._bimi.corp.test TXT v=BIMI1; l=",
     {"record": None, "valid": False, "ready": False}, NOT,
     ["bimi.multiple-records"]),
]


def audits_of(folder, port, domain):
    return recorded.Audits(folder, port, domain, "-c", "bimi", "-p",
                           "yahoo,standards")


def facts_of(audit):
    return audit["facts"]["bimi"]


def losses(audits):
    """What a lost answer changes to something else than nothing."""
    whole = facts_of(audits.whole)
    for i, question in enumerate(audits.questions):
        for how in recorded.LOSSES:
            audit = audits.without(i, how)
            less = facts_of(audit)
            for key, value in less.items():
                if key != "problems" and whole.get(key) != value:
                    yield f"{question} {how[1]}: {key} is {value}"
            missing = {k for k in whole if k not in less}
            gaps = {g["fact"] for g in audit["gaps"]}
            if not missing <= gaps:
                yield f"{question} {how[1]}: no gap for {missing - gaps}"
            for r in audit["results"]:
                if r["rule"] in RULES and r["status"] != "unknown" and \
                        r["status"] != status_of(audits.whole, r["rule"]):
                    yield f"{question}: {r['rule']} is {r['status']}"


def status_of(audit, rule):
    return next(r["status"] for r in audit["results"] if r["rule"] == rule)


def main():
    t = tap.Tap()
    with tempfile.TemporaryDirectory() as folder, \
            nameserver.Nameservers() as servers:
        for title, domain, text, want, status, codes in SCENARIOS:
            audits = audits_of(folder, servers.serve(recorded.zone_of(text)),
                               domain)
            facts = facts_of(audits.whole)
            bad = [f"{k} is {facts.get(k, 'absent')}" for k, v in want.items()
                   if k not in facts or facts[k] != v]
            t.point(not bad, title, *bad)
            said = [p["code"] for p in facts["problems"]]
            t.point(said == codes, f"{title}: problems", said)
            rules = [status_of(audits.whole, r) for r in RULES]
            t.point(set(rules) == {status}, f"{title}: rules", rules)
            t.point(all(q["question"]["kind"] == "dns" for q in audits.lines),
                    f"{title}: nothing is fetched")
            bad = [*losses(audits)]
            t.point(not bad, f"{title}: every loss", *bad[:9])
    return t.end()


if __name__ == "__main__":
    raise SystemExit(main())
