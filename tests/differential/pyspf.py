#!/usr/bin/python3
"""What pyspf says to the cases on its standard input: a line each, of result,
explanation, its error, and the questions that it asked.  See cases.h.
"""

import sys
from urllib.parse import quote, unquote, unquote_to_bytes

import spf

KEEP = "!#$&'()*+-./:;<=>?@[\\]^_`{|}~"
DEFAULTS = set(spf.EXPLANATIONS.values())


class Zone:
    def __init__(self):
        self.names = {}
        self.asked = []

    def put(self, name, kind, data=""):
        kinds = self.names.setdefault(unquote(name).lower(), {})
        if kind == "TXT" and data.startswith('"'):
            data = [unquote_to_bytes(x) for x in data[1:].split('"')]
        elif kind == "MX" and "%20" in data:
            preference, host = unquote(data).split(" ", 1)
            data = (int(preference), host)
        else:
            data = unquote(data)
        kinds.setdefault(kind, []).append(data)

    def look_up(self, name, kind, *_):
        self.asked.append(f"{quote(name.lower().rstrip('.'), KEEP)}/{kind}")
        out = []
        for _ in range(16):
            kinds = self.names.get(name.lower().rstrip("."), {})
            for data in kinds.get("*", []) + kinds.get(kind, []):
                if data in ("SERVFAIL", "TIMEOUT"):
                    raise spf.TempError("DNS " + data)
            if kind in kinds or "CNAME" not in kinds:
                return out + [((name, kind), x) for x in kinds.get(kind, [])]
            out.append(((name, "CNAME"), kinds["CNAME"][0]))
            name = kinds["CNAME"][0]
        return out


def ask(keys, zone):
    spf.DNSLookup = zone.look_up
    sender = keys["local"] + "@" + keys["domain"]
    try:
        q = spf.query(keys["ip"], sender, keys["helo"],
                      receiver="receiver.example.net")
        # Of the identity, not a local part that a caller must split off.
        q.l, q.o = keys["local"] or "postmaster", keys["domain"]
        q.s, q.d = q.l + "@" + q.o, q.o
        result, _, why = q.check()
        note = getattr(q, "prob", "") or ""
    except Exception as x:  # whatever it is: it is what this peer does
        result, why, note = "exception", "", f"{type(x).__name__}: {x}"
    if result != "fail" or why in DEFAULTS:
        why = ""
    return (result, quote(why.encode("latin-1", "replace"), KEEP),
            quote(str(note).encode("latin-1", "replace"), KEEP + " "),
            ",".join(zone.asked))


def main():
    keys, zone = {}, Zone()
    for line in sys.stdin:
        fields = line.rstrip("\n").split("\t")
        if fields == [""]:
            print("\t".join(ask(keys, zone)))
            keys, zone = {}, Zone()
        elif fields[0] == "rr":
            zone.put(*fields[1:4])
        else:
            keys[fields[0]] = unquote(fields[1])


main()
