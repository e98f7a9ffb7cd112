"""What the conformance tests share: where the public suites are, and runs of
the program.
"""

import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "e2e"))

PRESEND = os.environ.get("PRESEND", "./presend")
SUITES = os.environ.get("PRESEND_SUITES") or os.path.join(
    os.environ.get("top_srcdir", "."), "..", "shared", "suites")


def path(*parts):
    return os.path.join(SUITES, *parts)


def load(*parts):
    with open(path(*parts), encoding="utf-8") as f:
        if parts[-1].endswith(".jsonl"):
            return [json.loads(line) for line in f]
        return json.load(f)


def audit(domain, *args):
    """The one audit's object."""
    out = subprocess.run(
        [PRESEND, "audit", "-f", "json", *args, "--", domain],
        capture_output=True, check=False)
    if out.returncode not in (0, 1, 3):
        raise RuntimeError(f"exit {out.returncode}: {out.stderr.decode()}")
    return json.loads(out.stdout)["audits"][0]
