#!/usr/bin/env python3
"""A scripted HTTPS server: does what real ones do not do, once a connection.

fakehttps.py --cert FILE --key FILE [--log FILE] [--port N] MODE [VALUE]

It listens on 127.0.0.1, prints "port N", and runs until it is ended.
"""

import argparse
import gzip
import socket
import ssl
import sys
import threading
import time

BODY = b"version: STSv1\r\nmode: enforce\r\nmx: mx.example.com\r\n"


def head(status, *fields):
    return ("\r\n".join((f"HTTP/1.1 {status}",) + fields) + "\r\n\r\n").encode()


def whole(body, *fields, status="200 OK"):
    return head(status, "Content-Type: text/plain",
                f"Content-Length: {len(body)}", *fields) + body


def mode_ok(conn, value):
    """A body: of the file VALUE, or a policy."""
    body = BODY
    if value:
        with open(value, "rb") as f:
            body = f.read()
    conn.sendall(whole(body))


def mode_status(conn, value):
    conn.sendall(whole(b"no\n", status=f"{value} Status"))


def mode_redirect(conn, value):
    conn.sendall(whole(b"", f"Location: {value}", status="302 Found"))


def mode_informational(conn, _):
    conn.sendall(head("103 Early Hints", "Link: </a>") + whole(BODY))


def mode_no_length(conn, _):
    """The end of the connection is the end of the body."""
    conn.sendall(head("200 OK", "Content-Type: text/plain") + BODY)


def mode_chunked(conn, _):
    conn.sendall(head("200 OK", "Transfer-Encoding: chunked", "Trailer: X-T"))
    for i in range(0, len(BODY), 7):
        part = BODY[i:i + 7]
        conn.sendall(b"%x\r\n%s\r\n" % (len(part), part))
    conn.sendall(b"0\r\nX-T: late\r\n\r\n")


def mode_silent(conn, _):
    """The request is read, and nothing is said."""
    time.sleep(600)


def mode_drip(conn, _):
    """An octet of the body now and then."""
    conn.sendall(head("200 OK", "Content-Length: 100000"))
    while True:
        conn.sendall(b".")
        time.sleep(0.05)


def mode_huge_body(conn, value):
    conn.sendall(head("200 OK", "Content-Type: text/plain"))
    for _ in range(int(value or 1000)):
        conn.sendall(b"x" * 65536)


def mode_huge_headers(conn, value):
    """Many fields."""
    conn.sendall(b"HTTP/1.1 200 OK\r\n")
    for i in range(int(value or 10000)):
        conn.sendall(b"X-%d: %s\r\n" % (i, b"y" * 100))
    conn.sendall(b"\r\n" + BODY)


def mode_huge_field(conn, value):
    """One field."""
    conn.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    for _ in range(int(value or 1000)):
        conn.sendall(b"y" * 1000)
    conn.sendall(b"\r\n\r\n" + BODY)


def mode_close(conn, _):
    """Closed after the request."""


def mode_partial(conn, _):
    """Closed in the middle of the body."""
    conn.sendall(head("200 OK", "Content-Length: 1000") + b"half")


def mode_not_http(conn, _):
    conn.sendall(b"220 mx.example.com ESMTP\r\n" * 3)


def mode_gzip_bomb(conn, _):
    """Compressed, although nobody asked: 100 MiB of zeros."""
    conn.sendall(whole(gzip.compress(bytes(100 << 20)),
                       "Content-Encoding: gzip"))


def raw_garbage(conn, _):
    """Something else where the TLS handshake should be."""
    conn.recv(1)
    conn.sendall(b"HTTP/1.0 400 Bad Request\r\n\r\n")


def raw_early(conn, _):
    """Closed before the handshake."""


def raw_mute(conn, _):
    """No handshake, but the connection stays."""
    time.sleep(600)


def chosen(prefix):
    return {name[len(prefix):].replace("_", "-"): f
            for name, f in globals().items() if name.startswith(prefix)}


MODES = chosen("mode_")
RAW = chosen("raw_")
LOCK = threading.Lock()


def read_request(conn):
    data = b""
    while b"\r\n\r\n" not in data and len(data) < 65536:
        part = conn.recv(4096)
        if not part:
            break
        data += part
    end = data.find(b"\r\n\r\n") + 4
    return data[:end] + read_body(conn, data[:end], data[end:])


def read_body(conn, headers, data):
    """As long as the header section says."""
    fields = [line.split(b":") for line in headers.lower().split(b"\r\n")]
    length = sum(int(f[1]) for f in fields if f[0] == b"content-length")
    while len(data) < length:
        part = conn.recv(4096)
        if not part:
            break
        data += part
    return data


def serve_tls(conn, args, context):
    with context.wrap_socket(conn, server_side=True) as tls:
        request = read_request(tls)
        if args.log:
            with LOCK, open(args.log, "ab") as f:
                f.write(b"SNI: %s\n" % (tls.sni or "-").encode()
                        + request.replace(b"\r\n", b"\n"))
        MODES[args.mode](tls, args.value)
        tls.unwrap()


def serve(conn, args, context):
    try:
        with conn:
            if args.mode in RAW:
                RAW[args.mode](conn, args.value)
            else:
                serve_tls(conn, args, context)
    except OSError:
        pass  # the other side had enough



def note_name(tls, name, _context):
    tls.sni = name


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--cert", required=True)
    p.add_argument("--key", required=True)
    p.add_argument("--log")
    p.add_argument("--port", type=int, default=0)
    p.add_argument("mode", choices=sorted(MODES | RAW))
    p.add_argument("value", nargs="?")
    args = p.parse_args()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(args.cert, args.key)
    ssl.SSLSocket.sni = None
    context.sni_callback = note_name
    listener = socket.create_server(("127.0.0.1", args.port), backlog=256)
    print("port", listener.getsockname()[1], flush=True)
    while True:
        conn, _ = listener.accept()
        threading.Thread(target=serve, args=(conn, args, context),
                         daemon=True).start()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(0)
