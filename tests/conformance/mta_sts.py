#!/usr/bin/env python3
"""MTA-STS records, policies and MX patterns of the public suites, through the
command line over recordings.  TAP.  The suites are looked for beside the
checkout, or where PRESEND_SUITES says; without them there is nothing to run.
"""

import json
import os
import tempfile

import suite
import tap

GOOD_RECORD = "v=STSv1; id=1"
GOOD_POLICY = "version: STSv1\nmode: enforce\nmx: mx.a.test\nmax_age: 60\n"


def octets(text):
    """Text as a recording has it: \\DDD for controls, \\\\ for a backslash."""
    return "".join("\\\\" if c == "\\" else f"\\{ord(c):03d}"
                   if ord(c) < 32 or ord(c) == 127 else c for c in text)


def dns(name, kind, records):
    return {"question": {"kind": "dns", "name": name, "type": kind},
            "seen": "answered" if records else "absent",
            "dns": {"rcode": 0, "records": [
                dict(r, owner=name, ttl=60, type=kind) for r in records]}}


def recording(record, policy, mx="mx.a.test"):
    return [
        {"schema": "presend.evidence/1", "as_of": "2026-11-21T00:00:00Z"},
        dns("_mta-sts.a.test", "TXT", [{"strings": [octets(record)]}]),
        dns("mta-sts.a.test", "A", [{"address": "192.0.2.1"}]),
        dns("mta-sts.a.test", "AAAA", []),
        dns("a.test", "MX", [{"preference": 10, "host": mx}]),
        dns(mx, "A", [{"address": "192.0.2.2"}]), dns(mx, "AAAA", []),
        {"question": {"kind": "https", "addresses": ["192.0.2.1"],
                      "name": "https://mta-sts.a.test/.well-known/mta-sts.txt"},
         "seen": "answered",
         "https": {"status": 200, "content_type": "text/plain", "headers": [],
                   "body": [octets(x) for x in policy.split("\n")]}}]


def facts(lines):
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as f:
        f.write("".join(json.dumps(x) + "\n" for x in lines))
        f.flush()
        return suite.audit("a.test", "-c", "mta_sts", "--replay",
                           f.name)["facts"]["mta_sts"]


def problems(found):
    # There is no certificate in these recordings: that is not the question.
    return [p["code"] for p in found["problems"]
            if p["code"] != "mta_sts.certificate"]


def cases():
    """(name, what was said, what is expected)"""
    for i, case in enumerate(suite.load("mta-sts", "records.json")):
        found = facts(recording(case["record"], GOOD_POLICY))
        yield (f"record {i}: {case['record']!r}",
               found["record"] is not None and not problems(found),
               case["valid"])
    for i, case in enumerate(suite.load("mta-sts", "policies.json")):
        found = facts(recording(GOOD_RECORD, case["policy"]))
        yield (f"policy {i}: {case['note'] or 'good'}", not problems(found),
               case["valid"])
    match = suite.load("mta-sts", "mx-match.json")
    for case in match["cases"]:
        found = facts(recording(GOOD_RECORD, match["policy"], case["mx"]))
        yield (f"mx {case['mx']}", found["unmatched"] == [], case["match"])


def main():
    if not os.path.isdir(suite.path("mta-sts")):
        tap.skip_all("the public suites are not there")
        return
    points = tap.Tap()
    for name, said, expected in cases():
        # None: the sources of the suite disagree.
        points.point(expected is None or said == expected, name,
                     f"said {said}, expected {expected}")
    points.end()


if __name__ == "__main__":
    main()
