#!/usr/bin/env python3
"""The SPF and DMARC records of checkdmarc's tests, each through the command
line against a DNS server that has them.  TAP.  The suites are looked for
beside the checkout, or where PRESEND_SUITES says.  What cannot be put to the
program, or is not as the RFCs have it, is named below with the reason.
"""

import re

import suite

# id: why it is not put
NOT_PUT = {
    "checkdmarc/spf/testSPFParkedDomainWarning":
        "parked domains: an audit is of a domain that sends",
    "checkdmarc/dmarc/testDMARCParkedDomainPolicyWarning":
        "parked domains: an audit is of a domain that sends",
    "checkdmarc/dmarc/testDMARCParkedDomainSpWarning":
        "parked domains: an audit is of a domain that sends",
    "checkdmarc/dmarc/testDMARCTagDescriptions":
        "descriptions of tags are no facts of an audit",
}

# What a warning there is here; None: nothing, for the reason.
WARNINGS = {
    "pct tag was removed": "dmarc.obsolete-tag",
    "rf tag was removed": "dmarc.obsolete-tag",
    "ri tag was removed": "dmarc.obsolete-tag",
    "Unknown DMARC tag": "dmarc.unknown-tag",
    "p tag does not immediately follow": "dmarc.p-not-second",
    "'rua' in w": "dmarc.no-rua",
}

# ---- DMARC -----------------------------------------------------------------

# id: what is not as there, and why
DMARC = {}


def dmarc_case(asked, case):
    record = case["args"][0]
    if case["fn"] == "parse_dmarc_report_uri":
        record = "v=DMARC1; p=none; rua=" + record
    codes, facts = asked.dmarc_faults(record)
    every = {p["code"] for p in facts["problems"]}
    if "raises" in case:
        good = codes or facts["records_found"] != 1
        return [] if good else [f"nothing is wrong: {sorted(every)}"]
    bad = [f"{sorted(codes)}"] if codes else []
    for said in case["asserts"]:
        bad += [f"no {code} for {said}" for text, code in WARNINGS.items()
                if text in said and code not in every]
        tag = re.search(r"\['tags'\]\['(\w+)'\]\['value'\], '(\w+)'", said)
        if tag and "explicit" not in said and f"{tag[1]}=" in record and \
                f"{tag[1]}={tag[2]}" not in facts["record"]:
            bad.append(f"{said}: {facts['record']}")
    return bad


# ---- SPF -------------------------------------------------------------------

# A real zone stood behind these: what it has to have for the test.
ZONES = {
    "testTooManySPFDNSLookups": {
        name: [("TXT", [f"v=spf1 exists:%{{i}}.{name} -all"])] for name in (
            "_spf.salesforce.com", "spf.protection.outlook.com",
            "spf.constantcontact.com", "_spf.elasticemail.com",
            "servers.mcsv.net", "_spf.google.com", "service-now.com")},
    "testSPFMXMechanism": {"proton.me": [("MX", [10, "mail.proton.me"])],
                           "mail.proton.me": [("A", "192.0.2.9")]},
    "testSPFAMechanism": {"example.com": [("A", "192.0.2.9")]},
    "testSplitSPFRecord": {"_spf.salesforce.com": [("TXT", ["v=spf1 -all"])]},
}
# What is said there by an exception or a warning: the result of an evaluation
# in which nothing matches.
SPF_RESULTS = {
    "testIncludeMissingSPF": "permerror",
    "testTooManySPFVoidDNSLookups": "permerror",
    "testTooManySPFDNSLookups": "permerror",
    "testSPFIncludeLoop": "permerror",
    "testRedirectLoop": "permerror",
}
# id: {what: value by RFC 7208, why}
SPF = {
    "testJunkAfterAll": {
        "result": "fail", "why": "RFC 7208 6, 12: MS=... is a modifier, and "
        "those that are not known are ignored wherever they stand"},
}
ALL = {"fail": "-", "softfail": "~", "neutral": "?", "pass": "+"}
CODES = {"testSPFValidPTRMechanismMacro": "spf.ptr",
         "testIncludeMissingSPF": "spf.include-no-record",
         "testSPFMissingMXRecord": "spf.void-lookup",
         "testSPFMissingARecord": "spf.void-lookup",
         "testSPFIncludeLoop": "spf.include-loop",
         "testTooManySPFDNSLookups": "spf.too-many-lookups",
         "testTooManySPFVoidDNSLookups": "spf.too-many-voids"}


def spf_strings(record):
    """In quotes: the strings of the record."""
    return re.findall(r'"([^"]*)"', record) or [record]


def spf_case(asked, case):
    short = case["id"].rsplit("/", 1)[1]
    record, domain = case["args"][:2]
    rows = [(domain, "TXT", spf_strings(record))]
    for name, records in ZONES.get(short, {}).items():
        rows += [(name, kind, value) for kind, value in records]
    facts = asked.audit(domain, rows, "-c", "spf", "--ip", "203.0.113.99",
                        "--mail-from", "a@" + domain, "--helo",
                        "helo.invalid")["facts"]["spf"]
    want = {"result": SPF_RESULTS.get(short)}
    if case.get("raises") == "SPFSyntaxError":
        want["result"] = "permerror"
    for said in case.get("asserts", []):
        lookups = re.search(r"\['dns_lookups'\], (\d+)", said)
        everything = re.search(r"\['all'\], '(\w+)'", said)
        if lookups:
            want["lookups"] = int(lookups[1])
        if everything:
            want["all"] = ALL[everything[1]]
    want.update(SPF.get(short, {}))
    bad = [f"{key} is {facts.get(key)}, not {value}"
           for key, value in want.items()
           if value is not None and key != "why" and facts.get(key) != value]
    codes = {p["code"] for p in facts["problems"]}
    if short in CODES and CODES[short] not in codes:
        bad.append(f"no {CODES[short]}: {sorted(codes)}")
    errors = {p["code"] for p in facts["problems"]
              if p["severity"] == "error"} - {"spf.not-covered"}
    if case.get("raises") == "SPFSyntaxError" and not errors:
        bad.append(f"no error: {sorted(codes)}")
    return bad


# ---- both ------------------------------------------------------------------

def cases(part, put, differences):
    def group(asked):
        for n, case in enumerate(suite.load("records-checkdmarc",
                                            "cases.json")):
            if not case["id"].startswith(f"checkdmarc/{part}/"):
                continue
            name = f"{case['id']} {n}"
            if case["id"] in NOT_PUT:
                yield name, NOT_PUT[case["id"]], None
                continue
            other = differences.get(case["id"].rsplit("/", 1)[1])
            if other:
                name += f" ({other['why']})"
            yield name, None, put(asked, case)
    group.__name__ = part
    return group


if __name__ == "__main__":
    suite.main("records-checkdmarc", [cases("spf", spf_case, SPF),
                                      cases("dmarc", dmarc_case, DMARC)])
