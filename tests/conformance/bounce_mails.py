#!/usr/bin/env python3
"""Bounce messages and reports of the public suites through presend bounces.
TAP.

The reasons that the suite expects are another's vocabulary; AGREE says which of
ours are the same.  bounce_mails.differs has the messages of which we say
another, and why.
"""

import collections
import concurrent.futures
import glob
import os
import subprocess

import suite
import documents
import tap

HERE = os.path.dirname(os.path.abspath(__file__))
SISIMAI = "bounce-sisimai"

AUTHENTICATION = {"authentication", "spf", "dkim", "dmarc", "alignment"}
AGREE = {
    "authfailure": AUTHENTICATION,
    "badreputation": {"reputation", "spam-rate"},
    # Of the sending host: for what it was refused, ours tells.
    "blocked": {"blocklist", "reputation", "rate", "policy", "helo", "ptr",
                "connection"},
    "contenterror": {"content", "format"},
    # Of a message, or of messages in a time.
    "exceedlimit": {"size", "rate"},
    "expired": {"connection"},
    "failedstarttls": {"tls"},
    "feedback": {"feedback"},
    # After DATA: receivers say of unknown users only then too.
    "filtered": {"user-unknown", "policy", "content"},
    # The mailbox is no longer there; where it is now, no sender acts upon.
    "hasmoved": {"mailbox-inactive", "user-unknown"},
    "hostunknown": {"host-unknown"},
    "mailboxfull": {"mailbox-full"},
    "mailererror": {"system"},
    "mesgtoobig": {"size"},
    # Of the way to the receiver: no name, no connection, or no end.
    "networkerror": {"host-unknown", "connection", "loop"},
    "norelaying": {"relay-denied"},
    # A domain that takes no mail (RFC 7505) has no host for it.
    "notaccept": {"host-unknown", "policy"},
    "notcompliantrfc": {"format"},
    "onhold": {"system", "other"},
    # Of the message, without a word whether it is its form or its content.
    "policyviolation": {"policy", "content", "format"},
    # Of the sender's domain or address.
    "rejected": {"policy", "reputation", "host-unknown", "relay-denied"},
    "requireptr": {"ptr"},
    # Of a login or a permission.
    "securityerror": {"policy", "relay-denied", "authentication"},
    "spamdetected": {"content"},
    "speeding": {"rate"},
    "suspend": {"mailbox-inactive"},
    "syntaxerror": {"system"},
    "systemerror": {"system", "loop"},
    "systemfull": {"system"},
    "toomanyconn": {"rate"},
    "undefined": {"other"},
    "userunknown": {"user-unknown"},
    "vacation": {"vacation"},
    "virusdetected": {"content"},
}


def events(path, *args):
    out = subprocess.run([suite.PRESEND, "bounces", "--events", *args, path],
                         capture_output=True, check=False)
    if out.returncode != 0:
        return [{"reason": f"exit {out.returncode}"}]
    return [documents.loads(line) for line in out.stdout.splitlines()]


def document(path):
    out = subprocess.run([suite.PRESEND, "bounces", "-f", "json", path],
                         capture_output=True, check=False)
    return documents.loads(out.stdout) if out.stdout else {}


def expected():
    """Of each message the reasons, one a recipient."""
    files = collections.OrderedDict()
    with open(suite.path(SISIMAI, "expected.tsv"), encoding="utf-8") as f:
        names = f.readline().rstrip("\n").split("\t")
        for line in f:
            row = dict(zip(names, line.rstrip("\n").split("\t")))
            files.setdefault(row["file"], []).append(row["reason"])
    return files


def differs():
    table = {}
    with open(os.path.join(HERE, "bounce_mails.differs"),
              encoding="utf-8") as f:
        for line in f:
            if line.strip() and not line.startswith("#"):
                name, reason, why = line.rstrip("\n").split(None, 2)
                table.setdefault(name, []).append((reason, why))
    return table


def judge(want, got):
    """How many of the reasons agree, whatever their order; which of theirs and
    of ours are left."""
    ours, theirs = [e["reason"] for e in got], []
    for reason in want:
        found = [r for r in ours if r in AGREE[reason]]
        if found:
            ours.remove(found[0])
        else:
            theirs.append(reason)
    return len(want) - len(theirs), theirs, ours


def delivered(path):
    return document(path).get("totals", {}).get("delivered", 0) > 0


def sisimai(t):
    files, other = expected(), differs()
    paths = {name: suite.path(SISIMAI, name) for name in files}
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = dict(zip(files, pool.map(events, paths.values())))
    total = agreed = 0
    bad, unread = [], []
    for name, want in files.items():
        short = os.path.basename(name).removesuffix(".eml")
        total += len(want)
        if want == ["delivered"]:
            ok = not found[name] and delivered(paths[name])
            agreed += ok
            if not ok:
                bad.append(f"{short}: was delivered")
            continue
        n, theirs, ours = judge(want, found[name])
        agreed += n
        got = [e["reason"] for e in found[name]]
        if not got:
            unread.append(short)
        # Each that is left has a line, be it one more or one less.
        ours += ["-"] * (len(theirs) - len(ours))
        if sorted(ours) != sorted(r for r, _ in other.get(short, [])):
            bad.append(f"{short}: {' '.join(got)}, not {' '.join(want)}: " +
                       " / ".join(e.get("text", "")[:110]
                                  for e in found[name]))
    names = {os.path.basename(name).removesuffix(".eml") for name in files}
    bad += [f"{name}: is no message of the suite" for name in other
            if name not in names]
    bad += [f"{name}: {why}: explains nothing" for name in other
            for _, why in other[name] if len(why.split()) < 3]
    t.point(agreed >= 0.95 * total, f"{agreed} of {total} reasons agree",
            f"95 % are {0.95 * total:.0f}")
    t.point(not unread, "each message is taken for a bounce", *unread)
    t.point(not bad, "each difference is explained", *bad)


# Of each file of other suites: delivered, deferred, bounced, not recognised, and
# the reasons.  A file that is not here is none that tells of a delivery.
COUNTS = {
    "bounce-kumomta/rfc3464/1.eml": (0, 0, 1, 0, {"connection": 1}),
    "bounce-kumomta/rfc3464/2.eml":
        (0, 1, 2, 0, {"policy": 1, "user-unknown": 1, "host-unknown": 1}),
    "bounce-kumomta/rfc3464/3.eml": (0, 0, 1, 0, {"other": 1}),
    "bounce-kumomta/rfc3464/4.eml": (0, 1, 0, 0, {"system": 1}),
    "bounce-kumomta/rfc3464/5.eml": (0, 0, 1, 0, {"mailbox-full": 1}),
    "bounce-kumomta/rfc3464/6.eml": (0, 0, 1, 0, {"user-unknown": 1}),
    "bounce-kumomta/rfc3464/obsolete_arrival_date.eml":
        (0, 0, 1, 0, {"user-unknown": 1}),
    "reports-stalwart/dmarc-feedback/001.xml": (0, 0, 123, 0, {"dmarc": 123}),
    "reports-stalwart/dmarc-feedback/002.xml": (2, 0, 0, 0, {}),
    "reports-stalwart/dmarc-feedback/003.xml": (9, 0, 0, 0, {}),
    "reports-stalwart/dmarc-feedback/004.xml": (123, 0, 0, 0, {}),
    "reports-stalwart/dmarc-feedback/005.xml": (0, 0, 1, 0, {"dmarc": 1}),
    "reports-opendmarc/163.com!example.com!1337270400!1337356799."
    "20120518163.xml": (46, 0, 46, 0, {"dmarc": 46}),
    "reports-opendmarc/yeah.net!example.com!1337270400!1337356799."
    "20120518.xml": (21505, 0, 174, 0, {"dmarc": 174}),
    # It is malformed on purpose.
    "reports-opendmarc/bad.com!example.com!1337140800!1337227200.xml":
        (0, 0, 0, 1, {}),
}
for n in range(1, 5):
    COUNTS[f"bounce-kumomta/rfc5965/{n}.eml"] = (0, 0, 1, 0, {"feedback": 1})
for n in range(1, 6):
    COUNTS[f"reports-stalwart/arf/{n:03}.eml"] = (0, 0, 1, 0, {"feedback": 1})
for n in range(100, 105):
    COUNTS[f"reports-stalwart/dmarc-feedback/{n}.eml"] = (1, 0, 0, 0, {})


def counts(path):
    doc = document(path)
    totals = doc.get("totals", {})
    reasons = collections.Counter()
    for c in doc.get("clusters", []):
        reasons[c["reason"]] += c["count"]
    return (*(totals.get(name) for name in
              ("delivered", "deferred", "bounced", "unrecognised_lines")),
            dict(reasons))


def others(t):
    files = [p for pattern in ("bounce-kumomta/rfc*/*.eml",
                               "reports-stalwart/*/*.eml",
                               "reports-stalwart/*/*.xml",
                               "reports-opendmarc/*.xml")
             for p in glob.glob(suite.path(pattern))]
    bad = []
    for path in files:
        name = os.path.relpath(path, suite.path())
        want = COUNTS.get(name, (0, 0, 0, 1, {}))
        got = counts(path)
        if got != want:
            bad.append(f"{name}: {got}, not {want}")
    t.point(not bad and len(files) >= len(COUNTS),
            f"{len(files)} reports of other suites", *bad)


def together(t):
    """One run over all is the sum of the runs over each."""
    folder = suite.path(SISIMAI, "maildir", "bsd")
    whole = document(folder)["totals"]
    parts = collections.Counter()
    for path in sorted(glob.glob(os.path.join(folder, "*.eml"))):
        parts.update(document(path)["totals"])
    bad = [f"{k}: {v}, not {parts[k]}" for k, v in whole.items()
           if v != parts[k]]
    t.point(not bad, "a folder is the sum of its files", *bad)


def main():
    if not os.path.exists(suite.path(SISIMAI, "expected.tsv")):
        tap.skip_all("the public suites are not here")
        return 0
    t = tap.Tap()
    sisimai(t)
    others(t)
    together(t)
    return t.end()


if __name__ == "__main__":
    raise SystemExit(main())
