#!/usr/bin/env python3
"""Organizational domains by the public suffix list: the vectors of
publicsuffix.org over each list that is there, in text and as DAFSA, and the
small list of mox; and vectors of our own through the command line.  TAP.  The
suites are looked for beside the checkout, or where PRESEND_SUITES says; without
them only ours are run.
"""

import glob
import json
import os
import re
import shutil
import subprocess
import tempfile

import suite
import tap

NAMES = os.path.join(os.environ.get("top_builddir", "."), "tests",
                     "conformance", "psl_names")
SUITE = suite.path("psl")
VECTOR = re.compile(r"^checkPublicSuffix\('([^']*)', (?:'([^']*)'|null)\);")

# mox counts no rule outside of both sections; the algorithm of
# publicsuffix.org knows nothing of sections.
DIFFERENT = {"x.ignored.example.com"}


OWN_LIST = """\
// ===BEGIN ICANN DOMAINS===
com
uk
co.uk
*.ck
!www.ck
公司.cn
// ===END ICANN DOMAINS===
// ===BEGIN PRIVATE DOMAINS===
hosting.com
// ===END PRIVATE DOMAINS===
"""
# The sender's domain, the name of its address, whether that is its own.
OWN = [
    ("example.com", "mail.example.com", True),
    ("news.example.com", "mail.example.com", True),
    ("example.com", "example.net", False),
    ("a.hosting.com", "mx.a.hosting.com", True),
    ("a.hosting.com", "b.hosting.com", False),
    ("a.hosting.com", "hosting.com", False),
    ("x.www.ck", "y.www.ck", True),
    ("a.b.ck", "c.b.ck", False),
    ("食狮.公司.cn", "mx.xn--85x722f.xn--55qx5d.cn", True),
    ("食狮.公司.cn", "shishi.xn--55qx5d.cn", False),
    ("a.unlisted", "mx.a.unlisted", True),
    ("a.unlisted", "b.unlisted", False),
    # senders that are public suffixes themselves
    ("com", "com", True),
    ("com", "mail.com", False),
    ("co.uk", "co.uk", True),
    ("co.uk", "mail.co.uk", False),
    ("co.uk", "uk", False),
    ("hosting.com", "mail.hosting.com", False),
    ("b.ck", "mail.b.ck", False),
    ("公司.cn", "xn--55qx5d.cn", True),
    ("unlisted", "mail.unlisted", False),
]


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


def own_domain(folder, domain, host):
    """ptr.ips[0].own_domain of a sender at 192.0.2.1, whose name is host."""
    paths = [os.path.join(folder, x) for x in ("list", "recording")]
    with open(paths[0], "w", encoding="utf-8") as f:
        f.write(OWN_LIST)
    with open(paths[1], "w", encoding="utf-8") as f:
        for line in [
                {"schema": "presend.evidence/1",
                 "as_of": "2026-11-21T00:00:00Z"},
                {"question": {"kind": "dns", "type": "PTR",
                              "name": "1.2.0.192.in-addr.arpa"},
                 "seen": "answered",
                 "dns": {"records": [{"type": "PTR", "name": host}]}}]:
            f.write(json.dumps(line) + "\n")
    facts = suite.audit(domain, "-c", "ptr", "--ip", "192.0.2.1", "--psl",
                        paths[0], "--replay", paths[1])["facts"]
    return facts["ptr"]["ips"][0].get("own_domain")


def own_cases(folder):
    """(title, what was said, what is expected)"""
    for domain, host, want in OWN:
        yield (f"{host} is {'' if want else 'not '}of {domain}",
               own_domain(folder, domain, host), want)


def public_cases(folder):
    """(title, what was said, what is expected; None: nothing is)"""
    wanted = vectors()
    for title, arguments in lists(folder):
        said = ask(arguments, [name for name, _ in wanted])
        for (name, want), found in zip(wanted, said, strict=True):
            yield f"{title}: {name}", found, want
    mini = suite.load("psl", "mox-mini-list.json")
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
    points = tap.Tap()
    with tempfile.TemporaryDirectory() as folder:
        cases = list(own_cases(folder))
        if os.path.isdir(SUITE):
            cases += public_cases(folder)
        else:
            points.skip("the public suites", "they are not there")
        for title, said, expected in cases:
            points.point(expected is None or said == expected, title,
                         f"said {said}, expected {expected}")
    points.end()


if __name__ == "__main__":
    main()
