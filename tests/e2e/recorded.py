"""One audit, recorded against a scripted DNS server, and what it says when an
answer of the recording is lost.
"""

import json
import os
import pathlib
import subprocess

import documents
import nameserver

PRESEND = os.environ.get("PRESEND", "./presend")
LOSSES = [("temporary", "timeout"), ("temporary", "servfail"),
          ("temporary", "refused"), ("malformed", "malformed"),
          ("malformed", "cname-loop"), ("not-asked", "deadline")]


def zone_of(text):
    """Of lines with a name, a type and its one string, text or MX."""
    zone = nameserver.Zone()
    for line in text.strip().split("\n"):
        owner, kind, *data = line.split(None, 2)
        if kind == "MX":
            data = data[0].split()
            data[0] = int(data[0])
        zone.put(owner, kind, *data)
    return zone


class Audits:
    """Records once, and replays with one answer changed."""

    def __init__(self, folder, port, *args):
        self.file = pathlib.Path(folder) / "recording"
        self.args = [PRESEND, "audit", "-f", "json", *args]
        self.whole = self.run("-n", f"127.0.0.1:{port}", "--retries", "5",
                              "--record", self.file, "--force")
        lines = self.file.read_text(encoding="utf-8").splitlines()
        self.head = lines[0]
        self.lines = [documents.loads(x) for x in lines[1:]]
        # "name type" of each answer that can be lost.
        self.questions = [f"{x['question']['name']} {x['question']['type']}"
                          for x in self.lines]

    def run(self, *more):
        out = subprocess.run([*self.args, *more], capture_output=True,
                             check=False)
        if out.returncode not in (0, 1, 3):
            raise RuntimeError(out.stderr.decode())
        return documents.loads(out.stdout)["audits"][0]

    def without(self, i, how):
        lost = {"question": self.lines[i]["question"], "seen": how[0],
                "cause": how[1]}
        lines = self.lines[:i] + [lost] + self.lines[i + 1:]
        self.file.write_text("\n".join(
            [self.head, *map(json.dumps, lines)]) + "\n", encoding="utf-8")
        return self.run("--replay", self.file)
