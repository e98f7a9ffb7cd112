#!/usr/bin/env python3
"""SPF as ours and others evaluate it, over worlds made by chance.  TAP.

  spf_peers.py [--seed N] [--count N] [--case SEED:N]

A difference has to be of a class in DIFFERENCES.  --case shows one case, what
each says to it, and why it may differ.
"""

import argparse
import collections
import os
import sys

import common
import spf_classes
import spf_worlds

KEYS = ("case", "ip", "local", "domain", "helo")
CHUNK = 5000
SHOWN = 10
TABLE = os.path.join(common.HERE, "DIFFERENCES")


def peers():
    """{name: command, or None}"""
    return {
        "pyspf": common.script(["/usr/bin/python3", sys.executable],
                               "pyspf.py", ["-c", "import spf"]),
        "libspf2": common.program("libspf2"),
        "Mail::SPF": common.script(["perl"], "mail_spf.pl",
                                   ["-MMail::SPF", "-e1"]),
    }


def text_of(case):
    return common.lines_of([(k, case[k]) for k in KEYS], case["zone"])


def questions(case, said):
    """What was asked, with aliases followed."""
    out = set()
    for question in said.asked:
        name, kind = question.rsplit("/", 1)
        for _ in range(16):
            name = case["zone"].get(name, {}).get("CNAME", [name])[0]
        out.add((name, kind))
    return out


def same(case, ours, theirs):
    """The result, a fail's explanation, and what was asked on the way."""
    if ours.result != theirs.result or ours.why != theirs.why:
        return False
    return questions(case, ours) <= questions(case, theirs)


def show(case, ours, said):
    """A case for people."""
    out = [f"case {case['case']}: {case['ip']} "
           f"MAIL FROM:<{case['local']}@{case['domain']}> "
           f"HELO {case['helo']}"]
    for name, kinds in case["zone"].items():
        for kind, data in kinds.items():
            out.append(f"  {name} {kind} {data}")
    for name, reply in [("ours", ours)] + said:
        out.append(f"{name}: {reply.result} \"{reply.why}\" "
                   f"{common.unquote(reply.note)}")
        out.append("  asked " + " ".join(reply.asked))
    return "\n".join(out)


class Run:
    def __init__(self, commands):
        self.commands = commands
        self.used = {peer: collections.Counter() for peer in commands}
        self.compared = collections.Counter()
        self.unexplained = {peer: [] for peer in commands}

    def cases(self, cases):
        text = "".join(text_of(c) for c in cases)
        replies = common.ask_all(
            dict(self.commands, ours=common.program("spf_cases")), text)
        ours = replies.pop("ours")
        if len(ours) != len(cases):
            raise RuntimeError(f"{len(ours)} replies of ours")
        for peer, said in replies.items():
            if len(said) != len(cases):
                raise RuntimeError(f"{len(said)} replies of {peer}")
            for case, mine, theirs in zip(cases, ours, said):
                self.compare(peer, case, spf_classes.Said(mine),
                             spf_classes.Said(theirs))

    def compare(self, peer, case, ours, theirs):
        self.compared[peer] += 1
        if same(case, ours, theirs):
            return
        name = spf_classes.classify(peer, case, ours, theirs)
        if name is not None:
            self.used[peer][name] += 1
        else:
            self.unexplained[peer].append((case, ours, theirs))

    def report(self, tap):
        for peer, compared in self.compared.items():
            bad = self.unexplained[peer]
            detail = [f"{n} times {name}"
                      for name, n in self.used[peer].most_common()]
            for case, ours, theirs in bad[:SHOWN]:
                detail.append(show(case, ours, [(peer, theirs)]))
            if len(bad) > SHOWN:
                detail.append("also: " + " ".join(
                    case["case"] for case, _, _ in bad[SHOWN:SHOWN + 50]))
            tap.point(not bad, f"SPF: {peer}: {compared} cases, "
                      f"{sum(self.used[peer].values())} explained and "
                      f"{len(bad)} unexplained differences",
                      "\n".join(detail))


def table_is_whole(tap):
    """Each class has its row in DIFFERENCES, and each row its class."""
    rows = {(peer, name) for standard, peer, name in common.table(TABLE)
            if standard == "SPF"}
    rules = {(peer, name) for peer, known in spf_classes.RULES.items()
             for name, _ in known}
    tap.point(rows == rules, "SPF: classes and rows of DIFFERENCES agree",
              "\n".join(str(x) for x in rows ^ rules))


def one(name, commands):
    seed, number = name.rsplit(":", 1)
    case = spf_worlds.case(seed, int(number))
    replies = common.ask_all(
        dict(commands, ours=common.program("spf_cases")), text_of(case))
    said = {n: spf_classes.Said(r[0]) for n, r in replies.items()}
    ours = said.pop("ours")
    print(show(case, ours, list(said.items())))
    for peer, theirs in said.items():
        if not same(case, ours, theirs):
            print(f"{peer}:", spf_classes.classify(peer, case, ours, theirs)
                  or "unexplained")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", default="1")
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--case")
    args = parser.parse_args()
    found = peers()
    commands = {name: c for name, c in found.items() if c is not None}
    if args.case:
        one(args.case, commands)
        return 0
    tap = common.Tap()
    for name, command in found.items():
        if command is None:
            tap.skip(f"SPF: {name}", "it is not here")
    table_is_whole(tap)
    run = Run(commands)
    for start in range(0, args.count if commands else 0, CHUNK):
        run.cases([spf_worlds.case(args.seed, n) for n in
                   range(start, min(start + CHUNK, args.count))])
    run.report(tap)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
