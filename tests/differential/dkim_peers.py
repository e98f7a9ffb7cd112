#!/usr/bin/env python3
"""DKIM as ours and others verify it, over messages made by chance, signed by
libopendkim and dkimpy.  TAP.

  dkim_peers.py [--seed N] [--count N] [--case SEED:N]

Each message is asked thrice: as it was signed, with one octet changed where a
signature looks, and with something changed that no signature sees.  One of
the peers, "expected", is what RFC 6376 says has to come of that.
"""

import os
import sys

import common
import dkim_canon
import dkim_changes
import dkim_classes
import dkim_keys
import dkim_worlds

SIGN_KEYS = ("case", "message", "time", "key", "algorithm", "domain",
             "selector", "identity", "canon", "sign", "over", "length",
             "margin", "ttl", "copied")


def octets_of(fields, rest):
    return "".join(field + "\r\n" for field in fields) + rest


class Dkim(common.Standard):
    name, program = "DKIM", "dkim_cases"
    keys = ("case", "now", "message")
    rules = dkim_classes.RULES
    our_reply = dkim_classes.Ours
    their_reply = dkim_classes.Theirs

    def __init__(self):
        self.public = dkim_keys.load()
        self.script = common.script(
            ["/usr/bin/python3", sys.executable], "dkimpy.py",
            ["-c", "import dkim, nacl.signing"])
        opendkim = common.program("opendkim", "verify")
        self.verifiers = {"opendkim": opendkim,
                          "dkimpy": self.script and self.script + ["verify"]}
        self.signers = {by: command[:-1] + ["sign", dkim_keys.FOLDER]
                        for by, command in self.verifiers.items() if command}
        self.n_signed, self.refused, self.wrong = 0, [], []

    def peers(self):
        return self.verifiers

    def world(self, seed, number):
        return dkim_worlds.case(seed, number, self.public)

    # ---- signing -------------------------------------------------------

    def sign(self, worlds):
        """The field of each plan, where its signer made one."""
        for by, command in self.signers.items():
            todo = [(world, plan) for world in worlds
                    for plan in world["plans"] if plan["by"] == by]
            text = "".join(common.lines_of(
                [(key, plan[key]) for key in SIGN_KEYS[2:]] +
                [("case", world["case"]),
                 ("message", octets_of(world["header"], world["rest"]))], {})
                for world, plan in todo)
            replies = common.ask_all({by: command}, text)[by]
            if len(replies) != len(todo):
                raise common.Broken(f"{by} does not sign: {replies[-1:]}")
            for (world, plan), (status, said) in zip(todo, replies):
                if status == "signed":
                    plan["field"] = common.unquote(said)
                else:
                    self.refused.append(f"{world['case']}: {by}: {said}")

    def signed(self, world):
        """(message, what is expected of it), or None: nobody signed it."""
        plans = [plan for plan in world["plans"] if "field" in plan]
        if not plans:
            return None
        fields = list(world["header"])
        fields[world["at"]:world["at"]] = [plan["field"] for plan in plans]
        expected = {dkim_canon.b_of(plan["field"]): plan["expected"]
                    for plan in plans}
        message = octets_of(fields, world["rest"])
        known = dkim_canon.Signed(message, expected)
        self.n_signed += 1
        if known.wrong:
            self.wrong.append(f"{world['case']}: {known.wrong}")
        return message, known

    def prepare(self, worlds):
        self.sign(worlds)
        out = []
        for world in worlds:
            made = self.signed(world)
            if made is None:
                continue
            message, known = made
            name = world["case"]
            changed = dkim_changes.find(
                name, message, dkim_changes.Change.anywhere,
                lambda m, k=known: not k.intact(m))
            unseen = dkim_changes.find(
                name, message, dkim_changes.Change.unseen, known.intact)
            for how, octets in (("signed", message), ("changed", changed),
                                ("unseen", unseen)):
                if octets is not None:
                    out.append({"case": f"{name}:{how}", "how": how,
                                "now": str(dkim_worlds.NOW),
                                "message": octets, "zone": world["zone"],
                                "plans": world["plans"],
                                "expected": known.expect(octets)})
        return out

    def ask(self, commands, cases):
        ours, replies = super().ask(commands, cases)
        replies["expected"] = [dkim_classes.Expected(
            [",".join(case["expected"])]) for case in cases]
        return ours, replies

    # ---- comparing -----------------------------------------------------

    def same(self, case, ours, theirs):
        if isinstance(theirs, dkim_classes.Expected):
            return dkim_classes.as_expected(case, ours)
        return ours.passes() == theirs.passes()

    def show(self, case, said):
        out = [f"case {case['case']}: " + "; ".join(
            f"{plan['by']} {plan['key']} {plan['algorithm']} {plan['canon']} "
            f"{plan['expected']}" for plan in case["plans"])]
        out += ["  " + repr(line) for line in
                case["message"].replace("\r\n", "\r\n\0").split("\0")[:60]]
        for name, kinds in case["zone"].items():
            out.append(f"  {name} {kinds}")
        return out + [f"{name}: {','.join(reply.said)} {reply.note}"
                      for name, reply in said]

    def table_is_whole(self, points):
        super().table_is_whole(points)
        if not self.signers:
            points.skip(f"{self.name}: all", "there is no signer here")

    def finish(self, points):
        points.point(not self.refused and not self.wrong,
                     f"{self.name}: {self.n_signed} messages are signed, and "
                     f"bh= is right", *(self.refused + self.wrong)[:9])


if __name__ == "__main__":
    os.makedirs(common.BUILT, exist_ok=True)
    sys.exit(common.main(Dkim()))
