#!/usr/bin/env python3
"""The DKIM messages of MimeKit, mailauth, go-msgauth and mox through the
command line, each with its keys as a recording; and the canonical forms of
flanker's messages.  TAP.  The suites are looked for beside the checkout, or
where PRESEND_SUITES says.
"""

import json
import os
import subprocess
import sys
import tempfile

import suite
import tap

VECTORS = "dkim-misc-vectors"
CANON = "dkim-flanker-canon"
FORMS = os.path.join(os.environ.get("top_builddir", "."), "tests",
                     "conformance", "dkim_forms")
AS_OF = "2026-11-21T00:00:00Z"


def recording(folder, keys):
    """The keys, "name": "record", as a recording of DNS."""
    path = os.path.join(folder, "recording")
    with open(path, "w", encoding="utf-8") as f:
        f.write(json.dumps({"schema": "presend.evidence/1", "as_of": AS_OF})
                + "\n")
        for name, text in keys.items():
            strings = [text[i:i + 255] for i in range(0, len(text), 255)]
            f.write(json.dumps({
                "question": {"kind": "dns", "name": name, "type": "TXT"},
                "seen": "answered",
                "dns": {"records": [{"type": "TXT", "strings": strings}]},
            }) + "\n")
    return path


def dkim(folder, case):
    keys = suite.load(VECTORS, case["dns"])
    return suite.audit(case.get("from", "example.com"), "-c", "dkim", "-m",
                       suite.path(VECTORS, case["eml"]), "--replay",
                       recording(folder, keys))["facts"]["dkim"]


def wrong_vector(case, facts):
    want = "pass" if case["sigs"] else "none"
    if facts["result"] != want:
        yield f"result is {facts['result']}: {facts['reason']}"
    if len(facts["signatures"]) != len(case["sigs"]):
        yield f"there are {len(facts['signatures'])} signatures"
    for sig, is_ in zip(case["sigs"], facts["signatures"]):
        said = {"a": is_["algorithm"], "c": is_["canonicalization"],
                "d": is_["domain"], "s": is_["selector"],
                "l": is_["body_length"], "x": is_["expires"]}
        for tag, value in said.items():
            if sig[tag] != value:
                yield f"{tag} is {value}, not {sig[tag]}"
        if sig["keybits"] is not None and is_["key_bits"] != sig["keybits"]:
            yield f"the key has {is_['key_bits']} bits"
        if is_["result"] != "pass":
            yield f"{is_['result']}: {is_['detail']}"


def vectors(points, folder):
    for case in suite.load(VECTORS, "cases.jsonl"):
        bad = list(wrong_vector(case, dkim(folder, case)))
        points.point(not bad, case["id"], *bad)


def form(canon, octets):
    """Header and body in their canonical form, as the program hashes them."""
    return subprocess.run([FORMS, canon], input=octets, capture_output=True,
                          check=True).stdout


def forms(points):
    """The files have bare LF for line ends throughout, which stand for CRLF;
    what is expected of them was written so too."""
    for name in sorted(os.listdir(suite.path(CANON))):
        if not name.startswith("email."):
            continue
        with open(suite.path(CANON, name), "rb") as f:
            octets = f.read()
        for canon in ("relaxed", "simple"):
            want = name.replace("email", canon + ".expected")
            with open(suite.path(CANON, want), "rb") as f:
                wanted = f.read().replace(b"\r\n", b"\n")
            is_ = form(canon, octets).replace(b"\r\n", b"\n")
            points.point(is_ == wanted, f"{name} {canon}", f"is {is_!r}",
                         f"not {wanted!r}")


def main():
    if not os.path.isdir(suite.path(VECTORS)):
        tap.skip_all("the public suites are not there")
        return 0
    points = tap.Tap()
    with tempfile.TemporaryDirectory() as folder:
        vectors(points, folder)
    forms(points)
    return points.end()


sys.exit(main())
