#!/usr/bin/env python3
"""The forms of presend view for other programs: JUnit by its schema and with the
right totals, SARIF by its schema (and by that of OASIS where SARIF_SCHEMA names
it), CSV by its tables, Markdown for tickets; by --format and by the name of the
file; and what there is not is refused.  TAP.
"""

import collections
import csv
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

import readers
import tap

PRESEND = os.environ["PRESEND"]
VIEWS = pathlib.Path(__file__).parent.parent / "cases" / "views"
AUDITS = ["compliant", "failures", "unknown", "hostile", "ten_domains",
          "long_names", "spf_tree", "hops", "message", "postmaster",
          "questions", "changes", "hostile_changes"]


def run(*args):
    return subprocess.run([PRESEND, *args], capture_output=True, check=False,
                          env={**os.environ, "LC_ALL": "C.UTF-8"})


def view(form, name, *more):
    return run("view", "-f", form, *more, str(VIEWS / f"{name}.json")).stdout


def audits_of(name):
    return json.loads((VIEWS / f"{name}.json").read_text("utf-8"))["audits"]


def results_of(name):
    return [r for a in audits_of(name) if not a.get("error")
            for r in a["results"]]


def outcome(result, failing=("must",)):
    if result["status"] == "pass":
        return None
    if result["status"] == "fail" and result["level"] in failing:
        return "failure"
    return "skipped"


def try_junit(t, name):
    octets = view("junit", name)
    bad, _ = readers.read("junit", octets)
    t.point(not bad, f"{name}.junit.xml is valid", *bad)
    root = xml.etree.ElementTree.fromstring(octets)
    got = [c[0].tag if len(c) else None for c in root.iter("testcase")]
    wanted = [outcome(r) for r in results_of(name)]
    errors = sum(1 for a in audits_of(name) if a.get("error"))
    t.point(collections.Counter(got) ==
            collections.Counter(wanted + errors * ["error"]),
            f"{name}.junit.xml has a case for each rule", got, wanted)
    t.point((root.get("tests") is None) == (len(audits_of(name)) > 1),
            f"{name}.junit.xml has totals of what is one audit")


def problems_of(audit):
    listed = audit.get("facts", {}).get("format", {}).get("problems", [])
    return [p for p in listed
            if isinstance(p, dict) and isinstance(p.get("code"), str)]


def try_sarif(t, name):
    log = json.loads(view("sarif", name))
    bad, _ = readers.read("sarif", view("sarif", name))
    t.point(not bad, f"{name}.sarif is valid", *bad)
    if "SARIF_SCHEMA" in os.environ:
        bad = readers.sarif_schema(log, os.environ["SARIF_SCHEMA"])
        t.point(not bad, f"{name}.sarif is valid by OASIS", *bad)
    results = log["runs"][0]["results"]
    kinds = collections.Counter(r["kind"] for r in results)
    problems = sum(len(problems_of(a)) for a in audits_of(name))
    status = collections.Counter(
        r["status"] for a in audits_of(name) for r in a["results"])
    t.point(kinds["fail"] == status["fail"] + problems and
            kinds["open"] == status["unknown"],
            f"{name}.sarif has what fails and what is open", kinds, status)


def places(t):
    run_ = json.loads(view("sarif", "message"))["runs"][0]
    where = {r["ruleId"]: r["locations"][0] for r in run_["results"]}
    for problem in problems_of(audits_of("message")[0]):
        line, column = problem.get("line"), problem.get("column")
        if not isinstance(line, int) or line <= 0:
            continue
        region = where[shown(problem["code"])]["physicalLocation"]["region"]
        t.point((region.get("startLine"), region.get("startColumn")) ==
                (line, column), f"{problem['code']} stands at its line",
                region)
    run_ = json.loads(view("sarif", "failures"))["runs"][0]
    names = {n["fullyQualifiedName"] for r in run_["results"]
             for n in r["locations"][0].get("logicalLocations", [])}
    records = {x["name"] for r in results_of("failures")
               for x in r.get("records") or [] if x["type"] != "header"}
    t.point(records and records <= names,
            "what is to be published stands at the name of its record",
            records - names)


def shown(text):
    """As escape_terminal() has it, of the little that is in codes."""
    return "".join(c if c.isprintable() else f"\\u{{{ord(c):X}}}"
                   for c in text)


def fail_on(t):
    """What the exit status rests on is what is red."""
    for level in ("must", "should", "never"):
        out = run("audit", "--example", "--fail-on", level, "-f", "junit")
        both = run("audit", "--example", "--fail-on", level, "-f", "json")
        doc = json.loads(both.stdout)
        failing = ("must", "should") if level == "should" else ("must",)
        wanted = sum(1 for r in doc["audits"][0]["results"]
                     if outcome(r, failing) == "failure")
        got = int(xml.etree.ElementTree.fromstring(out.stdout)
                  .get("failures"))
        t.point(got == wanted, f"--fail-on {level}: {wanted} failures", got)
        root = xml.etree.ElementTree.fromstring(
            view("junit", "failures", "--fail-on", level))
        wanted = sum(1 for r in results_of("failures")
                     if outcome(r, failing) == "failure")
        t.point(int(root.get("failures")) == wanted,
                f"view --fail-on {level}: {wanted} failures")
        if level != "never":
            t.point((out.returncode == 1) == (got > 0),
                    f"--fail-on {level}: red when it exits with 1", out)


def tables(t):
    for name, table, wanted in (
            ("changes", "results", len(results_of("changes"))),
            ("changes", "findings", sum(
                1 for r in results_of("changes") if r["status"] == "fail")),
            ("changes", "verdicts", sum(
                len(a["verdicts"]) for a in audits_of("changes"))),
            ("diff", "differences", sum(
                len(a.get("results", [])) for a in audits_of("diff")))):
        octets = view("csv", name, "--table", table)
        rows = list(csv.DictReader(io.StringIO(octets.decode(), newline="")))
        t.point(len(rows) == wanted and octets.endswith(b"\r\n"),
                f"{name}, table {table}: {wanted} rows", len(rows))
    first = list(csv.DictReader(io.StringIO(
        view("csv", "changes").decode(), newline="")))[0]
    result = results_of("changes")[0]
    t.point(all(first[k] == result[k] for k in
                ("rule", "provider", "status", "title", "why", "fix")),
            "cells are what the document says", first)
    for args, why in ((("-f", "csv", "--table", "nosuch"), b"there are: "),
                      (("--table", "findings"), b"no output is csv")):
        out = run("view", *args, str(VIEWS / "changes.json"))
        t.point(out.returncode == 2 and why in out.stderr and
                out.stderr.count(b"\n") == 1, f"{args} is refused", out)


def names(t, work):
    """By the end of its name, whatever its case."""
    for name, form in (("a.junit.xml", "junit"), ("b.xml", "junit"),
                       ("c.sarif", "sarif"), ("d.sarif.json", "sarif"),
                       ("e.md", "markdown"), ("f.markdown", "markdown"),
                       ("g.CSV", "csv"), ("h.json", "json"),
                       ("i.jsonl", "jsonl"), ("xml", "text"),
                       ("j.xml.txt", "text")):
        out = run("view", "--force", "-o", str(work / name),
                  str(VIEWS / "changes.json"))
        got = (work / name).read_bytes() if out.returncode == 0 else b""
        t.point(got == view(form, "changes") != b"",
                f"{name} is {form}", out.stderr)
    for form in ("junit", "sarif"):
        out = run("view", "-f", form, str(VIEWS / "bounces.json"))
        t.point(out.returncode == 2 and out.stdout == b"" and
                out.stderr.count(b"\n") == 1,
                f"there is no {form} of bounces", out)


def main():
    t = tap.Tap()
    for name in AUDITS:
        try_junit(t, name)
        try_sarif(t, name)
        bad, _ = readers.markdown_with_links(view("markdown", name))
        t.point(not bad, f"{name}.md has no link but to sources", *bad)
    for name in ("diff", "diff_hostile", "bounces", "bounces_hostile"):
        bad, _ = readers.markdown_with_links(view("markdown", name))
        t.point(not bad, f"{name}.md has no link but to sources", *bad)
    places(t)
    fail_on(t)
    tables(t)
    with tempfile.TemporaryDirectory() as folder:
        names(t, pathlib.Path(folder))
    return t.end()


if __name__ == "__main__":
    sys.exit(main())
