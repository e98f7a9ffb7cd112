#!/usr/bin/env python3
"""presend diff of what presend audit wrote: a record that changed, answers that
are lost, a document and itself; json and jsonl alike; the exit status; what is
no document; and documents of thousands of audits in time that grows with them.
TAP.
"""

import json
import os
import pathlib
import re
import resource
import subprocess
import tempfile

import documents
import nameserver
import recorded
import tap

GOOD = """
corp.test TXT v=spf1 ip4:192.0.2.1 -all
corp.test MX 10 mx.corp.test
mx.corp.test A 192.0.2.1
_dmarc.corp.test TXT v=DMARC1; p=reject; rua=mailto:d@corp.test
1.2.0.192.in-addr.arpa PTR mx.corp.test
s1._domainkey.corp.test TXT v=DKIM1; p=
"""
CHECKS = "ptr,mx,spf,dkim,dmarc"


class Work:
    def __init__(self, folder, servers):
        self.folder, self.servers = pathlib.Path(folder), servers

    def path(self, name):
        return str(self.folder / name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(text)
        return self.path(name)

    def audit(self, name, zone, *more):
        port = self.servers.serve(recorded.zone_of(zone))
        out = subprocess.run(
            [recorded.PRESEND, "audit", "-n", f"127.0.0.1:{port}", "-c",
             CHECKS, "--ip", "192.0.2.1", "--selector", "s1", "--force",
             "-o", self.path(name), *(more or ["corp.test"])],
            capture_output=True, check=False)
        assert out.returncode in (0, 1, 3), out.stderr
        return self.path(name)

    def diff(self, *args, **more):
        return subprocess.run(
            [recorded.PRESEND, "diff", *args], capture_output=True,
            check=False, env={**os.environ, "LC_ALL": "C"}, **more)

    def document(self, *args):
        return documents.loads(self.diff("-f", "json", *args).stdout)


def facts(document):
    return {f["path"]: (f.get("old", "-"), f.get("new", "-"))
            for f in document["audits"][0]["facts"]}


def changes(document, what):
    return {r["rule"] for r in document["audits"][0]["results"]
            if r["change"] == what}


def in_order(text, *parts):
    at = -1
    for part in parts:
        at = text.find(part, at + 1)
        if at < 0:
            return False
    return True


def a_record_that_changed(t, w, good):
    bad = w.audit("bad.json", GOOD.replace("ip4:192.0.2.1", "ip4:192.0.2.9"))
    d = w.document(good, bad)
    t.point("gmail.auth.spf" in changes(d, "worse") and
            d["counts"]["worse"] >= 1, "SPF got worse", d["counts"])
    t.point(facts(d).get("spf.record") ==
            ("v=spf1 ip4:192.0.2.1 -all", "v=spf1 ip4:192.0.2.9 -all"),
            "by its record", facts(d))
    t.point(facts(d).get("spf.evaluations[ip=192.0.2.1].result") ==
            ("pass", "fail"), "of that address", facts(d).keys())
    out = w.diff(good, bad)
    text = out.stdout.decode()
    t.point(out.returncode == 1 and in_order(
        text, "WHAT GOT WORSE", " 1  ", "SPF gives fail", "What changed:",
        "spf.record", "before  v=spf1 ip4:192.0.2.1 -all",
        "now     v=spf1 ip4:192.0.2.9 -all", " worse, 0 better"),
            "a person reads why; status 1", text)
    back = w.document(bad, good)
    t.point(w.diff(bad, good).returncode == 0 and
            changes(back, "better") >= {"gmail.auth.spf"} and
            not changes(back, "worse"), "the way back is better; status 0")
    t.point({p: (b, a) for p, (a, b) in facts(back).items()} == facts(d),
            "and has the same facts, the other way round")


def the_same(t, w, good):
    out = w.diff(good, good)
    t.point(out.returncode == 0 and
            b"0 worse, 0 better; audits: 0 changed, 1 the same" in out.stdout,
            "of a document and itself nothing is another", out.stdout)
    moved = documents.loads(pathlib.Path(good).read_text(encoding="utf-8"))
    shuffle(moved["audits"][0]["facts"])
    moved["audits"][0]["results"].reverse()
    d = w.document(good, w.write("moved.json", json.dumps(moved)))
    t.point(d["counts"]["same"] == 1 and not d["audits"],
            "order does not count", d["audits"][:1])


def shuffle(value):
    """Turns all lists round."""
    if isinstance(value, list):
        value.reverse()
    for item in value.values() if isinstance(value, dict) else value:
        if isinstance(item, (dict, list)):
            shuffle(item)


def what_is_lost(t, w, good):
    zone = recorded.zone_of(GOOD)
    zone.fail("corp.test", "TXT", "servfail")
    port = w.servers.serve(zone)
    lost = w.path("lost.json")
    subprocess.run(
        [recorded.PRESEND, "audit", "-n", f"127.0.0.1:{port}", "-c", CHECKS,
         "--ip", "192.0.2.1", "--selector", "s1", "--retries", "0", "-o",
         lost, "corp.test"], capture_output=True, check=False)
    d = w.document(good, lost)
    steps = {(r["level"], r["old"], r["new"], r["change"])
             for r in d["audits"][0]["results"]}
    t.point(("must", "pass", "unknown", "worse") in steps and
            all(c == "other" for level, a, b, c in steps
                if (a, b) == ("pass", "unknown") and level != "must"),
            "a must that is not known any more is worse, a should is not",
            steps)
    t.point(facts(d).get("spf.record") == ("v=spf1 ip4:192.0.2.1 -all", "-"),
            "and what is not known has no value", facts(d))


def forms(t, w, good):
    domains = w.write("domains", "corp.test\nother.test\nthird.test\n")
    changed = GOOD.replace("p=reject", "p=none")
    a = [w.audit(f"a.{x}", GOOD, "-d", domains, "--as-of",
                 "2026-11-21T00:00:00Z") for x in ("json", "jsonl")]
    b = [w.audit(f"b.{x}", changed, "-d", domains, "--as-of",
                 "2026-11-21T00:00:00Z") for x in ("json", "jsonl")]
    found = [w.document(x, y)["audits"] for x in a for y in b]
    t.point(all(f == found[0] for f in found) and
            [x["subject"]["domain"] for x in found[0]] == ["corp.test"],
            "json and jsonl are the same", [len(f) for f in found])
    d = w.document(a[0], good)
    t.point({(x["subject"]["domain"], x["state"]) for x in d["audits"]} >=
            {("other.test", "removed"), ("third.test", "removed")},
            "audits of one document only", d["counts"])
    saved = w.path("saved.json")
    w.diff("-o", saved, a[0], b[0])
    view = subprocess.run([recorded.PRESEND, "view", saved],
                          capture_output=True, check=False,
                          env={**os.environ, "LC_ALL": "C"})
    t.point(view.stdout == w.diff(a[0], b[0]).stdout and view.stdout,
            "presend view shows it as diff does", view.stderr)
    again = w.diff("-o", saved, a[0], b[0])
    t.point(again.returncode == 2 and b"saved.json" in again.stderr,
            "no file is overwritten", again.stderr)
    with open(a[1], "rb") as f:
        out = w.diff("-", b[0], stdin=f)
    t.point(out.returncode == w.diff(a[0], b[0]).returncode and out.stdout,
            "standard input for one of them", out.stderr)


def no_documents(t, w, good):
    recording = w.path("recording")
    subprocess.run([recorded.PRESEND, "audit", "--offline", "--record",
                    recording, "corp.test"], capture_output=True, check=False)
    hostile = {"schema": "presend.audit/1", "as_of": "\x1b[31m", "audits": [
        {"subject": {"domain": "\x1b]0;x\x07\u202e"}, "verdicts": [],
         "results": [{"rule": "\x1b[2J", "status": "\x9b31m"}], "facts":
         {"\x1b[1m": {"\x07": ["\u202e"]}}}]}
    other = json.loads(json.dumps(hostile).replace("202e", "2066"))
    for title, text, words in (
            ("an empty file", "", "line 1"),
            ("noise", "\x01\x02", "line 1"),
            ("half a document", '{"schema": "presend.audit/1", "audits": [',
             "line 1"),
            ("another schema", '{"schema": "x", "audits": []}', "schema"),
            ("an analysis of bounces and an audit",
             '{"schema": "presend.bounces/1", "clusters": []}',
             "two of a kind"),
            ("an explanation", '{"schema": "presend.explain/1"}',
             "is an explanation"),
            ("a comparison", '{"schema": "presend.diff/1", "audits": []}',
             "comparison"),
            ("a schema with an escape", '{"schema": "\\u001b[31m"}', "schema"),
            ("deep brackets", "[" * 100000, "line 1")):
        name = w.write("bad.json", text)
        for pair in ((name, good), (good, name)):
            out = w.diff(*pair)
            t.point(out.returncode == 2 and not out.stdout and
                    out.stderr.count(b"\n") == 1 and
                    out.stderr.startswith(b"presend: ") and
                    words in out.stderr.decode() and
                    re.fullmatch(rb"[ -~]+\n", out.stderr), title, out.stderr)
    out = w.diff(good, recording)
    t.point(out.returncode == 2 and b"--replay" in out.stderr, "a recording",
            out.stderr)
    out = w.diff(w.write("h1.json", json.dumps(hostile)),
                 w.write("h2.json", json.dumps(other)))
    t.point(out.returncode in (0, 1) and
            re.fullmatch(rb"[\n -~]+", out.stdout), "hostile octets",
            out.stdout)
    for missing in (("nowhere.json", good), (str(w.folder), good)):
        out = w.diff(*missing)
        t.point(out.returncode == 2 and out.stderr.count(b"\n") == 1,
                "a file that is none", out.stderr)


def bounces(t, w, _good):
    """Before and after: a cluster that is new, and one that is gone."""
    line = ("2026-01-05 00:00:0{n} 1vWFOK-mOl00{n}-1n ** u{n}@gmail.com R=d "
            "T=s H=gmail-smtp-in.l.google.com [142.250.27.26]: SMTP error "
            "from remote mail server after end of data: {said}\n")
    names = []
    for i, said in enumerate((
            "550 5.7.26 This message does not have authentication information",
            "550 5.1.1 The email account that you tried to reach does not "
            "exist")):
        log = w.write(f"log{i}", "".join(
            line.format(n=n, said=said) for n in range(9)))
        names.append(w.path(f"bounces{i}.json"))
        subprocess.run([recorded.PRESEND, "bounces", "-o", names[i], log],
                       check=True)
    out = w.diff("-f", "json", *names)
    document = json.loads(out.stdout)
    t.point(out.returncode == 1 and document["by"] == "count" and
            [(c["change"], c["status"]) for c in document["clusters"]] ==
            [("new", "5.1.1"), ("gone", "5.7.26")], "bounces, before and after",
            document)
    saved = w.write("saved-bounces.json", out.stdout.decode())
    text = w.diff(*names).stdout
    view = subprocess.run([recorded.PRESEND, "view", saved],
                          capture_output=True, check=False,
                          env={**os.environ, "LC_ALL": "C"})
    t.point(view.stdout == text and
            b"WHAT FAILS NOW, AND DID NOT BEFORE" in text,
            "presend view shows it as diff does", view.stderr)
    rows = w.diff("-f", "csv", *names).stdout.split(b"\r\n")
    t.point(len(rows) == 4 and rows[1].startswith(b"new,bounced,gmail,550"),
            "and as CSV", rows)
    out = w.diff(names[0], names[0])
    t.point(out.returncode == 0 and b"1 as before" in out.stdout,
            "the same bounces", out.stdout)


def growth(t, w, good):
    """Twice the audits, at most some more than twice the time."""
    one = documents.loads(pathlib.Path(good).read_text(encoding="utf-8"))
    audit = one["audits"][0]

    def made(name, n, record):
        audits = []
        for i in range(n):
            text = json.dumps(audit).replace("corp.test", f"c{i}.test")
            audits.append(json.loads(text.replace("192.0.2.1 -all", record)))
        return w.write(name, json.dumps({**one, "audits": audits}))

    def seconds(n):
        pair = made("x.json", n, "192.0.2.1 -all"), made("y.json", n, "-all")
        best = None
        for _ in range(3):
            before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
            out = w.diff("-q", *pair)
            used = resource.getrusage(
                resource.RUSAGE_CHILDREN).ru_utime - before
            assert f"{n} changed".encode() in out.stdout, out.stderr
            best = used if best is None else min(best, used)
        return best

    once, twice = seconds(300), seconds(600)
    t.point(twice < 2.4 * once + 0.1, "time grows with the audits",
            f"{once} s, twice as many {twice} s")
    t.note(f"{once:.3f} s, {twice:.3f} s")


def main():
    t = tap.Tap()
    with tempfile.TemporaryDirectory() as folder, \
            nameserver.Nameservers() as servers:
        w = Work(folder, servers)
        good = w.audit("good.json", GOOD)
        for part in (a_record_that_changed, the_same, what_is_lost, forms,
                     no_documents, bounces, growth):
            part(t, w, good)
    return t.end()


if __name__ == "__main__":
    raise SystemExit(main())
