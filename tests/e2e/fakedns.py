#!/usr/bin/env python3
"""A scripted DNS server for tests: UDP and TCP on a loopback address.

    fakedns.py [--address A] [--port N] [--delay MS] [--ad] [--log FILE] ZONE...

It picks a port (or takes --port), prints "port N" and serves until killed.
--delay waits that long before every answer; --ad sets the AD bit in every
answer; --log appends a line "udp NAME TYPE" or "tcp NAME TYPE" per query.

A ZONE is a text file.  A line is one of

    ; a comment                   also after data, and with # at a line's start
    $TTL 300                      of the records below; 300 to begin with
    NAME TYPE DATA...             a record
    ! NAME TYPE FAULT [ARGUMENT]  what goes wrong; TYPE * is any, NAME * is any

Names are absolute, with or without the last dot, "." is the root; a NAME of
the form *.example.test stands for all names below that do not exist (RFC 4592,
simplified).  In names and strings \\DDD is an octet and \\C the character.

    A, AAAA                address
    CNAME, NS, PTR         name
    MX                     preference name         ("0 ." is the null MX)
    SRV                    priority weight port name
    SOA                    nothing, or mname rname serial refresh retry expire
                           minimum
    TXT, SPF               strings, "quoted" or bare; one of over 255 octets is
                           cut into several
    TLSA                   usage selector matching hex
    TYPE1234, or any type  \\# length hex           (RFC 3597)

CNAMEs are followed through all the records read.  A name without records of
the type is NODATA, a name that is not there and has none below it NXDOMAIN;
the SOA of the closest zone above, if there is one, goes into the authority
section.  An answer that does not fit (the query's EDNS size, or 512) is
truncated over UDP.

    timeout            no answer at all
    delay MS           the answer comes so much later
    servfail, refused  that rcode
    rcode N            any other
    formerr            FORMERR without OPT to the first query that has OPT
    formerr-always     FORMERR without OPT to every query that has OPT
    truncate           TC and nothing else over UDP, whole over TCP
    truncate-tcp-drop  TC over UDP; over TCP the connection is closed
    truncate-tcp-silent
                       TC over UDP; no answer over TCP
    tc-always          TC and nothing else, over UDP and TCP
    garbage            the header and the question, then noise
    noise              noise and nothing else
    wrong-question     the answer is to another question
    wrong-owner        the records are of another name than was asked for
    cut                the message ends in the middle of its last record
    bad-rdata          the last octet of each record's data is missing
    referral           NS of the zone above in place of an answer
    ad                 the AD bit
    times N FAULT ...  that fault for the first N queries only
"""

import argparse
import asyncio
import ipaddress
import struct
import sys

TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "PTR": 12, "MX": 15,
         "TXT": 16, "AAAA": 28, "SRV": 33, "OPT": 41, "TLSA": 52, "SPF": 99,
         "ANY": 255}
FORMERR, SERVFAIL, NXDOMAIN, REFUSED = 1, 2, 3, 5
QR, AA, TC, RD, RA, AD = 0x8000, 0x0400, 0x0200, 0x0100, 0x0080, 0x0020


def unescape(text):
    """The octets of a text with \\DDD and \\C."""
    out, i = bytearray(), 0
    raw = text.encode("utf-8", "surrogateescape")
    while i < len(raw):
        if raw[i] != 0x5C or i + 1 == len(raw):
            out.append(raw[i])
            i += 1
        elif raw[i + 1:i + 4].isdigit() and len(raw[i + 1:i + 4]) == 3:
            out.append(int(raw[i + 1:i + 4]))
            i += 4
        else:
            out.append(raw[i + 1])
            i += 2
    return bytes(out)


def labels_of(text):
    """A name in text as a tuple of labels."""
    labels, label, i = [], "", 0
    while i < len(text):
        if text[i] == "\\":
            step = 4 if text[i + 1:i + 4].isdigit() else 2
            label += text[i:i + step]
            i += step
            continue
        if text[i] == ".":
            labels.append(label)
            label = ""
        else:
            label += text[i]
        i += 1
    labels.append(label)
    return tuple(unescape(x) for x in labels if x)


def lower(labels):
    return tuple(x.lower() for x in labels)


def words_of(line):
    """Words and "quoted strings"; a ; outside of them begins a comment."""
    words, i = [], 0
    while i < len(line):
        if line[i].isspace():
            i += 1
            continue
        if line[i] == ";":
            break
        end = '"' if line[i] == '"' else None
        i += 1 if end else 0
        word = ""
        while i < len(line):
            if line[i] == "\\" and i + 1 < len(line):
                word += line[i:i + 2]
                i += 2
                continue
            if line[i] == end or (end is None and line[i].isspace()):
                i += 1
                break
            word += line[i]
            i += 1
        words.append(word)
    return words


def type_of(word):
    word = word.upper()
    if word in TYPES:
        return TYPES[word]
    if word.startswith("TYPE"):
        return int(word[4:])
    raise ValueError("unknown type " + word)


def type_name(number):
    for name, value in TYPES.items():
        if value == number:
            return name
    return "TYPE%d" % number


class Writer:
    """A message under construction; compresses names (RFC 1035 4.1.4)."""

    def __init__(self):
        self.data = bytearray()
        self.seen = {}

    def add(self, data):
        self.data += data

    def name(self, labels, compress=True):
        while labels:
            key = lower(labels)
            if compress and key in self.seen:
                self.add(struct.pack("!H", 0xC000 | self.seen[key]))
                return
            if len(self.data) < 0x4000:
                self.seen.setdefault(key, len(self.data))
            self.add(bytes([len(labels[0])]) + labels[0])
            labels = labels[1:]
        self.add(b"\0")


class Record:
    """Owner, type, TTL and data; names in the data are tuples."""

    def __init__(self, owner, rtype, ttl, words):
        self.owner, self.type, self.ttl = owner, rtype, ttl
        if words and words[0] == "\\#":
            self.parts = [bytes.fromhex("".join(words[2:]))]
        else:
            self.parts = self.parse(words)

    def parse(self, words):
        name = type_name(self.type)
        if name in ("A", "AAAA"):
            return [ipaddress.ip_address(words[0]).packed]
        if name in ("CNAME", "NS", "PTR"):
            return [labels_of(words[0])]
        if name == "MX":
            return [struct.pack("!H", int(words[0])), labels_of(words[1])]
        if name == "SRV":
            return [struct.pack("!HHH", *map(int, words[:3])),
                    labels_of(words[3])]
        if name == "SOA":
            if not words:
                words = ["ns." + b".".join(self.owner).decode(),
                         "hostmaster." + b".".join(self.owner).decode(),
                         "1", "3600", "600", "86400", "60"]
            return [labels_of(words[0]), labels_of(words[1]),
                    struct.pack("!IIIII", *map(int, words[2:7]))]
        if name == "TLSA":
            return [bytes(map(int, words[:3])),
                    bytes.fromhex("".join(words[3:]))]
        if name in ("TXT", "SPF"):
            return [self.strings(words)]
        raise ValueError("no syntax for " + name)

    @staticmethod
    def strings(words):
        out = b""
        for octets in map(unescape, words):
            pieces = [octets[i:i + 255] for i in range(0, len(octets), 255)]
            for piece in pieces or [b""]:
                out += bytes([len(piece)]) + piece
        return out

    def write(self, w, owner, spoil=False):
        w.name(owner)
        w.add(struct.pack("!HHI", self.type, 1, self.ttl))
        at = len(w.data)
        w.add(b"\0\0")
        for part in self.parts:
            if isinstance(part, tuple):
                w.name(part, self.type not in (33,))
            else:
                w.add(part)
        if spoil:
            del w.data[-1:]
        w.data[at:at + 2] = struct.pack("!H", len(w.data) - at - 2)


class Zone:
    """All records and faults of the files."""

    def __init__(self):
        self.records = {}
        self.names = set()
        self.faults = []

    def read(self, path):
        ttl = 300
        with open(path, encoding="utf-8", errors="surrogateescape") as f:
            for number, line in enumerate(f, 1):
                words = words_of(line)
                if not words or line.lstrip().startswith("#"):
                    continue
                try:
                    if words[0] == "$TTL":
                        ttl = int(words[1])
                    elif words[0] == "!":
                        self.add_fault(words[1:])
                    else:
                        self.add(words, ttl)
                except (ValueError, IndexError) as e:
                    sys.exit("%s:%d: %s" % (path, number, e))

    def add(self, words, ttl):
        owner = labels_of(words[0])
        record = Record(owner, type_of(words[1]), ttl, words[2:])
        key = lower(owner)
        self.records.setdefault(key, []).append(record)
        for i in range(len(key) + 1):
            self.names.add(key[i:])

    def add_fault(self, words):
        name = None if words[0] == "*" else lower(labels_of(words[0]))
        rtype = None if words[1] == "*" else type_of(words[1])
        times = None
        words = words[2:]
        if words[0] == "times":
            times, words = int(words[1]), words[2:]
        if words[0] == "formerr":
            times = 1 if times is None else times
        self.faults.append([name, rtype, times, words])

    def fault(self, name, rtype, opt):
        for f in self.faults:
            if f[0] not in (None, name) or f[1] not in (None, rtype):
                continue
            if f[3][0].startswith("formerr") and not opt:
                continue
            if f[2] is not None:
                if f[2] == 0:
                    continue
                f[2] -= 1
            return f[3]
        return [""]

    def at(self, name):
        """The records of a name; None when there is no such name."""
        if name in self.names:
            return self.records.get(name, [])
        for i in range(1, len(name) + 1):
            if (b"*",) + name[i:] in self.records:
                return self.records[(b"*",) + name[i:]]
            if name[i:] in self.names:
                break
        return None

    def closest(self, name, rtype):
        for i in range(len(name) + 1):
            for r in self.records.get(name[i:], []):
                if r.type == rtype:
                    return r
        return None

    def resolve(self, labels, rtype):
        """(rcode, [(owner, record)], the last name)."""
        out, seen = [], set()
        while True:
            name = lower(labels)
            here = self.at(name)
            if here is None:
                return NXDOMAIN, out, name
            match = [r for r in here if r.type == rtype or rtype == 255]
            alias = [r for r in here if r.type == 5]
            out += [(labels, r) for r in match or alias]
            if match or not alias or name in seen:
                return 0, out, name
            seen.add(name)
            labels = alias[0].parts[0]


class Query:
    """What was asked."""

    def __init__(self, data):
        (self.id, self.flags, n, _, _, extra) = struct.unpack_from("!6H", data)
        if n != 1 or self.flags & QR:
            raise ValueError("not a query")
        at, labels = 12, []
        while data[at]:
            labels.append(bytes(data[at + 1:at + 1 + data[at]]))
            at += 1 + data[at]
        self.labels = tuple(labels)
        self.type, self.qclass = struct.unpack_from("!HH", data, at + 1)
        at += 5
        self.opt = extra > 0 and data[at:at + 3] == b"\0\0\x29"
        self.size = 512
        if self.opt:
            self.size = max(512, struct.unpack_from("!H", data, at + 3)[0])


class Server:
    def __init__(self, zone, options):
        self.zone, self.options = zone, options

    def header(self, q, flags, counts, labels=None):
        w = Writer()
        base = QR | AA | RA | (q.flags & RD)
        if self.options.ad:
            base |= AD
        w.add(struct.pack("!6H", q.id, base | flags, 1, *counts))
        w.name(q.labels if labels is None else labels)
        w.add(struct.pack("!HH", q.type, q.qclass))
        return w

    @staticmethod
    def finish(w, q):
        if q.opt:
            w.add(b"\0" + struct.pack("!HHIH", 41, 1232, 0, 0))
        return bytes(w.data)

    def empty(self, q, flags, opt=True):
        w = self.header(q, flags, (0, 0, 1 if q.opt and opt else 0))
        return self.finish(w, q) if opt else bytes(w.data)

    def answer(self, q, fault=""):
        rcode, records, last = self.zone.resolve(q.labels, q.type)
        authority = []
        soa = self.zone.closest(last, 6)
        if (not records or records[-1][1].type != q.type) and soa:
            authority = [soa]
        flags = rcode | (AD if fault == "ad" else 0)
        labels = None
        if fault == "wrong-question":
            labels = (b"wrong",) + q.labels
        w = self.header(q, flags, (len(records), len(authority),
                                   1 if q.opt else 0), labels)
        for owner, record in records:
            if fault == "wrong-owner":
                owner = (b"other",) + owner
            record.write(w, owner, fault == "bad-rdata")
        for record in authority:
            record.write(w, record.owner)
        if fault == "cut":
            return bytes(w.data[:-3])
        return self.finish(w, q)

    def referral(self, q):
        ns = self.zone.closest(lower(q.labels), 2)
        w = self.header(q, 0, (0, 1 if ns else 0, 0))
        if ns:
            ns.write(w, ns.owner)
        w.data[2:4] = struct.pack("!H", QR | (q.flags & RD))
        return bytes(w.data)

    def reply(self, q, tcp, fault):
        """The message, or None for silence, or b"" to hang up."""
        kind = fault[0]
        if kind == "timeout":
            return None
        if kind in ("servfail", "refused", "rcode"):
            rcode = {"servfail": SERVFAIL, "refused": REFUSED}.get(kind)
            return self.empty(q, int(fault[1]) if rcode is None else rcode)
        if kind in ("formerr", "formerr-always"):
            return self.empty(q, FORMERR, opt=False)
        if kind == "tc-always" or (kind.startswith("truncate") and not tcp):
            return self.empty(q, TC)
        if kind == "truncate-tcp-drop":
            return b""
        if kind == "truncate-tcp-silent":
            return None
        if kind == "garbage":
            return self.empty(q, 0, False)[:6] + b"\0\2\0\0\0\0" + \
                self.empty(q, 0, False)[12:] + b"\x3f\xff\xc0\xff\x80" * 5
        if kind == "noise":
            return b"\x5a\xa5\xff\x00" * 9
        if kind == "referral":
            return self.referral(q)
        data = self.answer(q, kind)
        if not tcp and len(data) > q.size:
            return self.empty(q, TC)
        return data

    def handle(self, data, tcp, send):
        try:
            q = Query(data)
        except (ValueError, IndexError, struct.error):
            return
        if self.options.log:
            name = b".".join(q.labels).decode("ascii", "backslashreplace")
            with open(self.options.log, "a", encoding="ascii") as f:
                f.write("%s %s %s\n" % ("tcp" if tcp else "udp", name,
                                        type_name(q.type)))
        fault = self.zone.fault(lower(q.labels), q.type, q.opt)
        delay = self.options.delay
        if fault[0] == "delay":
            delay += int(fault[1])
        reply = self.reply(q, tcp, fault)
        if reply is None:
            return
        if delay:
            asyncio.get_running_loop().call_later(delay / 1000, send, reply)
        else:
            send(reply)


class Udp(asyncio.DatagramProtocol):
    def __init__(self, server):
        self.server, self.transport = server, None

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        self.server.handle(data, False,
                           lambda reply: self.transport.sendto(reply, addr))


async def serve_tcp(server, reader, writer):
    def send(reply):
        if not reply:
            writer.close()
        elif not writer.is_closing():
            writer.write(struct.pack("!H", len(reply)) + reply)

    try:
        while True:
            (n,) = struct.unpack("!H", await reader.readexactly(2))
            server.handle(await reader.readexactly(n), True, send)
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def listen(server, address, port):
    """Both on the same port: tries until TCP gets the one UDP was given."""
    loop = asyncio.get_running_loop()
    for _ in range(100):
        udp, _ = await loop.create_datagram_endpoint(
            lambda: Udp(server), local_addr=(address, port))
        chosen = udp.get_extra_info("sockname")[1]
        try:
            await asyncio.start_server(
                lambda r, w: serve_tcp(server, r, w), address, chosen)
            return chosen
        except OSError:
            udp.close()
    sys.exit("no port that is free for UDP and TCP")


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--address", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--delay", type=int, default=0)
    parser.add_argument("--ad", action="store_true")
    parser.add_argument("--log")
    parser.add_argument("zones", nargs="+")
    options = parser.parse_args()
    zone = Zone()
    for path in options.zones:
        zone.read(path)
    server = Server(zone, options)
    port = await listen(server, options.address, options.port)
    print("port %d" % port, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        pass
