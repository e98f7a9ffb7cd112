"""What the differential tests share: cases as lines, programs that read them,
the table of differences, and the run over many cases.
"""

import argparse
import collections
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "e2e"))

import tap  # noqa: E402

BUILT = os.path.join(os.environ.get("top_builddir", "."), "tests",
                     "differential")
TABLE = os.path.join(HERE, "DIFFERENCES")
CHUNK = 5000
SHOWN = 4


def quote(text):
    """Octets of a field; a character is an octet."""
    return "".join(c if "!" <= c <= "~" and c not in '%"' else
                   f"%{ord(c):02X}" for c in text)


def unquote(text):
    parts = text.split("%")
    return parts[0] + "".join(chr(int(p[:2], 16)) + p[2:] for p in parts[1:])


def lines_of(keys, zone):
    """A case as cases.h has it."""
    out = [f"{key}\t{quote(value)}" for key, value in keys]
    for name, kinds in zone.items():
        place = "rr\t" + quote(name) + "\t"
        out.append(place + "NONE\t")
        for kind, found in kinds.items():
            if isinstance(found, str):
                out.append(f"{place}{kind}\t{found}")
                continue
            for data in found:
                if kind == "TXT":
                    data = "".join('"' + quote(s) for s in data)
                elif kind == "MX":
                    data = quote(f"{data[0]} {data[1]}")
                else:
                    data = quote(data)
                out.append(f"{place}{kind}\t{data}")
    return "\n".join(out) + "\n\n"


# What a peer does not free is not for us to mend.
PEER = dict(os.environ, ASAN_OPTIONS="detect_leaks=0")


def can_run(command):
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, env=PEER,
                              check=False).returncode == 0
    except OSError:
        return False


def script(interpreters, name, probe):
    """The command of a script, or None when what it needs is not there."""
    for interpreter in interpreters:
        if can_run([interpreter] + probe):
            return [interpreter, os.path.join(HERE, name)]
    return None


def program(name, *arguments):
    """The command of what is built here, or None when it does not run."""
    command = [os.path.join(BUILT, name), *arguments]
    return command if can_run(command) else None


def ask_all(peers, text):
    """What each program replies to the cases: {name: [[field, ...], ...]}."""
    running, replies = {}, {}
    for name, command in peers.items():
        source = tempfile.TemporaryFile("w+")
        source.write(text)
        source.seek(0)
        target = tempfile.TemporaryFile("w+")
        running[name] = (subprocess.Popen(
            command, stdin=source, stdout=target, stderr=subprocess.DEVNULL,
            env=None if name == "ours" else PEER), target)
        source.close()
    for name, (process, target) in running.items():
        status = process.wait()
        target.seek(0)
        replies[name] = [line.rstrip("\n").split("\t") for line in target]
        target.close()
        if status:
            replies[name].append(["died", "", f"status {status}", ""])
    return replies


def table(path):
    """The rows of DIFFERENCES: {(standard, peer, class): text}."""
    rows = {}
    with open(path, encoding="utf-8") as f:
        for line in f:
            if line.startswith(("#", " ")) or not line.strip():
                continue
            fields = line.split()
            rows[(fields[0], fields[1], fields[2])] = line
    return rows


class Rules:
    """Why each peer may differ: its classes, in the order they are tried."""

    def __init__(self, *peers):
        self.of = {peer: [] for peer in peers}

    def rule(self, peer, name):
        def add(function):
            self.of[peer].append((name, function))
            return function
        return add

    def classify(self, peer, case, ours, theirs):
        """The name of the first class that explains the difference, or None."""
        for name, function in self.of[peer]:
            if function(case, ours, theirs):
                return name
        return None


class Broken(Exception):
    """A program that does not reply once to each case."""


class Standard:
    """
    What is compared.  name: as in DIFFERENCES.  program, arguments: ours.
    keys: of a case, beside its zone.  world: makes a case of a seed and a
    number.  prepare(): of worlds the cases that are asked.  rules: the classes.  peers(): {name: command, or None}.
    our_reply(), their_reply(): of the fields of a line.  same(): whether two
    replies to a case agree.  show(): lines for people, of a case and of
    [(who, reply), ...].
    """

    arguments = ()

    def prepare(self, worlds):
        return worlds

    def text_of(self, case):
        return lines_of([(k, case[k]) for k in self.keys], case["zone"])

    def ask(self, commands, cases):
        """What ours, and what each of the peers replies to the cases."""
        replies = ask_all(commands, "".join(map(self.text_of, cases)))
        for who, said in replies.items():
            if len(said) != len(cases):
                raise Broken(f"{len(said)} replies of {who} to "
                             f"{len(cases)} cases; the last one: {said[-1:]}")
        ours = replies.pop("ours")
        if ours[-1][0] == "died":
            raise Broken(f"ours died: {ours[-1]}")
        return [self.our_reply(fields) for fields in ours], {
            peer: [self.their_reply(fields) for fields in said]
            for peer, said in replies.items()}

    def finish(self, points):
        """What is to be said when all cases were asked."""

    def table_is_whole(self, points):
        """Each class has its row in DIFFERENCES, and each row its class."""
        rows = {(peer, name) for standard, peer, name in table(TABLE)
                if standard == self.name}
        rules = {(peer, name) for peer, known in self.rules.of.items()
                 for name, _ in known}
        points.point(rows == rules,
                     f"{self.name}: classes and rows of DIFFERENCES agree",
                     *(rows ^ rules))


class Run:
    """Many cases, and how often a peer differed by which class."""

    def __init__(self, standard, commands):
        self.standard, self.commands = standard, commands
        self.used = collections.defaultdict(collections.Counter)
        self.compared = collections.Counter()
        self.unexplained = collections.defaultdict(list)

    def cases(self, cases):
        cases = self.standard.prepare(cases)
        ours, replies = self.standard.ask(self.commands, cases)
        for peer, said in replies.items():
            for case, mine, theirs in zip(cases, ours, said):
                self.compare(peer, case, mine, theirs)

    def compare(self, peer, case, ours, theirs):
        self.compared[peer] += 1
        if self.standard.same(case, ours, theirs):
            return
        name = self.standard.rules.classify(peer, case, ours, theirs)
        if name is not None:
            self.used[peer][name] += 1
        else:
            self.unexplained[peer].append((case, ours, theirs))

    def report(self, points):
        for peer, compared in self.compared.items():
            bad = self.unexplained[peer]
            detail = [f"{n} times {name}"
                      for name, n in self.used[peer].most_common()]
            for case, ours, theirs in bad[:SHOWN]:
                detail += self.standard.show(
                    case, [("ours", ours), (peer, theirs)])
            if len(bad) > SHOWN:
                detail.append("also: " + " ".join(
                    case["case"] for case, _, _ in bad[SHOWN:SHOWN + 50]))
            points.point(not bad, f"{self.standard.name}: {peer}: "
                         f"{compared} cases, "
                         f"{sum(self.used[peer].values())} explained and "
                         f"{len(bad)} unexplained differences")
            points.note(*detail)


def show_one(standard, name, commands):
    """One case, what each says to it, and why it may differ: the status."""
    seed, number = name.rsplit(":", 1)
    try:
        cases = standard.prepare([standard.world(seed, int(number))])
        all_ours, replies = standard.ask(commands, cases)
    except Broken as why:
        print(f"case {name}: {why}")
        return 1
    for at, (case, ours) in enumerate(zip(cases, all_ours)):
        said = [(peer, reply[at]) for peer, reply in replies.items()]
        print(*standard.show(case, [("ours", ours)] + said), sep="\n")
        for peer, theirs in said:
            if not standard.same(case, ours, theirs):
                print(f"{peer}:", standard.rules.classify(
                    peer, case, ours, theirs) or "unexplained")
    return 0


def compare_all(standard, commands, args, points):
    run = Run(standard, commands)
    try:
        for start in range(0, args.count if len(commands) > 1 else 0, CHUNK):
            run.cases([standard.world(args.seed, n) for n in
                       range(start, min(start + CHUNK, args.count))])
    except Broken as why:
        points.point(False, f"{standard.name}: a reply to each case", why)
    run.report(points)
    standard.finish(points)


def main(standard):
    """The exit status."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", default="1")
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--case")
    args = parser.parse_args()
    found = {"ours": program(standard.program, *standard.arguments),
             **standard.peers()}
    commands = {name: c for name, c in found.items() if c is not None}
    if args.case and "ours" in commands:
        return show_one(standard, args.case, commands)
    points = tap.Tap()
    points.point("ours" in commands,
                 f"{standard.name}: {standard.program} can be run")
    for name, command in found.items():
        if command is None and name != "ours":
            points.skip(f"{standard.name}: {name}", "it is not here")
    standard.table_is_whole(points)
    if "ours" in commands:
        compare_all(standard, commands, args, points)
    return points.end()
