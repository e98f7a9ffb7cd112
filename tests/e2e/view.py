#!/usr/bin/env python3
"""presend view of saved documents of each kind, in lines and as one object,
with its members in another order, from a file, a pipe and standard input; what
is none; and one that is far larger than what may be held.  TAP.
"""

import gzip
import json
import os
import pathlib
import resource
import subprocess
import tempfile

import tap

PRESEND = os.environ.get("PRESEND", "./presend")
CASES = pathlib.Path(os.environ.get("top_srcdir", ".")) / "tests/cases/views"
# What a run may take, and how large a document it is shown.
MEMORY = 24 * 1024
LARGE = 100 * 1000 * 1000


class Work:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

    def write(self, name, data):
        path = self.folder / name
        if isinstance(data, str):
            data = data.encode()
        path.write_bytes(data)
        return str(path)

    def view(self, *args, **more):
        return subprocess.run(
            [PRESEND, "view", *args], capture_output=True, check=False,
            cwd=self.folder, env={**os.environ, "LC_ALL": "C"}, **more)


def sample(name):
    return (CASES / f"{name}.json").read_text(encoding="utf-8")


def lines_of(text):
    document = json.loads(text)
    return "".join(json.dumps(
        {"schema": document["schema"], "as_of": document["as_of"], **audit})
        + "\n" for audit in document["audits"])


def forms(t, w):
    """One document, however it is written and wherever it comes from."""
    text = sample("ten_domains")
    document = json.loads(text)
    behind = {"audits": document.pop("audits"), **document}
    first = lines_of(text)
    want = w.view(w.write("plain", text))
    t.point(want.returncode == 0 and b"10 audits" in want.stdout,
            "ten audits are a table", want.stderr)
    for name, data in (
            ("on one line", json.dumps(behind)),
            ("header behind", json.dumps(behind, indent=3)),
            ("lines", first),
            ("lines apart", first.replace("\n", "\n\n")),
            ("lines without end", first.rstrip()),
            ("lines with CR", first.replace("\n", "\r\n"))):
        out = w.view(w.write("other", data))
        t.point(out.returncode == 0 and out.stdout == want.stdout,
                f"the same document: {name}", out.stderr)
    out = w.view("-", input=text.encode())
    t.point(out.stdout == want.stdout, "the same from a pipe", out.stderr)
    with open(w.folder / "plain", "rb") as f:
        out = w.view("-", stdin=f)
    t.point(out.stdout == want.stdout, "the same from standard input",
            out.stderr)
    one = w.view(w.write("one", first.splitlines()[0]))
    t.point(b"10 audits" not in one.stdout and
            b"Sent from" in one.stdout, "one line is one audit", one.stderr)


def kinds(t, w):
    for name, words in (("failures", b"WHAT FAILS"),
                        ("diff", b"WHAT GOT WORSE"),
                        ("bounces", b"WHAT TO MEND FIRST")):
        path = w.write("document", sample(name))
        out = w.view(path)
        t.point(out.returncode == 0 and words in out.stdout,
                f"text of {name}", out.stderr, out.stdout[:200])
        out = w.view("-f", "json", path)
        t.point(out.returncode == 0 and
                json.loads(out.stdout) == json.loads(sample(name)),
                f"json of {name} is the document", out.stderr)
    lines = w.view("-f", "jsonl", w.write("d", sample("diff"))).stdout
    out = w.view("-q", w.write("l", lines)).stdout
    t.point(out.startswith(b"example.com  5 worse, 1 better\n") and
            b"5 worse, 1 better; audits: 1 changed, 2 only" in out,
            "lines of a comparison have their counts", out)
    out = subprocess.run([PRESEND, "explain", "-f", "json", "5.7.26"],
                         capture_output=True, check=False)
    t.point(b"5.7.26" in w.view(w.write("e", out.stdout)).stdout,
            "an explanation")
    event = {"kind": "bounced", "reason": "spf", "provider": "gmail",
             "reply": "550", "file": "=x", "line": 1}
    events = "".join(json.dumps({**event, "line": i}) + "\n"
                     for i in range(3))
    out = w.view("-f", "csv", w.write("events", events))
    t.point(out.stdout.count(b"\r\n") == 4 and b"'=x,2" in out.stdout,
            "events", out.stderr)


def refusals(t, w):
    plain = sample("compliant")
    document = json.loads(plain)
    audit = lines_of(plain)
    deep = "[" * 5000 + "]" * 5000
    rows = [
        ("nothing", "", "is empty"),
        ("spaces", " \n\n", "is empty"),
        ("a log", "Jan 1 postfix\n", "is no JSON document"),
        ("a list", "[1]\n", "is no JSON document"),
        ("noise", bytes(range(256)) * 50, "is no JSON document"),
        ("a page", "<html></html>", "is HTML or XML"),
        ("a workbook", b"PK\x03\x04...", "is a workbook"),
        ("gzip", gzip.compress(plain.encode()), "is compressed by gzip"),
        ("cut", plain[:len(plain) // 2], "ends in the middle"),
        ("another version", plain.replace("presend.audit/1",
                                          "presend.audit/2"),
         "its schema is presend.audit/2, which this version"),
        ("a hostile schema", json.dumps({"schema": "\x1b[31m\n"}),
         "its schema is \\u{1B}[31m"),
        ("no schema", '{"a":1}', "has no schema"),
        ("a recording", '{"schema":"presend.evidence/1"}\n{}\n',
         "is a recording (presend.evidence/1)"),
        ("no audits", '{"schema":"presend.audit/1"}',
         "has no list of audits"),
        ("audits that are none", '{"schema":"presend.audit/1","audits":{}}',
         "has no list of audits"),
        ("an audit that is none",
         '{"schema":"presend.audit/1","audits":[\n{},\n5]}',
         "line 3: has an audit that is no object"),
        ("a member twice", '{"schema":"presend.audit/1",\n"schema":"x"}',
         "line 2: the member 'schema' is there twice"),
        ("a member of an audit twice",
         '{"schema":"presend.audit/1","audits":[\n{"a":1,"a":2}]}',
         "line 2: duplicate object key"),
        ("audits twice", '{"audits":[],"schema":"presend.audit/1",\n'
         '"audits":[]}', "line 2: its list is there twice"),
        ("a huge number", '{"schema":"presend.audit/1","audits":[\n\n'
         '{"a":1' + "0" * 400 + "}]}", "line 3: too big integer"),
        ("deep nesting", '{"schema":"presend.audit/1","audits":[' + deep +
         "]}", "line 1: brackets are nested too deeply"),
        ("deep nesting in the header", '{"schema":' + deep + "}",
         "line 1: brackets are nested too deeply"),
        ("something behind", json.dumps(document) + "\n{}\n",
         "line 2: something stands behind the end"),
        ("another line", audit + audit.replace("2026-11-21", "2026-11-22"),
         "line 2: has another schema or as_of than the first"),
        ("a line that is no audit", audit + "[1]\n",
         "line 2: is not an object"),
        ("a cut line", audit + audit[:100], "line 2: ends in the middle"),
        ("an event and an audit", '{"kind":"x","reason":"y","provider":"z"}'
         "\n" + audit, "line 2: is no event"),
    ]
    for name, data, words in rows:
        out = w.view(w.write("bad", data), "-f", "json", "-o", "made")
        said = out.stderr.decode()
        t.point(out.returncode == 2 and words in said and
                said.startswith("presend: ") and said.count("\n") == 1 and
                not out.stdout and not (w.folder / "made").exists(),
                f"refused: {name}", out.returncode, said)
    out = w.view(str(w.folder))
    t.point(out.returncode == 2 and b"is a folder" in out.stderr,
            "refused: a folder")
    w.write("bad", plain[:len(plain) // 2])
    with open(w.folder / "bad", "rb") as f:
        out = w.view("-", stdin=f)
    t.point(b"standard input: line" in out.stderr, "named: standard input",
            out.stderr)
    out = subprocess.run(
        [PRESEND, "view", "-"], input=plain.encode(), capture_output=True,
        check=False, env={**os.environ, "TMPDIR": str(w.folder / "none")})
    t.point(out.returncode == 4 and b"cannot be kept in" in out.stderr and
            out.stderr.count(b"\n") == 1,
            "a pipe, and no room for it", out.returncode, out.stderr)


def large(t, w):
    """Memory is that of one audit, whatever the document has."""
    with open(PRESEND, "rb") as f:
        if b"__asan_init" in f.read():
            t.skip("memory", "built with sanitizers")
            return
    audit = json.dumps(json.loads(sample("failures"))["audits"][0], indent=1)
    n = LARGE // len(audit)
    with open(w.folder / "large", "w", encoding="utf-8") as f:
        f.write('{"schema":"presend.audit/1","audits":[' + audit)
        for _ in range(n - 1):
            f.write("," + audit)
        f.write('],"as_of":"2026-11-21T00:00:00Z"}\n')
    for form in ("text", "jsonl"):
        with open(w.folder / "shown", "wb") as out:
            code = subprocess.run([PRESEND, "view", "-f", form, "large"],
                                  stdout=out, check=False,
                                  cwd=w.folder).returncode
        used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        # A child is born with what this process has had.
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        t.point(code == 0 and used < max(MEMORY, own + 1024),
                f"{LARGE // 10**6} MB of audits as {form}, in little memory",
                code, used)
    with open(w.folder / "shown", "rb") as f:
        t.point(sum(1 for _ in f) == n, "and none is lost", n)


def main():
    t = tap.Tap()
    with tempfile.TemporaryDirectory() as folder:
        w = Work(folder)
        forms(t, w)
        kinds(t, w)
        refusals(t, w)
        large(t, w)
    return t.end()


if __name__ == "__main__":
    raise SystemExit(main())
