"""Why a peer's DMARC differs from ours: a rule for each class of DIFFERENCES.
A rule looks at the feature that causes the difference, in the records, in the
names or in what the peer says of itself; it never goes by the peer alone.
"""

import re

import common


class Ours:
    """What our check says by RFC 7489, in the words of the peers' replies."""

    def __init__(self, facts):
        psl = facts.get("psl", {})
        self.facts = facts
        self.lost = "record" not in psl
        self.note = psl.get("record")
        self.policy = "temperror" if self.lost else psl.get("policy")
        self.policy = self.policy or "absent"
        self.result = psl.get("result", "fail")
        self.aligned = self.aspf = self.adkim = ""
        if self.lost:
            self.result = "temperror"
        elif self.policy == "absent":
            self.result = "none"
        else:
            self.aligned = "aligned" if psl.get("aligned_spf") else "not"


class Theirs:
    """One reply."""

    def __init__(self, fields):
        fields = fields + [""] * 7
        self.policy, self.aligned, self.result, self.aspf, self.adkim, \
            self.note, asked = fields[:7]
        self.note = common.unquote(self.note)
        self.asked = asked.split(",") if asked else []


RULES = common.Rules("opendmarc", "Mail::DMARC")
rule = RULES.rule


# ---- what rules look at -----------------------------------------------------

SUFFIXES = {"com", "org", "net", "io", "github.io", "uk", "co.uk", "jp", "ck",
            "kobe.jp", "test"}


def records(case, theirs):
    """(name, [text, ...], alias) of each policy that the peer asked for."""
    out = []
    for question in dict.fromkeys(theirs.asked):
        name, kind = question.rsplit("/", 1)
        kinds = case["zone"].get(common.unquote(name), {})
        alias = "CNAME" in kinds
        if alias:
            kinds = case["zone"].get(kinds["CNAME"][0], {})
        found = kinds.get("TXT", [])
        if kind == "TXT" and name.startswith("_dmarc."):
            out.append((name, None if isinstance(found, str) else
                        ["".join(x) for x in found], alias))
    return out


def seen(pattern, case, theirs):
    """Whether a text that the peer got has it."""
    return any(re.search(pattern, text) for _, texts, _ in
               records(case, theirs) for text in texts or [])


def under_wildcard(name):
    """Under "*.ck", "*.kobe.jp" or an exception from them."""
    return ("." + name).endswith((".ck", ".kobe.jp"))


def is_suffix(name):
    return name in SUFFIXES or under_wildcard(name) and name.count(".") == \
        (2 if name.endswith(".kobe.jp") else 1)


OUR_VERSION = r"^[vV][ \t]*=[ \t]*DMARC1[ \t]*(;|$)"


# ---- opendmarc --------------------------------------------------------------

@rule("opendmarc", "alias")
def _(case, _ours, theirs):
    return any(alias for _, _, alias in records(case, theirs)) and \
        theirs.policy in ("absent", "temperror")


@rule("opendmarc", "lost-own-record")
def _(case, ours, theirs):
    return ours.policy == "temperror" and theirs.policy != "temperror" and \
        records(case, theirs)[0][1] is None


@rule("opendmarc", "several-records")
def _(case, _ours, theirs):
    return any(len([x for x in texts or [] if "v=DMARC" in x]) > 1
               for _, texts, _ in records(case, theirs))


@rule("opendmarc", "bad-version")
def _(_case, _ours, theirs):
    return "bad v= value" in theirs.note


@rule("opendmarc", "bad-value")
def _(_case, _ours, theirs):
    return "bad token value" in theirs.note


@rule("opendmarc", "no-p")
def _(case, ours, theirs):
    return "required p= entry" in theirs.note


@rule("opendmarc", "spaced-version")
def _(case, _ours, theirs):
    """It looks for "v=DMARC" as such."""
    return any(re.search(OUR_VERSION, text) and "v=DMARC" not in text
               for _, texts, _ in records(case, theirs)
               for text in texts or [])


@rule("opendmarc", "version-anywhere")
def _(case, _ours, theirs):
    return any("v=DMARC" in text and not re.search(OUR_VERSION, text)
               for _, texts, _ in records(case, theirs)
               for text in texts or [])


@rule("opendmarc", "short-values")
def _(case, _ours, theirs):
    """Any beginning of a value will do."""
    return seen(r"(?i)(^|;)\s*s?p\s*=\s*(r|q|n)(;|\s|$)", case, theirs) or \
        seen(r"(?i)(^|;)\s*aspf\s*=\s*(strict|relaxed)(;|\s|$)", case, theirs)


@rule("opendmarc", "pct-none")
def _(case, ours, theirs):
    lower = {"reject": "quarantine", "quarantine": "none"}
    return ours.policy == lower.get(theirs.policy) and \
        seen(r"(?i)(^|;)\s*pct\s*=\s*0+\s*(;|$)", case, theirs)


@rule("opendmarc", "wildcard-suffixes")
def _(case, _ours, _theirs):
    return under_wildcard(case["domain"]) or under_wildcard(case["sender"])


@rule("opendmarc", "aligned-suffix")
def _(case, ours, theirs):
    return theirs.aligned == "aligned" and ours.aligned == "not" and (
        is_suffix(case["sender"]) or is_suffix(case["domain"]))


# ---- Mail::DMARC ------------------------------------------------------------

@rule("Mail::DMARC", "strange-from")
def _(case, _ours, theirs):
    """A From domain with "_", or of a top level that is not in the list."""
    return "invalid header_from" in theirs.note and (
        "_" in case["domain"] or case["domain"].endswith(".test") or
        "." not in case["domain"])


@rule("Mail::DMARC", "no-temperror")
def _(_case, ours, _theirs):
    return ours.policy == "temperror"


@rule("Mail::DMARC", "not-in-dns")
def _(_case, _ours, theirs):
    return "not in DNS" in theirs.note


@rule("Mail::DMARC", "pct")
def _(case, ours, theirs):
    lower = {"reject": "quarantine", "quarantine": "none"}
    return theirs.policy in ("none", lower.get(ours.policy)) and \
        ours.policy in lower and \
        seen(r"(?i)(^|;)\s*pct\s*=", case, theirs)


@rule("Mail::DMARC", "spaced-version")
def _(case, _ours, theirs):
    return any(re.search(OUR_VERSION, text) and
               not re.match(r"(?i)v=dmarc1", text)
               for _, texts, _ in records(case, theirs)
               for text in texts or [])


@rule("Mail::DMARC", "loose-version")
def _(case, _ours, theirs):
    """Anything that begins with "v=dmarc1", in any case."""
    return any(not re.search(OUR_VERSION, text) and
               re.match(r"(?i)v=dmarc1", text)
               for _, texts, _ in records(case, theirs)
               for text in texts or [])


def doubled(case, theirs):
    """Whether a tag stands twice in a record."""
    for _, texts, _ in records(case, theirs):
        for text in texts or []:
            tags = [x.split("=")[0].strip().lower()
                    for x in re.sub("[:-]", "=", text).split(";") if "=" in
                    re.sub("[:-]", "=", x)]
            if len(set(tags)) < len(tags):
                return True
    return False


@rule("opendmarc", "last-tag")
def _(case, _ours, theirs):
    return doubled(case, theirs)


@rule("opendmarc", "rf-iodef")
def _(case, _ours, theirs):
    """It spoils the aspf that it has."""
    return theirs.aspf == "" and seen(r"(?i);\s*rf\s*=\s*iodef", case, theirs)


@rule("opendmarc", "strict-below")
def _(case, _ours, theirs):
    mine, other = case["domain"], case["sender"]
    return theirs.aspf == "strict" and theirs.aligned == "aligned" and (
        mine.endswith("." + other) or other.endswith("." + mine))


@rule("opendmarc", "one-letter")
def _(case, _ours, _theirs):
    """Names lose a label of one letter, and what stands before it."""
    return any(len(label) == 1 for name in (case["domain"], case["sender"])
               for label in name.split("."))


@rule("opendmarc", "unlisted-suffix")
def _(case, _ours, _theirs):
    return case["domain"].endswith(".test") or case["sender"].endswith(".test")


@rule("opendmarc", "other-text-first")
def _(case, _ours, theirs):
    return any(len(texts or []) > 1 for _, texts, _ in records(case, theirs))


@rule("Mail::DMARC", "last-tag")
def _(case, _ours, theirs):
    return doubled(case, theirs)


@rule("Mail::DMARC", "loose-equals")
def _(case, _ours, theirs):
    """A colon or a hyphen is as good as an equals sign."""
    return seen(r"(?i)(^|;)\s*[a-z]+\s*[:-]", case, theirs)


@rule("Mail::DMARC", "bad-p-with-rua")
def _(case, ours, theirs):
    return ours.policy == "none" and theirs.policy == "absent" and \
        "no policy that can be read" in theirs.note and \
        seen(r"(?i);\s*p\s*=", case, theirs) and \
        seen(r"(?i)rua\s*=", case, theirs)


@rule("Mail::DMARC", "sp-without-p")
def _(case, ours, theirs):
    """A p of "0" is none to it as well."""
    return ours.policy == "none" and theirs.policy != "none" and any(
        re.match(OUR_VERSION, text) and re.search(r"(?i);\s*sp\s*=", text) and
        not re.search(r"(?i);\s*p\s*=\s*[^0\s]", text)
        for _, texts, _ in records(case, theirs) for text in texts or [])


@rule("Mail::DMARC", "exception-suffixes")
def _(case, _ours, _theirs):
    """"!city.kobe.jp" is no rule."""
    return any(("." + name).endswith((".www.ck", ".city.kobe.jp"))
               for name in (case["domain"], case["sender"]))


for _peer in RULES.of:
    @rule(_peer, "empty-tags")
    def _(case, ours, theirs):
        return ours.policy in ("absent", "none") and \
            seen(r"(?i);\s*s?p\s*=\s*(;|$)", case, theirs)


@rule("Mail::DMARC", "rua-permission")
def _(case, ours, theirs):
    """Only addresses that may be reported to count."""
    return "no valid rua" in theirs.note and ours.policy == "none"


@rule("Mail::DMARC", "loose-uri")
def _(case, ours, theirs):
    return ours.policy == "absent" and theirs.policy == "none" and \
        seen(r"(?i)rua\s*=\s*(mailto:|https?:)", case, theirs)


@rule("Mail::DMARC", "rua-scheme")
def _(case, ours, theirs):
    return ours.policy == "none" and theirs.policy == "absent" and \
        seen(r"(?i)rua\s*=\s*ftp:", case, theirs)


@rule("Mail::DMARC", "exceptions")
def _(_case, _ours, theirs):
    """A value that it does not expect ends it."""
    return theirs.policy == "exception" and re.search(
        r"invalid disposition|unrecognized unit", theirs.note) is not None


for _peer in RULES.of:
    @rule(_peer, "version-and-blank")
    def _(case, _ours, theirs):
        """What follows the version after a blank, without a semicolon."""
        return seen(r"^[vV]\s*=\s*DMARC1\s+[^;\s]", case, theirs)
