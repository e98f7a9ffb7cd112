#!/usr/bin/env python3
"""presend explain, as a process: what it says of codes and replies, its exit
statuses, and what hostile or wrong input does.  TAP.
"""

import os
import subprocess
import tempfile

import documents
import tap

PRESEND = os.environ.get("PRESEND", "./presend")
GMAIL = ("550-5.7.26 This mail has been blocked because the sender is\\n"
         "550-5.7.26 unauthenticated. SPF [d.example] with ip: "
         "[192.0.2.1      14]\\n550 5.7.26 information. a1b2-20020a.5 - gsmtp")
USER_PACK = """[pack]
source = https://example.com/
checked = 2026-01-02
[provider.company]
hosts = *.company.example
texts = company says
[company.size]
text = far too large for us
reason = size
rules = company.limit
title = Too large for the company
fix = Send less.
"""


def run(*args, text=None):
    out = subprocess.run([PRESEND, "explain", *args], capture_output=True,
                         check=False, input=text,
                         env={**os.environ, "LC_ALL": "C.UTF-8"})
    return out.returncode, out.stdout.decode(), out.stderr.decode()


def document(*args, text=None):
    status, out, _ = run("-f", "json", *args, text=text)
    if status != 0:
        return {"outcome": f"exit {status}"}
    return documents.loads(out)


def providers(doc):
    return {m["provider"] for m in doc.get("meanings", [])}


def replies(t):
    doc = document(GMAIL)
    first = doc["meanings"][0]
    t.point(doc["schema"] == "presend.explain/1" and
            doc["outcome"] == "explained" and doc["reply"] == "550" and
            doc["status"] == "5.7.26" and doc["provider"] == "gmail" and
            doc["provider_by"] == "text", "a reply says whose it is", doc)
    t.point(first["reason"] == doc["reason"] == "authentication" and
            first["rules"][0]["id"] == "gmail.auth.any" and
            first["rules"][0]["title"], "and which rule it is about", first)
    t.point(doc["identity"] == {"ip": "192.0.2.1", "spf_domain": "d.example"},
            "and whom it refuses", doc["identity"])
    t.point("gmail" in {o["provider"] for o in doc["others"]} and
            all(o["reason"] != "authentication" or o["provider"] != "gmail"
                for o in doc["others"]),
            "and what the code means elsewhere", doc["others"])
    t.point(document("550", "5.1.1", "<a@b.example>:", "User unknown")
            ["reason"] == "user-unknown", "several operands are one reply")
    t.point(document("-", text=GMAIL.encode())["meanings"] ==
            doc["meanings"], "standard input is one too")
    doc = document("550 5.7.515 no words")
    t.point(doc["outcome"] == "unknown" and doc["reason"] == "other" and
            "provider" not in doc, "what nothing knows is unknown", doc)


def codes(t):
    doc = document("4.7.28")
    t.point(doc["outcome"] == "ambiguous" and
            {"gmail", "generic"} <= providers(doc) and "reason" not in doc,
            "a code of several meanings is ambiguous", doc)
    t.point(document("-p", "gmail", "550 5.7.40")["meanings"][0]["reason"] ==
            "dmarc", "550 5.7.40 is DMARC at Gmail")
    doc = document("-p", "gmail", "504 5.7.40")
    t.point("dmarc" not in {m["reason"] for m in doc["meanings"]},
            "504 5.7.40 is not", doc)
    for tag, who in (("TSS04", "yahoo"), ("S3140", "outlook"),
                     ("LPN007_402", "laposte"), ("OFR004_405", "orange"),
                     ("hme1", "apple")):
        doc = document(tag)
        t.point(doc["outcome"] == "explained" and providers(doc) == {who},
                f"{tag} is a tag of {who}", doc)
    t.point(document("5.7.515")["outcome"] == "explained", "5.7.515")
    t.point(document("5.0.999")["outcome"] == "unknown",
            "a code that nothing knows")


def refusals(t):
    for args, why in ((("hm",), "neither a code nor a reply"),
                      (("",), "neither a code nor a reply"),
                      ((), "it takes a code or a reply"),
                      (("-p", "gmial", "550"), "did you mean gmail?"),
                      (("-p", "gmail,yahoo", "550"), "is one here"),
                      (("-f", "jsonl", "550"), "no jsonl of an explanation"),
                      (("--no-default-rules", "550"), "--rules")):
        status, out, err = run(*args)
        t.point(status == 2 and out == "" and why in err and
                err.count("\n") == 1, f"refused: {args}", status, err)
    status, _, err = run("-", text=b"x" * 70000)
    t.point(status == 2 and err.count("\n") == 1, "64 KiB are enough", err)


def hostile(t):
    for text in (b"550 \x1b]0;x\x07\xff\xc3\x28 user unknown \xe2\x80\xae",
                 b"550 " + b"<" * 60000, b"\x00" * 100, b"5" * 60000,
                 b"550-5.7.26 " * 5000, b"@" * 60000, b"1.2.3:" * 10000):
        for form in ("text", "json"):
            status, out, err = run("-f", form, "-", text=text)
            shown = out + err
            t.point(status in (0, 2) and "\x1b" not in shown and
                    "\x07" not in shown and "\u202e" not in shown,
                    f"{text[:12]!r} as {form}", status)


def packs(t):
    with tempfile.TemporaryDirectory() as folder:
        name = os.path.join(folder, "company.bounces")
        with open(name, "w", encoding="utf-8") as f:
            f.write(USER_PACK)
        doc = document("--rules", folder, "552 far too large for us")
        t.point(doc.get("provider") == "company" and
                doc["meanings"][0]["rules"] == [{"id": "company.limit"}],
                "a pack of one's own", doc)
        doc = document("--no-default-rules", "--rules", folder,
                       "550 5.1.1 user unknown")
        t.point(doc["outcome"] == "unknown", "and no other", doc)
        out = subprocess.run([PRESEND, "rules", "check", name],
                             capture_output=True, check=False)
        t.point(out.returncode == 0 and b"1 pattern" in out.stdout,
                "rules check takes it", out)
        with open(name, "a", encoding="utf-8") as f:
            f.write("[company.bad]\nreason = spam\n")
        status, out, err = run("--rules", folder, "550 x y")
        t.point(status == 2 and out == "" and
                f"{name}:14:10: there is no reason" in err,
                "what is wrong with it, and where", err)
        out = subprocess.run([PRESEND, "rules", "check", name],
                             capture_output=True, check=False)
        t.point(out.returncode == 2 and b":14:10:" in out.stderr,
                "rules check says so too", out)


def main():
    t = tap.Tap()
    for group in (replies, codes, refusals, hostile, packs):
        group(t)
    return t.end()


if __name__ == "__main__":
    raise SystemExit(main())
