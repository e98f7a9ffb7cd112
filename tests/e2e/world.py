"""A world of sending domains under .test, one for each thing that can be wrong.

Every domain NAME.test has the host mail.NAME.test, which sends from an address
of its own, and the host mx.NAME.test, which receives.
"""

import time

import dkim_sign

# The zone above, so that a walk up the tree gets answers.
TOP_ZONE = ("test", "$ORIGIN test.\n$TTL 300\n"
            "@ SOA ns.test. host.test. 1 3600 600 86400 300\n@ NS ns.test.\n")

# A blocklist: it holds its test points and two of the senders.
LISTS = ("bl.test", "$ORIGIN bl.test.\n$TTL 300\n"
         "@ SOA ns.test. host.test. 1 3600 600 86400 300\n@ NS ns.test.\n"
         "2.0.0.127 A 127.0.0.2\ntest A 127.0.0.2\n{}")

FIRST = 10  # the last octet of the first sender's address


class Sender:
    """A compliant sender; a scenario changes what it is about."""

    def __init__(self, name, number, key):
        self.name = name
        self.domain = name + ".test"
        self.ip = f"192.0.2.{FIRST + number}"
        self.mx_ip = f"198.51.100.{FIRST + number}"
        self.helo = "mail." + self.domain
        self.ptr = "mail." + self.domain
        self.smtp = "good"  # which Postfix service is the MX
        self.https = True
        self.as_of = None
        self.extra = []  # further options
        self.key = key  # that its messages are signed with; or None
        self.signer = self.domain  # d= of the signature
        self.signed = dkim_sign.HEADERS
        self.body = "Hello.\n\nUnsubscribe: " \
                    f"https://{self.domain}/u/4ab9c7\n"
        self.altered = lambda text: text  # on the way
        self.records = {
            ("@", "MX"): f"10 mx.{self.domain}.",
            ("@", "A"): "192.0.2.250",
            ("mx", "A"): self.mx_ip,
            ("mail", "A"): self.ip,
            ("mta-sts", "A"): "192.0.2.251",
            ("@", "TXT"): f'"v=spf1 a:mail.{self.domain} -all"',
            ("mail", "TXT"): '"v=spf1 a -all"',
            ("s1._domainkey", "TXT"): key.record(),
            ("_dmarc", "TXT"):
                f'"v=DMARC1; p=none; rua=mailto:dmarc@{self.domain}"',
            ("_mta-sts", "TXT"): '"v=STSv1; id=20261121"',
            ("_smtp._tls", "TXT"):
                f'"v=TLSRPTv1; rua=mailto:tls@{self.domain}"',
        }
        self.headers = {
            "List-Unsubscribe": f"<https://{self.domain}/u/4ab9c7>,\n "
                                f"<mailto:leave@{self.domain}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
        self.protocol = "ESMTPS"
        self.tls = "\n        (version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384" \
                   " bits=256/256)"

    def without(self, *names):
        for name in names:
            del self.records[name]

    def times(self):
        """Signed an hour ago, for longer than any audit looks ahead."""
        now = int(time.time())
        return f"t={now - 3600}; x={now + 90 * 24 * 3600}; "

    def message(self):
        """As a mailbox at the receiver has it."""
        text = "".join((
            f"From: Example News <news@{self.domain}>\n",
            "To: reader@gmail.com\nSubject: November offers\n",
            "Date: Sat, 21 Nov 2026 14:00:00 +0000\n",
            f"Message-ID: <1@{self.domain}>\n",
            "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n",
            *(f"{k}: {v}\n" for k, v in self.headers.items()),
            "\n", self.body))
        signature = ""
        if self.key is not None:
            signature = dkim_sign.signature(self.key, text, self.signer, "s1",
                                            self.signed, self.times())
        return "".join((
            f"Return-Path: <bounce@{self.domain}>\n",
            f"Received: from {self.helo} ({self.ptr}. [{self.ip}])\n",
            f"        by mx.google.com with {self.protocol} id x12si345abc\n",
            f"        for <reader@gmail.com>{self.tls};\n",
            "        Sat, 21 Nov 2026 06:00:00 -0800 (PST)\n",
            signature, self.altered(text)))

    def zone(self):
        """(origin, text of its zone file)"""
        text = (f"$ORIGIN {self.domain}.\n$TTL 300\n"
                f"@ SOA ns.{self.domain}. host.{self.domain}. "
                "1 3600 600 86400 300\n"
                f"@ NS ns.{self.domain}.\nns A 127.0.0.1\n")
        for name, kind, data in self.rows():
            text += f"{name} {kind} {data}\n"
        return self.domain, text

    def rows(self):
        """(name, type, data): of a list each."""
        for (name, kind), data in self.records.items():
            for one in data if isinstance(data, list) else [data]:
                yield name, kind, one

    def listing(self):
        """What the blocklist has of it."""
        last = self.ip.rsplit(".", 1)[1]
        name = {"listed": last + ".2.0.192",
                "domain-listed": self.domain}.get(self.name)
        return f"{name} A 127.0.0.2\n{name} TXT spam\n" if name else ""

    def ptr_record(self):
        last = self.ip.rsplit(".", 1)[1]
        return f"{last} PTR {self.ptr}.\n" if self.ptr else ""


def reverse_zone(senders):
    return "2.0.192.in-addr.arpa", (
        "$ORIGIN 2.0.192.in-addr.arpa.\n$TTL 300\n"
        "@ SOA ns.lab.test. host.lab.test. 1 3600 600 86400 300\n"
        "@ NS ns.lab.test.\n" + "".join(s.ptr_record() for s in senders))


def flat_zone(sender):
    """The same data for the scripted DNS server."""
    origin, _ = sender.zone()
    soa = f"SOA ns.{origin}. host.{origin}. 1 3600 600 86400 300"
    rows = [f"{origin}. {soa}", f"{origin}. NS ns.{origin}.",
            f"ns.{origin}. A 127.0.0.1",
            "2.0.192.in-addr.arpa. " + soa, "test. " + soa]
    for name, kind, data in sender.rows():
        owner = origin if name == "@" else f"{name}.{origin}"
        rows.append(f"{owner}. {kind} {data}")
    last = sender.ip.rsplit(".", 1)[1]
    rows.append(f"{last}.2.0.192.in-addr.arpa. PTR {sender.ptr}.")
    return "\n".join(rows) + "\n"


NGINX = """server {{
    listen {{port}};
    server_name ~^mta-sts\\.(?<about>.+)$;
    ssl_certificate {cert};
    ssl_certificate_key {key};
    default_type text/plain;
    location / {{
        return 200 "version: STSv1\\nmode: enforce\\nmx: mx.$about\\nmax_age: 86400\\n";
    }}
}}
server {{
    listen {{port}};
    server_name mta-sts.sts-other-mx.test;
    ssl_certificate {cert};
    ssl_certificate_key {key};
    default_type text/plain;
    location / {{
        return 200 "version: STSv1\\nmode: enforce\\nmx: mx.elsewhere.test\\nmax_age: 86400\\n";
    }}
}}
"""
