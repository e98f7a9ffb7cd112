#!/usr/bin/env python3
"""--probe-unsubscribe for real, on loopback: what comes back is told, exactly
one request goes out, of exactly these octets; and without the option nothing is
sent and nothing looked up.  TAP.
"""

import os
import subprocess
import sys
import tempfile

import dkim_sign
import documents
import lab
import tap

DOMAIN = "list.test"
HOST = "off." + DOMAIN
PATH = "/u?t=Zk3uQ9"

ZONE = f"""$ORIGIN {DOMAIN}.
$TTL 300
@ SOA ns host 1 3600 600 86400 300
@ NS ns
ns A 192.0.2.53
@ A 192.0.2.1
off A 198.51.100.7
inside A 127.0.0.1
k1._domainkey TXT {{key}}
_dmarc TXT "v=DMARC1; p=none"
"""

TOP = """$ORIGIN test.
$TTL 300
@ SOA ns.test. host.test. 1 3600 600 86400 300
@ NS ns.test.
"""

REQUEST = f"""POST {PATH} HTTP/1.1
Host: {HOST}
User-Agent: presend/VERSION
Accept: */*
Content-Length: 26
Content-Type: application/x-www-form-urlencoded

List-Unsubscribe=One-Click"""

RULE = "gmail.unsub.available"
REDIRECT = "standards.unsub.redirect"

# What the server does: (its mode, facts of the endpoint, rules that fail)
ANSWERS = {
    "200": (["status", "200"], {"status": 200, "answered": True,
                                "tls_trusted": True, "fault": None}, set()),
    "202": (["status", "202"], {"status": 202, "answered": True,
                                "fault": None}, set()),
    "302": (["redirect", "https://elsewhere.test/"],
            {"status": 302, "answered": False, "redirected": True,
             "location": "https://elsewhere.test/"}, {RULE, REDIRECT}),
    "404": (["status", "404"], {"status": 404, "answered": False,
                                "redirected": False}, {RULE}),
    "405": (["status", "405"], {"status": 405, "answered": False}, {RULE}),
    "500": (["status", "500"], {"status": 500, "answered": False}, {RULE}),
}

# No answer: (mode, cause)
LOSSES = {"silent": "timeout", "close": "network", "partial": "network"}


KEYS = tempfile.TemporaryDirectory()
KEY = dkim_sign.Key(KEYS.name)


def message(host=HOST, path=PATH, subject="News"):
    text = (f"From: News <news@{DOMAIN}>\nSubject: {subject}\n"
            f"List-Unsubscribe: <https://{host}{path}>\n"
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click\n\nHello.\n")
    return dkim_sign.signature(KEY, text, DOMAIN, "k1") + text


class Probe:
    """presend over messages, with a server of one mode."""

    def __init__(self, where):
        self.lab = where
        self.ca = where.authority()
        self.good = where.certificate("good", [HOST])
        self.own = where.certificate("own", [HOST], own=True)
        self.dns = where.knot({"test": TOP, DOMAIN: ZONE.format(
            key=KEY.record())})
        self.log = where.path("requests.log")
        self.number = 0

    def serve(self, mode, pair=None):
        cert, key = pair or self.good
        open(self.log, "wb").close()
        return self.lab.scripted("fakehttps.py", "--cert", cert, "--key", key,
                                 "--log", self.log, *mode)

    def requests(self):
        with open(self.log, encoding="ascii") as f:
            return [r for r in f.read().split(f"SNI: {HOST}\n") if r]

    def args(self, texts, *more):
        paths = []
        for text in texts:
            self.number += 1
            paths += ["-m", self.lab.write(f"m{self.number}.eml", text)]
        return [lab.PRESEND, "audit", *paths, "-c", "unsubscribe", "-p",
                "gmail", "-f", "json", "--evidence", "--ca-file", self.ca,
                *more]

    def ask(self, texts, port, *more):
        """(documents' facts and failed rules, the recording's lines)"""
        record = self.lab.path("evidence.jsonl")
        args = self.args(texts, "-n", f"127.0.0.1:{self.dns}", "-t", "1",
                         "--record", record, "--force", *more)
        if port:
            args += ["--connect-to", f"{HOST}:443:127.0.0.1:{port}"]
        live = subprocess.run(args, capture_output=True, check=False)
        again = subprocess.run(self.args(texts, "--replay", record, *(
            x for x in more if x == "--probe-unsubscribe")),
                               capture_output=True, check=False)
        self.error = live.stderr.decode()
        self.same = self.audits(live) == self.audits(again)
        with open(record, encoding="utf-8") as f:
            lines = [documents.loads(x)["question"] for x in list(f)[1:]]
        return self.audits(live), lines

    @staticmethod
    def audits(done):
        try:
            audits = documents.loads(done.stdout)["audits"]
        except ValueError:
            return []
        for a in audits:
            a["subject"].pop("message", None)
        return audits


def failed(audit):
    return {r["rule"] for r in audit["results"] if r["status"] == "fail"
            and r["rule"] in (RULE, REDIRECT)}


def causes(audit):
    return {g["cause"] for g in audit["gaps"]
            if g["fact"].startswith("endpoint")}


def version():
    out = subprocess.run([lab.PRESEND, "--version"], capture_output=True,
                         check=True, text=True).stdout
    return out.split()[1]


def answers(t, p):
    for name, (mode, want, rules) in ANSWERS.items():
        audits, _ = p.ask([message()], p.serve(mode), "--probe-unsubscribe")
        facts = audits[0]["facts"]["unsubscribe"] if audits else {}
        got = facts.get("endpoint", {})
        t.point(facts.get("probed") is True and got.get("sent") is True and
                all(k in got and got[k] == v for k, v in want.items()),
                f"{name}: told", got, p.error)
        t.point(audits and failed(audits[0]) == rules, f"{name}: its rules",
                audits and failed(audits[0]))
        t.point(p.requests() == [REQUEST.replace("VERSION", version())],
                f"{name}: one request, of these octets", *p.requests())
        t.point(p.same, f"{name}: a replay says the same and sends nothing")


def losses(t, p):
    for mode, cause in LOSSES.items():
        audits, _ = p.ask([message()], p.serve([mode]), "--probe-unsubscribe")
        got = audits[0]["facts"]["unsubscribe"]["endpoint"]
        t.point("status" not in got and causes(audits[0]) == {cause} and
                failed(audits[0]) == set(), f"{mode}: not known, {cause}", got,
                causes(audits[0]))
        t.point(len(p.requests()) == 1, f"{mode}: not sent again",
                *p.requests())
    audits, _ = p.ask([message()], lab.free_port(), "--probe-unsubscribe")
    got = audits[0]["facts"]["unsubscribe"]["endpoint"]
    t.point(causes(audits[0]) == {"refused"} and got["sent"] is False,
            "a closed port: not known, refused, and not sent", got)


def certificate(t, p):
    port = p.serve(["status", "200"], p.own)
    audits, _ = p.ask([message()], port, "--probe-unsubscribe")
    got = audits[0]["facts"]["unsubscribe"]["endpoint"]
    t.point(got.get("status") == 200 and got.get("tls_trusted") is False and
            failed(audits[0]) == {RULE}, "a certificate of nobody", got)


def held_back(t, p):
    port = p.serve(["status", "200"])
    inside = message(host=f"inside.{DOMAIN}:{port}")
    audits, _ = p.ask([inside], None, "--probe-unsubscribe")
    got = audits[0]["facts"]["unsubscribe"].get("endpoint", {})
    t.point(causes(audits[0]) == {"private"} and got.get("sent") is False,
            "a private address is not connected to", got, audits[0]["gaps"])
    t.point(p.requests() == [], "nothing reached it", *p.requests())
    audits, _ = p.ask([inside], None, "--probe-unsubscribe", "--allow-private")
    got = audits[0]["facts"]["unsubscribe"].get("endpoint", {})
    t.point(got.get("status") == 200, "--allow-private lets it", got)

    p.serve(["status", "200"])
    audits, lines = p.ask([message()], port)
    facts = audits[0]["facts"]["unsubscribe"]
    t.point(facts["probed"] is False and "endpoint" not in facts and
            causes(audits[0]) == {"skipped"}, "not without the option", facts)
    t.point(p.requests() == [] and not [q for q in lines
                                        if HOST in q["name"]],
            "and nothing is looked up", *lines)
    no_post = message().replace("List-Unsubscribe-Post", "X-Other")
    audits, lines = p.ask([no_post], port, "--probe-unsubscribe")
    t.point(p.requests() == [] and not [q for q in lines
                                        if HOST in q["name"]],
            "nor where the fields do not allow it", *lines)
    run = subprocess.run(p.args([message()], "--offline",
                                "--probe-unsubscribe"), capture_output=True,
                         check=False)
    t.point(p.requests() == [] and run.returncode in (0, 1, 3),
            "nor offline", run.stderr)


def once(t, p):
    port = p.serve(["status", "200"])
    texts = [message(subject=f"No. {i}") for i in range(20)]
    audits, _ = p.ask(texts, port, "--probe-unsubscribe")
    t.point(len(audits) == 20 and all(
        a["facts"]["unsubscribe"]["endpoint"]["status"] == 200
        for a in audits), "twenty messages of one URI are answered",
            len(audits))
    t.point(len(p.requests()) == 1, "by one request", len(p.requests()))
    # One at a time, so that each comes when the one before has gone.
    port = p.serve(["status", "200"])
    other = [message(host=h, path=PATH + f) for h, f in
             ((HOST.upper(), ""), (HOST + ":443", ""), (HOST, "#x"))]
    audits, _ = p.ask(texts[:3] + other, port, "--probe-unsubscribe",
                      "--jobs", "1")
    t.point(len(audits) == 6 and len(p.requests()) == 1,
            "however it is written, and one audit after another",
            len(audits), *p.requests())
    port = p.serve(["silent"])
    audits, _ = p.ask(texts[:3], port, "--probe-unsubscribe", "--jobs", "1",
                      "--deadline", "1")
    t.point(len(audits) == 3 and len(p.requests()) == 1,
            "not again when a deadline passes", len(audits),
            *p.requests())


def real_server(t, p):
    root = os.path.dirname(p.lab.write("files/static", "a page\n"))
    cert, key = p.good
    port = p.lab.nginx(f"""server {{ listen {{port}}; server_name {HOST};
        ssl_certificate {cert}; ssl_certificate_key {key};
        location /u {{ if ($request_method = POST) {{ return 200; }}
            return 405; }}
        location /static {{ root {root}; }} }}""")
    for path, status in ((PATH, 200), ("/static?t=Zk3uQ9", 405)):
        audits, _ = p.ask([message(path=path)], port, "--probe-unsubscribe")
        got = audits[0]["facts"]["unsubscribe"]["endpoint"]
        t.point(got.get("status") == status,
                f"nginx answers {status} to {path}", got)


def main():
    why = lab.missing()
    if why:
        tap.skip_all(why)
        return 0
    t = tap.Tap()
    with lab.Lab() as where:
        p = Probe(where)
        for part in (answers, losses, certificate, held_back, once,
                     real_server):
            part(t, p)
    return t.end()


if __name__ == "__main__":
    sys.exit(main())
