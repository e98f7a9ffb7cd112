"""Changes to signed messages: of one octet where a signature looks, and of
what it does not see.  Which it is, is for the caller to find out.
"""

import random
import re

import dkim_canon

BLANK = re.compile(r"[ \t]+")
OCTETS = "abcXYZ019 \t.,;:=-_<>@\"\\\x01\x0b\xe9\xff"
TRIES = 60


class Change:
    def __init__(self, name, message):
        self.rng = random.Random("change " + name)
        self.message = message
        self.fields, self.body = dkim_canon.split(message)
        self.start = len(message) - len(self.body)

    # ---- anywhere ------------------------------------------------------

    def one_octet(self, low, high):
        """One changed, put in or taken out between the two places."""
        if low >= high:
            return self.message
        at = self.rng.randrange(low, high)
        octet = self.rng.choice(OCTETS)
        how = self.rng.randrange(5)
        if how == 0:
            return self.message[:at] + octet + self.message[at:]
        if how == 1:
            octet = ""
        elif how == 2:
            octet = chr(ord(self.message[at]) ^ self.rng.choice([1, 32, 128]))
        if octet in "\r\n\0" and octet:
            octet = "?"
        return self.message[:at] + octet + self.message[at + 1:]

    def anywhere(self):
        how = self.rng.randrange(5)
        if how < 2:
            return self.one_octet(0, self.start)
        if how < 4:
            return self.one_octet(self.start, len(self.message))
        at = self.message.lower().find("dkim-signature:")
        end = re.compile(r"\r\n(?![ \t])").search(self.message, at)
        return self.one_octet(at, end.start() if end else len(self.message))

    # ---- where no signature should look --------------------------------

    def join(self):
        """The message of the fields, changed or not."""
        old = "".join(n + v + "\r\n" for n, v in
                      dkim_canon.split(self.message)[0])
        new = "".join(n + v + "\r\n" for n, v in self.fields)
        return new + self.message[min(len(old), len(self.message)):]

    def field(self, unsigned):
        places = range(len(self.fields))
        if unsigned:
            seen = set()
            for c in dkim_canon.coverages(self.message):
                if c.header is not None:
                    seen |= set(c.places)
            places = [i for i in places if i not in seen and dkim_canon.name_of(
                self.fields[i]) != "dkim-signature"]
        return self.fields[self.rng.choice(places)] if places else None

    def unsigned_octet(self):
        field = self.field(True)
        if field is None or not field[1]:
            return self.message
        at = self.rng.randrange(len(field[1]))
        if field[1][at] not in "\r\n" and field[1][at - 1] != "\n":
            field[1] = field[1][:at] + self.rng.choice(OCTETS[:18]) + \
                field[1][at + self.rng.randrange(2):]
        return self.join()

    def unsigned_gone(self):
        field = self.field(True)
        if field is not None:
            self.fields.remove(field)
        return self.join()

    def added(self):
        """At the top: under no signature unless it is signed for."""
        name = self.rng.choice(["X-Added", "Received", "Subject", "Cc", "To",
                                "X-A", "Return-Path", "From"])
        return name + ": added\r\n" + self.message

    def name_case(self):
        field = self.field(False)
        at = self.rng.randrange(len(field[0]))
        field[0] = field[0][:at] + field[0][at].swapcase() + field[0][at + 1:]
        return self.join()

    def before_colon(self):
        field = self.field(False)
        field[0] = field[0][:-1] + self.rng.choice(" \t") + ":"
        return self.join()

    def blank(self, text):
        """A run of white space of the text is another one."""
        found = list(BLANK.finditer(text))
        if not found:
            return text
        run = self.rng.choice(found)
        new = self.rng.choice([run[0] + " ", "\t" + run[0], run[0][:-1], "\t",
                               " "])
        return text[:run.start()] + new + text[run.end():]

    def value_blank(self):
        field = self.field(False)
        field[1] = self.blank(field[1])
        return self.join()

    def value_ends(self):
        field = self.field(False)
        field[1] = self.rng.choice([" ", "\t", ""]) + field[1] + \
            self.rng.choice([" ", "\t"])
        return self.join()

    def fold(self):
        field = self.field(False)
        found = list(BLANK.finditer(field[1]))
        if found:
            at = self.rng.choice(found).start()
            if at == 0 or field[1][at - 1] != "\n":
                field[1] = field[1][:at] + "\r\n" + field[1][at:]
        return self.join()

    def unfold(self):
        field = self.field(False)
        field[1] = field[1].replace("\r\n", "", 1)
        return self.join()

    def b_blank(self):
        """In b= there may be white space (RFC 6376 3.5)."""
        for field in self.fields:
            found = dkim_canon.B_VALUE.search(field[1])
            if dkim_canon.name_of(field) == "dkim-signature" and found:
                at = self.rng.randint(found.end(1), found.end())
                field[1] = field[1][:at] + " " + field[1][at:]
                return self.join()
        return self.message

    def body_blank(self):
        return self.message[:self.start] + self.blank(self.body)

    def line_end(self):
        parts = self.body.split("\r\n")
        at = self.rng.randrange(len(parts))
        parts[at] = self.rng.choice([parts[at] + " ", parts[at] + "\t",
                                     parts[at].rstrip(" \t")])
        return self.message[:self.start] + "\r\n".join(parts)

    def more_lines(self):
        return self.message + self.rng.choice(["\r\n", "\r\n\r\n", "\r\n" * 9])

    def fewer_lines(self):
        return self.message[:self.start] + self.body.removesuffix("\r\n")

    def beyond(self):
        """Behind the shortest l=."""
        if "\r\n\r\n" not in self.message:
            return self.message
        return self.message + self.rng.choice(["a footer", "x\r\n", "\r\nz"])

    def last_octet(self):
        if not self.body or self.body[-1] in "\r\n":
            return self.message
        return self.message[:-1] + self.rng.choice("abc.")

    UNSEEN = [unsigned_octet, unsigned_octet, unsigned_gone, added, added,
              name_case, before_colon, value_blank, value_ends, fold, unfold,
              b_blank, body_blank, line_end, more_lines, fewer_lines, beyond,
              last_octet]

    def unseen(self):
        return self.rng.choice(self.UNSEEN)(self)


def find(name, message, how, wanted):
    """The message changed, once it is what is wanted; or None."""
    for n in range(TRIES):
        changed = how(Change(f"{name} {n}", message))
        if changed != message and wanted(changed):
            return changed
    return None
