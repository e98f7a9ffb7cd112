#!/usr/bin/env python3
"""The MIME messages of the public suites: that each is taken apart without
loss, and Content-Type fields.  TAP.  The suites are looked for beside the
checkout, or where PRESEND_SUITES says; without them there is nothing to run.
"""

import glob
import json
import os
import subprocess
import sys

import suite
import tap

PARTS = os.path.join(os.environ.get("top_builddir", "."),
                     "tests", "conformance", "mime_parts")


def within(inner, outer):
    return (inner[0] >= outer[0]
            and inner[0] + inner[1] <= outer[0] + outer[1])


def children(parts, at):
    """The parts that parts[at] holds directly."""
    out = []
    for p in parts[at + 1:]:
        if p["depth"] <= parts[at]["depth"]:
            break
        if p["depth"] == parts[at]["depth"] + 1:
            out.append(p)
    return out


def end(place):
    return place[0] + place[1]


def is_delimiter(octets, boundary):
    """Delimiter lines of one multipart, and nothing else."""
    lines = [x.rstrip() for x in octets.split(b"\n")]
    return all(x in (b"", b"--" + boundary, b"--" + boundary + b"--")
               for x in lines)


def multipart_loss(octets, part, inner):
    """Octets of a body that are in no part, preamble, delimiter or epilogue."""
    boundary = part["boundary"].encode("utf-8", "surrogateescape")
    at, out = part["body"][0], []
    places = [part["preamble"]] + [p["octets"] for p in inner]
    for place in places + [part["epilogue"]]:
        if place is None:
            continue
        if place[0] > at and not is_delimiter(octets[at:place[0]], boundary):
            out.append(f"lost {octets[at:place[0]]!r}")
        if place[0] + 4 < at:
            out.append(f"place {place} before {at}")
        at = max(at, end(place))
    if not is_delimiter(octets[at:end(part["body"])], boundary):
        out.append(f"lost {octets[at:end(part['body'])]!r}")
    return out


def part_loss(octets, parts, at):
    part, out = parts[at], []
    inner = children(parts, at)
    if part["body"] is not None:
        between = octets[end(part["header"]):part["body"][0]]
        if between.strip(b"\r\n") or between.count(b"\n") > 1:
            out.append(f"between header and body: {between!r}")
        if end(part["body"]) != end(part["octets"]):
            out.append("the body does not end where the part does")
    elif end(part["header"]) != end(part["octets"]):
        out.append("neither header nor body")
    if part["header"][0] != part["octets"][0]:
        out.append("the header does not begin where the part does")
    if len(inner) != part["parts"]:
        out.append("parts are missing")
    for p in inner:
        if not within(p["octets"], part["body"]):
            out.append("a part is not within the one that holds it")
    if part["type"] == "multipart" and inner:
        out += multipart_loss(octets, part, inner)
    elif inner and inner[0]["octets"] != part["body"]:
        out.append("a message is not all of what it is in")
    return out


def loss(name, tree):
    with open(name, "rb") as f:
        octets = f.read()
    octets = octets[len(octets) - tree["octets"]:]
    parts = tree["parts"]
    out = [] if parts[0]["octets"] == [0, len(octets)] else ["not all of it"]
    for at in range(len(parts)):
        out += part_loss(octets, parts, at)
    return out


def trees(files):
    out = subprocess.run([PARTS, *files], capture_output=True, check=True)
    return [json.loads(x) for x in out.stdout.decode().splitlines()]


def messages(points, title, pattern):
    files = sorted(glob.glob(suite.path(*pattern), recursive=True))
    bad, several = [], 0
    for name, tree in zip(files, trees(files)):
        several += len(tree["parts"]) > 1
        bad += [f"{os.path.basename(name)}: {x}" for x in loss(name, tree)]
    points.point(files and several and not bad,
                 f"{title}: {len(files)} messages without loss", *bad)


# What the suite's parser makes of fields that have no type and subtype is its
# own way; RFC 2045 5.2 has them read as text/plain.
def no_type(expected):
    return expected is None or None in (expected.get("c_type"),
                                        expected.get("c_subtype"))


# Fields that RFC 2045 and RFC 2231 give no meaning, where ours differs.
DIFFERENT = {
    # Each section repeats the charset, as RFC 2231 4.1 has only the first do.
    "filename*2*=\"iso-8859-1'",
    # Names with stars in them.
    "malicious/attempt",
    # A name and a type that are not ASCII.
    "\u00e1/\u00e9",
    # White space between an encoded word and its neighbour of another charset.
    "name=\"=?iso-8859-1?B?4Q==?= =?utf-8?B?w6k=?=",
}


def parameters(expected):
    pairs = expected.get("attributes") or []
    return {k.lower(): v for k, v in pairs if not k.endswith("-language")}


def field_differs(case, ours):
    expected = case["expected"]
    if no_type(expected):
        return [] if ours["faults"] else [f"{case['header']!r}: {ours}"]
    want = (expected["c_type"].lower(), expected["c_subtype"].lower(),
            parameters(expected))
    got = (ours["type"].lower(), ours["subtype"].lower(),
           {k.lower(): v for k, v in ours["parameters"].items()})
    return [] if want == got else [f"{case['header']!r}: {got}, not {want}"]


def fields(points):
    cases = [c for c in suite.load("mime-mail-parser", "content_type.json")
             if "\0" not in c["header"]
             and not any(x in c["header"] for x in DIFFERENT)]
    out = subprocess.run(
        [PARTS, "--value"], capture_output=True, check=True,
        input=b"".join(c["header"].encode() + b"\0" for c in cases))
    ours = [json.loads(x) for x in out.stdout.decode().splitlines()]
    bad = [x for c, o in zip(cases, ours) for x in field_differs(c, o)]
    points.point(len(cases) == len(ours) and not bad,
                 f"{len(cases)} Content-Type fields", *bad)


def main():
    if not os.path.isdir(suite.path("mime-cpython")):
        tap.skip_all("the public suites are not there")
        return 0
    points = tap.Tap()
    messages(points, "cpython", ["mime-cpython", "*.txt"])
    messages(points, "mail-parser",
             ["mime-mail-parser", "eml", "**", "*.eml"])
    fields(points)
    return points.end()


sys.exit(main())
