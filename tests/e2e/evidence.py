#!/usr/bin/env python3
"""What a document says of what it was made of: the packs and their digests,
and with --evidence each question, with a digest over the lines of the
recording that can be made again from it.  TAP.
"""

import hashlib
import json
import os
import pathlib
import subprocess
import tempfile

import documents
import nameserver
import recorded
import tap

PRESEND = recorded.PRESEND
SRC = pathlib.Path(os.environ.get("top_srcdir", "."))
DOMAINS = ("one.test", "two.test")
LONG = "v=spf1 " + " ".join(f"ip4:192.0.2.{i}" for i in range(250)) + " -all"
PACK = """[acme.company.rule]
title = Say who you are
level = should
consequence = advice
checked = 2026-10-01
source = https://acme.example/rules
require = spf.record exists
why = no
fix = yes
[globex.company.rule]
extends = acme.company.rule
checked = 2026-09-01
[gmail.dmarc.record]
disabled = yes
"""


def zone():
    z = nameserver.Zone()
    for d in DOMAINS:
        z.put(d, "TXT", "v=spf1 include:spf.shared.test -all")
        z.put("_dmarc." + d, "TXT", "v=DMARC1; p=none")
    z.put("two.test", "TXT", *["x" * 255] * 20)
    z.put("spf.shared.test", "TXT", *[LONG[i:i + 255] for i in
                                      range(0, len(LONG), 255)])
    z.fail("_smtp._tls.two.test", "TXT", "servfail")
    return z


def sha256(octets):
    return hashlib.sha256(octets).hexdigest()


def question_of(line):
    """As the document has it: of DNS without a server."""
    q = json.loads(line)["question"]
    return f"{q['type']} {q['name']}." if q["kind"] == "dns" else None


class Run:
    """Audits of both domains, recorded."""

    def __init__(self, folder, port):
        self.record = pathlib.Path(folder) / "recording"
        self.common = [PRESEND, "audit", *DOMAINS, "--skip", "tls,mx,dane",
                       "--ip", "192.0.2.1", "--psl", folder + "/psl"]
        pathlib.Path(folder, "psl").write_text("test\n", encoding="ascii")
        self.asking = ["-n", f"127.0.0.1:{port}", "--retries", "0", "-t", "2"]

    def presend(self, *more):
        out = subprocess.run([*self.common, *more], capture_output=True,
                             check=False)
        if out.returncode not in (0, 1, 3):
            raise RuntimeError(out.stderr.decode())
        return out.stdout

    def live(self, *more):
        return self.presend(*self.asking, "--record", self.record, "--force",
                            *more)

    def replay(self, *more):
        return self.presend("--replay", self.record, *more)


def packs(t, run, folder):
    header = documents.loads(run.replay("-f", "json"))
    rules = SRC / "rules"
    names = [p["name"] for p in header["packs"]]
    t.point(names == ["gmail.rules", "yahoo.rules", "standards.rules"],
            "the packs that are judged by, and no others", names)
    for p in header["packs"]:
        t.point(p["sha256"] == sha256((rules / p["name"]).read_bytes()) and
                p["built_in"] and p["provider"] + ".rules" == p["name"] and
                p["rules"] > 20 and p["checked"] >= p["oldest_checked"],
                f"{p['name']}: digest, provider, rules, dates", p)
    listed = documents.loads(subprocess.run(
        [PRESEND, "rules", "list", "-f", "json", "-p", "gmail"],
        capture_output=True, check=True).stdout)
    t.point(header["packs"][0]["rules"] == len(listed) and
            header["packs"][0]["checked"] ==
            max(r["checked"] for r in listed), "as rules list has them")
    own = pathlib.Path(folder, "own.rules")
    own.write_text(PACK, encoding="ascii")
    more = documents.loads(run.replay("-f", "json", "--rules", own, "-p",
                                      "yahoo"))["packs"]
    t.point([p["name"] for p in more] == ["yahoo.rules", "standards.rules"],
            "a pack of another provider is not judged by", more)
    more = documents.loads(run.replay("-f", "json", "--rules", own, "-p",
                                      "gmail"))["packs"]
    t.point(more[-1] == {
        "name": str(own), "provider": None, "rules": 2,
        "checked": "2026-10-01", "oldest_checked": "2026-09-01",
        "sha256": sha256(PACK.encode()), "built_in": False},
            "one that switches a rule off is", more)
    own.write_text(PACK[:PACK.index("[gmail")], encoding="ascii")
    more = documents.loads(run.replay("-f", "json", "--rules", own, "-p",
                                      "globex", "--no-default-rules"))["packs"]
    t.point([p["name"] for p in more] == [str(own)], "one alone", more)


def lists(t, run):
    out = run.live("-f", "json", "--evidence")
    t.point(out == run.replay("-f", "json", "--evidence"),
            "a replay lists the same")
    lines = run.record.read_text(encoding="utf-8").splitlines()[1:]
    kept = {question_of(x): x + "\n" for x in lines}
    for audit in documents.loads(out)["audits"]:
        name, e = audit["subject"]["domain"], audit["evidence"]
        asked = [x["question"] for x in e["list"]]
        t.point(e["questions"] == len(asked) == len(set(asked)) > 10,
                f"{name}: each question once", asked)
        t.point(e["sha256"] == sha256("".join(
            kept[q] for q in asked).encode()),
                f"{name}: the digest is of the recording's lines", e["sha256"])
        times = [x["asked"] for x in e["list"] if x["asked"]]
        t.point(e["first"] == min(times) and e["last"] == max(times),
                f"{name}: first and last", e["first"], e["last"])
        t.point(all((("cause" in x) != ("records" in x)) for x in e["list"]),
                f"{name}: records, or a cause")
        t.point("TXT spf.shared.test." in asked and
                "TXT _dmarc." + name + "." in asked and
                not any(other in q for q in asked for other in DOMAINS
                        if other != name),
                f"{name}: its own questions and those it shares", asked)
    cut = {x["question"]: x for x in e["list"]}
    t.point(cut["TXT two.test."]["cut"] and
            cut["TXT two.test."]["answer"].endswith("\u2026") and
            len(cut["TXT two.test."]["answer"].encode()) == 4096 + 3,
            "a large answer is cut, and said to be")
    t.point([x for x in cut if "cut" in cut[x]] == ["TXT two.test."],
            "no other one is", list(cut))
    shared = cut["TXT spf.shared.test."]["records"]
    t.point(len(shared) == 1 and "".join(
        shared[0]["value"][1:-1].split('" "')) == LONG and
            shared[0]["name"] == "spf.shared.test.", "records as published",
            shared)
    lost = cut["TXT _smtp._tls.two.test."]
    t.point(lost["cause"] == "servfail" and "servfail" in lost["answer"],
            "what was not answered has a cause", lost)
    plain = documents.loads(run.replay("-f", "json"))["audits"]
    t.point(not any("evidence" in a for a in plain),
            "nothing is listed that was not asked for")
    offline = documents.loads(run.presend("--offline", "--evidence", "-f",
                                          "json"))
    e = offline["audits"][0]["evidence"]
    t.point(e["first"] is None and e["last"] is None and e["questions"] > 5 and
            {x["cause"] for x in e["list"]} == {"offline"},
            "offline nothing was asked", e)


def main():
    t = tap.Tap()
    with tempfile.TemporaryDirectory() as folder, \
            nameserver.Nameservers() as servers:
        run = Run(folder, servers.serve(zone()))
        lists(t, run)
        packs(t, run, folder)
    return t.end()


if __name__ == "__main__":
    raise SystemExit(main())
