#!/usr/bin/env python3
"""Bounce messages and reports through presend bounces: single files, Maildirs,
mboxes in any form, and what is bad about them.  TAP.
"""

import gzip
import json
import os
import resource
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import tap  # noqa: E402

PRESEND = os.environ.get("PRESEND", "./presend")
MAIL = """From: MAILER-DAEMON@mx.a.example
To: bounces@a.example
Subject: Undelivered Mail Returned to Sender
Date: Mon, 05 Jan 2026 03:06:18 +0000
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.a.example

Final-Recipient: rfc822; {to}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--b
Content-Type: message/rfc822

Return-Path: <bounces@a.example>
From: news@a.example

{body}
--b--
"""
FROM = "From MAILER-DAEMON Mon Jan  5 03:06:18 2026\n"
# What a run may take, besides what sanitizers do.
MEMORY = 64 * 1024


def run(path, *args, data=None):
    out = subprocess.run([PRESEND, "bounces", "-f", "json", *args, path],
                         input=data, capture_output=True, check=False)
    doc = json.loads(out.stdout) if out.stdout else {}
    doc["status"] = out.returncode
    # Of the largest so far.
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    doc["memory"] = usage.ru_maxrss
    return doc


def counts(doc):
    t = doc.get("totals", {})
    return t.get("bounced"), t.get("lines"), t.get("unrecognised_lines")


def write(folder, name, *data):
    """Text, octets, or (text, times): what is large is never held here, as
    the memory of a child counts from that of its parent on."""
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        for part in data:
            text, times = part if isinstance(part, tuple) else (part, 1)
            octets = text.encode() if isinstance(text, str) else text
            for _ in range(times):
                f.write(octets)
    return path


def mail(i, body="hello"):
    return MAIL.format(to=f"c{i}@b.example", body=body)


def forms(t, folder):
    for i in range(200):
        write(folder, f"md/new/1767571200.{i}.mx1", mail(i))
    for i in range(200, 300):
        write(folder, f"md/cur/1767571200.{i}.mx1:2,S", mail(i))
    box = "".join(FROM + mail(i) + "\n" for i in range(300))
    path = write(folder, "box", box)
    # What is being written, and what a server keeps beside the mail.
    write(folder, "md/tmp/1767571200.300.mx1", mail(300))
    write(folder, "md/dovecot-uidlist", "3 V1 N301\n")
    packed = write(folder, "box.gz", gzip.compress(box.encode()))
    whole = run(path)
    t.point(counts(whole) == (300, 300, 0), "an mbox", counts(whole))
    t.point(whole["clusters"][0]["recipients"] == 300 and
            whole["clusters"][0]["sender_domains"] == {"a.example": 300},
            "recipients and senders", whole["clusters"][0])
    doc = run(os.path.join(folder, "md"))
    t.point(counts(doc) == (300, 300, 0) and
            all("/md/cur/" in i["file"] or "/md/new/" in i["file"]
                for i in doc["inputs"]), "a Maildir: cur and new alone",
            counts(doc))
    for i in range(3):
        write(folder, f"plain/{('cur', 'tmp', 'x')[i]}/m", mail(i))
    doc = run(os.path.join(folder, "plain"))
    t.point(counts(doc) == (3, 3, 0), "other folders: all below them",
            counts(doc))
    same = [run(packed), run("-", data=box.encode()),
            run(path, "--jobs", "1"), run(path, "--jobs", "4")]
    t.point(all(d["clusters"] == whole["clusters"] and
                d["totals"] == whole["totals"] for d in same),
            "the same packed, by a pipe, by one thread and by four")


def is_sanitized():
    with open(PRESEND, "rb") as f:
        return b"__asan_init" in f.read()


def bad(t, folder):
    """Each input, with what is bounced, read and not recognised."""
    huge = "x" * 75 + "\n"
    begin, end = mail(1).split("hello")
    header = begin.split("--b")[0]
    cases = [
        ("an original of 50 MB", (begin, (huge, 700000), end), (1, 1, 0)),
        ("an mbox with one of 20 MB between",
         (FROM + mail(1) + "\n" + FROM + begin, (huge, 260000),
          end + "\n" + FROM + mail(3)), (3, 3, 0)),
        ("half a report", (mail(1)[:-150],), (1, 1, 0)),
        ("no boundary", (mail(1).replace('; boundary="b"', ""),), (1, 1, 0)),
        ("binary", (header, (bytes(range(256)), 400)), (0, 1, 1)),
        ("20,000 parts", (header, ("--b\n\nx\n", 20000)), (0, 1, 1)),
        ("a billion laughs",
         ("<!DOCTYPE feedback [<!ENTITY a \"ha\">" + "".join(
             f'<!ENTITY {chr(98 + i)} "{("&" + chr(97 + i) + ";") * 10}">'
             for i in range(9)) + "]><feedback>&j;</feedback>",), (0, 1, 1)),
        ("a report of 40 MB in one record",
         ("<feedback><record>", ("<a>b</a>" * 1000, 5000)), (0, 1, 1)),
    ]
    most = 100 * MEMORY if is_sanitized() else MEMORY
    for name, data, want in cases:
        doc = run(write(folder, "bad", *data))
        t.point(counts(doc) == want and doc["status"] in (0, 1, 2) and
                doc["memory"] < most,
                f"bad input: {name}", counts(doc), doc["status"],
                doc["memory"], doc.get("inputs"))


def main():
    t = tap.Tap()
    with tempfile.TemporaryDirectory() as folder:
        forms(t, folder)
        bad(t, folder)
    return t.end()


if __name__ == "__main__":
    raise SystemExit(main())
