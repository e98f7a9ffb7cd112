#!/usr/bin/env python3
"""Messages made to break who reads them: 50 MB of body, 100,000 header fields,
a header field of 1 MB and more, no empty line, nothing but one, UTF-16, a From_
line, line ends of every kind mixed.  Of each the right problem where it is; time
that at most doubles with the size; memory of at most the message and 16 MiB.
TAP.
"""

import os
import subprocess
import sys
import tempfile

import documents
import tap

PRESEND = os.environ.get("PRESEND", "./presend")
COST = os.path.join(os.environ.get("top_builddir", "."), "tests", "bench",
                    "cost")
KIB = 1024
MIB = 1024 * KIB
TIMES = 5
TRIES = 4
RATIO = 2.2
# What they do for each allocation is not linear; 4 would be quadratic.
SANITIZED_RATIO = 3
MEMORY = 16 * KIB  # KiB beyond the message
# A plain audit with more is one with sanitizers, whose memory tells nothing.
PLAIN_MEMORY = 14 * KIB

HEAD = (b"Date: Sat, 21 Nov 2026 18:50:31 +0000\r\n"
        b"From: Anna <anna@example.com>\r\n"
        b"Message-ID: <1.a@example.com>\r\n"
        b"To: Ben <ben@example.net>\r\n"
        b"Subject: Hello\r\n"
        b"MIME-Version: 1.0\r\n"
        b"Content-Type: text/plain; charset=utf-8\r\n")
BODY = b"The quick brown fox jumps over the lazy dog, once and again.\r\n"
LINES = HEAD.count(b"\n")


def filled(piece, size):
    return piece * (size // len(piece))


def with_body(piece):
    return lambda size: HEAD + b"\r\n" + filled(piece, size)


def with_fields(make):
    def build(size):
        fields, n = [], 0
        while n < size:
            fields.append(make(len(fields)))
            n += len(fields[-1])
        return HEAD + b"".join(fields) + b"\r\n" + BODY
    return build


def in_field(name, piece, tail=b""):
    """The value of one field, repeated pieces."""
    def build(size):
        at = HEAD.index(name + b": ") + len(name) + 2
        return HEAD[:at] + filled(piece, size) + tail + HEAD[at:] + \
            b"\r\n" + BODY
    return build


# What is built, the size, the code that must be said, its line and column.
GROWING = (
    ("a plain body", with_body(BODY), 25 * MIB, None, None),
    ("one line of body", with_body(b"a"), 25 * MIB, "format.line-too-long",
     (LINES + 2, 999)),
    ("CRLF and LF in turn", with_body(b"a\nb\r\n"), 25 * MIB,
     "format.bare-lf", (LINES + 2, 2)),
    ("a body of CR", with_body(b"\r"), 25 * MIB, "format.bare-cr",
     (LINES + 2, 1)),
    ("a body of NUL", with_body(b"\0"), 25 * MIB, "format.nul",
     (LINES + 2, 1)),
    ("no empty line", lambda size: HEAD + filled(BODY, size), 25 * MIB,
     "format.no-blank-line", (LINES + 1, 1)),
    ("place-holders that are never closed", with_body(b"{{a *|b %%c <%d\r\n"),
     12 * MIB, None, None),
    ("header fields, all alike", with_fields(lambda i: b"X-A: y\r\n"),
     390 * KIB, None, None),
    ("header fields of 50,000 names, each wrong",
     with_fields(lambda i: b"X-%05d: \xe4\r\n" % i), 550 * KIB,
     "format.header-8bit", (LINES + 1, 10)),
    ("a field again and again", with_fields(lambda i: b"Subject: a\r\n"),
     550 * KIB, "format.duplicate-field", (LINES + 1, 1)),
    ("strays and fields in turn", with_fields(lambda i: b"no field\r\na:b\r\n"),
     700 * KIB, "format.not-a-field", (LINES + 1, 1)),
    ("addresses", in_field(b"To", b'"A b" <c@d.example>,\r\n ', b"a@b.example, "),
     200 * KIB, None, None),
    ("comments in a field", in_field(b"To", b"(a)"), 450 * KIB, None, None),
    ("encoded words, each half a character",
     in_field(b"Subject", b"=?utf-8?q?=C3?= "), 450 * KIB,
     "format.word-octets", (5, 10)),
    ("a field of more than is taken apart", in_field(b"Subject", b"a"),
     12 * MIB, "format.field-too-long", (5, 9)),
    ("message ids", in_field(b"Message-ID", b"<a@b.example>\r\n "),
     450 * KIB, "format.message-id-syntax", (4, 2)),
)

UTF16 = HEAD.decode("ascii") + "\r\nHello\r\n"
FIXED = (
    ("only an empty line", b"\r\n", "format.no-header", (1, 1)),
    ("only a line end", b"\n", "format.no-header", (1, 1)),
    ("UTF-16 with its mark", UTF16.encode("utf-16"), "format.utf-16", (1, 1)),
    ("UTF-16 without it", UTF16.encode("utf-16-be"), "format.utf-16", (1, 1)),
    ("a mark of UTF-8", b"\xef\xbb\xbf" + HEAD + b"\r\n", "format.bom",
     (1, 1)),
    ("a From_ line", b"From anna@example.com\r\n" + HEAD + b"\r\n" + BODY,
     "format.from-line", (1, 1)),
    ("a header and no body", HEAD, "format.no-body", (LINES + 1, None)),
    ("LF in a header of CRLF", HEAD.replace(b"Hello\r\n", b"Hello\n") + b"\r\n",
     "format.bare-lf", (5, 15)),
    ("CR alone", HEAD.replace(b"\r\n", b"\r") + b"\r" + BODY.replace(b"\n", b""),
     "format.bare-cr", (1, 38)),
    ("a first line with a blank", b" a\r\n" + HEAD + b"\r\n" + BODY,
     "format.first-line-folded", (1, 1)),
    ("100,001 header fields",
     HEAD + b"X: y\r\n" * (100001 - LINES) + b"\r\n" + BODY,
     "format.too-many-fields", (100001, None)),
)


class Runs:
    """Audits of messages in a folder."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "message.eml")

    def write(self, octets):
        with open(self.path, "wb") as f:
            f.write(octets)

    def command(self, *more):
        return (PRESEND, "audit", "--offline", "-c", "format", "--as-of",
                "2026-11-21T18:50:31Z", "-f", "json", "-m", self.path, *more,
                "--", "example.com")

    def problems(self):
        out = subprocess.run(self.command(), capture_output=True, check=False)
        if out.returncode not in (0, 1, 3):
            raise RuntimeError(f"exit {out.returncode}: {out.stderr!r}")
        facts = documents.loads(out.stdout)["audits"][0]["facts"]["format"]
        return facts["problems"]

    def cost(self):
        """Microseconds of processor time, and KiB of memory."""
        out = subprocess.run([COST, str(TIMES), *self.command()],
                             capture_output=True, text=True, check=True)
        _, cpu, memory = out.stdout.split()
        return int(cpu), int(memory)


def check_code(points, runs, name, code, place):
    found = runs.problems()
    said = {p["code"]: (p["line"], p["column"]) for p in reversed(found)}
    points.point(code is None or said.get(code) == place, f"{name}: {code}",
                 said.get(code), [p["code"] for p in found])


def costs_of(runs, build, size):
    """(microseconds, KiB, KiB of the message) of that size and of twice it."""
    costs = []
    for octets in (build(size), build(2 * size)):
        runs.write(octets)
        costs.append((*runs.cost(), len(octets) // KIB))
    return costs


def check_growth(points, runs, row, plain):
    name, build, size, code, place = row
    costs = costs_of(runs, build, size)
    check_code(points, runs, name, code, place)
    ratio = costs[1][0] / costs[0][0]
    # What else the machine does can only add to it.
    sanitized = plain > PLAIN_MEMORY
    most = SANITIZED_RATIO if sanitized else RATIO
    for _ in range(TRIES):
        if ratio <= most:
            break
        costs = costs_of(runs, build, size)
        ratio = min(ratio, costs[1][0] / costs[0][0])
    points.point(ratio <= most, f"{name}: twice as much takes at most "
                 f"{most} times as long", ratio, costs)
    if sanitized:
        points.skip(f"{name}: memory", "built with sanitizers")
        return
    beyond = max(memory - size for _, memory, size in costs)
    points.point(beyond <= MEMORY, f"{name}: 16 MiB and the message are enough",
                 costs)


def main():
    points = tap.Tap()
    with tempfile.TemporaryDirectory() as folder:
        runs = Runs(folder)
        runs.write(HEAD + b"\r\n" + BODY)
        points.point(not runs.problems(), "a right message has no problem",
                     runs.problems())
        plain = runs.cost()[1]
        for name, octets, code, place in FIXED:
            runs.write(octets)
            check_code(points, runs, name, code, place)
        for row in GROWING:
            check_growth(points, runs, row, plain)
    return points.end()


if __name__ == "__main__":
    sys.exit(main())
