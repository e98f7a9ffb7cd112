#!/usr/bin/python3
"""dkimpy over the cases on its standard input; asked and answering as
opendkim.c is.

  dkimpy.py verify
  dkimpy.py sign FOLDER
"""

import os
import sys
import types
from urllib.parse import quote, unquote_to_bytes

import dkim

KEEP = "!#$&'()*+-./:;<=>?@[\\]^_`{|}~"
KEYS = {}


class Zone:
    def __init__(self):
        self.names = {}

    def put(self, name, kind, data=""):
        kinds = self.names.setdefault(unquote_to_bytes(name).lower(), {})
        if kind == "TXT" and data.startswith('"'):
            data = b"".join(unquote_to_bytes(x) for x in data[1:].split('"'))
        kinds.setdefault(kind, data)

    def text(self, name, timeout=5):
        del timeout
        name = name.lower().rstrip(b".")
        for _ in range(16):
            kinds = self.names.get(name, {})
            if "CNAME" not in kinds:
                break
            name = unquote_to_bytes(kinds["CNAME"])
        found = kinds.get("TXT")
        if isinstance(found, str):
            raise dkim.DnsTimeoutError(found)
        return found


def say(x):
    return quote(f"{type(x).__name__} {x}".encode("latin-1", "replace"), KEEP)


def verify_one(message, at, zone):
    try:
        return "pass" if message.verify(at, zone.text) else "unknown"
    except Exception as x:  # whatever it is: it is what this peer does
        return say(x)


def verify(keys, zone):
    try:
        message = dkim.DKIM(keys["message"])
    except Exception as x:
        return "", say(x)
    n = sum(name.lower() == b"dkim-signature" for name, _ in message.headers)
    return ",".join(verify_one(message, i, zone) for i in range(n)), ""


def key_of(folder, name):
    path = os.path.join(folder, name)
    if name.startswith("ed25519"):
        path += ".seed"
    if path not in KEYS:
        with open(path, "rb") as f:
            KEYS[path] = f.read()
    return KEYS[path]


def sign(keys, folder):
    try:
        message = dkim.DKIM(keys["message"])
        message.should_not_sign = set()
        field = message.sign(
            keys["selector"], keys["domain"],
            key_of(folder, keys["key"].decode()),
            signature_algorithm=keys["algorithm"],
            identity=keys["identity"] or None,
            canonicalize=tuple(keys["canon"].split(b"/")),
            include_headers=[x for x in keys["sign"].split(b":") if x],
            length=bool(keys["length"]))
    except Exception as x:
        return "refused", say(x)
    return "signed", quote(field.removesuffix(b"\r\n"), KEEP)


def ask(keys, zone):
    now = int(keys.get("time") or keys["now"])
    dkim.time = types.SimpleNamespace(time=lambda: now)
    if sys.argv[1] == "sign":
        return sign(keys, sys.argv[2])
    return verify(keys, zone)


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
            keys[fields[0]] = unquote_to_bytes(fields[1])


main()
