#!/usr/bin/env python3
"""SPF records made to break who reads them: too large, too many, endless,
octets that no record may have, answers that DNS must not give.  Of each the
result that RFC 7208 wants, in bounded time and memory, one valid document,
and no control octet on a terminal.  TAP.
"""

import concurrent.futures
import csv
import os
import subprocess
import tempfile

import documents
import fakedns
import nameserver
import tap

PRESEND = os.environ.get("PRESEND", "./presend")
IP = "192.0.2.1"
AT_ONCE = 6  # most of the time they wait
# An audit that is over by this has not been without end.
DEADLINE = 60
# Of the hostile audits beyond a plain one: LIMIT_AUDIT_ARENA is 16 MiB, and
# what is kept of 300 answers and the document come to less than that again.
# The kernel's figure is never below what this test itself had as it forked.
MEMORY = 64 << 10  # KiB; half of it is enough without sanitizers
# Times the processor time of a plain audit, which is little but its start.
WORK = 100
# Questions of one audit: LIMIT_SPF_RECORDS, and what the terms ask of them
# that are looked at.
QUESTIONS = 600


def strings(octets, size=255):
    return [octets[i:i + size] for i in range(0, len(octets), size)]


def txt(zone, name, record, size=255):
    zone.put(name, "TXT", *strings(nameserver.octets_of(record), size))


def zone_of(record, size=255):
    zone = nameserver.Zone()
    txt(zone, "a.test", record, size)
    return zone


# ---- what is served --------------------------------------------------------

def large(last):
    """As much as one DNS message has room for."""
    record, n = "v=spf1", 0
    while len(record) < 64000:
        record += f" ip4:10.{n >> 8 & 255}.{n & 255}.0/24"
        n += 1
    return zone_of(record + last)


def includes(n, first):
    zone = zone_of("v=spf1 " + " ".join(f"include:i{i}.test"
                                        for i in range(n)) + " -all")
    txt(zone, "i0.test", first)
    for i in range(1, n):
        txt(zone, f"i{i}.test", "v=spf1 -all")
    return zone


def chain(n, how):
    """A tree of n records, one below the other."""
    zone = zone_of(f"v=spf1 {how}1.test")
    for i in range(1, n):
        txt(zone, f"{i}.test", f"v=spf1 {how}{i + 1}.test")
    txt(zone, f"{n}.test", "v=spf1 +all")
    return zone


def ring(how, end):
    zone = nameserver.Zone()
    names = ["a.test", "b.test", "c.test"]
    for name, following in zip(names, names[1:] + names[:1]):
        txt(zone, name, f"v=spf1 {how}{following}{end}")
    return zone


def wide_tree():
    """300 records, ten below each."""
    zone = nameserver.Zone()
    names = ["a.test"] + [f"{i}.test" for i in range(1, 300)]
    for i, name in enumerate(names):
        below = names[10 * i + 1:10 * i + 11]
        txt(zone, name, "v=spf1 " + "".join(f"include:{b} " for b in below) +
            "-all")
    return zone


def doubling(server, q, _):
    """Every name includes two more; there is no end of them."""
    if q.type != fakedns.TYPES["TXT"]:
        return None
    name = b".".join(q.labels).decode("latin-1")
    short = name.removesuffix(".test")
    zone = zone_of("")
    zone.records.clear()
    txt(zone, name, f"v=spf1 include:{short}0.test include:{short}1.test -all"
        if len(short) < 60 else "v=spf1 -all")
    return fakedns.Server(zone, nameserver.Options()).answer(q)


def by_macro(server, q, _):
    """The same by what a flattened record would have to follow."""
    if q.type != fakedns.TYPES["TXT"]:
        return None
    name = b".".join(q.labels).decode("latin-1")
    zone = nameserver.Zone()
    txt(zone, name, "v=spf1 " + "".join(f"include:{i}.%{{d}} "
                                        for i in range(11)) + "-all")
    return fakedns.Server(zone, nameserver.Options()).answer(q)


def other_owner(server, q, _):
    """The right question, and the record of another name."""
    w = server.header(q, 0, (1, 0, 1 if q.opt else 0))
    other = fakedns.Record((b"b", b"test"), 16, 300, ["v=spf1 +all"])
    other.write(w, other.owner)
    return server.finish(w, q)


def mx_hosts(n):
    zone = zone_of("v=spf1 mx -all")
    for i in range(n):
        zone.put("a.test", "MX", i, f"mx{i}.test")
        zone.put(f"mx{i}.test", "A", IP)
    return zone


def aliases(n):
    """a.test leads over n CNAMEs to its record."""
    zone = nameserver.Zone()
    names = ["a.test"] + [f"c{i}.test" for i in range(1, n + 1)]
    for name, following in zip(names, names[1:]):
        zone.put(name, "CNAME", following)
    txt(zone, names[-1], "v=spf1 +all")
    return zone


def alias_loop():
    zone = nameserver.Zone()
    zone.put("a.test", "CNAME", "b.test")
    zone.put("b.test", "CNAME", "a.test")
    return zone


def many_records(n, others):
    zone = nameserver.Zone()
    for _ in range(n):
        zone.put("a.test", "TXT", others)
    if others != "v=spf1":
        zone.put("a.test", "TXT", "v=spf1 +all")
    return zone


def many_addresses(n):
    zone = zone_of("v=spf1 a -all")
    for i in range(n):
        zone.put("a.test", "A", f"10.{i >> 8}.{i & 255}.1")
    zone.put("a.test", "A", IP)
    return zone


def pointers(n, good):
    """An address with n names, of which the one at good leads back."""
    zone = zone_of("v=spf1 ptr -all")
    for i in range(n):
        zone.put("1.2.0.192.in-addr.arpa", "PTR", f"h{i}.a.test")
        zone.put(f"h{i}.a.test", "A", IP if i == good else "198.51.100.1")
    return zone


def expanded(local):
    """7.3: labels go from the left until 253 octets are left."""
    zone = zone_of("v=spf1 exists:%{l}.x.test -all")
    labels = (local + ".x.test").split(".")
    while len(".".join(labels)) > 253:
        labels.pop(0)
    zone.put(".".join(labels), "A", "127.0.0.2")
    return zone


def repeated(local, times, end):
    zone = zone_of("v=spf1 exists:" + "%{l}." * times + end + " -all")
    zone.put(end, "A", "127.0.0.2")
    return zone


def explanation(text):
    zone = zone_of("v=spf1 -all exp=why.test")
    txt(zone, "why.test", text)
    return zone


def empty_rdata():
    zone = zone_of("v=spf1 +all")
    zone.put_raw("a.test", "TXT", b"")
    return zone


def broken_strings():
    """A string that is longer than its record."""
    zone = nameserver.Zone()
    zone.put_raw("a.test", "TXT", b"\xffv=spf1 +all")
    return zone


def faulty(fault, *more):
    zone = zone_of("v=spf1 +all")
    zone.fail("a.test", "TXT", fault, *more)
    return zone


def void_names(n):
    return zone_of("v=spf1 " + "".join(f"a:v{i}.test " for i in range(n)) +
                   "+all")


LONG = ".".join(["local"] * 1700)  # 10 KB with dots
NAME = ".".join(["n" * 60] * 4) + ".test"

# (name, zone or function that answers, local part, results)
CASES = [
    ("64 KB over TCP, the last matches", large(" ip4:192.0.2.1"), "a", "pass"),
    ("64 KB over TCP, none matches", large(" -all"), "a", "fail"),
    ("64 KB over TCP, a fault at its end", large(" -all x"), "a", "permerror"),
    ("64 KB in strings of one octet",
     zone_of("v=spf1 " + "ip4:10.0.0.0/8 " * 2000 + "ip4:192.0.2.1 -all", 1),
     "a", "pass"),
    ("1,000 includes", includes(1000, "v=spf1 -all"), "a", "permerror"),
    ("1,000 includes, the first passes", includes(1000, "v=spf1 +all"), "a",
     "pass"),
    ("1,000 includes behind what matches",
     zone_of("v=spf1 ip4:192.0.2.1 " + "".join(
         f"include:i{i}.test " for i in range(1000)) + "-all"), "a", "pass"),
    ("a record that includes itself", zone_of("v=spf1 include:a.test -all"),
     "a", "permerror"),
    ("a ring of includes", ring("include:", " -all"), "a", "permerror"),
    ("a record that redirects to itself", zone_of("v=spf1 redirect=a.test"),
     "a", "permerror"),
    ("a ring of redirects", ring("redirect=", ""), "a", "permerror"),
    ("includes of itself by a macro",
     zone_of("v=spf1 " + "include:%{d} " * 9 + "-all"), "a", "permerror"),
    ("300 records, one below the other", chain(300, "include:"), "a",
     "permerror"),
    ("300 redirects", chain(300, "redirect="), "a", "permerror"),
    ("10 redirects", chain(10, "redirect="), "a", "pass"),
    ("11 redirects", chain(11, "redirect="), "a", "permerror"),
    ("300 records, ten below each", wide_tree(), "a", "permerror"),
    ("every name includes two more", doubling, "a", "permerror"),
    ("every name includes eleven more by a macro", by_macro, "a",
     "permerror"),
    ("100 MX", mx_hosts(100), "a", "permerror"),
    ("1,000 names that are not there", void_names(1000), "a", "permerror"),
    ("10 KB of local part", expanded(LONG), LONG, "pass"),
    ("10 KB in one label: it goes", repeated("a", 1, "x.test"),
     "l" * 10000, "pass"),
    ("a macro 3,000 times", repeated("a", 3000, "x.test"), "abc.def", "fail"),
    ("a macro 3,000 times of 10 KB", repeated("a", 3000, "x.test"), LONG,
     "permerror fail"),
    ("3,000 macros backwards and cut",
     zone_of("v=spf1 exists:" + "%{l1r+-./,_=}" * 3000 + ".x.test -all"),
     LONG, "permerror fail"),
    ("not ASCII in a name", zone_of(b"v=spf1 a:\xc3\xbc.test +all"), "a",
     "permerror"),
    ("not ASCII in a modifier", zone_of(b"v=spf1 x=\xff +all"), "a",
     "permerror"),
    ("NUL in a term", zone_of(b"v=spf1 a:b\0.test +all"), "a", "permerror"),
    ("NUL behind the record", zone_of(b"v=spf1 +all\0"), "a", "permerror"),
    ("NUL behind the version", zone_of(b"v=spf1\0 +all"), "a", "none"),
    ("controls of terminals",
     zone_of(b"v=spf1 \x1b[31m\x1b]0;x\x07 \x9b31m \xc2\x9b +all"), "a",
     "permerror"),
    ("a tabulator between terms", zone_of(b"v=spf1\t+all"), "a", "none"),
    ("a string for each octet", zone_of("v=spf1 ip4:192.0.2.1 -all", 1), "a",
     "pass"),
    ("split in the version and within a term",
     zone_of("v=spf1 ip4:192.0.2.1 -all", 5), "a", "pass"),
    ("a record without strings beside it", empty_rdata(), "a",
     "pass temperror"),
    ("a string longer than its record", broken_strings(), "a",
     "temperror none"),
    ("16 CNAMEs", aliases(16), "a", "pass"),
    ("40 CNAMEs", aliases(40), "a", "temperror"),
    ("CNAMEs in a loop", alias_loop(), "a", "temperror"),
    ("the record of another name", other_owner, "a", "none temperror"),
    ("an answer to another question", faulty("wrong-question"), "a",
     "temperror"),
    ("noise", faulty("noise"), "a", "temperror"),
    ("garbage", faulty("garbage"), "a", "temperror"),
    ("an answer cut short", faulty("cut"), "a", "temperror"),
    ("truncated, and none over TCP", faulty("truncate-tcp-drop"), "a",
     "temperror"),
    ("4,000 other TXT records beside it", many_records(4000, "x"), "a",
     "pass"),
    ("3,000 SPF records", many_records(3000, "v=spf1"), "a", "permerror"),
    ("4,000 addresses of one name", many_addresses(3900), "a", "pass"),
    ("1,000 PTR, the tenth leads back", pointers(1000, 9), "a", "pass"),
    ("1,000 PTR, the last leads back", pointers(1000, 999), "a", "fail"),
    ("an explanation of 30 KB", explanation("%{i} is not us. " * 2000), "a",
     "fail"),
    ("an explanation that grows", explanation("%{l} " * 12000), LONG, "fail"),
    ("an explanation with controls",
     explanation(b"\x1b[31mred\x07\x9b\r\nand \xe2\x80\xae more"), "a",
     "fail"),
    ("an explanation that ends in a macro", explanation("%{"), "a", "fail"),
    ("a name of 250 octets includes another",
     zone_of(f"v=spf1 include:{NAME} -all"), "a", "permerror"),
    ("addresses with 10,000 digits",
     zone_of("v=spf1 ip4:" + "1" * 10000 + "/24 +all"), "a", "permerror"),
    ("a CIDR length of 10,000 digits",
     zone_of("v=spf1 a/" + "0" * 10000 + " +all"), "a", "permerror"),
    ("a local part that is a macro", expanded("%{l}"), "%{l}", "pass"),
    ("a local part with octets of all kinds",
     zone_of("v=spf1 exists:%{L}.x.test -all"),
     "\x80é\u202e\"\\ ", "fail"),
]


# ---- runs ------------------------------------------------------------------

class Run:
    """One audit: what it said and what it took."""

    def __init__(self, port, local, form, folder):
        # An argument may not be as long as a line of a list.
        rows = os.path.join(folder, "rows.csv")
        with open(rows, "w", encoding="utf-8", newline="") as f:
            csv.writer(f).writerows(
                [["domain", "ip", "helo", "mail_from"],
                 ["a.test", IP, "a.test", local + "@a.test"]])
        args = [PRESEND, "audit", "-d", rows, "-c", "spf", "-n",
                f"127.0.0.1:{port}", "-t", "2", "--retries", "1",
                "--deadline", str(DEADLINE), "-f", form]
        if form == "text":
            args += ["--color", "never", "-v"]
        out, err = (os.path.join(folder, n) for n in ("out", "err"))
        with open(out, "wb") as o, open(err, "wb") as e:
            child = subprocess.Popen(args, stdout=o, stderr=e)
            _, status, used = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
        self.code = child.returncode
        self.memory = used.ru_maxrss
        self.work = used.ru_utime + used.ru_stime
        with open(out, "rb") as o, open(err, "rb") as e:
            self.out, self.err = o.read(), e.read()


def raw_controls(text):
    """Those octets that a terminal would act upon."""
    text = text.decode("utf-8", "replace")
    return sorted({f"{ord(c):x}" for c in text
                   if (ord(c) < 32 and c != "\n") or 127 <= ord(c) < 160 or
                   ord(c) in (0xfffd, *range(0x202a, 0x202f),
                              *range(0x2066, 0x206a))})


def wrong(run, plain, expected):
    """What is wrong with an audit."""
    if run.code not in (0, 1, 3):
        yield f"exit {run.code}: {run.err[-2000:]}"
        return
    try:
        audit, = documents.loads(run.out)["audits"]
    except ValueError as e:
        yield f"not one document: {e}"
        return
    said = [e["result"] for e in audit["facts"]["spf"]["evaluations"]
            if e["identity"] == "mailfrom"]
    if len(said) != 1 or said[0] not in expected:
        yield f"said {said}, expected {expected}"
    if any(g["cause"] == "deadline" for g in audit["gaps"]):
        yield "the audit's deadline was over"
    if run.memory > plain.memory + MEMORY:
        yield f"took {run.memory} KiB, a plain audit {plain.memory}"
    if run.work > WORK * max(plain.work, 0.005):
        yield f"took {run.work} s of work, a plain audit {plain.work}"


def put(servers, plain, case, folder):
    """The points of a case, and what is wrong with each."""
    name, served, local, expected = case
    os.mkdir(folder)
    made = callable(served)
    port = servers.serve(nameserver.Zone() if made else served,
                         served if made else None)
    run = Run(port, local, "json", folder)
    bad = [*wrong(run, plain, expected.split())]
    asked = len(set(servers.asked(port)))
    if asked > QUESTIONS:
        bad.append(f"{asked} questions")
    shown = Run(port, local, "text", folder)
    raw = raw_controls(shown.out + shown.err)
    return [(f"{name}: {expected.replace(' ', ' or ')}", bad),
            (f"{name}: as text", [
                *([f"exit {shown.code}, {shown.err[-500:]}"]
                  if shown.code != run.code else []),
                *([f"control octets {raw}"] if raw else [])])]


def main():
    points = tap.Tap()
    with tempfile.TemporaryDirectory() as folder, \
            nameserver.Nameservers() as servers, \
            concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        good = zone_of("v=spf1 a mx ip4:192.0.2.1 -all")
        plain = Run(servers.serve(good), "a", "json", folder)
        points.point(plain.code in (0, 1, 3), "a plain audit", plain.err)
        runs = [pool.submit(put, servers, plain, case,
                            os.path.join(folder, str(number)))
                for number, case in enumerate(CASES)]
        for run in runs:
            for name, bad in run.result():
                points.point(not bad, name, *bad)
    points.end()


if __name__ == "__main__":
    main()
