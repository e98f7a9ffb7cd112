"""Messages for DKIM, how they are to be signed, and the keys in DNS.  Each is
made from its seed and its number alone.  Octets are text, a character an octet.
"""

import random

import dkim_keys

NOW = 1700000000
DAY = 86400
NAMES = ["Subject", "To", "Date", "Message-ID", "Reply-To", "Cc", "Sender",
         "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
         "List-Unsubscribe", "List-Unsubscribe-Post", "References",
         "In-Reply-To", "Received", "X-Mailer", "X-A", "X-A", "x-b", "Comments",
         "Feedback-ID", "Precedence", "Return-Path", "X-" + "long" * 12]
ABSENT = ["Resent-From", "Bcc", "X-Not-There", "List-Id", "Sender", "Cc"]
WORDS = ["one", "two,", "three;", "<a@example.com>", "\"quoted pair\"", "a=b",
         "=?utf-8?Q?f=C3=BCr?=", "gr\xc3\xbc\xc3\x9fe", "\xe9t\xe9", "x:y", "=",
         "(comment)", "100%", ".", "..", "b=", "DKIM-Signature:", "'", "\\",
         "--", "CASE", "https://example.com/?u=1&t=2", "0123456789" * 9]
FOLDS = ["\r\n ", "\r\n\t", " \r\n  ", "\t\r\n \t", "\r\n        "]
DOMAINS = ["example.com", "mail.example.org", "a.very.deep.name.example.net",
           "Example.COM", "x--y.example", "xn--bcher-kva.example"]
USERS = ["", "", "user", "a.b+c", "news_2"]

# Of a record, how often it is so, what is in front of p=, and why a signature
# cannot pass with it: for us a reason, or what it depends on.
RECORDS = [
    (60, "v=DKIM1; k={k}; ", ""), (10, "k={k}; ", ""),
    (4, "v=DKIM1;k={k};", ""), (2, "v=DKIM1; k={k}; t=y; ", ""),
    (2, "v=DKIM1; k={k}; s=email; ", ""),
    (2, "v=DKIM1; k={k}; s=*; n=a note; ", ""),
    (2, "v=DKIM1; k={k}; h=sha256; ", "for sha256"),
    (2, "v=DKIM1; k={k}; h=sha1:sha256; ", ""),
    (1, "v=DKIM1; k={k}; h=sha1; ", "for sha1"),
    (1, "v=DKIM1; k={k}; s=other; ", "key-service"),
    (1, "v=DKIM1; k={k}; s=other:email; ", ""),
    (2, "v=DKIM1; k={k}; t=s; ", "strict"),
    (1, "v=DKIM1; k={k}; t=y:s; ", "strict"),
    (1, "v=DKIM1; k={k}; x=unknown; ", ""),
    (1, "v=DKIM1 ; k = {k} ; ", ""), (1, "v=DKIM2; k={k}; ", "key-syntax"),
    (1, "k={k}; v=DKIM1; ", "key-syntax"), (1, "v=DKIM1; k=dsa; ", "key-type"),
]


def name_of(field):
    return field.partition(":")[0].strip().lower()


class World:
    def __init__(self, seed, number):
        self.rng = random.Random(f"dkim {seed}:{number}")
        self.zone = {}

    def chance(self, p):
        return self.rng.random() < p

    # ---- the message ---------------------------------------------------

    def blank(self):
        return self.rng.choices([" ", "  ", "\t", " \t ", "     "],
                                [70, 8, 4, 3, 2])[0]

    def text(self, words):
        out = []
        for _ in range(words):
            out.append(self.rng.choice(WORDS))
            out.append(self.rng.choice(FOLDS) if self.chance(0.12)
                       else self.blank())
        if out and self.chance(0.85):
            out.pop()
        return "".join(out)

    def value(self):
        how = self.rng.randrange(20)
        lead = self.rng.choices([" ", "", "  ", "\t", "\r\n ", "\r\n\t"],
                                [80, 6, 4, 2, 3, 2])[0]
        if how == 0:
            return self.rng.choice(["", " ", "  ", "\t"])
        if how == 1:
            return lead + "x" * self.rng.choice([70, 900, 3000])
        return lead + self.text(self.rng.randint(1, 9))

    def author(self):
        """libopendkim reads only messages with an address in From."""
        address = self.rng.choice(["a@example.com", "Some.One@Example.ORG"])
        return self.rng.choice([" ", "", "  ", "\r\n ", "\t"]) + \
            self.rng.choice(["{}", "<{}>", "Some One <{}>", "{} (one)",
                             "\"One, Some\"  <{}>", "=?utf-8?Q?=C3=9C?= <{}>",
                             "Some\r\n One\r\n\t<{}>", "<{}>  ",
                             "gr\xc3\xbc\xc3\x9fe <{}>"]).format(address)

    def field(self, name):
        if self.chance(0.08):
            name = self.rng.choice([name.upper(), name.lower()])
        author = name.strip().lower() == "from"
        return name + ":" + (self.author() if author else self.value())

    def header(self):
        names = [self.rng.choice(NAMES)
                 for _ in range(self.rng.choice([1, 3, 6, 9, 12, 25]))]
        names.insert(self.rng.randint(0, len(names)), "From")
        if self.chance(0.02):
            names.insert(self.rng.randint(0, len(names)), "From")
        return [self.field(name) for name in names]

    def line(self):
        how = self.rng.randrange(16)
        if how < 3:
            return self.rng.choice(["", "", " ", "\t", "   \t "])
        if how == 3:
            return self.rng.choice([".", "..", ".x", "--b", "From x", "-- "])
        if how == 4:
            return "y" * self.rng.choice([78, 998, 2500])
        out = []
        for _ in range(self.rng.randint(1, 9)):
            out += [self.rng.choice(WORDS), self.blank()]
        if self.chance(0.8):
            out.pop()
        return self.rng.choice(["", "", "", " ", "\t"]) + "".join(out)

    def body(self):
        if self.chance(0.06):
            return self.rng.choice(["", "\r\n", "\r\n\r\n", " ", " \r\n", "x",
                                    "\t\r\n \r\n", "x ", "\r\nx", ".\r\n"])
        lines = [self.line() for _ in range(self.rng.choice([1, 2, 5, 9, 20]))]
        if self.chance(0.02):
            lines *= 30
        end = self.rng.choices(["\r\n", "", "\r\n\r\n", "\r\n\r\n\r\n", "  ",
                                "\r\n \r\n\t\r\n", " \r\n"],
                               [60, 8, 8, 4, 2, 4, 4])[0]
        return "\r\n".join(lines) + end

    # ---- how it is signed ----------------------------------------------

    def key(self, by, algorithm):
        if algorithm == "ed25519-sha256":
            return self.rng.choice(["ed25519", "ed25519b"])
        # dkimpy reckons in Python.
        weights = [2, 2, 30, 8, 45, 3, 1] if by == "opendkim" else \
            [3, 3, 60, 8, 24, 0.4, 0.2]
        return self.rng.choices(["rsa512", "rsa768", "rsa1024", "rsa1536",
                                 "rsa2048", "rsa3072", "rsa4096"], weights)[0]

    def names_signed(self, header):
        there = [field.partition(":")[0].strip() for field in header]
        share = self.rng.choice([0.2, 0.5, 0.8, 1])
        return ["From"] + [name for name in there if self.chance(share) and
                           name.lower() != "from"]

    def plan(self, header, by):
        algorithm = self.rng.choices(
            ["rsa-sha256", "ed25519-sha256", "rsa-sha1"], [68, 24, 8])[0]
        names = self.names_signed(header)
        over = self.rng.sample(ABSENT, self.rng.randint(0, 2))
        if self.chance(0.3):
            over.append("From")
        domain = self.rng.choice(DOMAINS)
        identity = ""
        if self.chance(0.3):
            identity = self.rng.choice(USERS) + "@" + \
                self.rng.choice(["", "", "sub.", "a.b."]) + domain
        out = {"by": by, "algorithm": algorithm, "domain": domain,
               "key": self.key(by, algorithm), "identity": identity,
               "canon": self.rng.choice(["simple", "relaxed"]) + "/" +
               self.rng.choice(["simple", "relaxed"]),
               "length": "all" if self.chance(0.15) else "",
               "margin": "0", "ttl": "", "copied": "", "over": "",
               "sign": ":".join(names + over),
               "time": str(NOW - self.rng.randrange(20 * DAY))}
        if by == "opendkim":
            # What it signs with simple and Ed25519, it does not verify itself.
            if algorithm == "ed25519-sha256":
                out["canon"] = "relaxed/" + out["canon"].partition("/")[2]
            self.more_of_opendkim(out, header, (names, over))
        return out

    def more_of_opendkim(self, out, header, lists):
        """What dkimpy cannot."""
        names, over = lists
        # Of a name it signs all fields or none: one more is after the last.
        signed = {name.lower() for name in names}
        over = [name for name in over if name.lower() in signed or not any(
            name_of(field) == name.lower() for field in header)]
        out["sign"] = ":".join(dict.fromkeys(names))
        out["over"] = ":".join(dict.fromkeys(over))
        out["margin"] = self.rng.choice(["75", "75", "0", "40"])
        if self.chance(0.15):
            out["length"] = str(self.rng.choice([0, 1, 2, 10, 50, 100, 500]))
        if self.chance(0.15):
            out["ttl"] = str(self.rng.choice([DAY // 24, 9 * DAY, 25 * DAY]))
        if self.chance(0.1):
            out["copied"] = "yes"

    # ---- its key in DNS ------------------------------------------------

    def strings(self, text):
        if len(text) < 255 and self.chance(0.9):
            return [text]
        size = self.rng.choice([255, 100, 17])
        return [text[i:i + size] for i in range(0, len(text), size)]

    def spaced(self, text):
        """White space may be in base64 (RFC 6376 3.2)."""
        at = self.rng.randrange(len(text))
        return text[:at] + self.rng.choice([" ", "  ", "\t"]) + text[at:]

    def publish(self, plan, public):
        """The record of a plan's key: what stands against it, or nothing."""
        plan["selector"] = "s" + str(len(self.zone))
        name = f"{plan['selector']}._domainkey.{plan['domain'].lower()}"
        weights = [weight for weight, _, _ in RECORDS]
        _, front, against = self.rng.choices(RECORDS, weights)[0]
        k = "ed25519" if plan["key"].startswith("ed25519") else "rsa"
        value = public[plan["key"]]
        how = self.rng.randrange(60)
        if how == 0:
            value, against = "", against + " key-revoked"
        elif how == 1:
            other = {"ed25519": "ed25519b", "ed25519b": "ed25519",
                     "rsa1024": "rsa1024b"}.get(plan["key"], "rsa2048b")
            value, against = public[other], against + " key-mismatch"
            # What another Ed25519 key has signed cannot be told from a change.
            against += " header-changed" if k == "ed25519" else ""
        elif how < 5:
            value = self.spaced(value)
        text = front.format(k=k) + "p=" + value + \
            self.rng.choice(["", "", ";", "; ", "; y=x"])
        self.zone[name] = {"TXT": [self.strings(text)]}
        if how == 5:
            against = "key-lost"
            self.zone[name] = {"TXT": self.rng.choice(["SERVFAIL", "TIMEOUT"])}
        elif how == 6:
            self.zone["key." + name] = self.zone[name]
            self.zone[name] = {"CNAME": ["key." + name]}
        elif how == 7:
            against = "key-missing"
            del self.zone[name]
            self.zone["x." + name] = {"TXT": [["of another"]]}
        return against

    def expected(self, plan, against):
        """"pass", or our reasons of which one has to be it."""
        out = [x for x in against.split() if "-" in x]
        domain = plan["identity"].rpartition("@")[2].lower()
        if plan["ttl"] and int(plan["time"]) + int(plan["ttl"]) < NOW:
            out.append("signature-expired")
        if plan["algorithm"] == "rsa-sha1":
            out.append("algorithm-sha1")
        if plan["key"].startswith("rsa") and dkim_keys.bits(plan["key"]) < 1024:
            out.append("key-too-short")
        if "strict" in against and domain not in ("", plan["domain"].lower()):
            out.append("key-strict")
        if "for sha" in against and \
                plan["algorithm"].rpartition("-")[2] not in against:
            out.append("key-hash")
        return "+".join(out) or "pass"

    def build(self, public):
        header = self.header()
        by = self.rng.choice([["opendkim"], ["dkimpy"]])
        if self.chance(0.1):
            by = ["opendkim", "dkimpy"]
        plans = [self.plan(header, who) for who in by]
        for plan in plans:
            plan["expected"] = self.expected(plan, self.publish(plan, public))
        body = self.body()
        blank = "" if not body and self.chance(0.3) else "\r\n"
        # What is signed is as in SMTP, where the last line has its end.
        if not (blank + body).endswith("\r\n"):
            body += "\r\n" if body else ""
        return {"header": header, "rest": blank + body, "plans": plans,
                "zone": self.zone, "at": self.rng.choice(
                    [0] * 9 + [self.rng.randint(0, len(header))])}


def case(seed, number, public):
    """The case of that number, not signed yet."""
    made = World(seed, number).build(public)
    made["case"] = f"{seed}:{number}"
    return made
