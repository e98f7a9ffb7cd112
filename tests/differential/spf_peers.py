#!/usr/bin/env python3
"""SPF as ours and others evaluate it, over worlds made by chance.  TAP.

  spf_peers.py [--seed N] [--count N] [--case SEED:N]

A difference has to be of a class in DIFFERENCES.  --case shows one case, what
each says to it, and why it may differ.
"""

import sys

import common
import spf_classes
import spf_worlds


def questions(case, said):
    """What was asked, with aliases followed."""
    out = set()
    for question in said.asked:
        name, kind = question.rsplit("/", 1)
        for _ in range(16):
            name = case["zone"].get(name, {}).get("CNAME", [name])[0]
        out.add((name, kind))
    return out


class Spf(common.Standard):
    name, program = "SPF", "spf_cases"
    keys = ("case", "ip", "local", "domain", "helo")
    world = staticmethod(spf_worlds.case)
    rules = spf_classes.RULES
    our_reply = their_reply = spf_classes.Said

    def peers(self):
        return {
            "pyspf": common.script(["/usr/bin/python3", sys.executable],
                                   "pyspf.py", ["-c", "import spf"]),
            "libspf2": common.program("libspf2"),
            "Mail::SPF": common.script(["perl"], "mail_spf.pl",
                                       ["-MMail::SPF", "-e1"]),
        }

    def same(self, case, ours, theirs):
        """The result, a fail's explanation, and what was asked on the way."""
        if ours.result != theirs.result or ours.why != theirs.why:
            return False
        return questions(case, ours) <= questions(case, theirs)

    def show(self, case, said):
        out = [f"case {case['case']}: {case['ip']} "
               f"MAIL FROM:<{case['local']}@{case['domain']}> "
               f"HELO {case['helo']}"]
        for name, kinds in case["zone"].items():
            for kind, data in kinds.items():
                out.append(f"  {name} {kind} {data}")
        for name, reply in said:
            out.append(f"{name}: {reply.result} \"{reply.why}\" "
                       f"{common.unquote(reply.note)}")
            out.append("  asked " + " ".join(reply.asked))
        return out


if __name__ == "__main__":
    sys.exit(common.main(Spf()))
