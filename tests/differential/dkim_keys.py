"""The keys of the DKIM cases: made once, kept in the build tree."""

import base64
import os
import subprocess

import common

FOLDER = os.path.join(common.BUILT, "dkim_keys")
NAMES = ["rsa512", "rsa768", "rsa1024", "rsa1536", "rsa2048", "rsa3072",
         "rsa4096", "ed25519", "ed25519b", "rsa1024b", "rsa2048b"]
# SubjectPublicKeyInfo of Ed25519 is this and the key (RFC 8410).
ED25519_OCTETS = 32


def bits(name):
    return int(name.removeprefix("rsa").removesuffix("b"))


def openssl(*arguments):
    return subprocess.run(["openssl", *arguments], check=True,
                          stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL).stdout


def make(name, path):
    if name.startswith("ed25519"):
        openssl("genpkey", "-algorithm", "ed25519", "-out", path)
    else:
        openssl("genrsa", "-traditional", "-out", path, str(bits(name)))
    der = openssl("pkey", "-in", path, "-pubout", "-outform", "DER")
    if name.startswith("ed25519"):
        der = der[-ED25519_OCTETS:]
        # dkimpy takes the seed, in base64.
        seed = openssl("pkey", "-in", path, "-outform", "DER")
        with open(path + ".seed", "wb") as f:
            f.write(base64.b64encode(seed[-ED25519_OCTETS:]))
    with open(path + ".public", "wb") as f:
        f.write(base64.b64encode(der))


def load():
    """{name: the value of p=}."""
    os.makedirs(FOLDER, exist_ok=True)
    found = {}
    for name in NAMES:
        path = os.path.join(FOLDER, name)
        if not os.path.exists(path + ".public"):
            make(name, path)
        with open(path + ".public", encoding="ascii") as f:
            found[name] = f.read()
    return found
