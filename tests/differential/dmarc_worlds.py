"""Small worlds for DMARC: a zone with policy records, the From domain, the
envelope sender's and what SPF says of it.  Each case is made from its seed and
its number alone.  The zone is as in spf_worlds.py.
"""

import random

SUFFIXES = ["com", "org", "co.uk", "github.io", "kobe.jp", "x.kobe.jp", "ck",
            "y.ck", "io", "uk", "jp", "net"] * 4 + ["test"]
LABELS = ["example", "mail", "a", "b-c", "news", "www", "city", "x1", "co",
          "github", "xn--bcher-kva"] * 4 + ["_srv"]
POLICIES = ["none", "quarantine", "reject"]
BAD_POLICIES = ["", "nothing", "rejct", "r", "q", "n", "none,", "none none",
                "reject!", "\"none\"", "quarantine:", "Reject", "NONE", "0",
                "rejected", "non\xe9"]
URIS = ["mailto:d@example.com", "mailto:d@example.org!10m", "mailto:a@b.test",
        "https://example.com/r", "d@example.com", "mailto:", "",
        "mailto:a@example.com,mailto:b@example.com", "mailto:a@x.com, ,",
        "mailto:d@example.com!10x", "mailto:d@example.com!", "ftp://x/",
        "MAILTO:d@example.com", "mailto:d%2Ce@example.com", "mailto:@"]
VERSIONS = ["v=DMARC1"] * 30 + [
    "V=DMARC1", "v=dmarc1", "v=Dmarc1", "v = DMARC1", "v =DMARC1",
    "v= DMARC1", " v=DMARC1", "\tv=DMARC1", "v=DMARC2", "v=DMARC", "DMARC1",
    "v:DMARC1", "v=DMARC1,", "v=DMARC11", "v=DMARC1 ", "v=DMARC1\t", "",
    "p=none;v=DMARC1", "v=DMARC1.", "x=1;v=DMARC1", "v=DMARC1;v=DMARC1",
    "v=DMARC1;v=DMARC2"]


class World:
    def __init__(self, seed, number):
        self.rng = random.Random(f"dmarc {seed}:{number}")
        self.zone = {}

    def chance(self, p):
        return self.rng.random() < p

    def name(self):
        depth = self.rng.choices([0, 1, 2, 3, 6, 9], [2, 40, 30, 10, 3, 3])[0]
        labels = [self.rng.choice(LABELS) for _ in range(depth)]
        return ".".join(labels + [self.rng.choice(SUFFIXES)])

    # ---- records -------------------------------------------------------

    def value(self, tag):
        bad = self.chance(0.12)
        if tag in ("p", "sp", "np"):
            return self.rng.choice(BAD_POLICIES if bad else POLICIES)
        if tag in ("adkim", "aspf"):
            return self.rng.choice(["", "x", "strict", "relaxed", "S", "R",
                                    "rs", "s s"] if bad else ["r", "s", "s"])
        if tag in ("rua", "ruf"):
            return self.rng.choice(URIS if bad else URIS[:3])
        if tag == "pct":
            return self.rng.choice(["", "101", "-1", "x", "50%", "0x10", "1e2",
                                    "1000000000000"] if bad
                                   else ["100", "0", "50"])
        if tag == "fo":
            return self.rng.choice(["", "2", "0:x", "1:", "01"] if bad
                                   else ["0", "1", "d", "s", "1:d:s", "0:1"])
        if tag == "ri":
            return self.rng.choice(["", "x", "-1", "99999999999999"] if bad
                                   else ["86400", "3600"])
        if tag == "rf":
            return self.rng.choice(["", "x", "afrf,", "afrf:iodef"] if bad
                                   else ["afrf", "iodef", "afrf"])
        if tag == "psd":
            return self.rng.choice(["", "x", "Y"] if bad else ["y", "n", "u"])
        if tag == "t":
            return self.rng.choice(["", "x", "Y"] if bad else ["y", "n"])
        return self.rng.choice(["1", "", "a=b", "x y", "%", "a:b"])

    def tags(self):
        out = []
        if self.chance(0.93):
            out.append("p")
        for tag, p in (("sp", 0.3), ("adkim", 0.3), ("aspf", 0.35),
                       ("rua", 0.35), ("ruf", 0.15), ("pct", 0.12),
                       ("fo", 0.12), ("ri", 0.1), ("rf", 0.08), ("np", 0.12),
                       ("psd", 0.07), ("t", 0.06), ("x", 0.05),
                       ("unknown-tag", 0.02)):
            if self.chance(p):
                out.append(tag)
        if self.chance(0.15):
            self.rng.shuffle(out)
        if out and self.chance(0.04):
            out.append(self.rng.choice(out))
        return out

    def record(self):
        blank = self.rng.choice(["", " ", " ", " "])
        parts = []
        for tag in self.tags():
            shown = tag.upper() if self.chance(0.03) else tag
            equal = self.rng.choices(
                ["=", " = ", "= ", " =", "\t=", ":", "==", ""],
                [120, 3, 2, 2, 1, 1, 1, 1])[0]
            value = self.value(tag)
            if self.chance(0.02):
                value = value.upper()
            parts.append(shown + equal + value)
        version = self.rng.choice(VERSIONS)
        between = self.rng.choices(
            [";" + blank, " ;" + blank, ";;", ";\t", ",", "; ;", " "],
            [120, 4, 2, 2, 1, 1, 1])[0]
        text = between.join([version] + parts)
        return text + self.rng.choice(["", "", ";", "; ", ";;", " "])

    def strings(self, text):
        if len(text) < 10 or self.chance(0.9):
            return [text]
        at = self.rng.randint(9, len(text) - 1)
        return [text[:at], text[at:]]

    def publish(self, domain):
        name = "_dmarc." + domain
        found = [self.strings(self.record())]
        if self.chance(0.05):
            found.append([self.rng.choice(
                ["some other text", "v=spf1 -all", "v=DMARC2; p=none", "",
                 "v=STSv1; id=1"])])
        if self.chance(0.03):
            found.append(self.strings(self.record()))
        if self.chance(0.2):
            self.rng.shuffle(found)
        if self.chance(0.03):
            self.zone[name] = {"TXT": self.rng.choice(["SERVFAIL", "TIMEOUT"])}
        elif self.chance(0.04):
            self.zone[name] = {"CNAME": ["_dmarc.alias.test"]}
            self.zone["_dmarc.alias.test"] = {"TXT": found}
        else:
            self.zone[name] = {"TXT": found}

    # ---- who sends -----------------------------------------------------

    def sender(self, domain):
        """The envelope sender's domain: near the From domain, or not."""
        how = self.rng.randrange(8)
        labels = domain.split(".")
        if how < 2:
            return domain
        if how < 4:
            return self.rng.choice(LABELS) + "." + domain
        if how < 6 and len(labels) > 2:
            return ".".join(labels[self.rng.randint(1, len(labels) - 2):])
        if how == 6 and len(labels) > 1:
            return self.rng.choice(LABELS) + "." + ".".join(labels[1:])
        return self.name()

    def build(self):
        domain = self.name()
        while domain.count(".") < 1 and self.chance(0.9):
            domain = self.name()
        sender = self.sender(domain)
        while sender.count(".") < 1:
            sender = self.sender(domain)
        labels = domain.split(".")
        for i in range(len(labels)):
            above = ".".join(labels[i:])
            p = 0.5 if i == 0 else 0.6 if i >= len(labels) - 3 else 0.2
            if i == len(labels) - 1 and len(labels) > 1:
                p = 0.08
            if self.chance(p):
                self.publish(above)
        for name in [domain, sender]:
            if self.chance(0.93):
                self.zone.setdefault(name, {})["A"] = ["192.0.2.9"]
        passes = self.chance(0.6)
        self.zone.setdefault(sender, {})["TXT"] = [
            ["v=spf1 +all" if passes else "v=spf1 -all"]]
        return {"domain": domain, "sender": sender,
                "spf": "pass" if passes else "fail", "zone": self.zone}


def case(seed, number):
    """The case of that number."""
    made = World(seed, number).build()
    made["case"] = f"{seed}:{number}"
    return made
