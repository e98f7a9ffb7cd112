"""Signs messages with DKIM: rsa-sha256, relaxed/relaxed, by openssl."""

import base64
import hashlib
import re
import subprocess
import tempfile

KEY = tempfile.NamedTemporaryFile(suffix=".pem")


def openssl(*args, data=b""):
    return subprocess.run(["openssl", *args], input=data, check=True,
                          capture_output=True).stdout


def public_key():
    """The value of p=; the key is made when it is first wanted."""
    if not KEY.tell():
        KEY.write(openssl("genrsa", "2048"))
        KEY.flush()
    der = openssl("pkey", "-in", KEY.name, "-pubout", "-outform", "DER")
    return base64.b64encode(der).decode()


def record():
    """The key record as the strings of a zone file."""
    text = "v=DKIM1; p=" + public_key()
    return " ".join(f'"{text[i:i + 200]}"' for i in range(0, len(text), 200))


def relaxed(name, value):
    """RFC 6376 3.4.2"""
    value = re.sub(r"[ \t\r\n]+", " ", value).strip()
    return f"{name.lower()}:{value}"


def body_hash(body):
    """RFC 6376 3.4.4, 3.7"""
    lines = [re.sub(r"[ \t]+", " ", x).rstrip(" ") for x in body.split("\n")]
    text = "\r\n".join(lines).rstrip("\r\n") + "\r\n"
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def signature(domain, fields, body):
    """
    The value of a DKIM-Signature over all the fields, a list of name and
    value of which each name is there once.
    """
    public_key()
    names = ":\n\t ".join(name for name, _ in fields)
    value = (f"v=1; a=rsa-sha256; c=relaxed/relaxed;\n\td={domain}; s=k1;\n"
             f"\th={names};\n\tbh={body_hash(body)};\n\tb=")
    data = "".join(relaxed(*f) + "\r\n" for f in fields)
    data += relaxed("DKIM-Signature", value)
    signed = openssl("dgst", "-sha256", "-sign", KEY.name, data=data.encode())
    text = base64.b64encode(signed).decode()
    return value + "\n\t ".join(text[i:i + 70]
                                for i in range(0, len(text), 70))
