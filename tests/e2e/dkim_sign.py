"""Signs messages with DKIM (RFC 6376), relaxed/relaxed and rsa-sha256, by the
openssl command.  Written from the RFC alone, so that the tests have a second
opinion on what presend verifies.
"""

import base64
import hashlib
import pathlib
import re
import subprocess

HEADERS = ("From", "From", "To", "To", "Subject", "Subject", "Date", "Date",
           "Message-ID", "MIME-Version", "Content-Type", "List-Unsubscribe",
           "List-Unsubscribe-Post")


def relaxed_field(name, value):
    """RFC 6376 3.4.2, without its line end."""
    value = re.sub(r"[ \t]+", " ", re.sub(r"\r\n(?=[ \t])", "", value))
    return f"{name.strip().lower()}:{value.strip(' ')}"


def relaxed_body(body):
    """RFC 6376 3.4.4"""
    lines = [re.sub(r"[ \t]+", " ", x).rstrip(" ")
             for x in body.split("\r\n")]
    while lines and not lines[-1]:
        lines.pop()
    return "".join(x + "\r\n" for x in lines)


def fields_of(header):
    """(name, value) of each field, folds kept."""
    fields = re.findall(r"([^\r\n:]+):((?:[^\r\n]|\r\n[ \t])*)(?:\r\n|$)",
                        header)
    return [(name, value) for name, value in fields]


class Key:
    """An RSA key made for this run."""

    def __init__(self, folder, bits=2048):
        self.file = pathlib.Path(folder) / f"dkim-{bits}.pem"
        if not self.file.exists():
            subprocess.run(["openssl", "genrsa", "-out", self.file, str(bits)],
                           check=True, capture_output=True)
        self.public = base64.b64encode(subprocess.run(
            ["openssl", "pkey", "-in", self.file, "-pubout", "-outform",
             "DER"], check=True, capture_output=True).stdout).decode()

    def record(self, tags="v=DKIM1; k=rsa; "):
        """The key record, its text in strings of 255 at most."""
        text = tags + "p=" + self.public
        return " ".join(f'"{text[i:i + 255]}"'
                        for i in range(0, len(text), 255))

    def sign(self, octets):
        return base64.b64encode(subprocess.run(
            ["openssl", "dgst", "-sha256", "-sign", self.file], input=octets,
            check=True, capture_output=True).stdout).decode()


def signature(key, text, domain, selector, headers=HEADERS, more=""):
    """The DKIM-Signature field of a message with LF or CRLF, ended by LF.

    Fields count from the bottom up; a name that the message has not stands in
    h= all the same, and nobody can add such a field.
    """
    text = text.replace("\r\n", "\n").replace("\n", "\r\n")
    header, _, body = text.partition("\r\n\r\n")
    fields = fields_of(header)
    signed = []
    for name in headers:
        for i in range(len(fields) - 1, -1, -1):
            if fields[i][0].strip().lower() == name.lower():
                signed.append(relaxed_field(*fields.pop(i)))
                break
    digest = hashlib.sha256(relaxed_body(body).encode()).digest()
    value = (f"v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain}; s={selector}; "
             f"{more}h={':'.join(headers)}; "
             f"bh={base64.b64encode(digest).decode()}; b=")
    signed.append(relaxed_field("DKIM-Signature", " " + value))
    made = key.sign("\r\n".join(signed).encode())
    folded = "\n\t".join(made[i:i + 70] for i in range(0, len(made), 70))
    return f"DKIM-Signature: {value}\n\t{folded}\n"
