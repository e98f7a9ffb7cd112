"""What the differential tests share: cases as lines, programs that read them,
the table of differences, TAP.
"""

import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
BUILT = os.path.join(os.environ.get("top_builddir", "."), "tests",
                     "differential")


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


def program(name):
    path = os.path.join(BUILT, name)
    return [path] if can_run([path]) else None


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


class Tap:
    def __init__(self):
        self.n = self.failed = 0

    def point(self, good, what, detail=""):
        self.n += 1
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} {self.n} - {what}")
        for line in detail.splitlines():
            print("# " + line)
        sys.stdout.flush()

    def skip(self, what, why):
        self.n += 1
        print(f"ok {self.n} - {what} # SKIP {why}")

    def end(self):
        print(f"1..{self.n}")
        return 1 if self.failed else 0
