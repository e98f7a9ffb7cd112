#!/usr/bin/env python3
"""Trace fields made to break who reads them: too many, too long, times that
cannot be, octets that no name has.  Of each one valid document with the right
facts, in time that grows no faster than the message, in bounded memory, and
no control octet on a terminal.  Nothing is asked of anybody.  TAP.
"""

import os
import subprocess
import tempfile

import documents
import tap

PRESEND = os.environ.get("PRESEND", "./presend")
COST = os.path.join(os.environ.get("top_builddir", "."), "tests", "bench",
                    "cost")
# Nothing but ASCII is asked for.
ENVIRONMENT = {**os.environ, "LC_ALL": "C"}
END = b"From: news@example.com\n\nHello.\n"
DATE = b"; Sat, 21 Nov 2026 18:50:31 +0000\n"
HOP = (b"Received: from mta.example.com (mta.example.com [192.0.2.1]) by "
       b"mx.recv.test with ESMTPS id 1" + DATE)
# LIMIT_AUDIT_ARENA is 16 MiB; with sanitizers what is freed is kept a while.
MEMORY = 64 << 10  # KiB beyond a plain message, besides the message's own
# Twice the message may take 2.2 times as long, and a machine that is busy
# takes what it likes: so the least of some runs, and something to spare.
RUNS, GROWTH, SPARE = 5, 2.2, 0.05


def audit(octets, form="json"):
    """(processor seconds, output) of the two checks over a message."""
    with tempfile.NamedTemporaryFile() as message, \
            tempfile.TemporaryFile() as out:
        message.write(octets)
        message.flush()
        child = subprocess.Popen(
            [PRESEND, "audit", "--offline", "-c", "hops,receiver", "-f", form,
             "-v", "--color", "never", "-m", message.name],
            stdout=out, stderr=subprocess.DEVNULL, env=ENVIRONMENT)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        return used.ru_utime + used.ru_stime, out.read()


def memory_of(octets):
    """KiB.  What this process holds would count as its own child's."""
    with tempfile.NamedTemporaryFile() as message:
        message.write(octets)
        message.flush()
        out = subprocess.run(
            [COST, "1", PRESEND, "audit", "--offline", "-c", "hops,receiver",
             "-f", "json", "-m", message.name],
            capture_output=True, text=True, check=True)
    return int(out.stdout.split()[2])


def facts(octets):
    return documents.loads(audit(octets)[1])["audits"][0]["facts"]


def codes(hops):
    return {p["code"] for p in hops["problems"]}


# Each: name, a message of that size, what must hold of its facts.
def many(n):
    return HOP * n + END


def long_field(n):
    return b"Received: from " + b"(a [192.0.2.1] " * (n * 16) + DATE + END


def deep(n):
    return b"Received: from " + b"(" * n + b"x" + b")" * n + DATE + END


def wide(n):
    """All fields as long and as full as is looked at."""
    one = (b"Received: from " + b"(a[192.0.2.1] " * 1100 + DATE +
           b"Authentication-Results: s; " + b"a=1 x.y=\x01;" * 1300 + b"\n" +
           b"Received-SPF: pass " + b"a=b;" * 4000 + b"\n")
    return one * n + END


def results(n):
    return b"Authentication-Results: s; a=1 x.y=1;\n" * n + HOP + END


GROWING = [
    ("Received fields", many, 40000,
     lambda h: h["count"] == 80000 and len(h["chain"]) == 100 and h["cut"] and
     "hops.too-many" in codes(h)),
    ("a Received field of megabytes", long_field, 60000,
     lambda h: "hops.too-long" in codes(h)),
    ("nested comments", deep, 500000,
     lambda h: "hops.too-long" in codes(h)),
    ("full trace fields", wide, 40,
     lambda h: h["cut"] and len(h["authentication"]) < 100),
    ("Authentication-Results fields", results, 40000,
     lambda h: h["cut"] and len(h["authentication"]) == 100),
]

YEARS = HOP + b"".join(
    b"Received: from a.test ([10.0.0.1]) by b.test with ESMTP; " + date + b"\n"
    for date in [b"Fri, 31 Dec 9999 23:59:59 +0000",
                 b"Fri, 31 Dec 9999 23:59:59 -9959",
                 b"Mon, 01 Jan 1900 00:00:00 +9959",
                 b"Sat, 21 Nov 99999999999999999999 18:50:31 +0000",
                 b"0", b"", b"\xff\xfe"]) + END
OCTETS = bytes(range(1, 10)) + bytes(range(11, 13)) + bytes(range(14, 256))
HOSTILE = (b"Received: from " + OCTETS + b" (" + OCTETS + b" [192.0.2.1]) by "
           b"mx.recv.test with " + OCTETS + DATE +
           b"Authentication-Results: mx.recv.test; spf=\x1b[2J "
           b"smtp.mailfrom=\"" + OCTETS + b"\"\n"
           b"Received-SPF: \x9b31m (\x1b]0;x\x07) client-ip=\xe2\x80\xae\n" +
           END)


def least(octets):
    return min(audit(octets)[0] for _ in range(RUNS))


def main():
    t = tap.Tap()
    plain = memory_of(HOP + END)
    for name, make, n, holds in GROWING:
        small, big = make(n), make(2 * n)
        hops = facts(big)["hops"]
        t.point(holds(hops), f"{name}: the right facts", hops["count"],
                codes(hops))
        memory = memory_of(big)
        room = plain + MEMORY + 2 * (len(big) >> 10)
        t.point(memory < room, f"{name}: bounded memory",
                f"{memory} KiB of {room}")
        once, twice = least(small), least(big)
        t.point(twice < GROWTH * once + SPARE, f"{name}: linear time",
                f"{once} s, twice as much {twice} s")
    hops = facts(YEARS)["hops"]
    t.point([h["time"] for h in hops["chain"]].count(None) >= 4 and
            {"hops.no-date", "hops.unreadable-date",
             "hops.time-goes-backwards"} <= codes(hops),
            "times that cannot be", [h["time"] for h in hops["chain"]],
            codes(hops))
    for name, octets in [("years", YEARS), ("hostile octets", HOSTILE)]:
        shown = audit(octets, "text")[1]
        t.point(b"THE WAY OF THE MESSAGE" in shown and
                all(c == 10 or 32 <= c < 127 for c in shown),
                f"{name}: nothing but ASCII on a terminal", shown[:500])
    return t.end()


if __name__ == "__main__":
    raise SystemExit(main())
