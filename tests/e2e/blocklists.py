#!/usr/bin/env python3
"""--blocklists over a scripted DNS server: what lists say and refuse to say,
that the key in a zone is nowhere but in the questions to the resolver, that a
replay says the same, that test points are asked once a run, and that whatever
answer is lost, nothing is listed or unlisted by it.  TAP.
"""

import os
import pathlib
import subprocess
import tempfile

import documents
import nameserver
import recorded
import tap

KEY = "ab1cd2ef3gh4ij5kl6mn7op8qr"
IP, IP6 = "192.0.2.25", "2001:db8::25"
REVERSED = "25.2.0.192"
REVERSED6 = "5.2." + "0." * 22 + "8.b.d.0.1.0.0.2"
TEST6 = "2.0.0.0.0.0.f.7.f.f.f.f." + "0." * 19 + "0"
FILE = f"""# what we may ask
{KEY}.zen.test        ip  name=zen.example  127.0.0.2=SBL 127.0.0.4=XBL
{KEY}.dbl.test        domain  # a key, and no name
plain.test            ip4
typo.test             ip4
public.test           ip4
rate.test             ip4
parked.test           ip4
world.test            ip4
gone.test             ip4
silent.test           ip4
"""
ERRORS = {"typo.test": ("252", "list-name", "blocklist.name"),
          "public.test": ("254", "public-resolver",
                          "blocklist.public-resolver"),
          "rate.test": ("255", "rate-limit", "blocklist.rate-limit")}


def zone():
    z = nameserver.Zone()
    for top in ("test", "example"):
        z.put(top, "SOA", f"ns.{top}.", f"host.{top}.", 1, 3600, 600, 86400,
              300)
    zen, dbl = KEY + ".zen.test", KEY + ".dbl.test"
    z.put(f"2.0.0.127.{zen}", "A", "127.0.0.2")
    z.put(f"{TEST6}.{zen}", "A", "127.0.0.2")
    z.put(f"{REVERSED}.{zen}", "A", "127.0.0.4")
    z.put(f"{REVERSED}.{zen}", "A", "127.0.0.2")
    z.put(f"{REVERSED}.{zen}", "TXT", f"see https://{zen}/{IP}")
    z.put(f"test.{dbl}", "A", "127.0.1.2")
    z.put(f"sender.test.{dbl}", "A", "127.0.1.2")
    z.put("2.0.0.127.plain.test", "A", "127.0.0.2")
    for name, (last, _, _) in ERRORS.items():
        z.put(f"*.{name}", "A", "127.255.255." + last)
    z.put("*.parked.test", "A", "203.0.113.80")
    z.put("*.world.test", "A", "127.0.0.2")
    z.fail("2.0.0.127.silent.test", "A", "timeout")
    return z


class Run:
    """Audits with that file."""

    def __init__(self, folder, port):
        self.folder, self.port = pathlib.Path(folder), port
        self.file = self.write("lists", FILE)
        self.recording = self.folder / "recording"

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    def audit(self, *more):
        """What comes out and what is said beside it."""
        return subprocess.run(
            [recorded.PRESEND, "audit", "-c", "blocklist", "-t", "0.5",
             "--retries", "0", "--psl", self.write("psl", "test\nexample\n"),
             "--as-of", "2026-11-21T00:00:00Z", "--ip", IP, "--ip", IP6,
             "--evidence", *more], capture_output=True, check=False,
            env={**os.environ, "LC_ALL": "C"})

    def live(self, *more):
        return self.audit("-n", f"127.0.0.1:{self.port}", "--blocklists",
                          self.file, *more)

    def replay(self, *more):
        return self.audit("--blocklists", self.file, "--replay",
                          self.recording, *more)


def facts_of(out):
    return documents.loads(out.stdout)["audits"][0]["facts"]["blocklist"]


def by_name(facts):
    return {(z["name"], z["kind"]): z for z in facts["zones"]}


def what_lists_say(t, run, audit):
    facts, gaps = audit["facts"]["blocklist"], audit["gaps"]
    zones = by_name(facts)
    causes = {g["detail"].split()[0]: g["cause"] for g in gaps
              if g["fact"] == "listings"}
    first = facts["listings"][0]
    t.point(first == {
        "subject": IP, "kind": "ip", "zone": "zen.example", "roles": ["ip"],
        "codes": ["127.0.0.2", "127.0.0.4"], "meanings": ["SBL", "XBL"],
        "reason": f"see https://zen.example/{IP}"},
            "an address that is listed", first)
    t.point([(x["subject"], x["zone"]) for x in facts["listings"][1:]] ==
            [("sender.test", "dbl.test")], "a domain that is listed",
            facts["listings"])
    t.point(facts["listed"] and facts["ip_listed"] and facts["domain_listed"],
            "what is listed is known, whatever other lists say")
    t.point(zones["plain.test", "ip4"]["works"] and
            ("plain.test", "ip6") not in zones, "a list without it")
    for name, (last, cause, code) in ERRORS.items():
        t.point(zones[name, "ip4"]["fault"] == code and
                causes.get(name) == cause, f"127.255.255.{last} is {cause}",
                zones[name, "ip4"], causes)
    for name, code in (("parked.test", "blocklist.outside"),
                       ("world.test", "blocklist.lists-all"),
                       ("gone.test", "blocklist.dead")):
        t.point(zones[name, "ip4"]["fault"] == code and
                causes.get(name) == "dead-list", f"{name} is {code}",
                zones[name, "ip4"], causes)
    silent = zones["silent.test", "ip4"]
    t.point("works" not in silent and "fault" not in silent and
            "timeout" in causes.values(), "a test point without an answer",
            silent, causes)
    failed = {r["rule"] for r in audit["results"] if r["status"] == "fail"}
    t.point("gmail.ip.blocklist" in failed, "the rule fails", failed)


def keys_stay_in(t, run):
    outs = [run.live("-f", f, "-v", "--record", run.recording, "--force",
                     "sender.test") for f in ("text", "jsonl", "json")]
    said = b"".join(o.stdout + o.stderr for o in outs)
    t.point(KEY.encode() not in said.lower() and b"zen.example" in said,
            "no report and no -v has the key")
    kept = run.recording.read_text(encoding="utf-8")
    t.point(KEY not in kept.lower() and f"{REVERSED}.zen.example" in kept,
            "no recording has the key")
    live = documents.loads(outs[-1].stdout)
    again = run.replay("-f", "json", "sender.test")
    t.point(documents.loads(again.stdout) == live and outs[-1].returncode ==
            again.returncode, "a replay says the same", again.stderr)
    for text in (f"{KEY}..zen.test\n", f"{KEY}.zen.test\n{KEY}.zen.test\n",
                 f"{KEY}.zen.test what\n", f"x.test\n{KEY}\n"):
        bad = run.audit("--blocklists", run.write("bad", text), "x.test")
        t.point(bad.returncode == 2 and KEY not in bad.stderr.decode() and
                b"bad: line " in bad.stderr and not bad.stdout,
                "an error in the file does not have it", bad.stderr)


def asked_once(t, run, servers):
    before = len(servers.asked(run.port))
    run.live("-f", "jsonl", "a.test", "b.test", "c.test")
    names = [q[0] for q in servers.asked(run.port)[before:]]
    t.point(names.count(f"2.0.0.127.{KEY}.zen.test") == 1 and
            names.count(f"{REVERSED}.{KEY}.zen.test") == 2,
            "of three audits, each question is asked once", *names[:9])
    before = len(servers.asked(run.port))
    run.audit("-n", f"127.0.0.1:{run.port}", "a.test")
    t.point(len(servers.asked(run.port)) == before,
            "without the option nothing is asked")


def losses(t, folder, port, run):
    """Whatever is lost, no fact becomes another, and a gap says why."""
    small = run.write("small", "\n".join(FILE.split("\n")[:4]) + "\n")
    audits = recorded.Audits(
        folder, port, "sender.test", "--ip", IP, "-c", "blocklist",
        "--blocklists", small, "--psl", run.write("psl", "test\n"))
    whole = audits.whole["facts"]["blocklist"]
    bad = []
    for i, question in enumerate(audits.questions):
        for how in recorded.LOSSES:
            audit = audits.without(i, how)
            less = audit["facts"]["blocklist"]
            for key in ("listed", "ip_listed", "domain_listed"):
                if key in less and less[key] != whole[key]:
                    bad.append(f"{question} {how}: {key} is {less[key]}")
            if any({k: v for k, v in whole_of(whole, x).items()
                    if k in x} != x for x in less["listings"]):
                bad.append(f"{question} {how}: another listing")
            if less != whole and not audit["gaps"]:
                bad.append(f"{question} {how}: no gap")
    t.point(not bad and len(audits.questions) > 5, "every loss", *bad)


def whole_of(whole, listing):
    return next((x for x in whole["listings"]
                 if x["subject"] == listing["subject"] and
                 x["zone"] == listing["zone"]), {})


def main():
    t = tap.Tap()
    with tempfile.TemporaryDirectory() as folder, \
            nameserver.Nameservers() as servers:
        run = Run(folder, servers.serve(zone()))
        audit = documents.loads(run.live("-f", "json", "sender.test")
                           .stdout)["audits"][0]
        what_lists_say(t, run, audit)
        keys_stay_in(t, run)
        asked_once(t, run, servers)
        losses(t, folder, run.port, run)
    return t.end()


if __name__ == "__main__":
    raise SystemExit(main())
