#!/usr/bin/env python3
"""The SPF suites of openspf.org and pyspf, each case through the command line
against a DNS server made of the case's zone.  TAP.  The suites are looked for
beside the checkout, or where PRESEND_SUITES says.
"""

import concurrent.futures
import os

import small_yaml
import suite
import nameserver
import tap

# A question without an answer costs a case all its tries, so they are few; but
# time enough for a server that shares its machine with others.
SILENT = ["-t", "2", "--retries", "2"]
AT_ONCE = 16


# ---- scenarios -------------------------------------------------------------

class Scenario:
    """A zone and the cases that are put to it."""

    def __init__(self, of, name, rows, tests):
        self.of, self.name, self.rows, self.tests = of, name, rows, tests

    def silent(self):
        return any("TIMEOUT" in (kind, value) for _, kind, value in self.rows)

    def zone(self):
        """Silence is for all of a name that was not said before it."""
        zone = nameserver.Zone()
        for name, kind, value in self.rows:
            if kind == "*":
                zone.fail(name, "*", "timeout")
            elif value == "TIMEOUT":
                zone.fail(name, kind, "timeout")
            elif name:
                # RFC 1035 3.3.14: a TXT record has one string at least.
                data = listed(value) or [""]
                zone.put(name, kind, *data)
                zone.fine(name, kind)
        return zone


class Case:
    def __init__(self, name, test, explanation="explanation"):
        self.name = name
        self.ip = test.get("ip") or test["host"]
        self.helo = test["helo"]
        self.mail_from = test["mailfrom"]
        self.accept = test.get("accept") or test["result"]
        if isinstance(self.accept, str):
            self.accept = [self.accept]
        self.explanation = test.get(explanation)


def listed(value):
    return value if isinstance(value, list) else [value]


def rows_of(zonedata):
    """(name, type, value) as the suite's own rules have it: what is given as
    SPF stands for TXT too, unless the name has TXT of its own."""
    for name, records in zonedata.items():
        kinds = {k for r in records or [] if isinstance(r, dict) for k in r}
        for record in records or []:
            if record == "TIMEOUT":
                yield name, "*", "TIMEOUT"
                continue
            (kind, value), = record.items()
            value = [] if value is None else value
            if value == "NONE":
                continue
            if kind in ("TXT", "SPF"):
                value = value if value == "TIMEOUT" else listed(value)
            yield name, kind, value
            if kind == "SPF" and "TXT" not in kinds:
                yield name, "TXT", value


def of_yaml(*path):
    with open(suite.path("spf-openspf", *path), encoding="utf-8") as f:
        documents = small_yaml.load_all(f.read())
    for number, document in enumerate(documents):
        name = document.get("description") or str(number)
        yield Scenario("/".join(path), name,
                       list(rows_of(document["zonedata"])),
                       [Case(key, test) for key, test in
                        document.get("tests", {}).items()])


def of_json():
    zones = suite.load("spf-openspf", "normalised", "rfc7208-zones.json")
    cases = {}
    for test in suite.load("spf-openspf", "normalised",
                           "rfc7208-cases.jsonl"):
        cases.setdefault(test["zone"], []).append(
            Case(test["id"].split("/")[1], test))
    for name, rows in zones.items():
        yield Scenario("rfc7208", name, rows, cases[name])


# What pyspf's doctest.yml has no expectations for.
OURS = [
    # (MAIL FROM's domain, ip, result, RFC 7208)
    ("controlledmail.com", "72.81.252.18", "pass", "6.1: by redirect"),
    ("controlledmail.com", "72.81.252.20", "fail", "6.1: its all"),
    ("controlledmail.com", "2607:f0d0:3001:aa::2", "pass", "5.6"),
    ("kitterman.com", "66.39.138.46", "pass", "5.6"),
    ("parallel.kitterman.org", "192.0.2.1", "permerror",
     "5.2: what is included has no record"),
    ("a.example.org", "192.0.2.225", "none",
     "3.1: a record of type 99 alone; its TXT are others"),
    ("b.example.org", "192.0.2.225", "none", "3.1: the same over a CNAME"),
    ("parallel.example.org", "192.0.2.225", "permerror",
     "5.2: includes these"),
    ("webmail.pair.com", "66.39.3.255", "pass", "5.6"),
    ("relay.pair.com", "192.0.2.131", "pass", "5.3"),
    ("relay.pair.com", "192.0.2.132", "fail", "5.1"),
    ("example.net", "192.0.32.10", "none", "4.5"),
]


def doctest():
    (zone,) = of_yaml("pyspf", "doctest.yml")
    zone.tests = [Case(f"{domain} {ip} ({clause})", {
        "ip": ip, "helo": "mail.example.net", "mailfrom": "a@" + domain,
        "result": result}) for domain, ip, result, clause in OURS]
    yield zone


# ---- where a suite is not RFC 7208 -----------------------------------------

# (suite, case): ([what RFC 7208 accepts], its clause)
DIFFERENT = {
    ("pyspf/test.yml", "default-modifier"):
        (["neutral"], "6: default= is a modifier that is not known, and those "
         "are ignored; the case is for pyspf's lax mode"),
    ("pyspf/test.yml", "default-modifier-harsh"):
        (["neutral"], "2.6, 6: there is no result 'ambiguous'; the case is "
         "for pyspf's harsh mode"),
}
# RFC 7208 7.3 leaves the case of hexadecimal digits in %{i} open; its own
# example (7.4) has small ones.
ANY_CASE = {"v-macro-ip6"}


# ---- runs ------------------------------------------------------------------

def put(scenario, case, port):
    """(result, explanation or None)"""
    more = SILENT if scenario.silent() else ["--retries", "4"]
    found = suite.audit(
        "example.org", "--ip", case.ip, "--helo", case.helo, "--mail-from",
        case.mail_from, "-c", "spf", "-n", f"127.0.0.1:{port}", *more)
    for one in found["facts"]["spf"]["evaluations"]:
        if one["identity"] == "mailfrom":
            return one["result"], one["explanation"]
    raise RuntimeError(f"no evaluation of mailfrom: {found['facts']}")


def judge(points, scenario, case, said):
    name = f"{scenario.of}: {scenario.name}: {case.name}"
    accept, explanation = case.accept, case.explanation
    other = DIFFERENT.get((scenario.of, case.name))
    if other:
        accept, clause = other
        name += f" (RFC 7208 {clause})"
    if isinstance(said, Exception):
        points.point(False, name, str(said))
        return
    result, text = said
    points.point(result in accept, name, f"said {result}, expected {accept}")
    # DEFAULT is that of the receiver, where the domain gives none.
    if explanation is not None and result == "fail":
        expected = None if explanation == "DEFAULT" else explanation
        if text and expected and case.name in ANY_CASE:
            text, expected = text.lower(), expected.lower()
        points.point(text == expected, name + ", explanation",
                  f"said {text!r}, expected {expected!r}")


def attempt(*args):
    try:
        return put(*args)
    except (RuntimeError, KeyError) as e:
        return e


def main():
    if not os.path.isdir(suite.path("spf-openspf")):
        tap.skip_all("the public suites are not there")
        return
    points = tap.Tap()
    scenarios = [*of_json(), *of_yaml("mailauth", "rfc7208-tests.yml"),
                 *of_yaml("mailauth", "rfc7208-tests-2014-05.yml"),
                 *of_yaml("pyspf", "rfc4408-tests.yml"),
                 *of_yaml("pyspf", "test.yml"), *doctest()]
    with nameserver.Nameservers() as servers, \
            concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        runs = []
        # Those that wait first: the others run meanwhile.
        for s in sorted(scenarios, key=lambda s: not s.silent()):
            port = servers.serve(s.zone())
            runs += [(s, c, pool.submit(attempt, s, c, port))
                     for c in s.tests]
        for scenario, case, run in runs:
            judge(points, scenario, case, run.result())
    points.end()


if __name__ == "__main__":
    main()
