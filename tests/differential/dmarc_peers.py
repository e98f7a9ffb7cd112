#!/usr/bin/env python3
"""DMARC as ours and others evaluate it, over worlds made by chance.  TAP.

  dmarc_peers.py [--seed N] [--count N] [--case SEED:N]

The peers know RFC 7489 and its public suffix list, so they are held against
what our check says of that (the fact dmarc.psl).  A difference has to be of a
class in DIFFERENCES.
"""

import json
import os
import sys

import common
import dmarc_classes
import dmarc_worlds

SUFFIXES = os.path.join(common.HERE, "suffixes.dat")


class Dmarc(common.Standard):
    name, program, arguments = "DMARC", "dmarc_cases", (SUFFIXES,)
    keys = ("case", "domain", "sender", "spf")
    world = staticmethod(dmarc_worlds.case)
    rules = dmarc_classes.RULES
    their_reply = dmarc_classes.Theirs

    def peers(self):
        script = common.script(["perl"], "mail_dmarc.pl",
                               ["-MMail::DMARC::PurePerl", "-e1"])
        return {"opendmarc": common.program("opendmarc", SUFFIXES),
                "Mail::DMARC": script and script + [SUFFIXES]}

    def our_reply(self, fields):
        return dmarc_classes.Ours(json.loads("\t".join(fields)))

    def same(self, _case, ours, theirs):
        return (ours.policy, ours.aligned, ours.result) == \
            (theirs.policy, theirs.aligned, theirs.result)

    def show(self, case, said):
        out = [f"case {case['case']}: From {case['domain']}, MAIL FROM "
               f"{case['sender']}, SPF {case['spf']}"]
        for name, kinds in case["zone"].items():
            for kind, data in kinds.items():
                if kind != "A":
                    out.append(f"  {name} {kind} {data}")
        for name, reply in said:
            out.append(f"{name}: {reply.policy} {reply.aligned} "
                       f"{reply.result} {reply.aspf} {reply.adkim}: "
                       f"{reply.note}")
        return out


if __name__ == "__main__":
    sys.exit(common.main(Dmarc()))
