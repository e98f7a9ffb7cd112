#!/usr/bin/env python3
"""A mail server that does what real ones seldom do.

Listens on 127.0.0.1, prints "port N" and serves until it is killed.  The
greeting says how many connections are open.
"""

import argparse
import socket
import ssl
import struct
import threading
import time

EHLO = b"250-fake.example\r\n250-SIZE 1000000\r\n250 STARTTLS\r\n"
EHLO_PLAIN = b"250-fake.example\r\n250 SIZE 1000000\r\n"
EHLO_TLS = b"250-fake.example\r\n250 AUTH PLAIN\r\n"
VERSIONS = {
    "1.0": ssl.TLSVersion.TLSv1,
    "1.1": ssl.TLSVersion.TLSv1_1,
    "1.2": ssl.TLSVersion.TLSv1_2,
    "1.3": ssl.TLSVersion.TLSv1_3,
}


class Gone(Exception):
    """The client closed."""


class Conversation:
    """One client; a method for each kind of server."""

    def __init__(self, options, connection, n_open):
        self.options = options
        self.c = connection
        self.n_open = n_open
        self.rest = b""

    def say(self, octets):
        self.c.sendall(octets)

    def line(self):
        while b"\n" not in self.rest:
            more = self.c.recv(4096)
            if not more:
                raise Gone
            self.rest += more
        line, self.rest = self.rest.split(b"\n", 1)
        return line.strip()

    def until_gone(self):
        while self.c.recv(4096):
            pass

    def greet(self):
        self.say(b"220 fake.example ESMTP open=%d\r\n" % self.n_open)

    def ehlo(self, reply):
        self.line()
        self.say(reply)

    def quit(self):
        if self.line().upper() == b"QUIT":
            self.say(b"221 bye\r\n")
        else:
            self.until_gone()

    def to_starttls(self):
        self.greet()
        self.ehlo(EHLO)
        self.line()

    def tls_context(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = VERSIONS[self.options.tls_min]
        context.maximum_version = VERSIONS[self.options.tls_max]
        context.load_cert_chain(self.options.cert, self.options.key)
        return context

    def tls(self, ready=b"220 go\r\n"):
        self.to_starttls()
        self.say(ready)
        self.c = self.tls_context().wrap_socket(self.c, server_side=True)
        self.rest = b""

    # --- the modes, by name ---

    def mode_plain(self):
        self.greet()
        self.ehlo(EHLO_PLAIN)
        self.quit()

    def mode_starttls(self):
        self.tls()
        self.ehlo(EHLO_TLS)
        self.quit()

    def mode_injection(self):
        self.tls(b"220 go\r\n250-evil\r\n250 AUTH LOGIN\r\n")
        self.ehlo(EHLO_TLS)
        self.quit()

    def mode_tls_421(self):
        self.tls()
        self.ehlo(b"421 4.3.2 bye\r\n")

    def mode_tls_close(self):
        self.tls()
        self.line()

    def mode_no_tls_at_all(self):
        self.to_starttls()
        self.say(b"220 go\r\n")
        self.c.recv(4096)
        self.say(b"250 what do you mean?\r\n")
        self.until_gone()

    def mode_handshake_close(self):
        self.to_starttls()
        self.say(b"220 go\r\n")
        self.c.recv(4096)

    def mode_handshake_reset(self):
        self.mode_handshake_close()
        self.c.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
        )

    def mode_handshake_silent(self):
        self.to_starttls()
        self.say(b"220 go\r\n")
        self.until_gone()

    def mode_banner_421(self):
        self.say(b"421 4.3.2 too busy\r\n")

    def mode_banner_450(self):
        self.say(b"450 4.7.1 come back\r\n")
        self.quit()

    def mode_banner_554(self):
        self.say(b"554 5.7.1 no service for you\r\n")
        self.quit()

    def mode_ehlo_421(self):
        self.greet()
        self.ehlo(b"421 4.3.2 going down\r\n")

    def mode_ehlo_500(self):
        self.greet()
        self.ehlo(b"500 what?\r\n")
        self.ehlo(b"250 fake.example\r\n")
        self.quit()

    def mode_starttls_454(self):
        self.to_starttls()
        self.say(b"454 4.7.0 not now\r\n")
        self.quit()

    def mode_tarpit(self):
        self.say(b"220-")
        while True:
            self.say(b"x")
            time.sleep(self.options.drip)

    def mode_silent(self):
        self.until_gone()

    def mode_ehlo_silent(self):
        self.greet()
        self.until_gone()

    def mode_close(self):
        pass

    def mode_ehlo_close(self):
        self.greet()
        self.line()

    def mode_quit_silent(self):
        self.greet()
        self.ehlo(EHLO_PLAIN)
        self.until_gone()

    def mode_garbage(self):
        self.say(b"\x00\xff\x1b[2J \xe2\x80\xae\r\n")
        self.until_gone()

    def mode_endless_banner(self):
        while True:
            self.say(b"220-and another thing\r\n")

    def mode_huge_line(self):
        self.say(b"220 " + b"x" * 100000 + b"\r\n")
        self.until_gone()


class Server:
    def __init__(self, options):
        self.options = options
        self.lock = threading.Lock()
        self.n_open = 0

    def count(self, step):
        with self.lock:
            self.n_open += step
            return self.n_open

    def serve(self, connection):
        talk = Conversation(self.options, connection, self.count(1))
        try:
            getattr(talk, "mode_" + self.options.mode.replace("-", "_"))()
        except (OSError, Gone):
            pass
        finally:
            self.count(-1)
            talk.c.close()

    def run(self):
        listener = socket.create_server(
            ("127.0.0.1", self.options.port), backlog=128
        )
        print("port", listener.getsockname()[1], flush=True)
        while True:
            connection, _ = listener.accept()
            threading.Thread(
                target=self.serve, args=(connection,), daemon=True
            ).start()


def modes():
    return sorted(
        name[5:].replace("_", "-")
        for name in dir(Conversation)
        if name.startswith("mode_")
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--cert")
    parser.add_argument("--key")
    parser.add_argument("--tls-min", choices=VERSIONS, default="1.2")
    parser.add_argument("--tls-max", choices=VERSIONS, default="1.3")
    parser.add_argument("--drip", type=float, default=0.05, help="seconds")
    parser.add_argument("mode", choices=modes())
    Server(parser.parse_args()).run()


if __name__ == "__main__":
    main()
