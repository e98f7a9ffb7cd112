"""Why a peer's SPF differs from ours: a rule for each class of DIFFERENCES.  A
rule looks at the feature that causes the difference, in the case, in our trace
or in what the peer says of itself; it never goes by the peer alone.
"""


import ipaddress
import re

import common


class Said:
    """One reply: result, explanation, note, the questions asked."""

    def __init__(self, fields):
        fields = fields + [""] * 4
        self.result, self.why, self.note, asked = fields[:4]
        self.why = common.unquote(self.why)
        self.asked = asked.split(",") if asked else []


RULES = common.Rules("pyspf", "libspf2", "Mail::SPF")
rule = RULES.rule


# ---- what rules look at -----------------------------------------------------

def texts(case, *said):
    """The TXT records of each name that was asked for, joined."""
    out = []
    for name in {common.unquote(a.rsplit("/", 1)[0])
                 for reply in said for a in reply.asked}:
        out += ["".join(x) for x in answer(case, name, "TXT") or []]
    return out


def our(said, key):
    """A word of our own note: reason=..., failing=..., hits=..."""
    for word in said.note.split(" "):
        if word.startswith(key + "="):
            return common.unquote(word[len(key) + 1:])
    return ""


def seen(pattern, case, *said):
    """Whether a record that was looked at has it."""
    found = re.compile(pattern)
    return any(found.search(text) for text in texts(case, *said))


def family(case):
    return "AAAA" if ":" in case["ip"].replace("::ffff:", "") else "A"


def answer(case, name, kind):
    """The records; [] when there are none; None when they are lost."""
    for _ in range(16):
        kinds = case["zone"].get(name.lower().rstrip("."), {})
        found = kinds.get("*", kinds.get(kind, []))
        if isinstance(found, str):
            return None
        if found or "CNAME" not in kinds:
            return found
        name = kinds["CNAME"][0]
    return None


def asked(said, kind):
    """The names that were asked for that type."""
    return [common.unquote(a[:-len(kind) - 1]) for a in said.asked
            if a.endswith("/" + kind)]


def hosts(case, said, kind):
    """What the MX or PTR records that were asked for name."""
    out = []
    for name in asked(said, kind):
        out += answer(case, name, kind) or []
    return [x[1] if kind == "MX" else x for x in out]


def aliases(case, said):
    """What was asked for at an alias, or at what it leads to."""
    out, questions = [], [common.unquote(a).rsplit("/", 1) for a in said.asked]
    for name, kinds in case["zone"].items():
        target = kinds.get("CNAME", [None])[0]
        out += [(name, kind) for asked_for, kind in questions
                if target is not None and asked_for in (name, target)]
    return out


def too_many_voids(theirs):
    return theirs.result == "permerror" and "Void" in theirs.note


P_MACRO = r"%\{[pP]"
BRACES = r"%\{([^}]*)\}"
GOOD_BRACES = r"[slodiphvcrt]\d*r?[-.+,/_=]*"


# ---- pyspf ------------------------------------------------------------------

@rule("pyspf", "trailing-dot")
def _(case, _ours, theirs):
    return case["domain"].endswith(".") and theirs.result == "none" and \
        not theirs.asked


@rule("pyspf", "include-itself")
def _(_case, _ours, theirs):
    return "trivial recursion" in theirs.note


@rule("pyspf", "kept-delimiters")
def _(case, ours, theirs):
    for letter, delimiters in re.findall(
            r"%\{([odhpirv])\d*[rR]?([-.+,/_=]+)\}",
            "\n".join(texts(case, ours, theirs)), re.IGNORECASE):
        value = {"h": case["helo"], "o": case["domain"]}.get(
            letter.lower(), " ".join(ours.asked + theirs.asked))
        if any(x in value for x in delimiters if x != "."):
            return True
    return False


@rule("pyspf", "upper-case-r")
def _(case, ours, theirs):
    return seen(r"%\{[A-Za-z]\d*R", case, ours, theirs)


@rule("pyspf", "upper-case-hex")
def _(case, ours, theirs):
    return ours.result == theirs.result and ":" in case["ip"] and \
        seen(r"%\{[iI]", case, theirs) and \
        ours.why.lower() == theirs.why.lower()


@rule("pyspf", "p-case")
def _(case, ours, theirs):
    return ours.result == theirs.result and seen(P_MACRO, case, theirs) and (
        ours.why.lower() == theirs.why.lower() or
        any(x != x.lower() for x in hosts(case, theirs, "PTR")))


@rule("pyspf", "loose-macros")
def _(_case, ours, _theirs):
    if not our(ours, "fault").startswith("has a macro"):
        return False
    return re.search(r"%\{[^}]*$", our(ours, "failing")) or any(
        not re.fullmatch(GOOD_BRACES, x, re.IGNORECASE) or
        re.match(r"[a-z]0+(\D|$)", x, re.IGNORECASE)
        for x in re.findall(BRACES, our(ours, "failing")))


@rule("pyspf", "loose-explanation")
def _(case, ours, theirs):
    """An explanation that breaks the grammar is none."""
    return ours.result == theirs.result == "fail" and not ours.why and \
        seen(r"%\{[A-Za-z]0+\D|%\{[^}]*$|%[^{%_-]", case, theirs)


@rule("pyspf", "percent-at-end")
def _(case, ours, theirs):
    return "invalid-macro-char" in theirs.note and \
        seen(r"%%", case, ours, theirs)


@rule("pyspf", "modifier-case")
def _(case, ours, theirs):
    return any(x not in ("redirect", "exp") for text in
               texts(case, ours, theirs) for x in
               re.findall(r" (redirect|exp)=", text, re.IGNORECASE))


@rule("pyspf", "alias-void-twice")
def _(case, _ours, theirs):
    return too_many_voids(theirs) and any(
        answer(case, alias, kind) == []
        for alias, kind in aliases(case, theirs))


@rule("pyspf", "mx-asked-at-once")
def _(case, ours, theirs):
    """A host besides the one that matches is lost, or has no address."""
    return "/MX" in our(ours, "hits") and \
        (too_many_voids(theirs) or theirs.result == "temperror") and \
        any(not answer(case, host, family(case))
            for host in hosts(case, theirs, "MX"))


@rule("pyspf", "ptr-asked-at-once")
def _(case, ours, theirs):
    return "/PTR" in our(ours, "hits") and too_many_voids(theirs) and \
        any(answer(case, host, family(case)) == []
            for host in hosts(case, theirs, "PTR"))


@rule("pyspf", "ptr-temperror")
def _(case, _ours, theirs):
    """A name of the client is lost, or its own PTR."""
    return theirs.result == "temperror" and any(
        answer(case, name, "PTR") is None for name in asked(theirs, "PTR")
    ) or theirs.result == "temperror" and any(
        answer(case, host, family(case)) is None
        for host in hosts(case, theirs, "PTR"))


@rule("pyspf", "p-macro-voids")
def _(case, ours, theirs):
    """%{p} of a record, or of an explanation that nobody has asked for."""
    return seen(P_MACRO, case, ours, theirs) and (
        too_many_voids(theirs) or ours.result == theirs.result == "fail" and
        not theirs.why and (
            None in [answer(case, x, "PTR") for x in asked(theirs, "PTR")] or
            any(not answer(case, host, family(case))
                for host in hosts(case, theirs, "PTR"))))


@rule("pyspf", "redirect-counted-early")
def _(case, ours, theirs):
    return "Too many DNS lookups" in theirs.note and \
        seen(r"(?i) redirect=", case, ours, theirs)


@rule("pyspf", "octets")
def _(_case, ours, _theirs):
    return our(ours, "fault").startswith("has an octet")


@rule("pyspf", "exists-qualified")
def _(_case, ours, _theirs):
    return re.fullmatch(r"[-+~?]exists", our(ours, "failing"),
                        re.IGNORECASE) is not None


@rule("pyspf", "modifier-repeated")
def _(_case, _ours, theirs):
    return "MUST appear at most once" in theirs.note and \
        not theirs.note.startswith(("redirect=", "exp="))


@rule("pyspf", "domain-case")
def _(case, ours, theirs):
    """%{d} as it was given, not as DNS has it."""
    return case["domain"] != case["domain"].lower() and \
        seen(r"%\{[dD]", case, theirs) and \
        ours.why.lower() == theirs.why.lower()


# ---- libspf2 ----------------------------------------------------------------

def macros(case, *said):
    """(letter, digits, r, delimiters) of each macro that was looked at."""
    return re.findall(r"%\{([A-Za-z])(\d*)([rR]?)([-.+,/_=]*)\}",
                      "\n".join(texts(case, *said)))


def refused(case, ours, theirs, pattern):
    """It takes a record for none of SPF, and that has what it refuses."""
    return theirs.result == "permerror" and \
        "Could not find a valid SPF record" in theirs.note and \
        seen(pattern, case, ours, theirs)


@rule("libspf2", "no-zero-prefix")
def _(case, ours, theirs):
    return refused(case, ours, theirs, r"/0( |/|$)")


@rule("libspf2", "fewer-delimiters")
def _(case, ours, theirs):
    return refused(case, ours, theirs, r"%\{[A-Za-z]\d*[rR]?[-.+_=]*[,/]")


@rule("libspf2", "upper-case-r")
def _(case, ours, theirs):
    return refused(case, ours, theirs, r"%\{[A-Za-z]\d*R")


@rule("libspf2", "modifier-names")
def _(case, ours, theirs):
    """Modifiers whose names have a dot, a hyphen or an underscore."""
    return refused(case, ours, theirs, r" [A-Za-z][A-Za-z0-9]*[-._][^ :/]*=")


@rule("libspf2", "no-void-limit")
def _(_case, ours, theirs):
    return our(ours, "reason") == "over-voids"


@rule("libspf2", "lookups-counted-by-include")
def _(_case, ours, _theirs):
    return our(ours, "reason") == "over-lookups"


@rule("libspf2", "mx-limit-late")
def _(_case, ours, theirs):
    return our(ours, "reason") == "over-mx" and theirs.result != "permerror"


@rule("libspf2", "ptr-limit")
def _(case, _ours, theirs):
    return theirs.result == "permerror" and \
        "too many DNS lookups" in theirs.note and \
        len(hosts(case, theirs, "PTR")) > 10


@rule("libspf2", "ptr-temperror")
def _(case, ours, theirs):
    return theirs.result == "temperror" and (
        None in [answer(case, x, "PTR") for x in asked(theirs, "PTR")] or
        None in [answer(case, x, family(case))
                 for x in hosts(case, theirs, "PTR")])


@rule("libspf2", "bare-version")
def _(case, ours, theirs):
    """A record of nothing but its version is none for it."""
    return any(text.lower() == "v=spf1" for text in
               texts(case, ours, theirs))


def loose(fault):
    """We find a fault; it does not, and goes on."""
    def look(_case, ours, theirs):
        return our(ours, "fault") == fault and theirs.result != "permerror"
    return look


for _name, _fault in (("loose-domain-spec", "has no valid domain name"),
                      ("loose-prefix", "has no valid prefix length"),
                      ("loose-value", "lacks its value"),
                      ("loose-surplus", "has more behind it than it may have"),
                      ("loose-macro", "has a macro that is not valid"),
                      ("loose-octets", "has an octet that no SPF record may "
                       "have")):
    rule("libspf2", _name)(loose(_fault))


@rule("libspf2", "loose-explanation")
def _(case, ours, theirs):
    """An explanation that breaks the grammar is none."""
    return ours.result == theirs.result == "fail" and not ours.why and \
        seen(r"%\{[A-Za-z]0+\D|%\{[^slodiphvcrtSLODIPHVCRT]|%\{[^}]*$|"
             r"%[^{%_-]|%$", case, theirs)


@rule("libspf2", "macro-parts")
def _(case, ours, theirs):
    """Right-hand parts, counted wrong."""
    v6 = family(case) == "AAAA"
    local = case["local"] or "postmaster"
    values = {"i": ".".join(["x"] * (32 if v6 else 4)),
              "l": local, "s": local + "@" + case["domain"],
              "o": case["domain"], "h": case["helo"],
              "v": "ip6" if v6 else "in-addr"}
    for letter, digits, _, delimiters in macros(case, ours, theirs):
        value = values.get(letter.lower(), "")
        parts = re.split("[" + re.escape(delimiters or ".") + "]", value)
        if digits and (letter in "dDpP" or int(digits) >= len(parts) or
                       len(set(delimiters)) < len(delimiters) or
                       delimiters and "." not in delimiters and
                       "." in value):
            return True
    return False


@rule("libspf2", "blanks-in-explanation")
def _(case, ours, theirs):
    return ours.result == theirs.result == "fail" and " " in ours.why


@rule("libspf2", "loose-modifier")
def _(_case, ours, theirs):
    """A colon where a modifier has an equals sign, or the reverse."""
    return theirs.result != "permerror" and re.match(
        r"[-+~?]?(redirect|exp):|[-+~?]?[a-z0-9]+=", our(ours, "failing"),
        re.IGNORECASE) is not None


@rule("libspf2", "explanation-octets")
def _(case, ours, theirs):
    return ours.result == theirs.result == "fail" and not ours.why and \
        seen(r"[^ -~]", case, theirs)


@rule("libspf2", "explanations")
def _(case, ours, theirs):
    """One of several texts for exp=."""
    return ours.result == theirs.result == "fail" and not ours.why and any(
        len(answer(case, name, "TXT") or []) > 1
        for name in set(asked(theirs, "TXT")))


@rule("libspf2", "p-first")
def _(case, ours, theirs):
    """The first name of the client, not the one of the sender's domain."""
    names = [x.lower() for x in hosts(case, theirs, "PTR")]
    return seen(P_MACRO, case, theirs) and len(names) > 0 and (
        len(names) > 1 or theirs.why.lower() == ours.why.lower())


@rule("libspf2", "redirect-in-place")
def _(case, ours, theirs):
    """What stands after a redirect is never come to."""
    for text in texts(case, ours, theirs):
        for target in re.findall(r"(?i) redirect=(\S*) +\S", text):
            if target.lower() in asked(theirs, "TXT") or "%" in target or \
                    "Mechanisms found after" in theirs.note:
                return True
    return False


@rule("libspf2", "url-escape")
def _(case, ours, theirs):
    """It leaves octets that RFC 3986 has not among the unreserved."""
    return seen(r"%\{[A-Z]", case, ours, theirs) and \
        re.search(r"[!*'()]", case["local"]) is not None


@rule("libspf2", "trailing-dot")
def _(case, _ours, theirs):
    """ptr compares with the dot, and macros have it."""
    return case["domain"].endswith(".") and (
        len(asked(theirs, "PTR")) > 0 or
        any(".." in question for question in theirs.asked))


# ---- Mail::SPF --------------------------------------------------------------


@rule("Mail::SPF", "empty-labels")
def _(_case, ours, theirs):
    return our(ours, "reason") == "bad-name" and theirs.result != "none"


@rule("Mail::SPF", "mx-cut")
def _(_case, ours, _theirs):
    return our(ours, "reason") == "over-mx"


@rule("Mail::SPF", "ip6-matches-ipv4")
def _(case, ours, theirs):
    """::ffff:192.0.2.1 is in the network of an ip6 mechanism."""
    if family(case) == "AAAA":
        return False
    client = ipaddress.ip_address("::ffff:" + case["ip"].split(":")[-1])
    for text in texts(case, ours, theirs):
        for network in re.findall(r"(?i)ip6:(\S*)", text):
            try:
                if client in ipaddress.ip_network(network, strict=False):
                    return True
            except ValueError:
                pass
    return False


@rule("Mail::SPF", "no-postmaster")
def _(case, ours, theirs):
    return not case["local"] and seen(r"%\{[sS]", case, ours, theirs)


@rule("Mail::SPF", "delimiters-alone")
def _(case, ours, theirs):
    return any(delimiters.strip(".") and not digits and not r for
               _, digits, r, delimiters in macros(case, ours, theirs))


@rule("Mail::SPF", "upper-case-r")
def _(case, ours, theirs):
    return seen(r"%\{[A-Za-z]\d*R", case, ours, theirs) and (
        theirs.result == "permerror" or ours.result == theirs.result == "fail")


@rule("Mail::SPF", "url-escape")
def _(case, ours, theirs):
    return ours.result == theirs.result and \
        seen(r"%\{[A-Z]", case, ours, theirs)


@rule("Mail::SPF", "loose-explanation")
def _(case, ours, theirs):
    return ours.result == theirs.result == "fail" and not ours.why and \
        seen(r"%\{[A-Za-z]0+\D|%\{[^slodiphvcrtSLODIPHVCRT]|%\{[^}]*$|"
             r"%[^{%_-]|%$", case, theirs)


@rule("Mail::SPF", "explanation-octets")
def _(case, ours, theirs):
    return ours.result == theirs.result == "fail" and not ours.why and \
        seen(r"[^ -~]", case, theirs)


@rule("Mail::SPF", "alias-not-void")
def _(case, ours, theirs):
    """It takes the alias for an answer."""
    return our(ours, "reason") == "over-voids" and any(
        answer(case, alias, kind) == []
        for alias, kind in aliases(case, theirs) + aliases(case, ours))


@rule("Mail::SPF", "ptr-names-skipped")
def _(case, ours, theirs):
    """Names of the client that are not of the domain are not asked for."""
    return our(ours, "reason") == "over-voids" and any(
        answer(case, host, family(case)) == []
        for host in hosts(case, theirs, "PTR"))


@rule("Mail::SPF", "records-void")
def _(case, ours, theirs):
    """An include or a redirect to nothing is no void lookup."""
    return our(ours, "reason") == "over-voids" and any(
        answer(case, name, "TXT") == [] for name in asked(theirs, "TXT"))


@rule("Mail::SPF", "redirect-counted-early")
def _(case, ours, theirs):
    return "DNS-interactive terms" in common.unquote(theirs.note) and \
        seen(r"(?i) redirect=", case, ours, theirs)


@rule("Mail::SPF", "p-macro-voids")
def _(case, ours, theirs):
    return "void" in theirs.note and seen(P_MACRO, case, ours, theirs)


@rule("Mail::SPF", "ptr-temperror")
def _(case, _ours, theirs):
    return theirs.result == "temperror" and "'PTR'" in \
        common.unquote(theirs.note) and \
        None in [answer(case, x, "PTR") for x in asked(theirs, "PTR")]


for _name, _fault in (("loose-prefix", "has no valid prefix length"),
                      ("loose-value", "lacks its value"),
                      ("loose-macro", "has a macro that is not valid"),
                      ("loose-octets", "has an octet that no SPF record may "
                       "have")):
    rule("Mail::SPF", _name)(loose(_fault))


@rule("Mail::SPF", "lower-case-domain")
def _(case, ours, theirs):
    return case["domain"] != case["domain"].lower() and \
        ours.why.lower() == theirs.why.lower() and \
        seen(r"%\{[oO]", case, ours, theirs)


@rule("Mail::SPF", "p-case")
def _(case, ours, theirs):
    return ours.result == theirs.result and seen(P_MACRO, case, theirs) and \
        ours.why.lower() == theirs.why.lower()


@rule("Mail::SPF", "bad-target-asked")
def _(_case, _ours, theirs):
    """A target that is no name is asked for, and is void."""
    return any(re.search(r"^\.|\.\.|[^.]{64}", name)
               for kind in ("A", "AAAA", "MX", "TXT")
               for name in asked(theirs, kind))
