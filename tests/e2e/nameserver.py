"""The scripted DNS server of fakedns.py within a test: zones made by calls,
one port each, in a thread; and what it was asked.
"""

import asyncio
import threading

import fakedns

SAFE = set(range(0x21, 0x7f)) - set(b'"\\.')


def escaped(octets, dots=False):
    """Octets as a word of a zone: \\DDD for all that could mean something."""
    return "".join(chr(c) if c in SAFE or (dots and c == 0x2e)
                   else f"\\{c:03d}" for c in octets)


def octets_of(text):
    """A text with an octet a character; beyond those as UTF-8."""
    if isinstance(text, bytes):
        return text
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8")


class Zone(fakedns.Zone):
    """Records by calls; names are texts with dots between the labels."""

    def put(self, name, kind, *data, ttl=300):
        """Strings of TXT, (preference, name) of MX, else the one text."""
        words = [str(d) if isinstance(d, int) else escaped(
            octets_of(d), dots=kind not in ("TXT", "SPF")) for d in data]
        if kind in ("A", "AAAA"):
            words = list(data)
        if kind in ("MX", "CNAME", "PTR", "NS"):
            words[-1] = words[-1] or "."
        self.add([escaped(octets_of(name), dots=True), kind, *words], ttl)

    def put_raw(self, name, kind, rdata, ttl=300):
        self.add([name, kind, "\\#", str(len(rdata)), rdata.hex()], ttl)

    def fail(self, name, kind, *fault):
        """What goes wrong there: see fakedns.py; the first one counts."""
        self.add_fault([escaped(octets_of(name), dots=True), kind, *fault])

    def fine(self, name, kind):
        """Nothing, whatever a later fail() says."""
        self.faults.append([fakedns.lower(fakedns.labels_of(name)),
                            fakedns.type_of(kind), None, [""]])


class Options:
    """As the command line of fakedns.py has them."""

    delay, ad, log = 0, False, None


class Counted(fakedns.Server):
    """Keeps the questions; a function may make the answer (None: the zone)."""

    def __init__(self, zone, made=None):
        super().__init__(zone, Options())
        self.asked, self.made = [], made

    def reply(self, q, tcp, fault):
        name = b".".join(q.labels).lower().decode("latin-1")
        if not tcp:
            self.asked.append((name, fakedns.type_name(q.type)))
        data = self.made(self, q, tcp) if self.made else None
        return super().reply(q, tcp, fault) if data is None else data


class Nameservers:
    """with Nameservers() as n: port = n.serve(zone)"""

    def __enter__(self):
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever,
                                       daemon=True)
        self.thread.start()
        self.servers = {}
        return self

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()

    def serve(self, zone, made=None):
        server = Counted(zone, made)
        port = asyncio.run_coroutine_threadsafe(
            fakedns.listen(server, "127.0.0.1", 0), self.loop).result()
        self.servers[port] = server
        return port

    def asked(self, port):
        return self.servers[port].asked
