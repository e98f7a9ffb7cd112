#!/usr/bin/env python3
"""Logs that a generator makes, with a file of how many replies of each class
are in them: every count must be equal, by provider, codes and reason.  TAP.
The generator is looked for beside the checkout, or where PRESEND_GENERATOR
says.
"""

import collections
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "e2e"))

import documents  # noqa: E402
import tap  # noqa: E402

PRESEND = os.environ.get("PRESEND", "./presend")
GENERATOR = os.environ.get("PRESEND_GENERATOR") or os.path.join(
    os.environ.get("top_srcdir", "."), "..", "shared", "bench", "gen",
    "gen_bouncelog.c")
MEGABYTES = "4"

# class of the generator: provider, reply, enhanced code, reason
CLASSES = {
    "gmail-5.7.26-unauth": ("gmail", "550", "5.7.26", "authentication"),
    "gmail-5.7.26-dmarc": ("gmail", "550", "5.7.26", "dmarc"),
    "gmail-5.7.25-ptr": ("gmail", "550", "5.7.25", "ptr"),
    "gmail-5.1.1-nouser": ("gmail", "550", "5.1.1", "user-unknown"),
    "gmail-5.2.2-quota": ("gmail", "552", "5.2.2", "mailbox-full"),
    "yahoo-5.7.9-policy": ("yahoo", "554", "5.7.9", "policy"),
    "yahoo-5.7.2-TSS09": ("yahoo", "553", "5.7.2", "reputation"),
    "yahoo-nouser": ("yahoo", "554", None, "user-unknown"),
    "ms-5.7.515-auth": ("outlook", "550", "5.7.515", "authentication"),
    "ms-5.7.1-S3150": ("outlook", "550", "5.7.1", "blocklist"),
    "ms-5.5.0-nouser": ("outlook", "550", "5.5.0", "user-unknown"),
    "apple-5.7.1-HM08": ("apple", "554", "5.7.1", "reputation"),
    "apple-5.1.1-nouser": ("apple", "550", "5.1.1", "user-unknown"),
    "other-5.7.23-spf": ("other", "550", "5.7.23", "spf"),
    "other-5.1.1-unknown": ("other", "550", "5.1.1", "user-unknown"),
    "other-5.7.1-spamhaus": ("other", "554", "5.7.1", "blocklist"),
    "other-5.2.2-full": ("other", "552", "5.2.2", "mailbox-full"),
    "gmail-4.7.27-spf": ("gmail", "421", "4.7.27", "spf"),
    "gmail-4.7.30-dkim": ("gmail", "421", "4.7.30", "dkim"),
    "gmail-4.7.32-align": ("gmail", "421", "4.7.32", "alignment"),
    "gmail-4.7.28-rate": ("gmail", "421", "4.7.28", "rate"),
    "yahoo-4.7.0-TSS04": ("yahoo", "421", "4.7.0", "spam-rate"),
    "ms-4.7.650-rate": ("outlook", "451", "4.7.650", "reputation"),
    "apple-4.2.2-full": ("apple", "452", "4.2.2", "mailbox-full"),
    "other-4.2.0-greylist": ("other", "450", "4.2.0", "greylisted"),
    "other-4.3.2-busy": ("other", "451", "4.3.2", "system"),
}


def read(path, *options):
    out = subprocess.run([PRESEND, "bounces", "-f", "json", *options, path],
                         capture_output=True, check=False)
    if out.returncode:
        raise RuntimeError(f"exit {out.returncode}: {out.stderr.decode()}")
    return documents.loads(out.stdout)


def truth_of(path):
    with open(path, encoding="utf-8") as f:
        return {key: int(value) for key, value in
                (line.strip().split("=") for line in f)}


def differences(truth, doc):
    """Of each class: what was counted, by whatever is not the class's."""
    want = collections.Counter()
    for name, key in CLASSES.items():
        want[key] += truth["class." + name]
    said = collections.Counter()
    for c in doc["clusters"]:
        said[(c["provider"], c.get("reply"), c.get("status"),
              c["reason"])] += c["count"]
    for key in sorted(want | said, key=str):
        if want[key] != said[key]:
            yield f"{key}: {said[key]}, not {want[key]}"


def check(points, folder, generator, kind):
    log = os.path.join(folder, kind)
    subprocess.run([generator, kind, MEGABYTES, log, log + ".truth"],
                   check=True)
    truth = truth_of(log + ".truth")
    doc = read(log)
    totals = doc["totals"]
    for key in ("lines", "delivered", "bounced", "deferred"):
        points.point(totals[key] == truth[key], f"{kind}: {key}",
                     f"{totals[key]}, not {truth[key]}")
    points.point(totals["unrecognised_lines"] == 0,
                 f"{kind}: each line is of a format that is known")
    wrong = list(differences(truth, doc))
    points.point(not wrong, f"{kind}: each class", *wrong)
    senders = sum(sum(c["sender_domains"].values()) +
                  c.get("other_sender_domains", 0) for c in doc["clusters"])
    points.point(senders == truth["bounced"] + truth["deferred"],
                 f"{kind}: each sender is found by its queue id",
                 f"{senders}")
    points.point(all(read(log, "--jobs", n) == doc for n in "123"),
                 f"{kind}: any number of threads says the same")


def main():
    if not os.path.exists(GENERATOR):
        tap.skip_all("the generator of logs is not there")
        return
    points = tap.Tap()
    with tempfile.TemporaryDirectory() as folder:
        generator = os.path.join(folder, "generator")
        subprocess.run(["cc", "-O1", "-o", generator, GENERATOR], check=True,
                       capture_output=True)
        for kind in ("postfix", "exim", "mixed"):
            check(points, folder, generator, kind)
    points.end()


main()
