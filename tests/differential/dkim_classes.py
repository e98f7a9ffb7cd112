"""Why a peer's DKIM differs from ours: a rule for each class of DIFFERENCES.
A rule looks at the feature that causes the difference, in the message or in
what the peer says of itself; it never goes by the peer alone.
"""

import re

import common
import dkim_canon

# RFC 5322 2.2, and its colon, without the semicolon.
FIELD_NAME = re.compile(r"[\x21-\x39\x3c-\x7e]+:")


class Theirs:
    """One reply: a word for each signature, from the top."""

    def __init__(self, fields):
        self.said = fields[0].split(",") if fields[0] else []
        self.note = common.unquote(fields[1]) if len(fields) > 1 else ""
        self.words = [common.unquote(x) for x in self.said]

    def passes(self):
        """Which do; a peer leaves out those that it cannot read."""
        return [at for at, word in enumerate(self.said) if word == "pass"]


class Expected(Theirs):
    """What dkim_canon.py says of a signature."""


class Ours(Theirs):
    """The word is a result and, where that is no pass, "/" and the reason."""

    def passes(self):
        return [at for at, word in enumerate(self.said)
                if word.partition("/")[0] == "pass"]

    def reasons(self):
        return [word.rpartition("/")[2] for word in self.said]


def as_expected(case, ours):
    """Whether ours is what RFC 6376 lets expect, and for a reason of those."""
    if len(ours.said) != len(case["expected"]):
        return False
    for word, said, reason in zip(case["expected"], ours.said, ours.reasons()):
        if (word == "pass") != (said == "pass") and word != "any":
            return False
        if word == "body" and not reason.startswith("body-"):
            return False
        if case["how"] == "signed" and reason not in word.split("+"):
            return False
    return True


RULES = common.Rules("expected", "opendkim", "dkimpy")
rule = RULES.rule


# ---- what rules look at -----------------------------------------------------

def only_theirs(ours, theirs):
    """Which signatures pass for the peer alone."""
    return set(theirs.passes()) - set(ours.passes())


def only_ours(ours, theirs):
    return set(ours.passes()) - set(theirs.passes())


def reasons_are(ours, theirs, wanted):
    """What passes for the peer alone is for us of one of these reasons."""
    found = {ours.reasons()[at] for at in only_theirs(ours, theirs)
             if at < len(ours.said)}
    return bool(found) and found <= {"algorithm-sha1", *wanted}


def header_of(case):
    return case["message"].partition("\r\n\r\n")[0]


def has_bare(case, octet):
    return re.search({"\n": r"(?<!\r)\n", "\r": r"\r(?!\n)"}[octet],
                     case["message"]) is not None


def records(case):
    return [common.unquote("".join(text)) for kinds in case["zone"].values()
            for texts in kinds.get("TXT", []) if not isinstance(texts, str)
            for text in [texts]]


def names(case):
    return [field[0] for field in dkim_canon.split(case["message"])[0]]


# ---- the expectation --------------------------------------------------------

@rule("expected", "bare-lf")
def _(case, _ours, _theirs):
    return re.search(r"(?<!\r)\n", header_of(case)) is not None


# ---- both -------------------------------------------------------------------

@rule("opendkim", "sha1")
@rule("dkimpy", "sha1")
def _(_case, ours, theirs):
    return reasons_are(ours, theirs, [])


@rule("opendkim", "short-key")
def _(_case, ours, theirs):
    return reasons_are(ours, theirs, ["key-too-short"])


@rule("opendkim", "version-not-first")
@rule("dkimpy", "version-not-first")
def _(case, ours, theirs):
    return any("; v=DKIM1" in text for text in records(case)) and \
        reasons_are(ours, theirs, ["key-syntax", "key-too-short"])


# ---- libopendkim ------------------------------------------------------------

@rule("opendkim", "field-names")
def _(case, ours, theirs):
    return theirs.note.startswith("Syntax error") and only_ours(
        ours, theirs) and not all(map(FIELD_NAME.fullmatch, names(case)))


@rule("opendkim", "no-author")
def _(_case, ours, theirs):
    return "can't determine sender address" in theirs.note and \
        only_ours(ours, theirs)


@rule("opendkim", "all-or-none")
def _(_case, ours, theirs):
    """One signature that it cannot read, or a lost key, and it reads none."""
    return theirs.note.startswith(("Syntax error", "Try again later")) and \
        len(ours.said) > 1 and not theirs.said


@rule("opendkim", "odd-white-space")
@rule("dkimpy", "odd-white-space")
def _(case, ours, theirs):
    return re.search("[\x0b\x0c]", header_of(case)) is not None and \
        only_theirs(ours, theirs)


@rule("opendkim", "bare-cr")
@rule("dkimpy", "bare-cr")
def _(case, ours, theirs):
    return has_bare(case, "\r") and ours.passes() != theirs.passes()


@rule("opendkim", "bare-lf")
@rule("dkimpy", "bare-lf")
def _(case, ours, theirs):
    return has_bare(case, "\n") and ours.passes() != theirs.passes()


@rule("opendkim", "base64")
@rule("dkimpy", "base64")
def _(case, ours, theirs):
    return "any" in case["expected"] and only_theirs(ours, theirs)


@rule("dkimpy", "base64-end")
def _(_case, ours, theirs):
    said = theirs.note + "".join(theirs.words)
    value = re.search(r"value is not valid base64 \(b'(.*?)'", said)
    return only_ours(ours, theirs) and value is not None and \
        not value.group(1).endswith("=")


@rule("opendkim", "last-line")
def _(case, ours, theirs):
    return case["message"].endswith((" ", "\t")) and only_theirs(ours, theirs)


# ---- dkimpy -----------------------------------------------------------------

@rule("dkimpy", "field-names")
def _(_case, ours, theirs):
    return "Unexpected characters in RFC822 header" in theirs.note and \
        only_ours(ours, theirs)


@rule("dkimpy", "mbox-line")
def _(case, ours, theirs):
    return any(x.startswith("From ") for x in names(case)) and \
        only_ours(ours, theirs)


@rule("dkimpy", "more-authors")
def _(case, ours, theirs):
    return sum(x.lower().startswith("from") for x in names(case)) > 1 and \
        only_ours(ours, theirs)


@rule("dkimpy", "key-limits")
def _(case, ours, theirs):
    wanted = ["key-hash", "key-service", "key-strict"]
    # The other of two signatures may pass by version-not-first.
    if any("; v=DKIM1" in text for text in records(case)):
        wanted.append("key-syntax")
    return reasons_are(ours, theirs, wanted) and any(
        re.search(r"; *[hts] *=", text) for text in records(case))


@rule("dkimpy", "services")
def _(case, ours, theirs):
    return "UnknownKeyTypeError" in "".join(theirs.words) and any(
        "s=other:email" in text for text in records(case)) and \
        only_ours(ours, theirs)


@rule("dkimpy", "ten-hours")
def _(_case, ours, theirs):
    return reasons_are(ours, theirs, ["signature-expired"])


@rule("dkimpy", "copied-b")
def _(case, ours, theirs):
    return only_ours(ours, theirs) and any(
        re.search(r"\bz=[^;]*[ \t\r\n]b=", value) for name, value in
        dkim_canon.split(case["message"])[0] if name == "DKIM-Signature:")
