#!/usr/bin/env python3
"""presend bounces: the same log in every wrapping says the same; bad input is
counted or said in one line, and never a crash.  TAP.
"""

import bz2
import gzip
import json
import lzma
import os
import random
import resource
import subprocess
import tempfile
import zipfile

import documents
import tap

PRESEND = os.environ.get("PRESEND", "./presend")

GMAIL = ("550-5.7.26 This message does not have authentication information or "
         "fails to\\n550-5.7.26 pass authentication checks (SPF or DKIM).\\n"
         "550 5.7.26 information. 1a2b3c4d5e6f.7a8b9c0d1e2f - gsmtp")
EXIM = ("2026-01-05 {time} {id} <= s@{domain} H=app [10.0.0.1] P=esmtp S=1\n"
        "2026-01-05 {time} {id} ** r{n}@gmail.com R=dnslookup T=remote_smtp "
        "H=gmail-smtp-in.l.google.com [142.250.27.1] X=TLS1.3:A:256 CV=yes: "
        "SMTP error from remote mail server after end of data: {reply}\n"
        "2026-01-05 {time} {id} Completed\n")


def run(*args, stdin=None, limit=None):
    def limits():
        if limit:
            resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    out = subprocess.run([PRESEND, "bounces", *args], input=stdin,
                         capture_output=True, check=False, preexec_fn=limits)
    return out.returncode, out.stdout, out.stderr.decode()


def document(*args, **more):
    status, out, said = run("-f", "json", *args, **more)
    return status, documents.loads(out) if out else None, said


def exim(count, domain="shop.example"):
    lines = []
    for n in range(count):
        lines.append(EXIM.format(
            time=f"{n // 3600 % 24:02}:{n // 60 % 60:02}:{n % 60:02}",
            id=f"1v{n:04}-{n:06}-AA", n=n, domain=domain, reply=GMAIL))
    return "".join(lines).encode()


class Bounces:
    def __init__(self, folder):
        self.folder = folder
        self.points = tap.Tap()

    def file(self, name, octets):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as f:
            f.write(octets)
        return path

    def same(self, said, want):
        """But for the name of the input."""
        for doc in (said, want):
            for one in doc["inputs"]:
                one.pop("file")
        return said == want


def wrapped(b):
    log = exim(2000)
    plain = b.file("plain", log)
    _, want, _ = document(plain)
    b.points.point(want["totals"]["bounced"] == 2000 and
                   len(want["clusters"]) == 1, "one cluster of all")
    cluster = want["clusters"][0]
    b.points.point(
        (cluster["provider"], cluster["reply"], cluster["status"],
         cluster["reason"], cluster["rules"]) ==
        ("gmail", "550", "5.7.26", "authentication", ["gmail.auth.any"]),
        "Gmail's 5.7.26 is about gmail.auth.any", json.dumps(cluster))
    b.points.point(cluster["recipients"] == 2000, "recipients are counted")
    b.points.point(cluster["sender_domains"] == {"shop.example": 2000},
                   "senders are found by the id")
    packed = {"gz": gzip.compress(log), "bz2": bz2.compress(log),
              "xz": lzma.compress(log)}
    for kind, octets in packed.items():
        # The name tells nothing.
        _, said, _ = document(b.file("packed." + kind + ".txt", octets))
        b.points.point(b.same(said, document(plain)[1]), f"as {kind}")
    with zipfile.ZipFile(os.path.join(b.folder, "z"), "w",
                         zipfile.ZIP_DEFLATED) as z:
        z.writestr("mainlog", log)
    _, said, _ = document(os.path.join(b.folder, "z"))
    b.points.point(said["inputs"][0]["file"].endswith("z: mainlog"),
                   "a member of a zip is named")
    b.points.point(b.same(said, document(plain)[1]), "as zip")
    for threads in "1234":
        _, said, _ = document("--jobs", threads, plain)
        b.points.point(b.same(said, document(plain)[1]),
                       f"by {threads} threads")
    _, said, _ = document("-", stdin=log)
    b.points.point(b.same(said, document(plain)[1]), "by standard input")


def in_pieces(b):
    """A pipe that brings it in odd pieces, rotated halves."""
    log = exim(3000)
    plain = b.file("whole", log)
    with subprocess.Popen([PRESEND, "bounces", "-f", "json"],
                          stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as child:
        at, step = 0, random.Random(7)
        while at < len(log):
            n = step.randrange(1, 9000)
            child.stdin.write(log[at:at + n])
            child.stdin.flush()
            at += n
        child.stdin.close()
        said = documents.loads(child.stdout.read())
    b.points.point(b.same(said, document(plain)[1]), "in odd pieces")
    cut = log.index(b"\n", len(log) // 2) + 1
    _, said, _ = document(b.file("half1", log[:cut]),
                          b.file("half2", log[cut:]))
    b.points.point(said["totals"]["bounced"] == 3000, "as rotated halves")
    cut = len(log) // 2
    _, said, _ = document(b.file("half1", log[:cut]),
                          b.file("half2", log[cut:]))
    totals = said["totals"]
    b.points.point(totals["bounced"] + totals["unrecognised_lines"] >= 3000 and
                   totals["lines"] == log.count(b"\n") + 1,
                   "halves of a line are counted", json.dumps(totals))


def chosen(b):
    log = b.file("chosen", exim(100) + exim(50, "other.example"))
    events = run("--events", log)[1].decode().splitlines()
    b.points.point(len(events) == 150, "an event for each that failed")
    first = documents.loads(events[0])
    b.points.point(
        first["line"] == 2 and first["file"] == log and
        first["sender"] == "s@shop.example" and
        first["recipient"] == "r0@gmail.com" and
        first["time"] == "2026-01-05T00:00:00Z" and
        first["reason"] == "authentication", "an event tells all of it",
        events[0])
    for args, want in ((("--sender-domain", "OTHER.example"), 50),
                       (("--since", "2026-01-05T00:01:00Z"), 40),
                       (("--until", "2026-01-05T00:01:00Z"), 110),
                       (("--since", "2027-01-01"), 0)):
        _, said, _ = document(*args, log)
        b.points.point(said["totals"]["bounced"] == want, " ".join(args),
                       str(said["totals"]))
    odd = b.file("odd", b"2026-01-05 00:00:00 1v0000-000000-AA ** a@b.example "
                 b"R=x T=y H=h.example [192.0.2.1]: SMTP error from remote "
                 b"mail server after RCPT TO:<a@b.example>: 553 zorp 4711 "
                 b"frobbed\n")
    _, said, _ = document("--unclassified", odd)
    b.points.point([(u["count"], u["text"]) for u in said["unclassified"]] ==
                   [(1, "zorp # frobbed")], "what no pack knows is listed",
                   json.dumps(said["unclassified"]))


POSTFIX = ("{stamp} m postfix/smtp[1]: 0A: to=<a@b.example>, relay=none, "
           "dsn=4.4.1, status=deferred (connect to b[192.0.2.1]:25: "
           "Connection timed out)\n")


def years(b):
    def times(log, *args):
        path = b.file("years", "".join(POSTFIX.format(stamp=s)
                                       for s in log).encode())
        _, doc, _ = document(*args, path)
        c = doc["clusters"][0]
        return c["first"][:10], c["last"][:10], doc["inputs"][0]

    new_year = ("Dec 30 10:00:00", "Dec 31 23:59:59", "Jan  1 00:00:01")
    as_of = ("--as-of", "2026-11-26T00:00:00Z")
    first, last, _ = times(new_year, *as_of)
    b.points.point((first, last) == ("2025-12-30", "2026-01-01"),
                   "a year begins within a log", f"{first} {last}")
    first, last, _ = times(new_year, "--year", "2019")
    b.points.point((first, last) == ("2019-12-30", "2020-01-01"),
                   "--year is that of the first time", f"{first} {last}")
    first, last, _ = times(("Nov 20 10:00:00",), *as_of)
    b.points.point(first == "2026-11-20", "the newest that is not after now",
                   first)
    first, last, _ = times(("Nov 28 10:00:00",), *as_of)
    b.points.point(first == "2025-11-28", "and never one after now", first)
    # The first would not be after now in this year either.
    led = ("Nov 20 10:00:00", "Jan  1 00:00:01")
    first, last, said = times(led, *as_of)
    b.points.point((first, last) == ("2025-11-20", "2026-01-01") and
                   "later_than_now" not in said and said["year_guessed"],
                   "the last tells the year of the first", f"{first} {last}")
    _, _, said = times(led, *as_of, "--since", "2020-01-01")
    b.points.point(said.get("later_than_now") is True,
                   "where a year is wanted at once, what leads beyond now is "
                   "said to")
    first, last, _ = times(("Mar  1 10:00:00", "Nov  1 10:00:00",
                            "Jan  9 10:00:00", "Sep 20 10:00:00",
                            "Jan  2 10:00:00"), *as_of)
    b.points.point((first, last) == ("2024-03-01", "2026-01-02"),
                   "a log of three years", f"{first} {last}")
    first, last, _ = times(("Feb 29 10:00:00", "Mar  1 10:00:00"), *as_of)
    b.points.point((first, last) == ("2024-02-29", "2024-03-01"),
                   "29 February is of a leap year", f"{first} {last}")
    first, last, _ = times(("Jan  5 10:00:00", "Aug 10 10:00:00"), *as_of)
    b.points.point((first, last) == ("2026-01-05", "2026-08-10"),
                   "half a year without a failure", f"{first} {last}")
    first, last, _ = times(("Jan  1 00:00:02", "Dec 31 23:59:59",
                            "Jan  1 00:00:03"), *as_of)
    b.points.point((first, last) == ("2025-12-31", "2026-01-01"),
                   "a line of the old year may come late", f"{first} {last}")


def years_everywhere(b):
    """Over New Year and over many blocks: whole, piped, by many threads, in
    rotated halves."""
    lines = []
    for month, days in (("Nov", 30), ("Dec", 31), ("Jan", 31)):
        for n in range(days * 200):
            stamp = f"{month} {n // 200 + 1:2} {n % 24:02}:00:00"
            lines.append(POSTFIX.format(stamp=stamp))
    log = "".join(lines).encode()
    path = b.file("new-year", log)
    as_of = ("--as-of", "2026-11-26T00:00:00Z")
    _, want, _ = document(*as_of, path)
    days = [d["day"] for d in want["days"]]
    b.points.point(days[0] == "2025-11-01" and days[-1] == "2026-01-31" and
                   len(set(days)) == 92 and
                   {d["count"] for d in want["days"]} == {200},
                   "each day of a log over New Year", str(days))
    for threads in "123":
        _, said, _ = document(*as_of, "--jobs", threads, path)
        b.points.point(b.same(said, document(*as_of, path)[1]),
                       f"the same by {threads} threads")
    _, said, _ = document(*as_of, "-", stdin=log)
    b.points.point(b.same(said, document(*as_of, path)[1]),
                   "the same by a pipe")
    halves = [b.file("half1", log[:log.index(b"Jan ")]),
              b.file("half2", log[log.index(b"Jan "):])]
    for order in (halves, halves[::-1]):
        _, said, _ = document(*as_of, *order)
        b.points.point(said["days"] == want["days"] and
                       said["clusters"] == want["clusters"],
                       "the same in rotated halves, in any order")


def bad(b):
    for name, octets, error in (
            ("half-gzip", gzip.compress(exim(5000))[:9000], "truncated"),
            ("half-zip", b"PK\3\4 not a zip", "")):
        path = b.file(name, octets)
        status, doc, said = document(path)
        b.points.point(status == 2 and said.count("\n") == 1 and
                       said.startswith(f"presend: {path}: ") and error in said,
                       f"{name}: one line, status 2", said)
        b.points.point(doc is not None and "error" in doc["inputs"][0],
                       f"{name}: what could be read is told")
    status, out, said = run("/nowhere/at/all")
    b.points.point((status, out) == (2, b"") and said ==
                   "presend: /nowhere/at/all: No such file or directory\n",
                   "what is not there is said before anything is read", said)
    noise = random.Random(3).randbytes(3000000)
    status, doc, _ = document(b.file("noise", b"x" + noise))
    totals = doc["totals"]
    b.points.point(status == 0 and totals["unrecognised_lines"] ==
                   totals["lines"] == (b"x" + noise).count(b"\n") +
                   (not noise.endswith(b"\n")),
                   "binary: each line is counted as unrecognised",
                   json.dumps(totals))
    status, doc, _ = document(b.file("dup", b'{"event":"bounce","event":"x"}'))
    b.points.point(doc["totals"]["unrecognised_lines"] == 1,
                   "JSON with a member twice is unrecognised")
    escape = (b"2026-01-05 00:00:00 1v0000-000000-AA ** a\x1b[2J@b R=x T=y: "
              b"SMTP error from remote mail server after X: 550 \x1b]0;x\x07 "
              b"\xe2\x80\xae\xff no\n")
    path = b.file("escape", escape)
    for args in (("-f", "text"), ("-f", "json"), ("--events",),
                 ("--unclassified",)):
        _, out, _ = run("--color", "never", *args, path)
        b.points.point(not any(c < 32 and c != 10 or c == 127 for c in out)
                       and b"\xe2\x80\xae" not in out,
                       f"{' '.join(args)}: no control gets out", repr(out))
    status, _, said = run("-o", path, path)
    b.points.point(status == 2 and "--force" in said,
                   "a file that is there is not overwritten", said)


def large(b):
    with open(PRESEND, "rb") as f:
        sanitized = b"__asan_init" in f.read()
    if sanitized:
        b.points.skip("memory", "built with sanitizers")
        return
    limit = 64 * 1024 * 1024 + 200 * 1024 * 1024  # address space, with libraries
    bomb = gzip.compress(b"x" * 1000000000, 1)
    status, doc, said = document(b.file("bomb", bomb), limit=limit)
    b.points.point(status in (0, 2) and doc["totals"]["lines"] <= 1,
                   "1 GB without a line end", said)
    many = b"".join(
        b"2026-01-05 00:00:00 1v0000-000000-AA ** r%d@b%d.example R=x T=y: "
        b"SMTP error from remote mail server after X: %d %d.%d.%d w%d\n" %
        (n, n % 5000, 400 + n % 200, 4 + n % 2, n % 8, n % 999, n)
        for n in range(200000))
    status, doc, said = document("--unclassified", b.file("many", many),
                                 limit=limit)
    total = sum(c["count"] for c in doc["clusters"])
    rest = [c for c in doc["clusters"] if c.get("rest")]
    b.points.point(len(rest) == 1 and "more than" in rest[0]["title"] and
                   0 < doc["unclassified_lost"] < 200000 and
                   len(doc["unclassified"]) <= 10000 and
                   doc["unclassified_lost"] + sum(
                       u["count"] for u in doc["unclassified"]) <= 200000,
                   "what there is no room for is said",
                   str([doc.get("unclassified_lost"), rest]))
    b.points.point(status == 0 and total == doc["totals"]["bounced"] == 200000,
                   "200,000 replies, all different: each is counted", said)


def main():
    with tempfile.TemporaryDirectory() as folder:
        b = Bounces(folder)
        for part in (wrapped, in_pieces, chosen, years, years_everywhere, bad,
                     large):
            part(b)
        b.points.end()


main()
