"""What a DKIM signature covers, from RFC 6376 alone: so that it can be said
beforehand which change has to break it.  It does no cryptography: it knows what
was signed, and looks whether that is still there.

Octets are text, a character an octet.
"""

import base64
import hashlib
import re

FIELD = re.compile(r"\r\n(?![ \t])")
BLANKS = re.compile(r"[ \t]+")
FOLDS = re.compile(r"[ \t\r\n]+")
# Of the b= tag what stands behind its "=" (RFC 6376 3.7).
B_VALUE = re.compile(r"((?:^|;)[ \t\r\n]*b[ \t\r\n]*=)[^;]*")
TAG = re.compile(r"[ \t\r\n]*([A-Za-z][A-Za-z0-9_]*)[ \t\r\n]*=([^;]*)\Z")


def split(message):
    """(fields, body): a field is [name and colon, value, its CRLF not]."""
    header, blank, body = message.partition("\r\n\r\n")
    if message.startswith("\r\n"):
        header, blank, body = "", "\r\n", message[2:]
    if not blank:
        header, body = header.removesuffix("\r\n"), ""
    fields = []
    for field in FIELD.split(header) if header else []:
        name, colon, value = field.partition(":")
        fields.append([name + colon, value])
    return fields, body


def name_of(field):
    return field[0].removesuffix(":").rstrip(" \t").lower()


def header_canon(field, how):
    """RFC 6376 3.4.1, 3.4.2, without the CRLF."""
    if how == "simple":
        return field[0] + field[1]
    value = BLANKS.sub(" ", field[1].replace("\r\n", ""))
    return name_of(field) + ":" + value.strip(" ")


def body_canon(body, how):
    """RFC 6376 3.4.3, 3.4.4."""
    if how == "relaxed":
        body = re.sub(r"[ \t]+(?=\r\n)", "", body)
        body = BLANKS.sub(" ", body)
    if body and not body.endswith("\r\n"):
        body += "\r\n"
    end = len(body)
    while body.startswith("\r\n", end - 2) and end > 1:
        end -= 2
    if end > 0 or how == "simple":
        return body[:end] + "\r\n"
    return ""


def tags_of(value):
    """{name: value}, or None: it is no tag list (RFC 6376 3.2)."""
    out = {}
    parts = value.split(";")
    if not FOLDS.sub("", parts[-1]):
        parts.pop()
    for part in parts:
        found = TAG.match(part)
        if found is None or found[1] in out:
            return None
        out[found[1]] = found[2].strip(" \t\r\n")
    return out


def chosen(fields, names):
    """The fields that h= names, from the bottom up (RFC 6376 5.4.2)."""
    left = {}
    for at, field in enumerate(fields):
        left.setdefault(name_of(field), []).append(at)
    for name in names:
        there = left.get(name)
        if there:
            yield there.pop()


class Coverage:
    """Of the signature that is the field at a place: None where unreadable."""

    def __init__(self, fields, at, body):
        self.fields = fields
        self.tags = tags_of(fields[at][1])
        self.header = self.body = None
        if self.tags is None or not {"h", "b", "bh", "d", "s", "a"} <= \
                set(self.tags):
            return
        canon = self.tags.get("c", "simple").split("/") + ["simple"]
        if not {canon[0], canon[1]} <= {"simple", "relaxed"}:
            return
        names = [FOLDS.sub("", x).lower() for x in self.tags["h"].split(":")]
        self.places = list(chosen(fields, names))
        out = [header_canon(fields[i], canon[0]) for i in self.places]
        own = [fields[at][0], B_VALUE.sub(r"\1", fields[at][1], count=1)]
        self.header = "\r\n".join(out + [header_canon(own, canon[0])])
        self.body = body_canon(body, canon[1])
        if re.fullmatch("[0-9]+", self.tags.get("l", "")):
            self.body = self.body[:int(self.tags["l"])]

    def key(self):
        """Two that are equal are good or bad together; b= stands apart."""
        return self.header, self.body

    def b_text(self):
        return FOLDS.sub("", self.tags["b"])

    def hash_is_right(self):
        name = "sha1" if self.tags["a"] == "rsa-sha1" else "sha256"
        digest = hashlib.new(name, self.body.encode("latin-1")).digest()
        return FOLDS.sub("", self.tags["bh"]) == \
            base64.b64encode(digest).decode()


def coverages(message):
    """Of each signature, from the top."""
    fields, body = split(message)
    return [Coverage(fields, at, body) for at, field in enumerate(fields)
            if name_of(field) == "dkim-signature"]


def decoded(text):
    """Octets of base64 as a reader would have them who minds nothing."""
    text = re.sub(r"[^A-Za-z0-9+/]", "", text.partition("=")[0])
    text = text[:len(text) - (len(text) % 4 == 1)]
    return base64.b64decode(text + "=" * (-len(text) % 4))


def b_of(field):
    """The value of b= of a signature field, without white space."""
    return FOLDS.sub("", tags_of(field.partition(":")[2])["b"])


class Signed:
    """What was signed, and what must be said of a message made of it."""

    def __init__(self, message, expected):
        """expected: {b= without white space: "pass", or why it cannot}."""
        self.known = {}
        self.wrong = []
        for c in coverages(message):
            b = c.b_text()
            self.known[b] = (c.key(), expected[b])
            if not c.hash_is_right():
                self.wrong.append(c.tags)
        self.octets = [decoded(b) for b in self.known]

    def one(self, coverage):
        """
        "pass"; "body": that alone was changed; "header": it cannot pass, for
        whatever reason; "any": readers of base64 differ; another word: why it
        could not pass before it was changed.
        """
        if coverage.header is None:
            return "header"
        b = coverage.b_text()
        if b not in self.known:
            return "any" if decoded(b) in self.octets else "header"
        (header, body), expected = self.known[b]
        if coverage.header != header:
            return "header"
        if coverage.body == body:
            return expected
        return "body" if expected == "pass" else "header"

    def intact(self, message):
        """Whether every signature is there and sees what it saw."""
        found = coverages(message)
        return len(found) == len(self.known) and all(
            c.header is not None and c.b_text() in self.known and
            c.key() == self.known[c.b_text()][0] for c in found)

    def expect(self, message):
        return [self.one(c) for c in coverages(message)]
