#!/usr/bin/env python3
"""--postmaster against a server on loopback that follows Google's published
schema: what it says is told, each way of not getting it is unknown with its
cause and nothing fails, a replay says the same without credentials, and no
secret is in anything that comes out.  TAP.
"""

import datetime
import json
import os
import resource
import subprocess
import sys

import documents
import lab
import tap

DOMAIN = "list.test"
SUB = "news." + DOMAIN
API = "gmailpostmastertools.googleapis.com"
TOKEN = "oauth2.googleapis.com"
AS_OF = "2026-11-20T12:00:00Z"

CLIENT = "1234567890-abcdefgh.apps.googleusercontent.com"
SECRET = "GOCSPX-client/secret+of=this&test"
REFRESH = "1//refresh-token-of-this-test_0123456789"
STALE = "ya29.stale-access-token-of-this-test"
FRESH = "ya29.fresh-access-token-of-this-test"
SECRETS = (SECRET, REFRESH, STALE, FRESH, "client%2Fsecret", "1%2F%2Frefresh")

ZONE = f"""$ORIGIN {DOMAIN}.
$TTL 300
@ SOA ns host 1 3600 600 86400 300
@ NS ns
ns A 192.0.2.53
@ A 192.0.2.1
news A 192.0.2.2
"""

GOOGLE = """$ORIGIN googleapis.com.
$TTL 300
@ SOA ns host 1 3600 600 86400 300
@ NS ns
ns A 192.0.2.53
gmailpostmastertools A 203.0.113.10
oauth2 A 203.0.113.11
"""

REQUIREMENTS = ("SPF", "DKIM", "SPF_AND_DKIM", "DMARC_POLICY",
                "DMARC_ALIGNMENT", "MESSAGE_FORMATTING", "DNS_RECORDS",
                "ENCRYPTION", "USER_REPORTED_SPAM_RATE",
                "ONE_CLICK_UNSUBSCRIBE", "HONOR_UNSUBSCRIBE")
OF_STATUS = ("domain", "requirements", "compliant", "one_click",
             "honor_unsubscribe", "deliverability", "registrable")
OF_RATES = ("days", "missing_days", "spam_rate", "auth", "tls")
OF_ERRORS = ("delivery_errors",)


def block(domain, **other):
    """Compliance data; other: what is not COMPLIANT."""
    return {"domainId": domain, "rowData": [
        {"requirement": r, "status": {"status": other.get(r, "COMPLIANT")}}
        for r in REQUIREMENTS],
        "oneClickUnsubscribeVerdict": {"status": {"status": "NEEDS_WORK"},
                                       "reason": "NO_UNSUB_GENERAL"},
        "honorUnsubscribeVerdict": {"status": {"status": "COMPLIANT"}}}


def figures(**rates):
    """The same each of the thirty days, but for three."""
    last = datetime.date.fromisoformat(AS_OF[:10])
    days = [str(last - datetime.timedelta(n)) for n in range(30)]
    for gone in (days[0], days[1], days[9]):
        days.remove(gone)
    return {name: dict.fromkeys(days, rate) for name, rate in rates.items()}


def known():
    stats = figures(spam=0.0004, spf=0.999, dkim=0.87, dmarc=0.99, tls=1.0,
                    reject_low_domain_reputation=0.02, reject_other=0.0)
    stats["spam"]["2026-11-17"] = 0.0031
    return {"status": {"complianceData": block(DOMAIN, DKIM="NEEDS_WORK",
                                               ENCRYPTION="SOMETHING_NEW")},
            "stats": stats}


def world(**more):
    return {"client": CLIENT, "secret": SECRET, "refresh": REFRESH,
            "tokens": [FRESH], "good": [FRESH],
            "domains": {DOMAIN: known()}, **more}


AUTHORIZED_USER = {"type": "authorized_user", "client_id": CLIENT,
                   "client_secret": SECRET, "refresh_token": REFRESH}


class Google:
    """presend, with a server of one world."""

    def __init__(self, where):
        self.lab = where
        self.ca = where.authority()
        self.pair = where.certificate("google", [API, TOKEN])
        self.own = where.certificate("own", [API, TOKEN], own=True)
        self.dns = where.knot({DOMAIN: ZONE, "googleapis.com": GOOGLE})
        self.log = where.path("requests.log")
        self.record = where.path("evidence.jsonl")
        self.user = self.file("user.json", json.dumps(AUTHORIZED_USER))
        self.seen = b""
        self.number = 0

    def file(self, name, text, mode=0o600):
        path = self.lab.write(name, text)
        os.chmod(path, mode)
        return path

    def serve(self, here, pair=None):
        self.number += 1
        cert, key = pair or self.pair
        open(self.log, "wb").close()
        return self.lab.scripted(
            "fakepostmaster.py", "--cert", cert, "--key", key, "--log",
            self.log, self.lab.write(f"world{self.number}.json",
                                     json.dumps(here)))

    def requests(self, what=""):
        with open(self.log, encoding="utf-8") as f:
            return [line for line in f if line.startswith(("GET ", "POST "))
                    and what in line]

    def presend(self, *args):
        run = subprocess.run([lab.PRESEND, "audit", "-c", "postmaster", "-p",
                              "gmail", "--ca-file", self.ca, *args],
                             capture_output=True, check=False)
        self.error = run.stderr.decode()
        self.status = run.returncode
        self.seen += run.stdout + run.stderr
        return run.stdout

    def live(self, here, *args, domain=DOMAIN, pair=None, files=None,
             port=None):
        """The audit; and that a replay without credentials says the same."""
        port = port or self.serve(here, pair)
        common = [domain, "-f", "json", "--evidence"]
        out = self.presend(
            *common, "-n", f"127.0.0.1:{self.dns}", "-t", "2", "--as-of",
            AS_OF, "--record", self.record, "--force", "-v", "--connect-to",
            f"{API}:443:127.0.0.1:{port}", "--connect-to",
            f"{TOKEN}:443:127.0.0.1:{port}",
            *(x for f in files or [self.user] for x in ("--postmaster", f)),
            *args)
        self.spoken = self.error
        with open(self.record, "rb") as f:
            said = f.read()
        self.seen += said
        documents.lines(said)
        self.same = out == self.presend(*common, "--replay", self.record)
        try:
            return documents.loads(out)["audits"][0]
        except ValueError:
            return {"facts": {"postmaster": {}}, "gaps": [], "results": []}


def facts_of(audit):
    return audit["facts"]["postmaster"]


def causes(audit, facts):
    """Of the gaps over each of these facts; "" is a gap over all."""
    return {g["cause"] for g in audit["gaps"]
            if g["fact"] in facts or g["fact"] == ""}


def details(audit):
    return " ".join(g["detail"] for g in audit["gaps"])


def unknown(t, g, audit, name, cause, lost):
    """These facts are absent, for that reason; nothing fails."""
    facts = facts_of(audit)
    t.point(not [f for f in lost if f in facts] and
            causes(audit, lost) == {cause},
            f"{name}: not known, {cause}", facts, audit["gaps"], g.spoken)
    t.point(not [r for r in audit["results"] if r["status"] == "fail"],
            f"{name}: nothing fails by it")
    t.point(g.same, f"{name}: a replay says the same")


EVERYTHING = OF_STATUS + OF_RATES + OF_ERRORS


def happy(t, g):
    audit = g.live(world())
    facts = facts_of(audit)
    want = {
        "domain": DOMAIN, "registrable": None, "deliverability": None,
        "one_click": {"status": "needs-work", "reason": "NO_UNSUB_GENERAL"},
        "honor_unsubscribe": {"status": "compliant", "reason": None},
        "from": "2026-10-22", "to": "2026-11-20",
        "missing_days": ["2026-11-11", "2026-11-19", "2026-11-20"],
        "spam_rate": {"percent": 0.05, "worst_percent": 0.31, "days": 27,
                      "latest_percent": 0.04, "week_worst_percent": 0.31,
                      "from": "2026-10-22", "to": "2026-11-18",
                      "source": "postmaster"},
        "tls": {"percent": 100.0, "worst_percent": 100.0, "days": 27},
        "delivery_errors": [
            {"type": "reject", "reason": "low_domain_reputation",
             "percent": 2.0, "worst_percent": 2.0, "days": 27}],
    }
    for key, value in want.items():
        t.point(facts.get(key) == value and key in facts, f"happy: {key}",
                facts.get(key), g.spoken)
    t.point(facts["requirements"]["DKIM"] == "needs-work" and
            facts["requirements"]["ENCRYPTION"] == "SOMETHING_NEW" and
            facts["compliant"].get("DKIM") is False and
            facts["compliant"].get("SPF") is True and
            "ENCRYPTION" not in facts["compliant"],
            "happy: requirements; a new word is neither met nor not",
            facts["requirements"], facts["compliant"])
    t.point(facts["auth"]["dkim"]["percent"] == 87 and
            len(facts["days"]) == 27 and
            facts["days"][0] == {"date": "2026-10-22", "spam_percent": 0.04,
                                 "spf_percent": 99.9, "dkim_percent": 87.0,
                                 "dmarc_percent": 99.0, "tls_percent": 100.0},
            "happy: shares, and days", facts["auth"], facts["days"][0])
    t.point(g.same, "happy: a replay without credentials, octet for octet")
    t.point(len(g.requests("/token")) == 1 and
            len(g.requests("complianceStatus")) == 1 and
            len(g.requests(":query")) == 2, "happy: one request each",
            *g.requests())
    return audit


def beside(t, audit):
    rows = {r["requirement"]: r for r in audit["postmaster"]}
    t.point(list(rows) == list(REQUIREMENTS), "beside: each requirement",
            list(rows))
    t.point(rows["DKIM"]["google"] == "needs-work" and
            rows["DKIM"]["ours"] in ("pass", "fail", "unknown", None) and
            set(rows["DKIM"]) == {"requirement", "google", "ours", "rules",
                                  "differs", "reason"}, "beside: a row",
            rows["DKIM"])


def paging(t, g):
    audit = g.live(world(page=7))
    facts = facts_of(audit)
    t.point(facts.get("spam_rate", {}).get("days") == 27 and
            facts["auth"]["dmarc"]["days"] == 27 and g.same,
            "paging: all pages are read, and replayed", facts, g.spoken)
    t.point(len(g.requests(":query")) == 20 + 8, "paging: each once",
            len(g.requests(":query")))
    audit = g.live(world(page=1))
    unknown(t, g, audit, "too many pages", "limit", OF_RATES)
    fault = [":query", 200, {}, json.dumps({"domainStats": [],
                                            "nextPageToken": "x"})]
    audit = g.live(world(faults=[fault] * 4))
    unknown(t, g, audit, "a page that leads to itself", "malformed", OF_RATES)
    busy = [[":query", 503, {}, "<html>busy</html>"]] * 3
    audit = g.live(world(page=50, faults=[
        [":query", 200, {}, json.dumps({
            "domainStats": [], "nextPageToken": "50"})]] * 2 + busy * 2))
    unknown(t, g, audit, "a page that is lost", "deferred",
            OF_RATES + OF_ERRORS)
    t.point("compliant" in facts_of(audit), "and the status is told all the "
            "same")


def tokens(t, g):
    audit = g.live(world(tokens=[STALE, FRESH]))
    t.point(facts_of(audit).get("domain") == DOMAIN and g.same,
            "401: refreshed, and asked again", audit["gaps"], g.spoken)
    t.point(len(g.requests("/token")) == 2 and
            len(g.requests("complianceStatus")) == 2 and
            len(g.requests(":query")) in (2, 3, 4),
            "401: refreshed once for all", *g.requests())
    audit = g.live(world(tokens=[STALE]))
    unknown(t, g, audit, "401 again", "credentials", EVERYTHING)
    t.point(len(g.requests("complianceStatus")) <= 2, "401 again: no third",
            *g.requests())
    audit = g.live(world(refresh="another"))
    unknown(t, g, audit, "an expired refresh token", "credentials",
            EVERYTHING)
    t.point("Token has been expired or revoked" in details(audit) and
            not g.requests("/v2/"), "Google's reason is told, and nothing "
            "else asked", details(audit))
    audit = g.live(world(secret="another"))
    unknown(t, g, audit, "a client that is unknown", "credentials",
            EVERYTHING)
    audit = g.live(world(faults=[["/token", 503, {}, ""]]))
    t.point(facts_of(audit).get("domain") == DOMAIN, "a busy token server is "
            "asked again", audit["gaps"])
    for body, cause in (("<html>no</html>", "malformed"), ("{}", "malformed"),
                        ('{"access_token": "a b"}', "malformed"),
                        ('{"access_token": "%s"}' % ("x" * 20000),
                         "malformed")):
        audit = g.live(world(faults=[["/token", 200, {}, body]]))
        unknown(t, g, audit, f"a token of {body[:24]}", cause, EVERYTHING)


def files(t, g):
    plain = g.file("plain", f"# ours\nclient_id = {CLIENT}\nclient_secret="
                   f"{SECRET}\n\nrefresh_token = {REFRESH}\n")
    client = g.file("client.json", json.dumps({"installed": {
        "client_id": CLIENT, "client_secret": SECRET,
        "token_uri": "https://elsewhere.test/token",
        "redirect_uris": ["http://localhost"]}}))
    token = g.file("token.json", json.dumps({
        "token": STALE, "refresh_token": REFRESH, "expiry": "2020-01-01"}))
    node = g.file("node.json", json.dumps({
        "access_token": STALE, "refresh_token": REFRESH, "scope": "x",
        "expiry_date": 1600000000000}))
    access = g.file("access", f"access_token = {FRESH}\n")
    for name, paths in (("key = value", [plain]),
                        ("client and token of Python", [client, token]),
                        ("client and token of Node", [client, node]),
                        ("an access token", [access])):
        audit = g.live(world(), files=paths)
        t.point(facts_of(audit).get("domain") == DOMAIN and g.same,
                f"credentials: {name}", audit["gaps"], g.spoken)
    t.point(not g.requests("/token"), "an access token is used as it is")
    audit = g.live(world(good=["other"]), files=[access])
    unknown(t, g, audit, "an access token that has expired", "credentials",
            EVERYTHING)
    quota = g.file("quota.json", json.dumps(
        {**AUTHORIZED_USER, "quota_project_id": "project-7"}))
    g.live(world(), files=[quota])
    with open(g.log, encoding="utf-8") as f:
        t.point("X-Goog-User-Project: project-7\n" in f.read(),
                "a quota project is named")


def bad_files(t, g):
    bad = {
        "open to the group": (g.file("group", json.dumps(AUTHORIZED_USER),
                                     0o640), "chmod 600"),
        "open to all": (g.file("all", json.dumps(AUTHORIZED_USER), 0o604),
                        "chmod 600"),
        "not there": (g.lab.path("nowhere"), "No such file"),
        "a folder": (g.lab.dir, ""),
        "empty": (g.file("empty", ""), "neither"),
        "half": (g.file("half", f"refresh_token={REFRESH}\n"), "client_id"),
        "no JSON": (g.file("json", '{"refresh_token": "' + REFRESH), "JSON"),
        "a service account": (g.file("service", json.dumps({
            "type": "service_account", "private_key": SECRET})),
            "service account"),
        "an unknown key": (g.file("key", f"client_id = {CLIENT}\n"
                                  f"secret = {SECRET}\n"), "line 2"),
        "a line of octets": (g.file("octets", SECRET + "\n"), "line 1"),
        "a space inside": (g.file("space", "access_token = a b\n"),
                           "line 1"),
        "endless": (g.file("long", "#" * 100000), "too large"),
        "contradicting": (g.file("other", "refresh_token = other\n"),
                          "another"),
    }
    for name, (path, want) in bad.items():
        args = ["--postmaster", path]
        if name == "contradicting":
            args = ["--postmaster", g.user, *args]
        out = g.presend(DOMAIN, "-n", f"127.0.0.1:{g.dns}", *args)
        t.point(g.status == 2 and g.error.count("\n") == 1 and path in g.error
                and want in g.error and not out, f"a file {name} is refused",
                g.status, g.error)
    g.presend(DOMAIN, "--offline", "--postmaster", g.file(
        "wide", json.dumps(AUTHORIZED_USER), 0o644))
    t.point(g.status == 2, "offline too", g.error)


def refusals(t, g):
    here = world()
    here["domains"][DOMAIN]["shared"] = False
    audit = g.live(here)
    unknown(t, g, audit, "403", "forbidden", EVERYTHING)
    audit = g.live(world(domains={}))
    unknown(t, g, audit, "404", "unregistered", EVERYTHING)
    scope = {"error": {"code": 403, "status": "PERMISSION_DENIED", "details": [
        {"reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}]}}
    audit = g.live(world(faults=[["complianceStatus", 403, {},
                                  json.dumps(scope)]]))
    unknown(t, g, audit, "too small a scope", "credentials", OF_STATUS)
    audit = g.live(world(faults=[["complianceStatus", 404, {},
                                  "<html>not here</html>"]]))
    unknown(t, g, audit, "404 of something else", "malformed", OF_STATUS)


def busy(t, g):
    for status in (429, 500, 503):
        audit = g.live(world(faults=[
            ["complianceStatus", status, {"Retry-After": "0"}, "{}"]] * 2))
        t.point(facts_of(audit).get("domain") == DOMAIN and g.same,
                f"{status}: asked again till it is answered", audit["gaps"])
    audit = g.live(world(faults=[
        ["complianceStatus", 429, {"Retry-After": "3600"}, "{}"]]))
    unknown(t, g, audit, "429 for an hour", "rate", OF_STATUS)
    t.point(len(g.requests("complianceStatus")) == 1,
            "429 for an hour: not waited for", *g.requests())
    audit = g.live(world(faults=[["complianceStatus", 502, {
        "Retry-After": "0"}, "<html>"]] * 3))
    unknown(t, g, audit, "502 three times", "deferred", OF_STATUS)
    audit = g.live(world(faults=[["complianceStatus", 503, {}, ""]]),
                   "--retries", "0")
    unknown(t, g, audit, "503 and no retries", "deferred", OF_STATUS)


def odd(t, g):
    bodies = {
        "HTML": "<html>Sign in to this network</html>",
        "no JSON": "{\"complianceData\": ",
        "an array": "[]",
        "nothing": "",
        "a string": "\"COMPLIANT\"",
        "another shape": '{"complianceData": {"rowData": 7}}',
        "octets": "{\"\u0000\u0001\u202e\": 1",
        "a member twice": '{"complianceData": {}, "complianceData": {}}',
        "deep": "[" * 100000,
    }
    for name, body in bodies.items():
        audit = g.live(world(faults=[["complianceStatus", 200, {}, body]]))
        unknown(t, g, audit, f"a status of {name}", "malformed", OF_STATUS)
    audit = g.live(world(faults=[["complianceStatus", 200, {},
                                  "{" + " " * (1 << 20)]]))
    unknown(t, g, audit, "a huge status", "limit", OF_STATUS)
    audit = g.live(world(faults=[["complianceStatus", 302, {
        "Location": "https://accounts.google.com/"}, ""]]))
    unknown(t, g, audit, "a redirect", "malformed", OF_STATUS)
    audit = g.live(world(faults=[["complianceStatus", 200, {}, "{}"]]))
    unknown(t, g, audit, "an empty status", "no-data",
            ("one_click", "honor_unsubscribe", "compliant.SPF",
             "requirements.SPF"))
    for name, body, cause in (("HTML", "<html></html>", "malformed"),
                              ("huge", "{" + " " * (1 << 20), "limit")):
        audit = g.live(world(faults=[[":query", 200, {}, body]] * 2))
        unknown(t, g, audit, f"figures of {name}", cause,
                OF_RATES + OF_ERRORS)
    rows = [{"metric": "spam", "date": {"year": 2026, "month": 11, "day": d},
             "value": v} for d, v in (
                 (1, {"doubleValue": 0.001}), (2, {"doubleValue": "NaN"}),
                 (3, {"doubleValue": -1}), (4, {"doubleValue": 7}),
                 (31, {"doubleValue": 0.5}), (5, {}), (6, None))]
    rows += [{"metric": "new", "date": rows[0]["date"],
              "value": {"doubleValue": 0.5}}, 7, None, {}]
    audit = g.live(world(faults=[[":query", 200, {}, json.dumps(
        {"domainStats": rows})]] * 2))
    facts = facts_of(audit)
    t.point(facts.get("spam_rate", {}).get("days") == 1 and
            facts["spam_rate"]["percent"] == 0.1 and
            "malformed" in causes(audit, ("days",)),
            "odd rows are left out, and it is said", facts.get("spam_rate"),
            audit["gaps"])
    here = world()
    here["domains"][DOMAIN]["stats"] = {}
    audit = g.live(here)
    unknown(t, g, audit, "no figures of any day", "no-data",
            ("spam_rate", "tls", "delivery_errors"))


def subdomains(t, g):
    here = world()
    here["domains"][SUB] = {**known(), "status": {
        "complianceData": block(DOMAIN, SPF="NEEDS_WORK"),
        "subdomainComplianceData": block(SUB, DKIM="NEEDS_WORK")}}
    audit = g.live(here, domain=SUB)
    facts = facts_of(audit)
    t.point(facts.get("domain") == SUB and
            facts["compliant"]["DKIM"] is False and
            facts["compliant"]["SPF"] is True and
            facts["registrable"]["domain"] == DOMAIN and
            facts["registrable"]["requirements"]["SPF"] == "needs-work",
            "a sub-domain: its own data, and that above it", facts)
    del here["domains"][SUB]["status"]["subdomainComplianceData"]
    facts = facts_of(g.live(here, domain=SUB))
    t.point(facts.get("domain") == DOMAIN and
            facts["compliant"]["SPF"] is False and
            facts["registrable"] is None,
            "a sub-domain without data: that above it", facts)
    audit = g.live(world(), domain=SUB)
    t.point(facts_of(audit).get("domain") == DOMAIN and
            "spam_rate" in facts_of(audit) and g.same,
            "a sub-domain that is not registered: that above it",
            audit["gaps"])


def trust(t, g):
    audit = g.live(world(), pair=g.own)
    unknown(t, g, audit, "a certificate of nobody", "tls", EVERYTHING)
    t.point(g.requests() == [], "and nothing is told to it", *g.requests())
    port = g.serve(world())
    g.presend(DOMAIN, "-f", "json", "-n", f"127.0.0.1:{g.dns}", "--ca-file",
              g.own[0], "--postmaster", g.user, "--connect-to",
              f"::127.0.0.1:{port}")
    t.point(g.requests() == [], "nor to one of another authority")
    audit = g.live(world(), port=lab.free_port())
    unknown(t, g, audit, "a closed port", "refused", EVERYTHING)
    echo = "{" + json.dumps(f"Authorization: Bearer {FRESH}, {REFRESH}")
    audit = g.live(world(faults=[["complianceStatus", 400, {
        "X-Echo": f"Bearer {FRESH}"}, echo]]))
    unknown(t, g, audit, "a server that tells our secrets", "malformed",
            OF_STATUS)
    with open(g.record, encoding="utf-8") as f:
        t.point("*" * len(FRESH) in f.read(), "they are covered")


def without(t, g):
    out = g.presend(DOMAIN, "-f", "json", "-n", f"127.0.0.1:{g.dns}",
                    "--record", g.record, "--force")
    audit = documents.loads(out)["audits"][0]
    with open(g.record, encoding="utf-8") as f:
        asked = "google" in f.read()
    t.point(facts_of(audit) == {} and not asked and
            causes(audit, ("",)) == {"needs-postmaster"},
            "nothing is asked without credentials", audit["gaps"])
    t.point(g.presend(DOMAIN, "-f", "json", "--replay", g.record)
            .split(b'"audits"')[1] == out.split(b'"audits"')[1],
            "and a replay says so too")
    out = g.presend(DOMAIN, "-f", "json", "--offline", "--postmaster", g.user)
    audit = documents.loads(out)["audits"][0]
    t.point(causes(audit, ("",)) == {"offline"}, "nothing is asked offline",
            audit["gaps"])


def shown(t, g):
    g.live(world())
    for view in ("text", "json", "jsonl"):
        out = g.presend(DOMAIN, "-f", view, "--replay", g.record).decode()
        t.point("DKIM" in out and "0.31" in out, f"{view} shows it", out)


def secrets(t, g):
    there = [s for s in SECRETS if s.encode() in g.seen]
    t.point(not there and len(g.seen) > 100000, "no secret is in any output, "
            "message or recording", *there)
    run = subprocess.run(
        [lab.PRESEND, "audit", "--offline", "--postmaster", g.user, "-m", "-"],
        input=b"", capture_output=True, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE,
                                              (1 << 20, 1 << 20)))
    t.point(run.returncode == 2, "an empty message is refused as always",
            run.stderr)


def many(t, g):
    names = [f"d{i}.{DOMAIN}" for i in range(40)]
    here = world(tokens=[STALE, FRESH],
                 domains={n: known() for n in names})
    port = g.serve(here)
    out = g.presend("-f", "jsonl", "-n", f"127.0.0.1:{g.dns}", "--as-of",
                    AS_OF, "--postmaster", g.user, "--connect-to",
                    f"::127.0.0.1:{port}", *names)
    audits = [documents.loads(x) for x in out.splitlines()]
    t.point(len(audits) == 40 and all("spam_rate" in facts_of(a)
                                      for a in audits),
            "forty domains are told", len(audits), g.error)
    t.point(len(g.requests("/token")) == 2, "with one more token for all",
            len(g.requests("/token")))
    port = g.serve({**here, "tokens": [STALE]})
    out = g.presend("-f", "jsonl", "-n", f"127.0.0.1:{g.dns}", "--as-of",
                    AS_OF, "--postmaster", g.user, "--connect-to",
                    f"::127.0.0.1:{port}", *names)
    t.point(out.count(b'"credentials"') >= 40 and
            len(g.requests("/token")) == 2,
            "and no third where a fresh one is refused",
            len(g.requests("/token")), len(g.requests()))


def main():
    why = lab.missing()
    if why:
        tap.skip_all(why)
        return 0
    t = tap.Tap()
    with lab.Lab() as where:
        g = Google(where)
        beside(t, happy(t, g))
        for part in (paging, tokens, files, bad_files, refusals, busy, odd,
                     subdomains, trust, without, shown, many, secrets):
            part(t, g)
    return t.end()


if __name__ == "__main__":
    sys.exit(main())
