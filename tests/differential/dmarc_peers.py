#!/usr/bin/env python3
"""DMARC as ours and others evaluate it, over worlds made by chance.  TAP.

  dmarc_peers.py [--seed N] [--count N] [--case SEED:N]

The peers know RFC 7489 and its public suffix list, so they are held against
what our check says of that (the fact dmarc.psl).  A difference has to be of a
class in DIFFERENCES.
"""

import argparse
import collections
import json
import os
import sys

import common
import dmarc_classes
import dmarc_worlds

KEYS = ("case", "domain", "sender", "spf")
CHUNK = 5000
SHOWN = 10
TABLE = os.path.join(common.HERE, "DIFFERENCES")
SUFFIXES = os.path.join(common.HERE, "suffixes.dat")


def peers():
    """{name: command, or None}"""
    found = {
        "opendmarc": common.program("opendmarc"),
        "Mail::DMARC": common.script(["perl"], "mail_dmarc.pl",
                                     ["-MMail::DMARC::PurePerl", "-e1"]),
    }
    return {name: command and command + [SUFFIXES]
            for name, command in found.items()}


def text_of(case):
    return common.lines_of([(k, case[k]) for k in KEYS], case["zone"])


def ask(commands, text):
    replies = common.ask_all(
        dict(commands, ours=common.program("dmarc_cases") + [SUFFIXES]), text)
    ours = [dmarc_classes.Ours(json.loads("\t".join(line)))
            for line in replies.pop("ours")]
    return ours, replies


def show(case, ours, said):
    """A case for people."""
    out = [f"case {case['case']}: From {case['domain']}, MAIL FROM "
           f"{case['sender']}, SPF {case['spf']}"]
    for name, kinds in case["zone"].items():
        for kind, data in kinds.items():
            if kind != "A":
                out.append(f"  {name} {kind} {data}")
    out.append(f"ours: {ours.policy} {ours.aligned} {ours.result} "
               f"{ours.aspf} {ours.adkim}: {ours.record}")
    for name, reply in said:
        out.append(f"{name}: {reply.policy} {reply.aligned} {reply.result} "
                   f"{reply.aspf} {reply.adkim}: {reply.note}")
    return "\n".join(out)


class Run:
    def __init__(self, commands):
        self.commands = commands
        self.used = {peer: collections.Counter() for peer in commands}
        self.compared = collections.Counter()
        self.unexplained = {peer: [] for peer in commands}

    def cases(self, cases):
        ours, replies = ask(self.commands, "".join(map(text_of, cases)))
        if len(ours) != len(cases):
            raise RuntimeError(f"{len(ours)} replies of ours")
        for peer, said in replies.items():
            if len(said) != len(cases):
                raise RuntimeError(f"{len(said)} replies of {peer}")
            for case, mine, theirs in zip(cases, ours, said):
                self.compare(peer, case, mine, dmarc_classes.Theirs(theirs))

    def compare(self, peer, case, ours, theirs):
        self.compared[peer] += 1
        if dmarc_classes.same(ours, theirs):
            return
        name = dmarc_classes.classify(peer, case, ours, theirs)
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
            tap.point(not bad, f"DMARC: {peer}: {compared} cases, "
                      f"{sum(self.used[peer].values())} explained and "
                      f"{len(bad)} unexplained differences",
                      "\n".join(detail))


def table_is_whole(tap):
    """Each class has its row in DIFFERENCES, and each row its class."""
    rows = {(peer, name) for standard, peer, name in common.table(TABLE)
            if standard == "DMARC"}
    rules = {(peer, name) for peer, known in dmarc_classes.RULES.items()
             for name, _ in known}
    tap.point(rows == rules, "DMARC: classes and rows of DIFFERENCES agree",
              "\n".join(str(x) for x in rows ^ rules))


def one(name, commands):
    seed, number = name.rsplit(":", 1)
    case = dmarc_worlds.case(seed, int(number))
    ours, replies = ask(commands, text_of(case))
    said = {n: dmarc_classes.Theirs(r[0]) for n, r in replies.items()}
    print(show(case, ours[0], list(said.items())))
    for peer, theirs in said.items():
        if not dmarc_classes.same(ours[0], theirs):
            print(f"{peer}:", dmarc_classes.classify(
                peer, case, ours[0], theirs) or "unexplained")


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
            tap.skip(f"DMARC: {name}", "it is not here")
    table_is_whole(tap)
    run = Run(commands)
    for start in range(0, args.count if commands else 0, CHUNK):
        run.cases([dmarc_worlds.case(args.seed, n) for n in
                   range(start, min(start + CHUNK, args.count))])
    run.report(tap)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
