#!/usr/bin/env python3
"""The hostile corpus: documents of every kind with an injection in each of their
strings, through every view that presend offers, and what comes out read by what
others wrote (readers.py).  No formula, no script, no link, no control octet; and
the shape is that of the same document with harmless words in place of the
injections.  TAP.
"""

import copy
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import readers
import tap

PRESEND = os.environ["PRESEND"]
VIEWS = pathlib.Path(__file__).parent.parent / "cases" / "views"

INJECTIONS = [
    # formulas
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1",
    "\uff0b1", "\uff0d1", "\uff20SUM(A1)", "=cmd|' /C calc'!A0", " =1",
    '=HYPERLINK("http://evil.example","x")', '"=1', "'=1", ";=1", ",=1",
    "-1.", "+1e", "a,b", "a;b", 'a"b', '"', '""', "'", "\\", "\\\"",
    # markup
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)", "javascript:alert(1)", "</style><script>",
    "</title><script>", "<svg onload=alert(1)>", "</svg></td>", "]]>",
    "<![CDATA[x", "--", "-->", "<!--", "<?xml version='1.0'?>", "&lt;",
    "&#0;", "&#x1;", "&bogus;", "https://evil.example/\"><b>",
    # lines and what is no letter
    "a\nb", "a\r\nb", "a\rb", "a\tb", "\n# heading\n", "\n\n---\n",
    "\u2028x\u2029", "".join(map(chr, range(1, 32))),
    "".join(map(chr, range(127, 160))), "\u202e\u2066\u061c\u200f",
    "\u200b\u2060\ufeff\u00ad", "\U000e0041\U000e007f",
    "\ufffe\uffff\U0001fffe", "\ufffd", "e\u0301\u0301", "\U0001f600",
    "\x1b[31m\x1b]0;title\x07\x1b[2J", "\x9b31m",
    # Markdown and those who show it
    "[x](http://evil.example)", "![x](http://evil.example/x.png)",
    "<http://evil.example>", "http://evil.example", "(http://evil.example)",
    "www.evil.example", "(www.evil.example)", "user@evil.example",
    "@somebody", "(@somebody)", "#1", "GH-1", "!1", "deadbeef", "`x` ``y``",
    "`", "| a | b |", "|", "**b** _i_ ~~s~~", "# heading", "> quote",
    "- [ ] x", "1. x", "1) x", "```\nx", "~~~", "***", "===", "-", "+",
    "\\[x\\](y)", ":smile:", "<details>", "[^1]", "$$x$$", "/close",
    "[x]: http://evil.example", "a  ", "    code", "mailto:a@evil.example",
    # messages of SARIF, names of sheets, paths
    "{0} [a](1) {{", "}", "[]:*?/\\", "History", "../../etc/passwd", "C:x",
    "%2e%2e/", "a b?c#d",
]
# What is longer than a cell of a workbook.
LONG = ["x" * 33000, "=" + "x" * 33000, "\u00e9" * 33000,
        "\U0001f600" * 17000, "<b>" * 11000, "\x1b" * 9000, "a b " * 9000]

# Members whose words decide what is shown; harmless ones have another test.
WORDS = {"schema", "as_of", "status", "level", "consequence", "kind", "verdict",
         "change", "state", "severity", "provider", "cause", "old", "new",
         "check", "path"}
FIXED = {"schema"}


class Injector:
    """Puts an injection into each string, the next one into the next."""

    def __init__(self, at, harmless, kept, corpus):
        self.at, self.harmless, self.kept = at, harmless, kept
        self.corpus = corpus

    def next(self, behind=""):
        i = self.at % len(self.corpus)
        self.at += 1
        return (f"xyzzy{i}" if self.harmless else self.corpus[i]) + behind

    def into(self, value, key=None):
        if isinstance(value, str):
            # Whether one holds the other decides what is said.
            behind = f" {self.at}z" if key in ("why", "detail") else ""
            return value if key in self.kept else self.next(behind)
        if isinstance(value, list):
            return [self.into(v, key) for v in value]
        if not isinstance(value, dict):
            return value
        if key == "sender_domains":
            return {self.next(str(i)): v
                    for i, v in enumerate(value.values())}
        return {k: self.into(v, k) for k, v in value.items()}


def sample(name):
    return json.loads((VIEWS / f"{name}.json").read_text(encoding="utf-8"))


EVENT = {"time": "2026-11-21T08:00:00Z", "queue_id": "4XyZ", "sender": "a@b",
         "recipient": "c@d", "provider": "gmail", "host": "mx.example",
         "ip": "192.0.2.1", "reply": "550", "status": "5.7.26",
         "kind": "bounced", "reason": "authentication", "rules": ["gmail.x"],
         "text": "refused", "file": "mail.log", "line": 7}


def explanation():
    out = subprocess.run(
        [PRESEND, "explain", "-f", "json",
         "550-5.7.26 This mail is unauthenticated"],
        capture_output=True, check=True)
    return json.loads(out.stdout)


def audits(names):
    first = sample(names[0])
    first["audits"] = [a for n in names for a in sample(n)["audits"]]
    return first


ROUNDS = len(INJECTIONS)


def many(doc, harmless, kept):
    """One document with so many audits that each string has had each."""
    out = {k: v for k, v in doc.items() if k != "audits"}
    out["audits"] = []
    for i in range(ROUNDS):
        audit = copy.deepcopy(doc["audits"][i % len(doc["audits"])])
        out["audits"].append(Injector(i, harmless, kept, INJECTIONS).into(audit))
    return json.dumps(out)


def one(doc, harmless, kept, at=0, corpus=None):
    return json.dumps(
        Injector(at, harmless, kept, corpus or INJECTIONS).into(doc))


def lines(harmless, kept):
    return "".join(one(EVENT, harmless, kept, i) + "\n"
                   for i in range(ROUNDS))


def view(work, text, forms, *more):
    """The outputs of one run, by form; and what the program said."""
    path = work / "in"
    path.write_text(text, encoding="utf-8")
    outs = {f: work / f"out.{readers.suffix(f)}" for f in forms}
    args = [a for f in forms for a in ("-o", outs[f])]
    got = subprocess.run([PRESEND, "view", "--force", *args, *more, path],
                         capture_output=True, check=False,
                         env={**os.environ, "LC_ALL": "C.UTF-8"})
    if got.returncode != 0:
        return {}, got.stderr.decode(errors="replace")
    return {f: p.read_bytes() for f, p in outs.items()}, ""


def offered():
    """Names of the forms, by the help."""
    shown = subprocess.run([PRESEND, "view", "--help"], capture_output=True,
                           check=True).stdout.decode()
    found = re.search(r"--format NAME\s+(.*?);", shown, re.S).group(1)
    return [w for w in re.findall(r"[a-z]+", found) if w != "or"]


def forms_of(work, text, forms):
    """Those that there are of such a document."""
    found = []
    for form in forms:
        outs, _ = view(work, text, [form])
        looks = {"xlsx": b"PK", "html": b"<!", "junit": b"<?xml"}
        if form in outs and outs[form].startswith(looks.get(form, b"")):
            found.append(form)
    return found


def tables_of(work, text):
    _, said = view(work, text, ["csv"], "--table", "nosuch")
    return re.findall(r"\w+", said.split("there are: ")[1])


def compare(t, name, got, wanted):
    for form, octets in got.items():
        bad, shape = readers.read(form, octets)
        t.point(not bad, f"{name}, {form}: read by others, nothing acts",
                *bad[:5])
        if shape is None:
            continue
        other = readers.read(form, wanted[form])[1]
        t.point(shape == other, f"{name}, {form}: the shape is the same",
                *first_difference(shape, other))


def first_difference(a, b):
    if isinstance(a, list) and isinstance(b, list):
        for i, (x, y) in enumerate(zip(a, b)):
            if x != y:
                return [f"at {i}: {str(x)[:300]} but {str(y)[:300]}"]
        return [f"{len(a)} but {len(b)}"]
    return [str(a)[:300], str(b)[:300]]


def try_kind(t, work, name, make, forms):
    """make(harmless, kept) is a document."""
    there = forms_of(work, make(True, WORDS), forms)
    t.point(len(there) > 1, f"{name}: forms: {' '.join(there)}")
    for what, kept in (("texts", WORDS), ("all strings", FIXED)):
        hostile, said = view(work, make(False, kept), there)
        t.point(len(hostile) == len(there), f"{name}, {what}: is shown", said)
        compare(t, f"{name}, {what}", hostile,
                view(work, make(True, kept), there)[0])
    if "csv" not in there:
        return
    for table in tables_of(work, make(True, WORDS)):
        hostile, said = view(work, make(False, WORDS), ["csv"], "--table",
                             table)
        t.point(bool(hostile), f"{name}, table {table}: is shown", said)
        compare(t, f"{name}, table {table}", hostile,
                view(work, make(True, WORDS), ["csv"], "--table", table)[0])


def refusals(t, work):
    """What JSON may not hold, or C strings: refused by one visible line."""
    whole = json.dumps(sample("changes"))
    for name, text in (("NUL", "\\u0000"), ("half a pair", "\\ud800"),
                       ("the other half", "\\udc41x")):
        outs, said = view(work, whole.replace("nosuch.example", text),
                          ["csv", "markdown"])
        t.point(outs == {} and said.count("\n") == 1 and
                not readers.hidden(said, "\n"), f"{name} is refused", said)
    (work / "in").write_bytes(whole.replace(
        "nosuch.example", "\x7f?").encode().replace(b"?", b"\xff\x1b"))
    got = subprocess.run([PRESEND, "view", work / "in"], capture_output=True,
                         check=False)
    t.point(got.returncode == 2 and got.stdout == b"" and
            got.stderr.count(b"\n") == 1 and
            not readers.hidden(got.stderr.decode(), "\n"),
            "octets that are no UTF-8 are refused", got.stderr)


BAD = [
    ("text", b"\x1b[31m\n"), ("text", b"\xff\n"),
    ("text", "\u202e\n".encode()), ("json", b"{\n"), ("json", b"\"\x01\""),
    ("jsonl", b"{}\n{\n"), ("csv", b"a,b\r\n=1,2\r\n"),
    ("csv", b"a,b\r\n\" -1\",+x\r\n"), ("csv", b"a,b\r\n1\r\n"),
    ("csv", b"a,b\r\n1,\"2\r\n"), ("junit", b"<testsuites>"),
    ("junit", b"<testsuites><testsuite tests=\"2\" failures=\"0\" errors="
     b"\"0\" skipped=\"0\"><testcase/></testsuite></testsuites>"),
    ("sarif", b"{}"), ("markdown", b"[x](http://evil.example)\n"),
    ("markdown", b"<b>x</b>\n"), ("markdown", b"![x](y)\n"),
    ("markdown", b"a www.evil.example b\n"), ("markdown", b"@somebody\n"),
    ("markdown", b"*x*\n"), ("html", b"<script>"),
    ("html", b"<p onclick=\"x\">"), ("html", b"<a href=\"javascript:x\">"),
    ("html", b"<p>no policy</p>"),
]


def readers_see(t):
    """Who finds nothing in what is bad would find nothing at all."""
    for form, octets in BAD:
        if form == "markdown" and readers.CMARK is None:
            continue
        t.point(readers.read(form, octets)[0],
                f"the reader of {form} sees {octets!r}")


def main():
    t = tap.Tap()
    if readers.CMARK is None:
        t.note("Markdown is not read: there is no cmark-gfm")
    readers_see(t)
    forms = offered()
    t.point(set(forms) == set(readers.FORMS),
            "each form that is offered has a reader", forms)
    samples = ["message", "changes", "unknown", "questions", "hops",
               "postmaster", "spf_tree", "failures"]
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        try_kind(t, work, "many audits",
                 lambda h, k: many(audits(samples), h, k), forms)
        for i, name in enumerate(samples):
            try_kind(t, work, f"an audit ({name})",
                     lambda h, k, n=name, i=i: one(sample(n), h, k, 13 * i),
                     [f for f in forms if f != "csv"])
        try_kind(t, work, "long texts",
                 lambda h, k: one(sample("message"), h, k, 0, LONG), forms)
        try_kind(t, work, "a comparison",
                 lambda h, k: many(sample("diff"), h, k), forms)
        try_kind(t, work, "bounces",
                 lambda h, k: one(sample("bounces"), h, k), forms)
        try_kind(t, work, "events", lines, forms)
        explained = explanation()
        try_kind(t, work, "an explanation",
                 lambda h, k: one(explained, h, k), forms)
        refusals(t, work)
    return t.end()


if __name__ == "__main__":
    sys.exit(main())
