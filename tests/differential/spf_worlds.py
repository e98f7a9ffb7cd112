"""Small worlds for SPF: a zone, a client, a sender.  Each case is made from
its seed and its number alone, so that it can be made again alone.

A zone is {name: {type: records}}: TXT is a list of lists of strings, MX a list
of [preference, host], the others lists of text.  In place of the records may
stand "SERVFAIL" or "TIMEOUT"; under "*" it is that for every type.  A name
that is not there does not exist.  One character of a TXT is one octet.
"""

import random

HOSTS4 = ["192.0.2.1", "192.0.2.2", "192.0.2.77", "192.0.3.1",
          "198.51.100.7", "203.0.113.200"]
HOSTS6 = ["2001:db8::1", "2001:db8::2", "2001:db8:0:1::1",
          "2001:db8:ffff::77", "2001:db9::1"]
DOMAINS = ["example.com", "sub.example.com", "example.org", "_spf.example.org",
           "a.very.deep.name.example.net", "x--y.example", "mail.example.com"]
LOCALS = ["user", "strong-bad", "a.b.c", "user+tag", "", "x_y=z", "postmaster",
          "Mixed.Case", "o'neil", "a/b", "a~b!c", "1", "per%cent"]
DELIMITERS = ["", "", "", "", ".", "-", "+", ",", "/", "_", "=", ".-", "+-_",
              "--"]
EXPLANATIONS = ["not from here", "%{i} is not one of %{d}'s",
                "%{s} %{l} %{o} %{h} %{v}", "%{c} seen by %{r}",
                "100%% sure%_of%-that", "see http://%{d}/why?s=%{S}&ip=%{I}",
                "%{LR-} %{D2} %{ir} %{o1r}", "a bad one: %{z}", "bad %x",
                "%{d", "%", "", "two  blanks ", "%{p}", "%{L+} %{H}",
                "not \xe4scii", "%{d00}"]

# Terms that are no terms, and some that only look so.
ODDITIES = """
ip4: ip4 ip4:1.2.3 ip4:192.0.2.1/33 ip4:192.0.2.1/08 ip4:192.0.2.1/
ip4:192.0.2.1//32 ip4:192.0.2.01 ip4:192.0.2.256 ip4:192.0.2.1:25 ip4:x
ip4:2001:db8::1 ip4:192.0.2.0/24/24 ip4=192.0.2.1 ip4:%{i} ip4:192.0.2.1/0
ip6: ip6 ip6:192.0.2.1 ip6:2001:db8::1/129 ip6:2001:db8::1/064 ip6:::::
ip6:2001:db8:::1 ip6:2001:db8::1//64 ip6:2001:db8::1::2 ip6:2001:db8::1/
ip6:::ffff:192.0.2.1 ip6:::/0 ip6:2001:db8::00001 ip6:[2001:db8::1] ip6:::1%lo
ip6:2001:DB8::1/64 ip6:2001:db8:0:0:0:0:192.0.2.1/128 ip6:1:2:3:4:5:6:7
a: a/ a// a/24/64 a//129 a/33 a/33//64 a/24// a/024 a//064 a//64 a/0 a//0
a/24//64 a:/24 a:example.com/ a:example.com//64 a:example.com/24//64 a=b
a:example.com:25 a:192.0.2.1 a:example..com a:.example.com a:example.com..
a:example.com. a:example a:111 a:example.123 a:example.1a a:example.c-m
a:example.-com a:example.com- a:exa_mple.com a:%{d}. a:%{d}.. a:%% a:%{d}x
a:%_ a:%- a:foo%{d} a:%{d}/24 a:/%{d} a:foo/bar.com a:$x.example.com a:*.com
mx: mx/ mx/33 mx//129 mx:example.com/24 mx=x MX:EXAMPLE.COM mx/0 mx:%{d2}//48
include include: include:%{d} include=example.org include:example include:.
include:example.org/24 include:%{x} include:example.org, +include:example.org
redirect redirect: redirect= redirect:example.org redirect=%{d} redirect=.
redirect=example.org/24 -redirect=example.org redirect=example
exp exp= exp:example.com exp=%{d} exp=example exp=%{c}.example.com -exp=x.com
exists exists: exists:foo exists:%{i exists:%{i}} exists:%i exists:%{}.com
exists:%{i}.%{c}.com exists:%{r}.com exists:%{t}.com exists:%{ir}.%{v}.com
exists:%{d0}.com exists:%{d99}.com exists:%{d129}.com exists:%{d1r}.com
exists:%{dr1}.com exists:%{d.}.com exists:%{d!}.com exists:%{d;}.com
exists:%{dR}.com exists:%{D}.com exists:%{_}.com exists:%{d/24}.com
exists:%{d}/24 exists:example.com//64 exists:%%.com exists:%
ptr: ptr/24 ptr:example.com ptr:%{p} ptr=x ptr:. PTR ptr:com
all: all:x all/8 all. all, +all -ALL ~aLl ?all --all ~-all - +  -all=x all=x
foo foo: foo:bar foo/24 foo=bar foo=%{d} foo=%{z} foo=% foo=%% foo= f.o-o_o=x
1foo=x =x _foo=x -foo=x foo==x foo=a=b foo=a:b/c v=spf1 v=spf2 op=x default=x
ptr-all all-ptr a.b a-b=c a_b include_ ip4_ ip4.:1 moo.cow-far_out=man:dog/cat
""".split()


class World:
    """What one case is made of."""

    def __init__(self, seed, number):
        self.rng = random.Random(f"spf {seed}:{number}")
        self.zone = {}
        self.fresh = 0
        self.failing = self.rng.random() < 0.12
        self.profile = self.rng.choices(
            ["plain", "tree", "limits", "voids", "macros", "exp", "mutant",
             "odd", "many"], [20, 14, 12, 9, 12, 8, 14, 8, 3])[0]
        self.domain = self.rng.choice(DOMAINS)
        self.helo = self.rng.choice(DOMAINS + ["helo.example.net"])
        self.local = self.rng.choice(LOCALS)
        six = self.rng.random() < 0.3
        self.ip = self.rng.choice(HOSTS6 if six else HOSTS4)
        if not six and self.rng.random() < 0.03:
            self.ip = "::ffff:" + self.ip

    def chance(self, p):
        return self.rng.random() < p

    # ---- the zone ------------------------------------------------------

    def put(self, name, kind, value):
        """Unless the case has that already."""
        self.zone.setdefault(name.lower(), {}).setdefault(kind, value)

    def name(self, prefix):
        self.fresh += 1
        return f"{prefix}{self.fresh}.{self.rng.choice(DOMAINS[:4])}"

    def lose(self, name):
        """Now and then an answer is lost."""
        if self.failing and self.chance(0.3):
            self.zone.setdefault(name.lower(), {})["*"] = self.rng.choice(
                ["SERVFAIL", "TIMEOUT"])

    def addresses(self, name, hit=0.25):
        """A and AAAA of a host, with the client among them or not."""
        mine = self.ip.replace("::ffff:", "")
        for kind, pool, own in (("A", HOSTS4, "." in mine),
                                ("AAAA", HOSTS6, "." not in mine)):
            if self.chance(0.15):
                continue
            others = [x for x in pool if x != mine]
            found = self.rng.sample(others, self.rng.randint(1, 2))
            if own and self.chance(hit):
                found.append(mine)
            self.put(name, kind, found)
        self.lose(name)

    def host(self, hit=0.25):
        name = self.name("h")
        if self.chance(0.12):
            target = self.name("t")
            self.put(name, "CNAME", [target])
            self.addresses(target, hit)
            return name
        self.addresses(name, hit)
        return name

    def nothing(self):
        """A name without the records: NXDOMAIN or NODATA."""
        name = self.name("void")
        if self.chance(0.4):
            self.put(name, "TXT", [["nothing of use"]])
        if self.chance(0.1):
            alias = self.name("alias")
            self.put(alias, "CNAME", [name])
            return alias
        return name

    def exchanges(self, name, n, hit=0.2):
        hosts = []
        for _ in range(n):
            if self.profile == "voids" and self.chance(0.3):
                hosts.append(self.nothing())
            else:
                hosts.append(self.host(hit / max(n, 1) * 2))
        self.put(name, "MX", [[10 * (i + 1), h] for i, h in enumerate(hosts)])
        self.lose(name)

    def reverse(self):
        """PTR records of the client."""
        mine = self.ip.replace("::ffff:", "")
        n = self.rng.choice([0, 1, 1, 1, 2, 3, 9, 10, 11, 12])
        if n == 0:
            return
        names = []
        for _ in range(n):
            name = f"p{len(names)}.{self.rng.choice(DOMAINS)}"
            if self.chance(0.1):
                name = self.rng.choice(DOMAINS)
            if name in names:
                continue
            names.append(name)
            if self.chance(0.6):
                self.put(name, "A" if "." in mine else "AAAA", [mine])
            elif self.chance(0.7):
                self.addresses(name, 0)
        if self.chance(0.3):
            names[0] = names[0].upper()
        place = reverse_name(self.ip)
        self.put(place, "PTR", names)
        self.lose(place)

    # ---- terms ---------------------------------------------------------

    def case(self, text):
        if self.chance(0.9):
            return text
        return "".join(self.rng.choice([c.lower(), c.upper()]) for c in text)

    def qualifier(self):
        return self.rng.choices(["", "+", "-", "~", "?"],
                                [60, 8, 10, 10, 12])[0]

    def prefix4(self):
        return self.rng.choice(["", "", "", "/32", "/31", "/24", "/23", "/16",
                                "/1", "/30"] * 9 + ["/0"])

    def prefix6(self):
        return self.rng.choice(["", "", "", "//128", "//127", "//64", "//48",
                                "//1", "//32", "//125"] * 9 + ["//0"])

    def macro(self, letters="slodiphv"):
        letter = self.rng.choice(letters)
        if letter == "p" and self.chance(0.6):
            letter = "i"
        if self.chance(0.12):
            letter = letter.upper()
        return "%%{%s%s%s%s}" % (
            letter, self.rng.choice(["", "", "", "1", "2", "3", "9", "128"]),
            self.case(self.rng.choice(["", "", "r"])),
            self.rng.choice(DELIMITERS))

    def macro_name(self):
        parts = [self.macro() for _ in range(self.rng.randint(1, 3))]
        if self.chance(0.2):
            parts.append(self.rng.choice(["%%", "%-", "x%%y", "a+b", "*"]))
        tail = self.rng.choice(["%{d}", "%{o}", "%{d2}", "example.com", "%{h}",
                                "example.org.", "%{d1}", "%{d}.", "%{i}"])
        name = ".".join(parts + [self.rng.choice(["_spf", "u", "x"]), tail])
        expanded = self.expand(name)
        if expanded and self.chance(0.6):
            self.put(expanded, "A", ["127.0.0.2"])
            self.addresses(expanded)
        return name

    def expand(self, name):
        """Well enough to put something there; None: too hard."""
        values = {"%{d}": self.domain, "%{o}": self.domain, "%{h}": self.helo,
                  "%{l}": self.local or "postmaster", "%{i}": self.ip,
                  "%{v}": "ip6" if ":" in self.ip else "in-addr"}
        values["%{d2}"] = ".".join(self.domain.split(".")[-2:])
        values["%{ir}"] = ".".join(reversed(self.ip.split(".")))
        for macro, value in values.items():
            name = name.replace(macro, value)
        return None if "%" in name or ":" in name else name.rstrip(".")

    def term_ip(self):
        if self.chance(0.6):
            ip = self.rng.choice(HOSTS4)
            return "ip4:" + ip + self.prefix4()
        ip = self.rng.choice(HOSTS6)
        return "ip6:" + self.case(ip) + self.prefix6().replace("//", "/")

    def term_a(self):
        target = ""
        if self.profile == "voids" and self.chance(0.5):
            target = ":" + self.nothing()
        elif self.profile == "macros" and self.chance(0.5):
            target = ":" + self.macro_name()
        elif self.chance(0.8):
            target = ":" + self.case(self.host())
        return "a" + target + self.prefix4() + self.prefix6()

    def term_mx(self):
        if self.chance(0.2):
            return "mx" + self.prefix4() + self.prefix6()
        if self.profile == "voids" and self.chance(0.4):
            return "mx:" + self.nothing()
        name = self.name("m")
        many = self.rng.choice([1, 1, 2, 3])
        if self.profile in ("limits", "many"):
            many = self.rng.choice([1, 2, 9, 10, 11, 12])
        self.exchanges(name, many)
        return "mx:" + name + self.prefix4() + self.prefix6()

    def term_ptr(self):
        if self.chance(0.5):
            return "ptr"
        return "ptr:" + self.case(self.rng.choice(
            DOMAINS + ["com", "example.net", "%{d}", "ample.com"]))

    def term_exists(self):
        if self.profile == "macros" or self.chance(0.3):
            return "exists:" + self.macro_name()
        if self.chance(0.3):
            return "exists:" + self.nothing()
        return "exists:" + self.host()

    def term_include(self, depth):
        if self.chance(0.06):
            return "include:" + self.rng.choice([self.domain, self.nothing()])
        name = self.name("i")
        if self.chance(0.05):
            alias = self.name("ci")
            self.put(alias, "CNAME", [name])
            self.publish(name, depth + 1)
            return "include:" + alias
        self.publish(name, depth + 1)
        return "include:" + self.case(name)

    def term(self, depth):
        weights = {"plain": (30, 20, 10, 6, 8, 12),
                   "tree": (20, 10, 5, 3, 5, 50),
                   "limits": (6, 30, 12, 6, 20, 26),
                   "voids": (8, 30, 20, 8, 24, 10),
                   "many": (10, 10, 40, 20, 10, 10),
                   "macros": (10, 30, 5, 10, 40, 5)}
        kind = self.rng.choices(
            ["ip", "a", "mx", "ptr", "exists", "include"],
            weights.get(self.profile, (30, 20, 10, 6, 8, 10)))[0]
        if kind == "include":
            kind = "a" if depth > 3 else kind
        text = self.term_include(depth) if kind == "include" else getattr(
            self, "term_" + kind)()
        head, colon, rest = text.partition(":")
        return self.qualifier() + self.case(head) + colon + rest

    def modifiers(self, depth, has_all):
        out = []
        if self.chance(0.06 if has_all else 0.3) and depth < 4:
            name = self.name("r")
            self.publish(name, depth + 1)
            out.append(self.case("redirect") + "=" + name)
        if self.chance(0.8 if self.profile == "exp" else 0.08):
            name = self.name("exp")
            text = self.rng.choice(EXPLANATIONS)
            if self.chance(0.9):
                self.put(name, "TXT", [self.strings(text)])
            if self.chance(0.06):
                self.zone[name.lower()]["TXT"].append(["another"]) \
                    if name.lower() in self.zone else None
            self.lose(name)
            out.append(self.case("exp") + "=" + name)
        if self.chance(0.06):
            out.append(self.rng.choice(["foo=bar", "xy=%{d}", "moo=", "x-y.z=1",
                                        "a1=/:=", "rp=x", "ra=1"]))
        return out

    # ---- records -------------------------------------------------------

    def strings(self, text):
        """As published: now and then in several strings."""
        if len(text) < 4 or self.chance(0.85):
            return [text]
        at = self.rng.randrange(1, len(text))
        return [text[:at], text[at:]]

    def record(self, depth):
        n = self.rng.choice([0, 1, 1, 2, 2, 3, 4])
        if self.profile == "limits":
            n = self.rng.choice([2, 3, 5, 8, 9, 10, 11, 12]) if depth == 0 \
                else self.rng.choice([1, 2, 3, 4])
        if self.profile == "voids":
            n = self.rng.choice([1, 2, 3, 4, 5])
        terms = [self.term(depth) for _ in range(n)]
        has_all = self.chance(0.75)
        if has_all:
            terms.append(self.rng.choice(
                ["-all", "~all", "?all", "all", "+all", "-all", "-ALL"]))
            if self.chance(0.04):
                terms.append(self.term(depth))
        for extra in self.modifiers(depth, has_all):
            terms.insert(self.rng.randint(0, len(terms)), extra)
        if self.profile == "odd" or self.chance(0.02):
            for _ in range(self.rng.choice([1, 1, 2])):
                terms.insert(self.rng.randint(0, len(terms)),
                             self.qualifier_odd() + self.rng.choice(ODDITIES))
        blank = self.rng.choice([" "] * 8 + ["  ", "   "])
        text = blank.join([self.case("v=spf1")] + terms)
        return text + self.rng.choice(["", "", "", "", "", " ", "  "])

    def qualifier_odd(self):
        return self.rng.choice(["", "", "", "", "+", "-", "~"])

    def mutate(self, text):
        letters = " :/%{}=.-+~?0a1\t,;@\"'\\\x7f\x01\xe9_A*!&"
        for _ in range(self.rng.choice([1, 1, 1, 2, 3])):
            at = self.rng.randint(4, len(text))
            how = self.rng.randrange(4)
            letter = self.rng.choice(letters)
            if how == 0:
                text = text[:at] + letter + text[at:]
            elif how == 1:
                text = text[:at] + text[at + 1:]
            elif how == 2:
                text = text[:at] + letter + text[at + 1:]
            else:
                end = self.rng.randint(at, min(len(text), at + 12))
                text = text[:end] + text[at:end] + text[end:]
        return text

    def publish(self, name, depth):
        """The record of a domain, and what it needs."""
        text = self.record(depth)
        if self.profile == "mutant" and self.chance(0.8):
            text = self.mutate(text)
        found = [self.strings(text)]
        if self.chance(0.05):
            found.insert(self.rng.randint(0, 1), [self.rng.choice(
                ["some other text", "v=spf10 -all", "v=spf1-all", "V=DKIM1",
                 "v=spf2.0/pra -all", " v=spf1 -all", "v=spf", "",
                 "v=spf1\t-all", "not \xe4scii"])])
        if self.chance(0.02):
            found.append([self.rng.choice(["v=spf1 -all", "v=spf1", text])])
        if self.chance(0.02):
            found = self.rng.choice([[], [["nothing"]]])
        self.put(name, "TXT", found)
        self.lose(name)

    def sender(self):
        self.publish(self.domain, 0)
        self.addresses(self.domain, 0.2)
        if self.chance(0.7):
            self.exchanges(self.domain, self.rng.choice([1, 2, 3]))
        for name in (self.helo, "example.org"):
            if name not in self.zone and self.chance(0.6):
                self.put(name, "TXT", [["v=spf1 a -all"]])
                self.addresses(name)
        self.reverse()

    def build(self):
        self.sender()
        local, domain = self.local, self.domain
        if self.chance(0.06):
            domain = self.rng.choice(
                ["example", "example..com", "", "." + domain, domain + ".",
                 domain + "..", "[192.0.2.1]", "a" * 64 + ".com", "localhost",
                 "x" * 63 + "." + domain, "nobody.example.com",
                 ".".join(["abcdefghi"] * 26) + ".com", domain.upper()])
        null = self.chance(0.08)
        if null:
            local, domain = "", self.helo
            if self.chance(0.3):
                self.publish(self.helo, 0)
        if self.chance(0.1):
            domain = self.case(domain)
        return {"ip": self.ip, "local": local, "domain": domain,
                "helo": domain if null else self.helo, "null": null,
                "profile": self.profile, "zone": self.zone}


def reverse_name(ip):
    ip = ip.replace("::ffff:", "")
    if "." in ip:
        return ".".join(reversed(ip.split("."))) + ".in-addr.arpa"
    head, _, tail = ip.partition("::")
    groups = head.split(":") if head else []
    after = tail.split(":") if tail else []
    groups += ["0"] * (8 - len(groups) - len(after)) + after
    digits = "".join(g.zfill(4) for g in groups)
    return ".".join(reversed(digits)) + ".ip6.arpa"


def case(seed, number):
    """The case of that number."""
    made = World(seed, number).build()
    made["case"] = f"{seed}:{number}"
    return made
