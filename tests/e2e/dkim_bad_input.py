#!/usr/bin/env python3
"""Messages made to break who verifies DKIM: too many signatures and fields,
bodies that fail in every way that is tried, octets that no tag has.  Of each
one valid document with the right facts, in time that grows no faster than the
message, in bounded memory, and no control octet on a terminal.  Nothing is
asked of anybody.  TAP.
"""

import json
import os
import subprocess
import tempfile

import dkim_sign
import documents
import tap

PRESEND = os.environ.get("PRESEND", "./presend")
# LIMIT_AUDIT_ARENA is 16 MiB; with sanitizers what is freed is kept a while.
MEMORY = 64 << 10  # KiB beyond a plain message, besides the message's own
# Twice the message may take 2.2 times as long, and a machine that is busy
# takes what it likes: so the least of some runs, and something to spare.
RUNS, GROWTH, SPARE = 3, 2.2, 0.05
HEADER = ("From: News <news@example.com>\nTo: joe@example.org\n"
          "Subject: What is new\n")
BODY = "Hello.\n"


class Audits:
    """Audits by a recording that has one key, and no other answer."""

    def __init__(self, folder):
        self.folder = folder
        self.key = dkim_sign.Key(folder)
        self.recording = os.path.join(folder, "recording")
        text = "v=DKIM1; k=rsa; p=" + self.key.public
        with open(self.recording, "w", encoding="utf-8") as f:
            for line in (
                    {"schema": "presend.evidence/1",
                     "as_of": "2026-11-21T00:00:00Z"},
                    {"question": {"kind": "dns", "type": "TXT",
                                  "name": "s._domainkey.example.com"},
                     "seen": "answered",
                     "dns": {"records": [{"type": "TXT",
                                          "strings": [text[:255],
                                                      text[255:]]}]}}):
                f.write(json.dumps(line) + "\n")
        self.signature = dkim_sign.signature(
            self.key, HEADER + "\n" + BODY, "example.com", "s",
            ("From", "To", "Subject"))
        # Another's, so that header and body are looked into.
        self.bad = dkim_sign.signature(
            self.key, HEADER + "\nOther.\n", "example.com", "s",
            ("From", "To", "Subject", "X")).replace("t=1", "t=2")

    def write(self, name, octets):
        """Into a file: what this process holds would count as the child's."""
        path = os.path.join(self.folder, name)
        with open(path, "wb") as f:
            f.write(octets)
        return path

    def audit(self, message, form="json"):
        """(processor seconds, KiB, output) of the check over a message."""
        with tempfile.TemporaryFile() as out:
            child = subprocess.Popen(
                [PRESEND, "audit", "-c", "dkim", "-f", form, "-v", "--color",
                 "never", "--replay", self.recording, "-m", message],
                stdout=out, stderr=subprocess.DEVNULL,
                env={**os.environ, "LC_ALL": "C"})
            _, status, used = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0)
            return used.ru_utime + used.ru_stime, used.ru_maxrss, out.read()

    def facts(self, message):
        document = documents.loads(self.audit(message)[2])
        return document["audits"][0]["facts"]["dkim"]

    def least(self, message):
        return min(self.audit(message)[0] for _ in range(RUNS))

    # Each: a message of that size.
    def many(self, n):
        return (self.signature * n + HEADER + "\n" + BODY).encode()

    def many_bad(self, n):
        return (self.bad * 50 + HEADER + "\n" + "some line\n" * n).encode()

    def fields(self, n):
        """All signatures name all the fields there are."""
        names = ":".join(f"X-{i}" for i in range(900))
        one = self.bad.replace("h=From", "h=" + names + ":From")
        return (one * 50 + HEADER +
                "".join(f"X-{i % 900}: {i}\n" for i in range(n)) +
                "\n" + BODY).encode()

    def long_field(self, n):
        return (self.signature.replace("v=1;", "v=1; y=" + "y" * n + ";") +
                HEADER + "\n" + BODY).encode()

    def names(self, n):
        return (self.signature.replace("h=From", "h=" + "X:" * n + "From") +
                HEADER + "\n" + BODY).encode()

    def lengths(self, n):
        """Each signature hashes another part of the body."""
        return ("".join(self.bad.replace("v=1;", f"v=1; l={i * 1000};")
                        for i in range(50)) +
                HEADER + "\n" + "some line\n" * n).encode()

    def blank(self, n):
        return (self.bad * 50 + HEADER + "\n" + " \t" * n + "\n" +
                "\n \t" * n).encode()

    def mended(self, n):
        """Something for every way to mend a body."""
        return (self.bad * 50 + HEADER + "\n").replace("\n", "\r\n").encode() \
            + b">From a\n..b\rc\r\n" * n

    def subject(self, n):
        return (self.bad * 50 + HEADER.replace("What", "a " * n + "What") +
                "\n" + BODY).encode()

    def copies(self, n):
        z = "|".join(["Subject:=20x"] * 1500)
        return (self.bad.replace("v=1;", f"v=1; z={z};") * 50 + HEADER +
                "X-A: b\n" * n + "\n" + BODY).encode()


def reasons(facts):
    return {s["reason"] for s in facts["signatures"]}


def codes(facts):
    return {p["code"] for p in facts["problems"]}


GROWING = [
    ("signatures", Audits.many, 10000,
     lambda d: d["result"] == "pass" and len(d["signatures"]) == 50 and
     "dkim.too-many" in codes(d)),
    ("a long body, and no signature of it", Audits.many_bad, 400000,
     lambda d: d["result"] == "fail"),
    ("fields that all are signed", Audits.fields, 45000,
     lambda d: d["result"] == "fail"),
    ("a signature of megabytes", Audits.long_field, 4000000,
     lambda d: reasons(d) == {"limit"}),
    ("names in h=", Audits.names, 1000000,
     lambda d: reasons(d) == {"limit"}),
    ("parts of a body", Audits.lengths, 400000,
     lambda d: reasons(d) == {"body-changed"}),
    ("white space", Audits.blank, 400000,
     lambda d: reasons(d) == {"body-changed"}),
    ("a body to be mended", Audits.mended, 200000,
     lambda d: reasons(d) == {"body-changed"}),
    ("a long Subject", Audits.subject, 400000,
     lambda d: reasons(d) == {"body-changed"}),
    ("copies of fields, and fields", Audits.copies, 40000,
     lambda d: reasons(d) == {"body-changed"}),
]


def hostile(audits):
    octets = bytes(range(1, 10)) + bytes(range(11, 13)) + bytes(range(14, 256))
    field = audits.signature.encode()
    return b"".join((
        field.replace(b"v=1;", b"v=1; i=" + octets + b"@example.com;"),
        field.replace(b"v=1;", b"v=1; z=" + octets + b";"),
        field.replace(b"s=s;", b"s=\x1b[2J;"),
        field.replace(b"h=From", b"h=From:\xe2\x80\xae\x9b31m"),
        b"DKIM-Signature: " + octets + b"\n", HEADER.encode(), b"\n", octets))


def main():
    t = tap.Tap()
    with tempfile.TemporaryDirectory() as folder:
        audits = Audits(folder)
        plain = audits.audit(audits.write("plain", audits.many(1)))[1]
        for name, make, n, holds in GROWING:
            small = audits.write("small", make(audits, n))
            big = audits.write("big", make(audits, 2 * n))
            facts = audits.facts(big)
            t.point(holds(facts), f"{name}: the right facts",
                    facts.get("result"), reasons(facts), codes(facts))
            _, memory, _ = audits.audit(big)
            room = plain + MEMORY + 2 * (os.path.getsize(big) >> 10)
            t.point(memory < room, f"{name}: bounded memory",
                    f"{memory} KiB of {room}")
            once, twice = audits.least(small), audits.least(big)
            t.point(twice < GROWTH * once + SPARE, f"{name}: linear time",
                    f"{once} s, twice as much {twice} s")
            if os.environ.get("VERBOSE"):
                t.note(f"{once} s, {twice} s, {memory} KiB")
        message = audits.write("hostile", hostile(audits))
        shown = audits.audit(message, "text")[2]
        t.point(all(c == 10 or 32 <= c < 127 for c in shown) and shown,
                "hostile octets: nothing but ASCII on a terminal", shown[:500])
        t.point(len(audits.facts(message)["signatures"]) == 5,
                "hostile octets: all signatures are told of")
    return t.end()


if __name__ == "__main__":
    raise SystemExit(main())
