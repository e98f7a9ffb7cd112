#!/usr/bin/env python3
"""presend rules check and audit --rules with packs that are wrong, each in one
way: file, line and column are told, what was found and what was expected, and
nothing is judged with half a pack.  TAP.
"""

import os
import subprocess
import tempfile

import documents
import tap

PRESEND = os.path.abspath(os.environ.get("PRESEND", "./presend"))

# A rule without these lines is not whole; a case takes one out or adds to it.
WHOLE = {
    "title": "Do it",
    "level": "must",
    "consequence": "reject",
    "source": "https://example.com/rules",
    "require": "spf.pass",
    "why": "It is not so.",
    "fix": "Do it.",
}
# What stands in lines 1 to 8: the section and the keys above.
LINE = {key: i + 2 for i, key in enumerate(WHOLE)}


def rule(section="own.rule", **keys):
    """The text of a rule; None takes a key out."""
    lines = [f"[{section}]"]
    for key, value in {**WHOLE, **keys}.items():
        if value is not None:
            lines.append(f"{key} = {value}")
    return "\n".join(lines) + "\n"


def at(key, offset=0):
    """Where a value begins: the place of a key of WHOLE, or the ninth line."""
    return LINE.get(key, 9), len(key) + 4 + offset


# (what is wrong, text, line, column, a part of what is said)
CASES = [
    ("no section's end", "[own.rule\n", 1, 10, 'expected "]"'),
    ("a word alone", "[own.rule]\nword\n", 2, 1, 'expected "[id]"'),
    ("a key before the first section", "title = T\n", 1, 1,
     "expected a section"),
    ("an octet that is no UTF-8", b"[own.rule]\ntitle = \xff\n", 2, 9,
     "expected UTF-8"),
    ("a NUL", b"[own.rule]\ntitle = \0\n", 2, 9, "expected text"),
    ("a word for an id", rule("own"), 1, 5, "expected an id"),
    ("an unknown key", rule() + "levle = must\n", 9, 1,
     'unknown key "levle", did you mean "level"?'),
    ("a key twice", rule() + "level = may\n", 9, 1, "stands here twice"),
    ("no value", rule() + "codes =\n", 9, 8, "expected a value"),
    ("a missing key", rule(fix=None), 1, 2, 'has no "fix"'),
    ("neither require nor attest", rule(require=None), 1, 2,
     'has no "require" and no "attest"'),
    ("an unknown level", rule(level="shall"), *at("level"),
     'expected may, should or must; found "shall"'),
    ("an unknown consequence", rule(consequence="death"), *at("consequence"),
     "expected advice, mitigation, spam or reject"),
    ("an unknown audience", rule(applies="few"), *at("applies"),
     "expected all or bulk"),
    ("an unknown class", rule(**{"class": "spam"}), *at("class"),
     "expected any, marketing or transactional"),
    ("an unknown requirement", rule(requirement="SPFX"), *at("requirement"),
     "DMARC_POLICY"),
    ("a day that is not", rule(since="2026-02-30"), *at("since"),
     'expected a date such as 2026-11-21; found "2026-02-30"'),
    ("a time for a day", rule(since="2026-02-03T00:00:00Z"), *at("since"),
     "expected a date"),
    ("until before since", rule(since="2026-02-01", until="2026-01-01"), 10, 9,
     'expected "until" to be after "since"'),
    ("a source that is to be read", rule(checked="9998-01-01"), *at("checked"),
     "9998-01-01 is still to come"),
    ("a URL by http", rule(source="http://example.com/"), *at("source"),
     "expected a URL that begins with https://"),
    ("a URL without a host", rule(source="https:///x"), *at("source"),
     "and a host"),
    ("a URL with a blank", rule(source="https://example.com/a b"),
     *at("source", 21), "a URL holds neither spaces"),
    ("a code that is none", rule(codes="5.7.26 7.1.1"), *at("codes", 7),
     "expected codes such as 5.7.26 or 550"),
    ("a question without its mark", rule(attest="Is it"), *at("attest", 5),
     'expected a question that ends with "?"'),
    # expressions
    ("a syntax error", rule(require="spf.pass and"), *at("require", 12),
     "expected a fact or a value, found the end"),
    ("a parenthesis", rule(require="(spf.pass"), *at("require", 9),
     'expected ")"'),
    ("a text without its end", rule(require='spf.result == "pass'),
     *at("require", 14), "a text without its closing quote"),
    ("an unknown fact", rule(require="spf.pas"), *at("require"),
     'unknown fact "spf.pas", did you mean "spf.pass"?'),
    ("an unknown fact of elements",
     rule(require="any(ptr.ips, it.confirmed_nam)"), *at("require", 13),
     'did you mean "ptr.ips[].confirmed_name"?'),
    ("a fact on a line that goes on",
     rule(require="spf.pass\n    and dmarc.polcy exists"), 7, 9,
     'did you mean "dmarc.policy"?'),
    ("it without a list", rule(require="it.confirmed"), *at("require"),
     '"it" stands for an element'),
    ("no fact at all", rule(require="true"), *at("require"),
     "expected an expression that reads a fact"),
    ("a list and a number", rule(require="ptr.unconfirmed > 3"),
     *at("require"), 'expected one fact; "ptr.unconfirmed" is a list'),
    ("a group and a text", rule(require='mta_sts.policy == "x"'),
     *at("require"), "is a group of facts"),
    ("any() over a text", rule(require="any(spf.record, it)"),
     *at("require", 4), 'expected a list of facts; "spf.record" is a text'),
    ("count() of a text", rule(require="count(spf.record) > 1"),
     *at("require", 6), "expected a list of facts"),
    ("a number and a text", rule(require='spf.lookups == "ten"'),
     *at("require", 15), 'expected a number, as "spf.lookups" is'),
    ("order of yes and no", rule(require="spf.pass > 1"), *at("require"),
     "have an order"),
    ("a text alone", rule(require="spf.record"), *at("require"),
     '"spf.record" is a text'),
    ("a word that is never so", rule(require='spf.result == "passed"'),
     *at("require", 14), '"spf.result" is never "passed": expected permerror'),
    ("a word of a set that is never so",
     rule(require='dmarc.policy in ["reject", "block"]'), *at("require", 27),
     "expected none, quarantine or reject"),
    ("the code of another check",
     rule(require='any(spf.problems, it.code == "dmarc.x")'),
     *at("require", 29), "expected spf.*"),
    ("a bad pattern", rule(require='spf.record matches "a("'),
     *at("require", 22), "bad regular expression"),
    ("an error in when", rule(when="spf.pass or"), *at("when", 11),
     "expected a fact or a value"),
    # texts
    ("an unknown place", rule(why="It is {spf.pas}."), *at("why", 7),
     'unknown fact "spf.pas"'),
    ("a place without its end", rule(why="It is {spf.pass."), *at("why", 6),
     'without its "}"'),
    ("a place of a group", rule(fix="Do {mta_sts.policy}."), *at("fix", 4),
     "is a group of facts"),
    ("a place of list elements", rule(why="{ptr.ips}"), *at("why", 1),
     'expected one fact; "ptr.ips" is a list'),
    ("a place by a word that is never so",
     rule(why="{spf.problems[code=dkim.x].detail}"), *at("why", 19),
     "expected spf.*"),
    ("an unknown record type", rule(record="{subject.domain}. TEXT x"),
     *at("record", 18), "expected a record type: A, AAAA"),
    ("a record without a value", rule(record="{subject.domain}. TXT"),
     *at("record", 21), "expected NAME TYPE VALUE"),
    ("a record for each of no list", rule(record="each(spf.record) a TXT b"),
     *at("record", 5), "expected a list of facts"),
    # other rules
    ("an id twice", rule() + rule(), 9, 2,
     "there is a rule own.rule already, in "),
    ("an id of a built-in pack", rule("gmail.tls"), 1, 2,
     "there is a rule gmail.tls already, in gmail.rules line"),
    ("a rule that extends itself", "[own.a]\nextends = own.a\n", 2, 11,
     "go in a circle"),
    ("a circle", "[own.a]\nextends = own.b\n[own.b]\nextends = own.a\n", 4, 11,
     "own.a, own.b go in a circle"),
    ("a rule that extends none", "[own.a]\nextends = gmail.tsl\n", 2, 11,
     'there is no "gmail.tsl", did you mean "gmail.tls"?'),
    ("a period that is empty with another's",
     "[own.a]\nextends = gmail.dmarc.record\nuntil = 2020-01-01\n", 1, 2,
     'expected "until" to be after "since"'),
    ("a rule disabled that is not there", "[own.a]\ndisabled = yes\n", 1, 2,
     'there is no "own.a"'),
    ("a rule that is half disabled", "[gmail.tls]\ndisabled = half\n", 2, 12,
     "expected yes"),
    ("a disabled rule with more",
     "[gmail.tls]\ndisabled = yes\nlevel = may\n", 1, 2,
     'expected nothing but "why" beside "disabled"'),
    ("a rule that nothing mends", rule(mended_by="own.other"),
     *at("mended_by"), 'there is no rule "own.other"'),
]


def run(*args):
    out = subprocess.run([PRESEND, *args], capture_output=True, check=False,
                         env={**os.environ, "LC_ALL": "C.UTF-8"})
    return (out.returncode, out.stdout.decode(errors="replace"),
            out.stderr.decode(errors="replace"))


def write(name, text):
    with open(name, "wb") as file:
        file.write(text if isinstance(text, bytes) else text.encode())


def each_case(t):
    for title, text, line, column, said in CASES:
        write("own.rules", text)
        status, out, err = run("rules", "check", "own.rules")
        first = err.split("\n")[0]
        t.point(status == 2 and out == "" and said in first and
                first.startswith(f"own.rules:{line}:{column}: "), title,
                f"wanted {line}:{column}", status, out, err)
        if "still to come" in said:
            continue  # who judges has no calendar
        status, out, err = run("audit", "--example", "--rules", "own.rules")
        t.point(status == 2 and out == "" and err.count("\n") == 1 and
                err.startswith(f"presend: own.rules:{line}:{column}: "),
                title + ": nothing is judged", status, out, err)


def several(t):
    """All errors of all files; what is right in one does not hide another."""
    os.mkdir("packs")
    write("packs/a.rules", rule("own.a", level="shall", class_="x"))
    write("packs/b.rules", rule("own.b"))
    write("packs/c.rules", rule("own.b") + rule("own.c", why="{x}", fix=None))
    write("packs/notes.txt", "no pack")
    status, out, err = run("rules", "check", "packs")
    places = [line.split(": ")[0] for line in err.splitlines()]
    t.point(status == 2 and places == [
        "packs/a.rules:3:9", "packs/a.rules:9:1",
        "packs/c.rules:1:2", "packs/c.rules:15:8"],
            "all errors of a folder are told", status, out, err)
    t.point(out == "packs/b.rules: 1 rule, all well formed\n",
            "and what is well formed", out)
    status, _, err = run("audit", "--example", "--rules", "packs")
    t.point(status == 2 and err.startswith("presend: packs/a.rules:3:9: "),
            "and nothing is judged with the rest", status, err)
    write("packs/a.rules", rule("own.a"))
    write("packs/c.rules", rule("own.c"))
    status, out, err = run("rules", "check", "packs", "own.rules")
    t.point(status == 2 and out.count("1 rule, all well formed") == 3 and
            err.startswith("own.rules:"), "folders and files together", status,
            out, err)
    status, out, err = run("rules", "check", "packs", "packs/b.rules")
    t.point(status == 2 and "packs/b.rules line 1" in err,
            "a file twice is its ids twice", status, err)
    os.mkdir("empty")
    write("empty/notes.txt", "no pack")
    for name, why in (("empty", "holds no *.rules file"),
                      ("nowhere", "No such file"),
                      ("empty/notes.txt", "notes.txt:1:1: ")):
        status, out, err = run("rules", "check", name)
        t.point(status == 2 and why in err and not out,
                "no pack: " + name, status, out, err)
    status, out, err = run("rules", "check", "--rules", "packs",
                           "packs/b.rules")
    t.point(status == 2 and "already" in err,
            "packs of --rules stand before", status, err)
    status, out, err = run("rules", "check", "--no-default-rules",
                           "packs/b.rules")
    t.point(status == 0 and not err, "without the built-in packs", err)


def warned(t):
    write("own.rules", rule(require="spf.pass or not spf.pass") +
          rule("own.b", require='dmarc.policy == "reject"',
               why="It is {dmarc.policy}.") +
          rule("own.c", when="spf.pass and not spf.pass"))
    status, out, err = run("rules", "check", "own.rules")
    t.point(status == 0 and not err and
            [line.split(": ")[:3] for line in out.splitlines()[:3]] == [
                ["own.rules:1:2", "warning", "own.rule"],
                ["own.rules:9:2", "warning", "own.b"],
                ["own.rules:17:2", "warning", "own.c"]],
            "what is odd is a warning, and no error", status, out, err)


def shown(t):
    write("own.rules", "[own.tls]\nextends = gmail.tls\nlevel = may\n"
          "[gmail.tls]\ndisabled = yes\nwhy = The relay does it.\n")
    args = ("--rules", "own.rules")
    status, out, err = run("rules", "list", *args, "-f", "json")
    rules = {r["rule"]: r for r in documents.loads(out)}
    own, theirs = rules["own.tls"], rules["gmail.tls"]
    t.point(status == 0 and own["level"] == "may" and
            own["require"] == theirs["require"] and
            own["extends"] == "gmail.tls" and own["disabled"] is None,
            "a rule takes what it lacks from another", own)
    t.point(theirs["disabled"] == {"why": "The relay does it.",
                                   "pack": "own.rules", "line": 4},
            "a rule is disabled by name, file and line", theirs)
    status, out, err = run("rules", "show", "gmail.tls", *args)
    t.point("own.rules line 4: The relay does it." in out,
            "which it is shown with", out)
    status, out, err = run("audit", "--example", *args, "-p", "gmail", "-f",
                           "json")
    result = next(r for r in documents.loads(out)["audits"][0]["results"]
                  if r["rule"] == "gmail.tls")
    t.point(result["status"] == "not-applicable" and
            result["disabled"] == {"pack": "own.rules", "line": 4} and
            "The relay does it." in result["why"],
            "and is not judged, which the document says", result)
    status, out, err = run("audit", "--example", *args, "-p", "gmail")
    t.point("Disabled" in out and "gmail.tls" in out,
            "and the report", out[-400:])
    status, out, err = run("rules", "list", "--as-of", "2020-01-01", "-f",
                           "json")
    before = {r["rule"] for r in documents.loads(out)}
    t.point(status == 0 and before < set(rules) and
            "gmail.dmarc.record" not in before,
            "rules are listed that were in force then", err)
    status, out, err = run("rules", "list", "-p", "own", *args)
    t.point(status == 0 and [line.split()[0] for line in out.splitlines()] ==
            ["own.tls"], "and those of a provider", out, err)


def main():
    t = tap.Tap()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        each_case(t)
        several(t)
        warned(t)
        shown(t)
        os.chdir("/")
    return t.end()


if __name__ == "__main__":
    raise SystemExit(main())
