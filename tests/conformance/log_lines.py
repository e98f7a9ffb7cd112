#!/usr/bin/env python3
"""Lines of Postfix that a public suite of patterns is tested with: each is
known, and those about a delivery are told for what they are.  TAP.  The suites
are looked for beside the checkout, or where PRESEND_SUITES says.
"""

import glob
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "e2e"))

import documents  # noqa: E402
import tap  # noqa: E402

PRESEND = os.environ.get("PRESEND", "./presend")
FOLDER = os.path.join(
    os.environ.get("PRESEND_SUITES") or os.path.join(
        os.environ.get("top_srcdir", "."), "..", "shared", "suites"),
    "logs-postfix-grok")
KINDS = {"bounced": "bounced", "expired": "bounced", "deferred": "deferred"}
SCALAR = re.compile(r'^data:\s*(?:"((?:[^"\\]|\\.)*)"|\'((?:[^\']|\'\')*)\'|'
                    r"(.*))$", re.M)


def data_of(path):
    """The line of a case: one scalar on one line."""
    with open(path, encoding="utf-8") as f:
        found = SCALAR.search(f.read())
    if found is None:
        return None
    double, single, plain = found.groups()
    if double is not None:
        return re.sub(r'\\(.)', r"\1", double)
    return single.replace("''", "'") if single is not None else plain.strip()


def read(line, program):
    with tempfile.NamedTemporaryFile("w", suffix=".log") as f:
        f.write(f"Jan  5 03:06:18 mx postfix/{program}[1]: {line}\n")
        f.flush()
        said = [subprocess.run([PRESEND, "bounces", *args, f.name],
                               capture_output=True, check=True).stdout
                for args in (("--events",), ("-f", "json"))]
    return ([documents.loads(x) for x in said[0].splitlines()],
            documents.loads(said[1]))


def main():
    if not os.path.isdir(FOLDER):
        tap.skip_all("the public suites are not there")
        return
    points = tap.Tap()
    for path in sorted(glob.glob(os.path.join(FOLDER, "*.yaml"))):
        name = os.path.basename(path)[:-len(".yaml")]
        line = data_of(path)
        if line is None:
            points.point(False, f"{name}: has a line")
            continue
        program = name.split("_")[0]
        program = {"tls": "smtp"}.get(program, program)
        events, doc = read(line, program)
        points.point(doc["totals"]["unrecognised_lines"] == 0,
                     f"{name}: is known", line)
        status = re.search(r"(?:^|, )status=([\w-]+)", line)
        delivers = status and re.match(r"\w+: (?:to|from)=", line)
        want = [KINDS[status[1]]] if delivers and status[1] in KINDS else []
        points.point([e["kind"] for e in events] == want, f"{name}: {want}",
                     line, json.dumps(events))
        sent = 1 if delivers and status[1] == "sent" else 0
        points.point(doc["totals"]["delivered"] == sent, f"{name}: delivered",
                     line)
        for e in events:
            to = re.search(r"to=<?([^>,]*)", line)
            dsn = re.search(r"dsn=([\d.]+)", line)
            points.point(
                e.get("recipient") == (to[1] if line.find(": to=") > 0
                                       else None) and
                (dsn is None or e.get("status") is not None),
                f"{name}: whom it is about", line, json.dumps(e))
    points.end()


main()
