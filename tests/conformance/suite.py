"""What the conformance tests share: where the public suites are, and runs of
the program.
"""

import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "e2e"))

import documents  # noqa: E402
import nameserver  # noqa: E402
import tap  # noqa: E402

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
    return documents.loads(out.stdout)["audits"][0]


AT_ONCE = 8
PSL = "\n".join(("com", "org", "net", "example", "test", "no", "dk", "ar",
                 "edu.ar", "de", "info", "br", "com.br", "uk", "co.uk", ""))

# Problems that leave a record with all it says, or are not in it.
ADVICE = {"dmarc.unknown-tag", "dmarc.obsolete-tag", "dmarc.obsolete-size",
          "dmarc.tag-case", "dmarc.version-case", "dmarc.p-not-second",
          "dmarc.p-missing", "dmarc.no-rua", "dmarc.fo-without-ruf",
          "dmarc.report-not-authorized", "dmarc.methods-differ"}


class Asked:
    """Audits against zones of their own."""

    def __init__(self, servers, folder):
        self.servers, self.folder = servers, folder
        self.psl = self.write("psl", PSL)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(text)
        return self.path(name)

    def audit(self, domain, rows, *more):
        zone = nameserver.Zone()
        for name, kind, value in rows:
            if kind == "fault":
                zone.fail(name, "*", value)
            else:
                zone.put(name, kind,
                         *(value if isinstance(value, list) else [value]))
        port = self.servers.serve(zone)
        return audit(domain, "-n", f"127.0.0.1:{port}", "--retries", "4",
                           "--psl", self.psl, *more)

    def dmarc(self, domain, rows, *more):
        return self.audit(domain, rows, "-c", "dmarc", *more)["facts"]["dmarc"]

    def dmarc_faults(self, record):
        """The codes of what is wrong with a record, and all facts."""
        facts = self.dmarc("d.test", [("_dmarc.d.test", "TXT", [record])])
        return {p["code"] for p in facts["problems"]} - ADVICE, facts


def gathered(group, asked):
    """The points of a group; what breaks it is one more."""
    out = []
    try:
        out.extend(group(asked))
    except (RuntimeError, KeyError, TypeError) as e:
        out.append((group.__name__, None, [f"{type(e).__name__}: {e}"]))
    return out


def main(folder, groups):
    """Groups give (name, why it is skipped or None, what is wrong)."""
    if not os.path.isdir(path(folder)):
        tap.skip_all("the public suites are not there")
        return
    points = tap.Tap()
    with tempfile.TemporaryDirectory() as temporary, \
            nameserver.Nameservers() as servers, \
            concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        asked = Asked(servers, temporary)
        for group in pool.map(lambda g: gathered(g, asked), groups):
            for name, why, bad in group:
                if bad is None:
                    points.skip(name, why)
                else:
                    points.point(not bad, name, *bad)
    points.end()
