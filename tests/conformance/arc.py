#!/usr/bin/env python3
"""The ARC validation cases of Valimail through the command line, against a DNS
server made of each scenario's keys.  TAP.  The suite is looked for beside the
checkout, or where PRESEND_SUITES says.
"""

import functools
import sys

import suite

FOLDER = "arc-valimail"


def expected(case):
    """The suite leaves it open what a chain is that was sealed with cv=fail;
    by RFC 8617 5.2 step 2 it is fail."""
    return case["cv"].lower() or "fail"


def wrong(facts, want):
    if facts["result"] != want:
        yield f"is {facts['result']}, not {want}: {facts['reason']}"
    problems = [p["detail"] for p in facts["problems"]]
    if (want == "fail") != bool(problems):
        yield f"has the problems {problems}"
    if (want == "fail") != (facts["reason"] is not None):
        yield f"says for a reason {facts['reason']}"


def scenario(number, of, asked):
    # A record's text is one that the strings were joined to.
    rows = [(name, "TXT", [text[i:i + 255] for i in range(0, len(text), 255)])
            for name, text in of["txt-records"].items()]
    for name, case in of["tests"].items():
        title = f"{of['description']}: {name}"
        if not case["message"]:
            yield title, "an empty file is no sample", None
            continue
        path = asked.write(f"{number}-{name}", case["message"])
        facts = asked.audit("d1.example.org", rows, "-c", "arc", "-m",
                            path)["facts"]["arc"]
        yield title, None, list(wrong(facts, expected(case)))


def main():
    groups = []
    try:
        for number, of in enumerate(suite.load(FOLDER, "validation.json")):
            group = functools.partial(scenario, number, of)
            functools.update_wrapper(group, scenario)
            groups.append(group)
    except FileNotFoundError:
        pass
    return suite.main(FOLDER, groups)


sys.exit(main())
