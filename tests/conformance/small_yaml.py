"""The part of YAML that the SPF suites are written in: documents, mappings and
lists in blocks, lists in brackets, quoted and plain scalars over several
lines, and block scalars.  Scalars stay texts; what it does not know is an
error, never a guess.
"""

import re

KEY = re.compile(r"""((?:"[^"]*"|'[^']*'|[^\s'"#\[\]{},-][^#]*?|-\S[^#]*?))\s*:
                     (?:\s+|$)""", re.X)
ESCAPES = {"0": "\0", "a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v",
           "f": "\f", "r": "\r", "e": "\x1b", " ": " ", '"': '"', "/": "/",
           "\\": "\\", "N": "\x85", "_": "\xa0"}
OF_HEX = {"x": 2, "u": 4, "U": 8}


class Reader:
    """Lines with their indents; blank ones and comments are kept, as block
    scalars may hold them."""

    def __init__(self, lines):
        self.lines, self.at = lines, 0

    @staticmethod
    def idle(line):
        return not line.strip() or line.lstrip().startswith("#")

    def peek(self):
        """(indent, text) of the next line that says something."""
        while self.at < len(self.lines) and self.idle(self.lines[self.at]):
            self.at += 1
        if self.at == len(self.lines):
            return -1, ""
        line = self.lines[self.at].rstrip()
        return len(line) - len(line.lstrip(" ")), line.lstrip(" ")

    def error(self, why):
        raise ValueError(f"{why}: {self.lines[self.at:self.at + 1]}")

    # ---- blocks ------------------------------------------------------------

    def node(self, above, list_at=None):
        """What stands deeper than above; a list may stand at list_at."""
        indent, text = self.peek()
        is_list = text == "-" or text.startswith("- ")
        if is_list and indent >= (above + 1 if list_at is None else list_at):
            return self.sequence(indent)
        if indent <= above:
            return None
        if KEY.match(text):
            return self.mapping(indent)
        return self.scalar("", above)

    def sequence(self, indent):
        out = []
        while True:
            here, text = self.peek()
            if here != indent or not (text == "-" or text.startswith("- ")):
                return out
            # What follows the dash is as if it stood on a line of its own.
            line = self.lines[self.at]
            self.lines[self.at] = line[:indent] + " " + line[indent + 1:]
            rest = text[1:].strip()
            if not rest or rest.startswith("#"):
                self.at += 1
            out.append(self.node(indent))

    def mapping(self, indent):
        out = {}
        while True:
            here, text = self.peek()
            match = KEY.match(text)
            if here != indent or not match:
                return out
            key = match[1]
            if key[0] in "'\"":
                key = self.quoted(key)
            rest = text[match.end():]
            self.at += 1
            # A name that stands twice has all its records in one list.
            value = self.value(rest, indent)
            if isinstance(out.get(key), list) and isinstance(value, list):
                value = out[key] + value
            out[key] = value

    def value(self, rest, indent):
        if not rest or rest.startswith("#"):
            return self.node(indent, indent)
        if rest[0] in "|>":
            return self.block(rest, indent)
        return self.scalar(rest, indent)

    def block(self, head, above):
        lines, depth = [], None
        while self.at < len(self.lines):
            line = self.lines[self.at].rstrip("\n")
            indent = len(line) - len(line.lstrip(" "))
            if line.strip():
                depth = indent if depth is None else depth
                if indent <= above or indent < depth:
                    break
            lines.append(line[depth or 0:])
            self.at += 1
        text = "\n".join(lines).rstrip("\n")
        if head[0] == ">":
            text = re.sub(r"(?<!\n)\n(?!\n)", " ", text)
        return text + ("" if head[1:2] == "-" else "\n")

    # ---- scalars -----------------------------------------------------------

    def scalar(self, text, above):
        """A scalar, or a list in brackets, that may go on in deeper lines."""
        if not text:
            text = self.lines[self.at].strip()
            self.at += 1
        while not self.whole(text):
            if self.at == len(self.lines):
                self.error("no end")
            text += " " + self.lines[self.at].strip()
            self.at += 1
        if text[0] in "\"'[":
            value, rest = self.inline(text)
            if rest.strip() and not rest.strip().startswith("#"):
                self.error("surplus " + rest)
            return value
        parts = [re.sub(r"\s+#.*", "", text).strip()]
        while True:
            indent, more = self.peek()
            if indent <= above:
                return " ".join(parts)
            parts.append(more.strip())
            self.at += 1

    @staticmethod
    def whole(text):
        if text[0] == "[":
            bare = re.sub(r'"(?:\\.|[^"\\])*"|' r"'(?:''|[^'])*'", "", text)
            return "]" in bare and '"' not in bare
        if text[0] == '"':
            return re.match(r'"(?:\\.|[^"\\])*"', text) is not None
        if text[0] == "'":
            return re.match(r"'(?:''|[^'])*'", text) is not None
        return True

    def inline(self, text):
        """(value, what is left)"""
        if text[0] == "[":
            out, text = [], text[1:].lstrip()
            while text and text[0] != "]":
                value, text = self.inline(text)
                out.append(value)
                text = text.lstrip()
                if text[:1] == ",":
                    text = text[1:].lstrip()
            return out, text[1:]
        match = re.match(r'"(?:\\.|[^"\\])*"|' r"'(?:''|[^'])*'|[^,\]]+", text)
        word = match[0]
        value = self.quoted(word) if word[0] in "'\"" else word.strip()
        return value, text[match.end():]

    @staticmethod
    def quoted(word):
        if word[0] == "'":
            return word[1:-1].replace("''", "'")

        def escape(match):
            kind = match[1][0]
            if kind in OF_HEX:
                return chr(int(match[1][1:], 16))
            return ESCAPES[kind]
        return re.sub(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)",
                      escape, word[1:-1])


def load_all(text):
    """The documents."""
    out = []
    for document in re.split(r"^---.*$", text, flags=re.M):
        reader = Reader(document.split("\n"))
        value = reader.node(-1)
        if reader.peek()[0] >= 0:
            reader.error("not understood")
        if value is not None:
            out.append(value)
    return out
