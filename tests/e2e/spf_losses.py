#!/usr/bin/env python3
"""SPF with each answer lost in turn, in every way.  What a receiver asks, in
its order, is written down here for each tree by RFC 7208; of those a loss is
temperror, or what the RFC says in its place.  All else is asked ahead: a loss
of it changes nothing.  TAP.
"""

import tempfile

import nameserver
import recorded
import tap

TEMPERROR = "temperror"


class Tree:
    """asked: {"name type": what is said without it, and always after it}"""

    def __init__(self, name, zone, ip, says, asked):
        self.name, self.ip, self.says = name, ip, says
        self.zone = recorded.zone_of(zone)
        self.asked = {}
        for line in asked.strip().split("\n"):
            question, _, other = line.strip().partition(": ")
            self.asked[question] = other or TEMPERROR


# The HELO name is none of these trees' names, and is fine.
HELO = "helo.test"
TREES = [
    # 4.6.2: left to right, and no further than to what matches.
    Tree("a match in the second include", """
helo.test TXT v=spf1 a -all
helo.test A 192.0.2.77
a.test TXT v=spf1 a mx include:one.test include:two.test include:no.test -all
a.test A 198.51.100.1
a.test MX 10 mx1.a.test
a.test MX 20 mx2.a.test
mx1.a.test A 198.51.100.2
mx2.a.test A 198.51.100.3
one.test TXT v=spf1 a:h.one.test ~all
h.one.test A 198.51.100.4
two.test TXT v=spf1 ip4:203.0.113.0/24 a:h.two.test a:later.test ?all
h.two.test A 192.0.2.1
later.test A 198.51.100.5
no.test TXT v=spf1 a -all
no.test A 198.51.100.6
""", "192.0.2.1", "pass", """
a.test TXT
a.test A
a.test MX
mx1.a.test A
mx2.a.test A
one.test TXT
h.one.test A
two.test TXT
h.two.test A
"""),
    Tree("a match before all that asks", """
helo.test TXT v=spf1 a -all
helo.test A 192.0.2.77
a.test TXT v=spf1 ip4:192.0.2.1 a mx include:one.test exists:%{i}.one.test -all
a.test A 198.51.100.1
a.test MX 10 mx1.a.test
mx1.a.test A 198.51.100.2
one.test TXT v=spf1 -all
""", "192.0.2.1", "pass", """
a.test TXT
"""),
    # 6.1: redirect when nothing matched; 5.7: exists asks for A.
    Tree("a redirect behind exists", """
helo.test TXT v=spf1 a -all
helo.test A 192.0.2.77
a.test TXT v=spf1 redirect=r.test exists:%{ir}.list.test
9.2.0.192.list.test A 127.0.0.2
r.test TXT v=spf1 include:in.test a:h.r.test ~all
in.test TXT v=spf1 a:h.in.test -all
h.in.test A 198.51.100.1
h.r.test A 198.51.100.2
""", "192.0.2.1", "softfail", """
a.test TXT
1.2.0.192.list.test A
r.test TXT
in.test TXT
h.in.test A
h.r.test A
"""),
    # 5.5: without the PTR no match; without a name's address that name is
    # left out.
    Tree("ptr", """
helo.test TXT v=spf1 a -all
helo.test A 192.0.2.77
a.test TXT v=spf1 ptr a:late.test -all
1.2.0.192.in-addr.arpa PTR h.other.test
1.2.0.192.in-addr.arpa PTR h.a.test
h.other.test A 192.0.2.1
h.a.test A 192.0.2.1
late.test A 198.51.100.1
""", "192.0.2.1", "pass", """
a.test TXT
1.2.0.192.in-addr.arpa PTR: fail
h.a.test A: fail
"""),
    # 4.6: a fault anywhere, and nothing of the record is evaluated.
    Tree("a syntax error behind all that asks", """
helo.test TXT v=spf1 a -all
helo.test A 192.0.2.77
a.test TXT v=spf1 a include:one.test mx -all ip4:192.0.2.300
a.test A 198.51.100.1
a.test MX 10 mx1.a.test
mx1.a.test A 198.51.100.2
one.test TXT v=spf1 -all
""", "192.0.2.1", "permerror", """
a.test TXT
"""),
    # 4.6.4: the eleventh term is not evaluated, so nothing of it is asked.
    Tree("eleven terms that ask", """
helo.test TXT v=spf1 a -all
helo.test A 192.0.2.77
a.test TXT v=spf1 a:h1.test a:h2.test a:h3.test a:h4.test a:h5.test include:i.test a:h9.test a:h10.test -all
i.test TXT v=spf1 a:h6.test a:h7.test a:h8.test -all
h1.test A 198.51.100.1
h2.test A 198.51.100.2
h3.test A 198.51.100.3
h4.test A 198.51.100.4
h5.test A 198.51.100.5
h6.test A 198.51.100.6
h7.test A 198.51.100.7
h8.test A 198.51.100.8
h9.test A 198.51.100.9
h10.test A 198.51.100.10
""", "192.0.2.1", "permerror", """
a.test TXT
h1.test A
h2.test A
h3.test A
h4.test A
h5.test A
i.test TXT
h6.test A
h7.test A
h8.test A
h9.test A
"""),
    # 4.6.4: the third void lookup ends it.
    Tree("a third void lookup", """
helo.test TXT v=spf1 a -all
helo.test A 192.0.2.77
a.test TXT v=spf1 a:v1.test mx:m.test exists:v2.test a:h.test include:gone.test a:late.test +all
v3.test TXT other
m.test MX 10 v3.test
h.test A 198.51.100.1
late.test A 198.51.100.2
""", "192.0.2.1", "permerror", """
a.test TXT
v1.test A
m.test MX
v3.test A
v2.test A
"""),
    # 5.2: what is included and has none is permerror, here and above.
    Tree("an include without a record, two levels down", """
helo.test TXT v=spf1 a -all
helo.test A 192.0.2.77
a.test TXT v=spf1 include:one.test ip4:192.0.2.1 -all
one.test TXT v=spf1 a:h.one.test include:two.test ip4:192.0.2.1 -all
h.one.test A 198.51.100.1
two.test TXT not a record
""", "192.0.2.1", "permerror", """
a.test TXT
one.test TXT
h.one.test A
two.test TXT
"""),
    # 5: the family of the client decides which addresses are asked for.
    Tree("a client of IPv6", """
helo.test TXT v=spf1 a -all
helo.test AAAA 2001:db8::77
a.test TXT v=spf1 a mx exists:e.test -all
a.test A 198.51.100.1
a.test AAAA 2001:db8::5
a.test MX 10 mx1.a.test
mx1.a.test A 198.51.100.2
mx1.a.test AAAA 2001:db8::6
e.test A 127.0.0.2
""", "2001:db8::1", "pass", """
a.test TXT
a.test AAAA
a.test MX
mx1.a.test AAAA
e.test A
"""),
    # 6.2: an explanation that cannot be had is as if there were none.
    Tree("an explanation", """
helo.test TXT v=spf1 a -all
helo.test A 192.0.2.77
a.test TXT v=spf1 a -all exp=why.a.test
a.test A 198.51.100.1
why.a.test TXT %{i} may not send for %{d}
""", "192.0.2.1", "fail", """
a.test TXT
a.test A
why.a.test TXT: fail
"""),
    # 4.6.4: over ten names of an mx, whatever their addresses.
    Tree("eleven names of an mx", """
helo.test TXT v=spf1 a -all
helo.test A 192.0.2.77
a.test TXT v=spf1 mx -all
""" + "".join(f"a.test MX {i} m{i}.test\nm{i}.test A 198.51.100.{i}\n"
              for i in range(1, 12)),
         "192.0.2.1", "permerror", """
a.test TXT
a.test MX
"""),
    # 7.3: no name is validated for %{p}: "unknown", whatever else.
    Tree("the macro p", """
helo.test TXT v=spf1 a -all
helo.test A 192.0.2.77
a.test TXT v=spf1 exists:unknown.list.test exists:%{p}.list.test -all
1.2.0.192.in-addr.arpa PTR h.a.test
h.a.test A 192.0.2.1
h.a.test.list.test A 127.0.0.2
""", "192.0.2.1", "pass", """
a.test TXT
unknown.list.test A
1.2.0.192.in-addr.arpa PTR: fail
h.a.test A: fail
h.a.test.list.test A
"""),
]


def audits_of(tree, folder, port):
    return recorded.Audits(
        folder, port, "a.test", "--ip", tree.ip, "--helo", HELO,
        "--mail-from", "a@a.test", "-c", "spf")


def evaluations(audit):
    return {e["identity"]: e for e in audit["facts"]["spf"]["evaluations"]}


def gaps(audit):
    return [g for g in audit["gaps"] if g["check"] == "spf"]


def same(was, now):
    """What differs of what a receiver would see."""
    for key in ("result", "mechanism", "lookups", "void_lookups", "reason",
                "domain"):
        if was[key] != now[key]:
            yield f"{key} was {was[key]} and is {now[key]}"


def wrong_identity(was, now, expected):
    """What is wrong with one evaluation."""
    if expected is None:
        yield from same(was, now)
        if was["explanation"] != now["explanation"]:
            yield f"explanation is {now['explanation']}"
    elif now["result"] != expected:
        yield f"result is {now['result']}, not {expected}"
    elif now.get("explanation"):
        yield f"explanation is {now['explanation']}"


def wrong_facts(audits, less, question, cause, expected):
    """What is wrong with the facts about MAIL FROM as a whole."""
    facts, was = less["facts"]["spf"], audits.whole["facts"]["spf"]
    causes = {g["cause"] for g in gaps(less)
              if question.split()[0] in g["detail"]}
    if expected == TEMPERROR:
        if "pass" in facts:
            yield f"pass is {facts['pass']}"
        if facts.get("result") != TEMPERROR:
            yield f"the whole result is {facts.get('result')}"
        if facts.get("not_covered"):
            yield f"not covered: {facts['not_covered']}"
        if cause not in causes:
            yield f"no gap names {cause} of {question}: {gaps(less)}"
    elif expected is None and facts.get("pass") != was["pass"]:
        yield f"pass was {was['pass']} and is {facts.get('pass')}"


def losses(tree, audits):
    """(what was lost, what is wrong)"""
    was = evaluations(audits.whole)
    for i, question in enumerate(audits.questions):
        for how in recorded.LOSSES:
            less = audits.without(i, how)
            now = evaluations(less)
            expected = tree.asked.get(question)
            helo = None
            if question in (f"{HELO} TXT", f"{HELO} A", f"{HELO} AAAA"):
                helo = TEMPERROR
            bad = [*wrong_identity(was["mailfrom"], now["mailfrom"],
                                   expected),
                   *(f"helo: {x}" for x in
                     wrong_identity(was["helo"], now["helo"], helo)),
                   *wrong_facts(audits, less, question, how[1], expected)]
            yield f"{question} {how[1]}", bad


def main():
    points = tap.Tap()
    with tempfile.TemporaryDirectory() as folder, \
            nameserver.Nameservers() as servers:
        for tree in TREES:
            audits = audits_of(tree, folder, servers.serve(tree.zone))
            said = evaluations(audits.whole)["mailfrom"]["result"]
            points.point(said == tree.says, f"{tree.name}: {tree.says}",
                         f"said {said}")
            missed = set(tree.asked) - set(audits.questions)
            points.point(not missed,
                         f"{tree.name}: all that a receiver asks is asked",
                         f"not asked: {sorted(missed)}")
            bad = [f"{lost}: {why}" for lost, whys in losses(tree, audits)
                   for why in whys]
            points.point(not bad, f"{tree.name}: every loss", *bad)
    points.end()


if __name__ == "__main__":
    main()
