#!/usr/bin/env python3
"""Parts made to break who reads them: nested by the ten thousand, a hundred
thousand in a row, boundaries that begin with each other, 25 MB and 50 MB of
base64, soft line breaks without end, markup and comments that never close.  Of
each the right problem where it is, time that at most doubles with the size, and
memory of at most the message and 16 MiB.  TAP.
"""

import sys
import tempfile

import message_bad_input as bad
import tap
from message_bad_input import HEAD, KIB, MIB, filled

TOP = HEAD[:HEAD.index(b"Content-Type")]
N = TOP.count(b"\n")
BASE64 = b"QUJD" * 19 + b"\r\n"
DEPTH, PARTS = 100, 1000


def counted(make):
    """As many pieces as fill the size, each made of its number."""
    def build(size):
        pieces, n = [TOP], 0
        while n < size:
            pieces.append(make(len(pieces) - 1))
            n += len(pieces[-1])
        return b"".join(pieces)
    return build


def body(header, piece, tail=b""):
    return lambda size: TOP + header + b"\r\n" + filled(piece, size) + tail


def nest(i):
    return (b"Content-Type: multipart/mixed; boundary=n%d\r\n\r\n--n%d\r\n" %
            (i, i))


def prefixes():
    """Multiparts within each other, each boundary the beginning of the next."""
    out = TOP
    for i in range(1, DEPTH):
        out += (b"Content-Type: multipart/mixed; boundary=%s\r\n\r\n--%s\r\n" %
                (b"a" * i, b"a" * i))
    return out + b"\r\n"


def in_type(value, piece):
    return lambda size: (TOP + b"Content-Type: " + value + filled(piece, size)
                         + b"\r\n\r\nHello\r\n")


MIXED = b"Content-Type: multipart/mixed; boundary=b\r\n"
HTML = b"Content-Type: text/html; charset=utf-8\r\n"
QP = b"Content-Transfer-Encoding: quoted-printable\r\n"
PDF = (b"Content-Type: application/pdf\r\n"
       b"Content-Transfer-Encoding: base64\r\n")

# What is built, the size, the code that must be said, its line and column.
GROWING = (
    ("10,000 nested parts", counted(nest), 600 * KIB, "format.mime-too-deep",
     (N + 3 * DEPTH + 3, 1)),
    ("messages in messages",
     counted(lambda i: b"Content-Type: message/rfc822\r\n\r\n"), 320 * KIB,
     "format.mime-too-deep", (N + 2 * DEPTH + 3, 1)),
    ("100,000 parts", body(MIXED, b"--b\r\n\r\nx\r\n"), 980 * KIB,
     "format.mime-too-many-parts", (N + 3 + 3 * (PARTS - 1) + 1, 1)),
    ("lines that begin as 99 boundaries do",
     lambda size: prefixes() + filled(b"--" + b"a" * 150 + b"\r\n", size),
     12 * MIB, "format.boundary-text", (N + 3 * (DEPTH - 1) + 2, 1)),
    ("lines of two dashes", body(MIXED, b"--\r\n"), 12 * MIB,
     "format.boundary-unused", (N + 3, 1)),
    ("base64", body(PDF, BASE64), 25 * MIB, None, None),
    ("base64 without a line end", body(PDF, b"QUJD"), 12 * MIB,
     "format.base64-long-line", (N + 4, 77)),
    ("base64, every octet wrong", body(PDF, b"\xff-_\0\r\n"), 12 * MIB,
     "format.base64-character", (N + 4, 1)),
    ("soft line breaks", body(HTML + QP, b"=\r\n"), 12 * MIB,
     "format.qp-soft-end", (N + 3 + 8 * MIB, 1)),
    ("escapes, every one wrong", body(HTML + QP, b"=x\r\n"), 12 * MIB,
     "format.qp-escape", (N + 4, 1)),
    ("tags that do not end", body(HTML, b"<a"), 400 * KIB,
     "format.html-cut-off", (N + 3, 1)),
    ("comments that do not end", body(HTML, b"<!--"), 400 * KIB,
     "format.html-cut-off", (N + 3, 1)),
    ("parameters", in_type(b"text/plain", b"; a=b"), 12 * MIB,
     "format.parameter-twice", (N + 1, 32)),
    ("comments in Content-Type", in_type(b"text/plain", b"("), 12 * MIB,
     "format.parameter-unclosed", (N + 1, 25)),
    ("a name", in_type(b"text/plain; name=", b"ab"), 12 * MIB,
     "format.parameter-limit", (N + 1, 27)),
)


def main():
    points = tap.Tap()
    with tempfile.TemporaryDirectory() as folder:
        runs = bad.Runs(folder)
        runs.write(HEAD + b"\r\n" + bad.BODY)
        plain = runs.cost()[1]
        for row in GROWING:
            bad.check_growth(points, runs, row, plain)
    return points.end()


if __name__ == "__main__":
    sys.exit(main())
