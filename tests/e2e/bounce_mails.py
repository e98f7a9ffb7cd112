#!/usr/bin/env python3
"""Bounce messages and reports through presend bounces: single files, Maildirs,
mboxes in any form, and what is bad about them.  TAP.
"""

import base64
import gzip
import os
import resource
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import documents  # noqa: E402
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
    doc = documents.loads(out.stdout) if out.stdout else {}
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


RECORD = ("<record><row><source_ip>192.0.2.{ip}</source_ip><count>{n}</count>"
          "<policy_evaluated><disposition>reject</disposition>"
          "</policy_evaluated></row></record>\n")


def many(t, folder):
    """More attempts than there is room for at a time: each counts, in any
    number of threads, and memory stays."""
    records = "".join(RECORD.format(ip=i % 250, n=1 + i % 3)
                      for i in range(300))
    report = ("<feedback>", (records, 300), "</feedback>")
    want = 300 * 300 * 2
    write(folder, "many/report", *report)
    path = os.path.join(folder, "packed")
    with gzip.open(path, "wb") as f:
        f.write(report[0].encode())
        for _ in range(300):
            f.write(records.encode())
        f.write(report[2].encode())
    with open(path, "rb") as f:
        octets = f.read()
    write(folder, "many/mail", "From: noreply@x.example\nSubject: Report\n"
          "Content-Type: application/gzip\n"
          "Content-Transfer-Encoding: base64\n\n",
          base64.encodebytes(octets))
    write(folder, "many/status", mail(1).split("Final-Recipient")[0],
          ("Final-Recipient: rfc822; c@b.example\nAction: failed\n\n",
           15000), "--b--\n")
    write(folder, "many/log", "Jan  5 03:06:18 m sendmail[1]: 0A: to=c@b.example",
          (",c@b.example", 50000), ", delay=1, dsn=5.1.1, stat=User unknown\n")
    for name, bounced in (("report", want), ("mail", want),
                          ("status", 15000), ("log", 50001)):
        path = os.path.join(folder, "many", name)
        docs = [run(path, "--jobs", jobs) for jobs in "123"]
        t.point(counts(docs[0]) == (bounced, 1, 0) and
                sum(c["count"] for c in docs[0]["clusters"]) == bounced and
                docs[0]["inputs"][0]["failed"] == bounced and
                "cut_records" not in docs[0]["inputs"][0],
                f"many attempts: {name}", counts(docs[0]))
        t.point(all(d["clusters"] == docs[0]["clusters"] for d in docs),
                f"many attempts: {name}, by any number of threads")
    write(folder, "many/json", '{"eventType":"Bounce","mail":{"source":"',
          ("x", 300000), '"},"bounce":{"bouncedRecipients":[{}', (",{}", 30000),
          "]}}\n")
    write(folder, "many/json-more", "[{}", (",{}", 300000), "]\n")
    doc = run(os.path.join(folder, "many", "json"))
    t.point(counts(doc) == (30001, 1, 0), "many attempts: one event",
            counts(doc))
    doc = run(os.path.join(folder, "many"))
    most = 100 * MEMORY if is_sanitized() else MEMORY
    t.point(counts(doc) == (2 * want + 95002, 6, 1) and doc["memory"] < most,
            "many attempts: memory", counts(doc), doc["memory"])
    events = subprocess.run(
        [PRESEND, "bounces", "--events", os.path.join(folder, "many/report")],
        capture_output=True, check=True).stdout.decode().splitlines()
    ips = [documents.loads(e)["ip"] for e in events[:20000]]
    t.point(len(events) == 90000 and
            ips == [f"192.0.2.{i % 300 % 250}" for i in range(20000)],
            "many attempts: events in order", len(events))


def cut(t, folder):
    """What is not read is said."""
    begin, end = mail(1).split("hello")
    words = ("word " * 20 + "\n", 2000)
    notice = begin.split("Content-Type")[0] + "\n<c@b.example>: 550 no\n"
    cases = [
        ("nothing", (notice,), 1, {}),
        ("a long original", (begin, words, end), 1, {}),
        ("text", (notice, words), 1, {"text": 1}),
        ("recipients", (notice, "".join(f"<d{i}@b.example>\n"
                                        for i in range(200))), 100,
         {"recipients": 1}),
        ("parts", (begin.split("--b")[0], ("--b\n\nx\n", 100), begin), 0,
         {"parts": 1}),
        ("length", (notice, (words[0], 50000)), 1, {"length": 1, "text": 1}),
        ("value", ("<feedback>", RECORD.format(ip=1, n=5000000000),
                   "</feedback>"), 1000000000, {"value": 1}),
    ]
    for name, data, bounced, want in cases:
        doc = run(write(folder, "cut", *data))
        said = doc["inputs"][0]
        t.point(counts(doc)[0] == bounced and said.get("cut", {}) == want and
                said.get("cut_records", 0) == (want != {}),
                f"cut: {name}", counts(doc), said)
        text = subprocess.run([PRESEND, "bounces", "--color", "never",
                               os.path.join(folder, "cut")],
                              capture_output=True, check=False).stdout.decode()
        t.point((" read in part (" in text) == (want != {}) and
                all(f"{k} {v}" in text for k, v in want.items()),
                f"cut: {name}, as text", text)
    box = write(folder, "cut-box", FROM + notice, words,
                "\n" + FROM + mail(1) + "\n" + FROM + notice, words)
    doc = run(box)
    t.point(doc["inputs"][0]["cut_records"] == 2 and counts(doc)[0] == 3,
            "cut: two of three in an mbox", doc["inputs"])
    reply = write(folder, "cut-reply",
                  "2026-01-05 00:00:00 1v0000-000000-AA ** a@b.example R=x "
                  "T=y: SMTP error from remote mail server after X: 550 ",
                  ("word ", 1000), "\n")
    doc = run(reply)
    t.point(doc["inputs"][0].get("cut_replies") == 1 and
            "cut_records" not in doc["inputs"][0] and
            doc["clusters"][0]["sample_cut"], "cut: a reply", doc["inputs"])


def main():
    t = tap.Tap()
    with tempfile.TemporaryDirectory() as folder:
        forms(t, folder)
        bad(t, folder)
        many(t, folder)
        cut(t, folder)
    return t.end()


if __name__ == "__main__":
    raise SystemExit(main())
