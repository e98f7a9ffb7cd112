#!/usr/bin/env python3
"""Addresses of the isemail suite (RFC 5321, 5322): what the lint says of each
against the diagnosis that is recorded there.  TAP.  Where we differ, the clause
that says so stands beside it.  Skipped when the suites are not there.
"""

import os
import subprocess

import suite
import tap

TOOL = os.path.join(os.environ.get("top_builddir", "."), "tests",
                    "conformance", "address_verdicts")

SYNTAX = {"format.address-syntax", "format.address-no-domain",
          "format.address-unclosed", "format.empty-field"}
LITERAL = {"format.address-literal"}

# What must be among our codes; nothing: none may be.
DIAGNOSES = {
    "ISEMAIL_VALID": set(),
    "ISEMAIL_DNSWARN_NO_MX_RECORD": set(),
    "ISEMAIL_DNSWARN_NO_RECORD": set(),
    "ISEMAIL_CFWS_COMMENT": set(),
    "ISEMAIL_CFWS_FWS": set(),
    "ISEMAIL_RFC5321_TLD": {"format.address-no-dot"},
    "ISEMAIL_RFC5321_TLDNUMERIC": {"format.address-domain"},
    "ISEMAIL_RFC5321_QUOTEDSTRING": {"format.address-quoted"},
    "ISEMAIL_RFC5321_ADDRESSLITERAL": LITERAL,
    "ISEMAIL_RFC5321_IPV6DEPRECATED": LITERAL,
    "ISEMAIL_RFC5322_DOMAIN": {"format.address-domain"},
    "ISEMAIL_RFC5322_DOMLIT_OBSDTEXT": {"format.address-obsolete"},
    "ISEMAIL_RFC5322_LOCAL_TOOLONG": {"format.address-length"},
    "ISEMAIL_RFC5322_LABEL_TOOLONG": {"format.address-length"},
    "ISEMAIL_RFC5322_DOMAIN_TOOLONG": {"format.address-length"},
    "ISEMAIL_RFC5322_TOOLONG": {"format.address-length"},
    "ISEMAIL_ERR_DOMAINHYPHENEND": {"format.address-domain"},
    "ISEMAIL_ERR_DOMAINHYPHENSTART": {"format.address-domain"},
}
# Whole families.
FAMILIES = (("ISEMAIL_DEPREC_", {"format.address-obsolete"}),
            ("ISEMAIL_RFC5322_IPV6_", LITERAL),
            ("ISEMAIL_RFC5322_DOMAINLITERAL", LITERAL),
            ("ISEMAIL_ERR_", SYNTAX))

# id: what we say, and why.
DIFFERENT = {
    "isemail/5": (["format.address-no-dot"],
                  "RFC 7085: a name without a dot is no domain for mail"),
    "isemail/19": (["format.address-characters"],
                   "a warning: RFC 5322 allows $ and %, Yahoo refuses them"),
}


def expected(diagnosis):
    if diagnosis in DIAGNOSES:
        return DIAGNOSES[diagnosis]
    for prefix, codes in FAMILIES:
        if diagnosis.startswith(prefix):
            return codes
    raise KeyError(diagnosis)


def agrees(codes, wanted):
    return bool(codes & wanted) if wanted else not codes


def judge(points, case, said):
    codes = set() if said == "-" else set(said.split(" "))
    name = f"{case['id']}: {case['diagnosis']}"
    if case["id"] in DIFFERENT:
        ours, why = DIFFERENT[case["id"]]
        points.point(codes == set(ours), f"{name}: differs: {why}",
                     f"said {said}")
        return
    points.point(agrees(codes, expected(case["diagnosis"])), name,
                 f"{case['address']!r}: said {said}")


def main():
    if not os.path.isdir(suite.path("addr-isemail")):
        tap.skip_all("the public suites are not there")
        return
    cases = suite.load("addr-isemail", "normalised.jsonl")
    lines = [c["address"].encode("utf-8").hex() for c in cases]
    out = subprocess.run([TOOL], input="\n".join(lines) + "\n",
                         capture_output=True, text=True, check=True)
    said = out.stdout.splitlines()
    points = tap.Tap()
    points.point(len(cases) == len(said) and len(cases) > 100,
                 "all cases are judged")
    for case, one in zip(cases, said):
        judge(points, case, one)
    points.end()


if __name__ == "__main__":
    main()
