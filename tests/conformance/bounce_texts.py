#!/usr/bin/env python3
"""Replies of the public suite through presend explain: who gave them, and why.
TAP.

Where the suite has a reason, it is another's vocabulary: AGREE says which of
ours are the same.  Where it has none, bounce_texts.reasons has what a reader
takes the text for, by the text's digest.  Where ours differs, DIFFERS says why.
"""

import collections
import concurrent.futures
import hashlib
import os
import subprocess

import suite
import documents
import tap

FILE = ("bounce-texts", "bounce-texts.tsv")
HERE = os.path.dirname(os.path.abspath(__file__))

# The suite's names of providers, where ours are others.
PROVIDERS = {
    "google": "gmail", "yahooinc": "yahoo", "microsoft": "outlook",
    "exchangeonline": "outlook", "microsoft365": "outlook",
    "icloud": "apple", "webde": "gmx", "nttdocomo": "docomo",
    "emailsecuritycloud": "messagelabs", "protonmail": "proton",
}
# "franceptt" is Orange and La Poste together; "other" and "provider" is nobody.
TWO = {"franceptt": ("orange", "laposte")}
NOBODY = {"other", "provider"}

AUTHENTICATION = {"authentication", "spf", "dkim", "dmarc", "alignment"}
AGREE = {
    "authfailure": AUTHENTICATION,
    "badreputation": {"reputation"},
    # Of the sending host: for what it was refused, ours tells.
    "blocked": {"blocklist", "reputation", "rate", "policy", "helo",
                "connection"},
    # Of a message, or of messages in a time.
    "exceedlimit": {"size", "rate"},
    "expired": {"connection"},
    "failedstarttls": {"tls"},
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
    "notaccept": {"host-unknown"},
    "notcompliantrfc": {"format"},
    "onhold": {"system"},
    # Of the message, without a word whether it is its form or its content.
    "policyviolation": {"policy", "content", "format"},
    # Of the sender's domain or address.
    "rejected": {"policy", "reputation", "host-unknown", "spam-rate",
                 "relay-denied"},
    "requireptr": {"ptr"},
    # Of a login or a permission; ours knows what a sender has to do.
    "securityerror": {"policy", "relay-denied", "authentication", "system"},
    "spamdetected": {"content"},
    "speeding": {"rate"},
    "suspend": {"mailbox-inactive"},
    "syntaxerror": {"system"},
    "systemerror": {"system"},
    "systemfull": {"system"},
    "toomanyconn": {"rate"},
    "userunknown": {"user-unknown", "host-unknown"},
}

# Digest of the text: ours, and why the suite's label is not taken.
DIFFERS = {
    "c01d18e4589c": ("content", "it says SPAM"),
    "48d7cb94786c": ("user-unknown", "it says User Unknown"),
    "274141fe41f3": ("system", "it says system config error"),
    "8aa1dce8b06d": ("user-unknown", "it says user unknown"),
    "a5f2180c9b73": ("policy", "the address may not send at all, and asks for "
                     "no relay"),
    "3e1abdcc8d73": ("rate", "too much in one transaction, not an error"),
}


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def rows():
    with open(suite.path(*FILE), encoding="utf-8") as f:
        lines = [line.rstrip("\n").split("\t") for line in f]
    return [dict(zip(lines[0], line)) for line in lines[1:]]


def explain(text, provider=None):
    args = ["-p", provider] if provider else []
    out = subprocess.run(
        [suite.PRESEND, "explain", "-f", "json", *args, "--", text],
        capture_output=True, check=False)
    if out.returncode != 0:
        return {"meanings": [], "error": out.stderr.decode()}
    return documents.loads(out.stdout)


def reason(doc):
    return doc["meanings"][0]["reason"] if doc["meanings"] else "other"


def given(label):
    if label in NOBODY or label in TWO:
        return None
    return PROVIDERS.get(label, label)


def both(row):
    """By the text alone, and by whom it is from."""
    blind = explain(row["text"])
    name = given(row["provider"])
    return blind, explain(row["text"], name) if name else blind


def read_reasons():
    with open(os.path.join(HERE, "bounce_texts.reasons"),
              encoding="utf-8") as f:
        lines = [line.split() for line in f if not line.startswith("#")]
    return dict(line for line in lines if line)


def judge_reason(row, doc, reasons, bad):
    """Whether it agrees; what does not goes to bad."""
    key, ours = digest(row["text"]), reason(doc)
    label = row["sisimai_reason"]
    if key in DIFFERS:
        want = {DIFFERS[key][0]}
    elif label:
        want = AGREE[label]
    else:
        want = {reasons.get(key, "not in bounce_texts.reasons")}
    if ours not in want:
        bad.append(f"{key} {row['provider']} {label}: {ours}, not "
                   f"{' or '.join(sorted(want))}: {row['text'][:80]}")
    return ours in want and key not in DIFFERS


def judge_provider(row, doc, bad):
    """right, unknown or wrong, by the text alone."""
    label = row["provider"]
    allowed = TWO.get(label, (PROVIDERS.get(label, label),))
    ours = doc.get("provider")
    if ours is None:
        return "unknown"
    if ours in allowed:
        return "right"
    bad.append(f"{label}: {ours}: {row['text'][:90]}")
    return "wrong"


def main():
    if not os.path.exists(suite.path(*FILE)):
        tap.skip_all("the public suites are not here")
        return 0
    t = tap.Tap()
    texts, reasons = rows(), read_reasons()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        docs = list(pool.map(both, texts))
    bad, agreed = [], 0
    for row, (_, doc) in zip(texts, docs):
        agreed += judge_reason(row, doc, reasons, bad)
    t.point(not bad, f"reasons: {agreed} of {len(texts)} agree, "
            f"{len(DIFFERS)} differ and are explained", *bad)
    t.point(agreed >= 0.98 * len(texts), "98 % of all agree", agreed)
    named = [(row, blind) for row, (blind, _) in zip(texts, docs)
             if row["provider"] not in NOBODY]
    bad = []
    count = collections.Counter(judge_provider(row, doc, bad)
                                for row, doc in named)
    t.point(not bad, f"providers by the text alone: {count['right']} of "
            f"{len(named)} named, {count['unknown']} said to be unknown",
            *bad)
    wrong = [row["text"][:90] for row, (_, doc) in zip(texts, docs)
             if given(row["provider"]) and
             doc.get("provider") != given(row["provider"])]
    t.point(not wrong, "providers that are given", *wrong)
    keys = {digest(row["text"]) for row in texts}
    stale = [k for k in list(reasons) + list(DIFFERS) if k not in keys]
    t.point(not stale, "every digest is of a text", *stale)
    return t.end()


if __name__ == "__main__":
    raise SystemExit(main())
