#!/usr/bin/env python3
"""Each requirement that providers publish is a rule, or tests/cases/provider_rows
says why not; and what it names exists.  With the table of facts beside the
checkout, or where PRESEND_FACTS says, no row of that is missing.  TAP.
"""

import os
import re
import subprocess
import sys

import suite
import tap

TOP = os.environ.get("top_srcdir", ".")
FACTS = os.environ.get("PRESEND_FACTS") or os.path.join(
    TOP, "..", "shared", "facts", "provider-rules.md")
ROWS = os.path.join(TOP, "tests", "cases", "provider_rows")

# Sections of the table of facts; what stands before a row that has no id.
SECTIONS = (("### 1.2", ""), ("### 1.4", "gmail "), ("## 2.", ""),
            ("### 3.1", ""), ("### 3.2", ""), ("### 3.3", ""))
ID = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+\Z")


def read_rows():
    """row -> (rules, why there is none), and what is wrong with the lines."""
    rows, wrong = {}, []
    with open(ROWS, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            if line.startswith("#") or not line.strip():
                continue
            cells = line.rstrip("\n").split("\t")
            rules = [] if cells[1:2] == ["-"] else " ".join(cells[1:2]).split()
            why = cells[2] if len(cells) > 2 else ""
            if len(cells) not in (2, 3) or bool(rules) == bool(why):
                wrong.append(f"line {number} has neither rules nor a reason")
            if cells[0] in rows:
                wrong.append(f"line {number}: {cells[0]} stands there twice")
            rows[cells[0]] = (rules, why)
    return rows, wrong


def known_rules():
    """The ids that presend rules list prints."""
    out = subprocess.run([suite.PRESEND, "rules", "list"], check=True,
                         capture_output=True, text=True).stdout
    return {word for line in out.split("\n") for word in line.split()[:1]
            if ID.match(word)}


def table_rows(text, head):
    """The first cells of the tables below a heading."""
    begin = text.index("\n" + head) + 1
    end = text.find("\n#", begin + 1)
    cells = [line.split("|")[1].strip().replace("~~", "")
             for line in text[begin:end].split("\n") if line.startswith("|")]
    return [c for i, c in enumerate(cells) if i > 0 and not set(c) <= set("-")]


def facts_rows():
    with open(FACTS, encoding="utf-8") as f:
        text = f.read()
    for head, before in SECTIONS:
        names = {}
        for row in table_rows(text, head):
            row = re.sub(r" \(.*\)$", "", row)
            names[row] = names.get(row, 0) + 1
            more = f" {names[row]}" if names[row] > 1 else ""
            yield before + row + more


def main():
    points = tap.Tap()
    rows, wrong = read_rows()
    points.point(not wrong, "each line has rules or a reason", *wrong)
    known = known_rules()
    missing = sorted(f"{row}: there is no rule {rule}"
                     for row, (rules, _) in rows.items()
                     for rule in rules if rule not in known)
    points.point(len(known) > 100 and not missing, "each rule exists", *missing)
    if os.path.exists(FACTS):
        facts = list(facts_rows())
        lost = [row for row in facts if row not in rows]
        gone = [row for row in rows if row not in facts]
        points.point(len(facts) > 50 and not lost,
                     "each row of the facts is here", *lost)
        points.point(not gone, "each row is one of the facts", *gone)
    else:
        points.skip("each row of the facts is here", "the facts are not there")
    return points.end()


if __name__ == "__main__":
    sys.exit(main())
