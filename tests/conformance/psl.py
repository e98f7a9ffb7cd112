#!/usr/bin/env python3
"""Organizational domains by the public suffix list: the vectors of
publicsuffix.org over each list that is there, in text and as DAFSA, and the
small list of mox.  TAP.  The suites are looked for beside the checkout, or
where PRESEND_SUITES says; without them there is nothing to run.
"""

import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

NAMES = os.path.join(os.environ.get("top_builddir", "."), "tests",
                     "conformance", "psl_names")
SUITES = os.environ.get("PRESEND_SUITES") or os.path.join(
    os.environ.get("top_srcdir", "."), "..", "shared", "suites")
SUITE = os.path.join(SUITES, "psl")
VECTOR = re.compile(r"^checkPublicSuffix\('([^']*)', (?:'([^']*)'|null)\);")

# mox counts no rule outside of both sections; the algorithm of
# publicsuffix.org knows nothing of sections.
DIFFERENT = {"x.ignored.example.com"}


def canonical(name):
    return name.lower().encode("idna").decode() if name else name


def ask(arguments, names):
    out = subprocess.run([NAMES, *arguments], input="\n".join(names) + "\n",
                         capture_output=True, check=True, encoding="utf-8")
    return out.stdout.splitlines()


def vectors():
    """(name, its organizational domain or "-")"""
    path = os.path.join(SUITE, "test_psl.txt")
    with open(path, encoding="utf-8") as f:
        found = [m.groups() for m in map(VECTOR.match, f) if m]
    return [(name, canonical(want) or "-") for name, want in found]


def lists(folder):
    """(title, arguments); as DAFSA too where the tool for it is there"""
    yield "the default", []
    tool = shutil.which("psl-make-dafsa")
    for path in sorted(glob.glob(os.path.join(SUITE, "*.dat"))):
        base = os.path.basename(path)
        yield base, [path]
        if tool:
            binary = os.path.join(folder, base + ".dafsa")
            subprocess.run([tool, "--output-format=binary", path, binary],
                           check=True, capture_output=True)
            yield base + " as DAFSA", [binary]


def cases(folder):
    """(title, what was said, what is expected; None: nothing is)"""
    wanted = vectors()
    for title, arguments in lists(folder):
        said = ask(arguments, [name for name, _ in wanted])
        for (name, want), found in zip(wanted, said, strict=True):
            yield f"{title}: {name}", found, want
    with open(os.path.join(SUITE, "mox-mini-list.json"),
              encoding="utf-8") as f:
        mini = json.load(f)
    path = os.path.join(folder, "mini")
    with open(path, "w", encoding="utf-8") as f:
        f.write(mini["list"])
    said = ask([path], [name for name, _ in mini["cases"]])
    for (name, want), found in zip(mini["cases"], said, strict=True):
        # What is a public suffix itself is given back there.
        found = canonical(name) if found == "-" else found
        yield (f"mox: {name}", found,
               None if name in DIFFERENT else canonical(want))


def main():
    if not os.path.isdir(SUITE):
        print("1..0 # SKIP the public suites are not there")
        return
    n = 0
    with tempfile.TemporaryDirectory() as folder:
        for title, said, expected in cases(folder):
            n += 1
            good = expected is None or said == expected
            print(f"{'ok' if good else 'not ok'} {n} - {title}")
            if not good:
                print(f"# said {said}, expected {expected}")
    print(f"1..{n}")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
