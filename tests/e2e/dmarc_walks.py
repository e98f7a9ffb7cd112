#!/usr/bin/env python3
"""DMARC by the tree walk of RFC 9989 and by the public suffix list of RFC
7489, where they agree and where not; reports that go elsewhere; wildcards.
And each answer lost in turn: which facts need it is written down here by the
RFCs' clauses, those must then be absent with a gap that names the cause, and
all others are as they were.  TAP.
"""

import pathlib
import tempfile

import nameserver
import recorded
import tap

IP = "192.0.2.1"
PSL = "test\nco.test\n"

OF_RECORD = ["record", "location", "policy", "applies", "aspf"]
ORG = "organizational_domain.tree_walk"
OF_PSL = ["psl.record", "psl.location", "psl.policy"]
WATCHED = [*OF_RECORD, ORG, "organizational_domain.psl", *OF_PSL,
           "methods_agree", "aligned_spf", "psl.aligned_spf", "domain_exists",
           "external_reports", "result", "psl.result", "testing"]


class Scenario:
    """
    want: facts by path.  needs: {question: paths}, absent without it; with a
    question mark before it a path may be absent or as it was.
    """

    def __init__(self, name, domain, mail_from, zone, want, needs):
        self.name, self.domain, self.want = name, domain, want
        self.mail_from, self.needs = mail_from, needs
        self.zone = recorded.zone_of(zone)


FIRST = [*OF_RECORD, ORG, *OF_PSL, "methods_agree", "result", "psl.result",
         "?aligned_spf", "?psl.aligned_spf", "testing", "external_reports"]
OF_WALK = [*OF_RECORD, ORG, "methods_agree", "result", "testing",
           "external_reports", "?aligned_spf"]
SPF = ["?result", "?psl.result"]

SCENARIOS = [
    # RFC 9989 4.10 (2): psd=n ends the walk.
    Scenario("psd=n below what the list has", "mail.dept.corp.test",
             "a@corp.test", """
_dmarc.dept.corp.test TXT v=DMARC1; p=none; psd=n
_dmarc.corp.test TXT v=DMARC1; p=reject; sp=quarantine
corp.test TXT v=spf1 +all
mail.dept.corp.test A 192.0.2.1
""", {ORG: "dept.corp.test", "organizational_domain.psl": "corp.test",
      "location": "_dmarc.dept.corp.test", "policy": "none", "applies": "p",
      "psl.location": "_dmarc.corp.test", "psl.policy": "quarantine",
      "methods_agree": False, "aligned_spf": False, "psl.aligned_spf": True,
      "psl.result": "pass", "domain_exists": True},
             {"_dmarc.mail.dept.corp.test TXT": FIRST,
              "_dmarc.dept.corp.test TXT": OF_WALK,
              # Where the sender's own walk begins.
              "_dmarc.corp.test TXT": [*OF_PSL, "methods_agree", "psl.result",
                                       "?result", "?aligned_spf",
                                       "?psl.aligned_spf"],
              "_dmarc.test TXT": ["?result", "?aligned_spf"],
              "corp.test TXT": ["psl.result"],
              "mail.dept.corp.test SOA": ["domain_exists"]}),
    # 4.10.2: one label below psd=y; 4.10.1: its own record applies where the
    # organizational domain has none.
    Scenario("psd=y at a bank", "a.shop.bank.test", "a@x.shop.bank.test", """
_dmarc.bank.test TXT v=DMARC1; p=reject; sp=quarantine; np=reject; psd=y
x.shop.bank.test TXT v=spf1 +all
a.shop.bank.test A 192.0.2.1
""", {ORG: "shop.bank.test", "organizational_domain.psl": "bank.test",
      "location": "_dmarc.bank.test", "policy": "quarantine", "applies": "sp",
      "psl.location": "_dmarc.bank.test", "psl.policy": "quarantine",
      "methods_agree": False, "aligned_spf": True, "psl.aligned_spf": True,
      "result": "pass", "psl.result": "pass"},
             {"_dmarc.a.shop.bank.test TXT": FIRST,
              "_dmarc.shop.bank.test TXT": [*OF_WALK, "aligned_spf"],
              "_dmarc.bank.test TXT": [
                  *OF_WALK, *OF_PSL, "psl.result", "aligned_spf",
                  "?psl.aligned_spf"],
              "_dmarc.x.shop.bank.test TXT": ["aligned_spf", "result",
                                              "?external_reports"],
              "x.shop.bank.test TXT": ["result", "psl.result"],
              "a.shop.bank.test SOA": ["policy", "applies", "domain_exists",
                                       "?methods_agree"]}),
    Scenario("psd=y, and another customer of the bank", "a.shop.bank.test",
             "a@evil.bank.test", """
_dmarc.bank.test TXT v=DMARC1; p=reject; psd=y
evil.bank.test TXT v=spf1 +all
a.shop.bank.test A 192.0.2.1
""", {"aligned_spf": False, "psl.aligned_spf": True, "psl.result": "pass",
      "policy": "reject", "applies": "p"}, None),
    # 4.10.1: np for names that are not there; RFC 7489 has no np.
    Scenario("np of a name that is not there", "ghost.corp.test",
             "a@corp.test", """
_dmarc.corp.test TXT v=DMARC1; p=none; sp=quarantine; np=reject; t=y
corp.test TXT v=spf1 -all
""", {ORG: "corp.test", "policy": "quarantine", "applies": "np",
      "psl.policy": "quarantine", "domain_exists": False, "testing": True,
      "aligned_spf": True, "location": "_dmarc.corp.test"},
             {"_dmarc.ghost.corp.test TXT": FIRST,
              "_dmarc.corp.test TXT": [
                  *OF_WALK, *OF_PSL, "psl.result", "aligned_spf",
                  "?psl.aligned_spf"],
              "_dmarc.test TXT": [*OF_WALK, "aligned_spf"],
              "ghost.corp.test SOA": ["policy", "applies", "methods_agree",
                                      "domain_exists"],
              "corp.test TXT": ["?result", "?psl.result"]}),
    # 4.10: from eight labels and more straight to the last seven.
    Scenario("eleven labels", "a.b.c.d.e.f.g.h.i.corp.test", "a@corp.test", """
_dmarc.corp.test TXT v=DMARC1; p=reject; aspf=s
_dmarc.d.e.f.g.h.i.corp.test TXT v=DMARC1; p=none
a.b.c.d.e.f.g.h.i.corp.test A 192.0.2.1
corp.test TXT v=spf1 +all
""", {"walk": ["_dmarc.a.b.c.d.e.f.g.h.i.corp.test",
               "_dmarc.e.f.g.h.i.corp.test", "_dmarc.f.g.h.i.corp.test",
               "_dmarc.g.h.i.corp.test", "_dmarc.h.i.corp.test",
               "_dmarc.i.corp.test", "_dmarc.corp.test", "_dmarc.test"],
      "location": "_dmarc.corp.test", "policy": "reject",
      # 4.8, aspf=s: not the same name.
      "aspf": "strict", "aligned_spf": False, "methods_agree": True}, None),
    # RFC 9989 4.10 (1): two records count as none, and the walk goes on; RFC
    # 7489 6.6.3 (5): they end it, without a policy.
    Scenario("two records at the domain", "sub.corp.test", "a@sub.corp.test",
             """
_dmarc.sub.corp.test TXT v=DMARC1; p=none
_dmarc.sub.corp.test TXT v=DMARC1; p=quarantine
_dmarc.corp.test TXT v=DMARC1; p=reject
sub.corp.test TXT v=spf1 ip4:192.0.2.1 -all
""", {"location": "_dmarc.corp.test", "policy": "reject", ORG: "corp.test",
      "psl.record": None, "psl.policy": None, "methods_agree": False,
      "aligned_spf": True, "result": "pass", "psl.result": "none"},
             {"_dmarc.sub.corp.test TXT": FIRST,
              "_dmarc.corp.test TXT": OF_WALK,
              "_dmarc.test TXT": OF_WALK,
              "sub.corp.test TXT": ["result"],
              "sub.corp.test SOA": ["domain_exists"]}),
    # Its own record applies, whatever stands above it.
    Scenario("its own record", "corp.test", "a@corp.test", """
_dmarc.corp.test TXT v=DMARC1; p=reject
corp.test TXT v=spf1 ip4:192.0.2.1 -all
""", {"location": "_dmarc.corp.test", "policy": "reject", ORG: "corp.test",
      "methods_agree": True, "result": "pass"},
             {"_dmarc.corp.test TXT": [*FIRST],
              "_dmarc.test TXT": [ORG, "methods_agree"],
              "corp.test TXT": ["result", "psl.result"],
              "corp.test SOA": ["domain_exists"]}),
    # RFC 4592: what is below a wildcard, at _dmarc too.
    Scenario("a wildcard with SPF", "sub.corp.test", "a@sub.corp.test", """
*.corp.test TXT v=spf1 -all
_dmarc.corp.test TXT v=DMARC1; p=quarantine
""", {"location": "_dmarc.corp.test", "policy": "quarantine",
      "methods_agree": True}, None),
    Scenario("a wildcard with DMARC", "sub.corp.test", "a@sub.corp.test", """
*.corp.test TXT v=DMARC1; p=reject
_dmarc.corp.test TXT v=DMARC1; p=none
""", {"location": "_dmarc.sub.corp.test", "policy": "reject",
      "applies": "p"}, None),
    # RFC 9990 4: who is to get reports has to say so.
    Scenario("reports that go elsewhere", "corp.test", "a@corp.test", """
_dmarc.corp.test TXT v=DMARC1; p=none; rua=mailto:a@in.corp.test,mailto:b@yes.test,mailto:c@no.test,mailto:d@wild.test; ruf=mailto:e@spf.test
corp.test._report._dmarc.yes.test TXT v=DMARC1
*._report._dmarc.wild.test TXT v=DMARC1;
corp.test._report._dmarc.spf.test TXT v=spf1 -all
corp.test TXT v=spf1 -all
""", {"external_reports": [("yes.test", "rua", True),
                           ("no.test", "rua", False),
                           ("wild.test", "rua", True),
                           ("spf.test", "ruf", False)]},
             {"_dmarc.corp.test TXT": [*FIRST],
              "_dmarc.test TXT": [ORG, "methods_agree", "?external_reports"],
              "_dmarc.in.corp.test TXT": ["?external_reports"],
              "_dmarc.yes.test TXT": ["?external_reports"],
              "_dmarc.no.test TXT": ["?external_reports"],
              "_dmarc.wild.test TXT": ["?external_reports"],
              "_dmarc.spf.test TXT": ["?external_reports"],
              "corp.test._report._dmarc.yes.test TXT": ["external_reports"],
              "corp.test._report._dmarc.no.test TXT": ["external_reports"],
              "corp.test._report._dmarc.wild.test TXT": ["external_reports"],
              "corp.test._report._dmarc.spf.test TXT": ["external_reports"],
              "corp.test SOA": ["domain_exists"],
              "corp.test TXT": SPF}),
]


def audits_of(scenario, folder, port):
    psl = pathlib.Path(folder) / "psl"
    psl.write_text(PSL, encoding="utf-8")
    return recorded.Audits(
        folder, port, scenario.domain, "--ip", IP, "--mail-from",
        scenario.mail_from, "-c", "spf,dmarc", "--psl", psl)


class Absent:
    def __repr__(self):
        return "absent"


ABSENT = Absent()


def fact(audit, path):
    value = audit["facts"]["dmarc"]
    if path == "external_reports" and path in value:
        reports = [(r["target"], r["tag"], r.get("authorized", ABSENT))
                   for r in value[path]]
        return ABSENT if any(ABSENT in r for r in reports) else reports
    if path == "walk":
        return [level["name"] for level in value["walk"]]
    for step in path.split("."):
        if not isinstance(value, dict) or step not in value:
            return ABSENT
        value = value[step]
    return value


def part_of_list(less, was, now, path):
    """A list that lacks something, which a gap says."""
    return isinstance(was, list) and set(now) < set(was) and any(
        g["check"] == "dmarc" and g["fact"] == path for g in less["gaps"])


def lost_well(whole, less, path, needs):
    """Whether a fact is as it should be after a loss."""
    was, now = fact(whole, path), fact(less, path)
    gone = now is ABSENT or (path.endswith("result") and now == "temperror")
    if path in needs:
        return gone or was is ABSENT
    return now == was or ("?" + path in needs and (
        gone or part_of_list(less, was, now, path)))


def losses(scenario, audits):
    for i, question in enumerate(audits.questions):
        needs = scenario.needs.get(question, [])
        for how in recorded.LOSSES:
            less = audits.without(i, how)
            for path in WATCHED:
                if not lost_well(audits.whole, less, path, needs):
                    yield (f"{question} {how[1]}: {path} was "
                           f"{fact(audits.whole, path)} and is "
                           f"{fact(less, path)}")
            causes = {g["cause"] for g in less["gaps"]
                      if question.split()[0] in g["detail"]}
            if any(n[0] != "?" for n in needs) and how[1] not in causes:
                yield f"{question}: no gap names {how[1]}"


def main():
    points = tap.Tap()
    with tempfile.TemporaryDirectory() as folder, \
            nameserver.Nameservers() as servers:
        for s in SCENARIOS:
            audits = audits_of(s, folder, servers.serve(s.zone))
            bad = [f"{path} is {fact(audits.whole, path)}, not {value}"
                   for path, value in s.want.items()
                   if fact(audits.whole, path) != value]
            points.point(not bad, s.name, *bad)
            if s.needs is None:
                continue
            bad = [q for q, needs in s.needs.items()
                   if q not in audits.questions and
                   any(n[0] != "?" for n in needs)]
            points.point(not bad, f"{s.name}: what it needs is asked", *bad)
            bad = [*losses(s, audits)]
            points.point(not bad, f"{s.name}: every loss", *bad)
    points.end()


if __name__ == "__main__":
    main()
