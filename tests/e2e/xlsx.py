#!/usr/bin/env python3
"""Workbooks: each cell is what the document says, read by openpyxl and worked
out here from the JSON; the package is well-formed; LibreOffice opens them; the
same document gives the same octets; and where one cannot be written there is
one line, no file, and nothing left in TMPDIR.  TAP.
"""

import datetime
import io
import json
import math
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile
import xml.dom.minidom
import zipfile

import tap

try:
    import openpyxl
except ImportError:
    # Packages of the system are not seen by a Python that is not its own.
    SYSTEM = "/usr/bin/python3"
    if sys.executable != SYSTEM and os.access(SYSTEM, os.X_OK):
        os.execv(SYSTEM, [SYSTEM, *sys.argv])
    tap.skip_all("no openpyxl")
    sys.exit(0)

PRESEND = os.environ["PRESEND"]
VIEWS = pathlib.Path(__file__).parent.parent / "cases" / "views"
CUT = " \u2026 (cut: the document has more)"
CELL_MAX = 32767

# ---- what a cell holds ------------------------------------------------------

HIDDEN = [
    (0x00, 0x1f), (0x7f, 0x9f), (0xad, 0xad), (0x34f, 0x34f), (0x61c, 0x61c),
    (0x115f, 0x1160), (0x17b4, 0x17b5), (0x180b, 0x180f), (0x200b, 0x200f),
    (0x2028, 0x202e), (0x2060, 0x206f), (0x3164, 0x3164), (0xfdd0, 0xfdef),
    (0xfeff, 0xfeff), (0xffa0, 0xffa0), (0xfff0, 0xfffb), (0xfffe, 0xffff),
    (0x1bca0, 0x1bca3), (0x1d173, 0x1d17a), (0xe0000, 0xe0fff)]


def units(text):
    return len(text.encode("utf-16-le")) // 2


def shown(text):
    """A text as a cell has it; None: there is none."""
    pieces = []
    for c in text:
        n = ord(c)
        hidden = c not in "\n\t" and (
            any(a <= n <= b for a, b in HIDDEN) or n & 0xfffe == 0xfffe)
        pieces.append("\\u{%X}" % n if hidden else c)
    whole = "".join(pieces)
    if units(whole) > CELL_MAX:
        room, kept = CELL_MAX - units(CUT), []
        for piece in pieces:
            room -= units(piece)
            if room < 0:
                break
            kept.append(piece)
        whole = "".join(kept) + CUT
    return whole or None


def moment(text):
    """What of a time Excel can have; else it stays text."""
    try:
        t = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return shown(text)
    if t.tzinfo:
        t = t.astimezone(datetime.timezone.utc).replace(tzinfo=None)
    # Excel takes 1900 for a leap year.
    return shown(text) if t.year < 1901 else t.replace(microsecond=0)


def cell(value, kind):
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return value if abs(value) <= 2**53 else str(value)
    if isinstance(value, str):
        return moment(value) if kind == "time" else shown(value)
    if isinstance(value, list):
        return shown(", ".join(x for x in value if isinstance(x, str)))
    return None


def get(value, path):
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def text(value, key):
    """A member that is a text; else nothing."""
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""


def number(value):
    return value if isinstance(value, int) and not isinstance(value, bool) \
        else 0


# ---- what the sheets are ----------------------------------------------------

def col(head, path, kind="text"):
    """Of the value, or with a slash of the item."""
    def of(item, value, _list):
        if path.startswith("/"):
            return cell(get(item, path[1:]), kind)
        return cell(get(value, path), kind)
    return head, of


def made(head, f):
    return head, lambda item, value, name: cell(f(item, value, name), "text")


DOMAIN = col("Domain", "/subject.domain")
SUBJECT = [DOMAIN, col("Message", "/subject.message.file")]


def items_of(value, key):
    found = value.get(key)
    return found if isinstance(found, list) else []


def octets(value, meaning):
    """As a zone file has them (RFC 1035 5.1)."""
    return "".join(f"\\{c:03d}" if c < 0x20 or c >= 0x7f else
                   "\\" + chr(c) if chr(c) in meaning else chr(c)
                   for c in value)


def record(r):
    name, kind, value = (text(r, k).encode("utf-8")
                         for k in ("name", "type", "value"))
    if kind == b"header":
        return octets(name, "") + ": " + octets(value, "")
    line = octets(name, '";()') + " IN " + octets(kind, '";()')
    if kind.upper() != b"TXT":
        return line + " " + octets(value, '";()')
    return line + "".join(
        ' "' + octets(value[at:at + 255], '"\\') + '"'
        for at in range(0, max(len(value), 1), 255))


def records(_item, value, _name):
    return "\n".join(record(r) for r in items_of(value, "records"))


def dns_name(item, value, name):
    domain = text(item.get("subject"), "domain")
    return {"facts.mx.hosts": domain,
            "facts.ptr.ips": text(value, "ip"),
            "facts.helo": text(value, "host"),
            "facts.spf.tree": text(value, "domain"),
            "facts.mta_sts": "_mta-sts." + domain,
            "facts.dmarc": text(value, "location")
            }.get(name, text(value, "name"))


def dns_type(_item, _value, name):
    return {"facts.mx.hosts": "MX", "facts.ptr.ips": "PTR",
            "facts.helo": "A, AAAA"}.get(name, "TXT")


def dns_value(_item, value, name):
    if name == "facts.mx.hosts":
        return f"{number(value.get('preference'))} {text(value, 'name')}"
    return published(value)


USES = {"facts.mx.hosts": "mail exchanger", "facts.ptr.ips": "reverse DNS",
        "facts.helo": "HELO name", "facts.spf.tree": "SPF",
        "facts.dkim.keys": "DKIM key", "facts.dmarc": "DMARC",
        "facts.mta_sts": "MTA-STS", "facts.tls_rpt": "TLS reporting",
        "facts.bimi": "BIMI"}


def published(value):
    for key in ("record", "names", "addresses"):
        if key in value:
            found = value[key]
            return found if isinstance(found, str) or found else None
    return None


def spf_step(_item, value, _name):
    depth = number(value.get("depth"))
    indent = " " * (depth * 4 if depth < 100 else 0)
    if text(value, "term"):
        return indent + "  " + value["term"]
    return indent + text(value, "domain")


def alignment(_item, value, name):
    if name != "facts.dmarc":
        return value.get("aligned")
    return ", ".join(
        f"{label} {'yes' if value[key] else 'no'}"
        for label, key in (("SPF", "aligned_spf"), ("DKIM", "aligned_dkim"))
        if isinstance(value.get(key), bool))


def method(_item, value, name):
    if name == "facts.dmarc":
        return text(value, "policy")
    if name == "facts.dkim.keys":
        return text(value, "type")
    if text(value, "algorithm"):
        return value["algorithm"] + ", " + text(value, "canonicalization")
    return None


def remarks(_item, value, _name):
    lines = [text(value, k) for k in ("reason", "detail", "defect")]
    lines += [text(p, "detail") for p in items_of(value, "problems")]
    return "\n".join(x for x in lines if x)


def what(_item, _value, name):
    return {"facts.dkim.signatures": "DKIM signature",
            "facts.dkim.keys": "DKIM key"}.get(name, "DMARC policy")


def counts(level):
    return [col(f"{level.title()}: {status.replace('_', ' ')}",
                f"{level}.{status}")
            for status in ("pass", "fail", "unknown", "not_applicable")]


class Sheet:
    def __init__(self, title, lists, columns, wanted=None, header=False,
                 blanks=(), last=None):
        self.title, self.lists, self.columns = title, lists, columns
        self.wanted, self.header = wanted, header
        self.blanks, self.last = list(blanks), last

    def heads(self):
        return [h for h, _ in self.columns] + self.blanks

    def rows(self, item):
        for name in self.lists:
            values = get(item, name) if name else item
            for value in values if isinstance(values, list) else [values]:
                if isinstance(value, dict) and (
                        not self.wanted or self.wanted(value)):
                    yield [f(item, value, name) for _, f in self.columns] + \
                        [None] * len(self.blanks)


AUDIT = [
    Sheet("Verdicts", ["verdicts"], SUBJECT + [
        col("Provider", "provider"), col("Verdict", "verdict"),
        col("Consequence", "consequence"), *counts("must"), *counts("should"),
        col("Error", "/error")]),
    Sheet("What to change", ["changes", "recommended"], SUBJECT + [
        made("Kind", lambda i, v, n:
             "required" if n == "changes" else "recommended"),
        col("Consequence", "consequence"), col("Providers", "providers"),
        col("Title", "title"), col("Fix", "fix"),
        made("Records to publish", records)]),
    Sheet("Findings", ["results"], SUBJECT + [
        col("Provider", "provider"), col("Level", "level"),
        col("Consequence", "consequence"), col("Title", "title"),
        col("Why", "why"), col("Fix", "fix"),
        made("Records to publish", records), col("Source", "source")],
        wanted=lambda v: v.get("status") == "fail"),
    Sheet("Scorecard", ["results"], SUBJECT + [
        col("Provider", "provider"), col("Rule", "rule"),
        col("Status", "status"), col("Level", "level"),
        col("Consequence", "consequence"), col("Title", "title"),
        col("Why", "why"), col("Codes", "codes"), col("Source", "source"),
        col("Source read", "checked", "time")]),
    Sheet("Not known", ["gaps"], SUBJECT + [
        col("Check", "check"), col("Fact", "fact"), col("Cause", "cause"),
        col("Detail", "detail")]),
    Sheet("DNS", list(USES), SUBJECT + [
        made("Used for", lambda i, v, n: USES[n]), made("Name", dns_name),
        made("Type", dns_type), made("Value", dns_value)], wanted=published),
    Sheet("SPF tree", ["facts.spf.tree"], SUBJECT + [
        col("Depth", "depth"), col("Record of", "domain"),
        made("Name or term", spf_step), col("Lookups", "lookups"),
        col("Below", "below"), col("In all so far", "total"),
        col("Record", "record"), col("Note", "note")]),
    Sheet("DKIM and DMARC",
          ["facts.dkim.signatures", "facts.dkim.keys", "facts.dmarc"],
          SUBJECT + [
              made("What", what), col("Name", "name"),
              col("Signing domain", "domain"), col("Result", "result"),
              made("Aligned", alignment), made("Algorithm or policy", method),
              made("Key bits", lambda i, v, n: v.get(
                  "bits" if n == "facts.dkim.keys" else "key_bits")),
              col("Record", "record"), made("Remarks", remarks)]),
    Sheet("TLS", ["facts.tls.hosts"], SUBJECT + [
        col("Host", "host"), col("Address", "address"), col("Role", "role"),
        col("Listens", "listening"), col("STARTTLS", "starttls"),
        col("Version", "version"), col("Cipher", "cipher"),
        col("Weak", "weak"), col("Handshake", "handshake_error"),
        col("Certificate", "certificate.subject"),
        col("Names in it", "certificate.names"),
        col("Issuer", "certificate.issuer"),
        col("Valid until (UTC)", "certificate.not_after", "time"),
        col("Trusted", "certificate.trusted"),
        col("Is of the host", "certificate.matches_host"),
        col("Key", "certificate.key_type"),
        col("Key bits", "certificate.key_bits"),
        col("Defect", "certificate.error")]),
    Sheet("Message problems", ["facts.format.problems"], SUBJECT + [
        col("Severity", "severity"), col("Line", "line"),
        col("Column", "column"), col("Header", "header"), col("Code", "code"),
        col("Detail", "detail"), col("What to do", "todo"),
        col("Clause", "clause"), col("Times", "count")]),
    Sheet("Evidence", ["evidence.list"], SUBJECT + [
        col("Kind", "kind"), col("Question", "question"),
        col("Answer", "answer"), col("Asked (UTC)", "asked", "time"),
        col("Asked of", "from"), col("Why not known", "cause")]),
    Sheet("Rule packs", ["packs"], [
        col("Rule pack", "name"), col("Provider", "provider"),
        col("Rules", "rules"),
        col("Oldest source read", "oldest_checked", "time"),
        col("Newest source read", "checked", "time"),
        col("Built in", "built_in"), col("SHA-256", "sha256")], header=True),
    Sheet("Sign-off", ["verdicts"], SUBJECT + [
        col("Provider", "provider"), col("Verdict", "verdict")],
        blanks=["Decision", "Reviewer", "Date", "Remarks"],
        last="All of the above"),
]

DIFF = [
    Sheet("Differences", ["results"], SUBJECT + [
        col("Change", "change"), col("Provider", "provider"),
        col("Rule", "rule"), col("Level", "level"), col("Before", "old"),
        col("Now", "new"), col("Title", "title"), col("Why", "why"),
        col("Fix", "fix"), made("Records to publish", records)]),
]


def senders(_item, value, _name):
    all_of = value.get("sender_domains")
    all_of = all_of if isinstance(all_of, dict) else {}
    named = list(all_of.items())[:5]
    more = min(number(value.get("other_sender_domains")) +
               len(all_of) - len(named), 2**63 - 1)
    return ", ".join(f"{k} {number(v)}" for k, v in named) + (f" and {more} more" if more > 0 else "")


BOUNCES = [
    Sheet("Clusters", ["clusters"], [
        col("Count", "count"), col("Kind", "kind"),
        col("Provider", "provider"), col("Reply", "reply"),
        col("Status", "status"), col("Reason", "reason"),
        col("Title", "title"), col("Recipients", "recipients"),
        col("Estimated", "recipients_estimated"),
        col("First seen (UTC)", "first", "time"),
        col("Last seen (UTC)", "last", "time"),
        made("Main senders", senders), col("Rules", "rules"),
        col("Today", "today"), col("Reply text", "text")]),
    Sheet("Days", ["days"], [
        col("Day", "day", "time"), col("Provider", "provider"),
        col("Reason", "reason"), col("Count", "count")]),
    Sheet("Unclassified", ["unclassified"], [
        col("Count", "count"), col("Reply text", "text")]),
    Sheet("Fixes", ["clusters"], [
        col("Count", "count"), col("Kind", "kind"),
        col("Provider", "provider"), col("Reason", "reason"),
        col("Title", "title"), col("What to do", "fix"),
        col("Rules", "rules"), col("Source", "source")],
        wanted=lambda v: isinstance(v.get("fix"), str)),
    Sheet("Inputs", ["inputs"], [
        col("File", "file"), col("Format", "format"), col("Octets", "bytes"),
        col("Lines", "lines"), col("Attempts", "attempts"),
        col("Failed", "failed"),
        col("Unrecognised lines", "unrecognised_lines"),
        col("Error", "error")]),
]

BOUNCES_DIFF = [
    Sheet("Differences", ["clusters"], [
        col("Change", "change"), col("Kind", "kind"),
        col("Provider", "provider"), col("Reply", "reply"),
        col("Status", "status"), col("Reason", "reason"),
        col("Title", "title"), col("Before", "old.count"),
        col("Now", "new.count"),
        col("Before, % of attempts", "old.percent"),
        col("Now, % of attempts", "new.percent"), col("Rules", "rules"),
        col("What to do", "fix")]),
]

EVENTS = [
    Sheet("Events", [""], [
        col("Time (UTC)", "time", "time"), col("Queue id", "queue_id"),
        col("Sender", "sender"), col("Recipient", "recipient"),
        col("Provider", "provider"), col("Host", "host"), col("IP", "ip"),
        col("Reply", "reply"), col("Status", "status"), col("Kind", "kind"),
        col("Reason", "reason"), col("Rules", "rules"), col("Text", "text"),
        col("File", "file"), col("Line", "line")]),
]

# ---- reading them back ------------------------------------------------------


def unescaped(text):
    """As Excel reads it: openpyxl leaves that to others."""
    out, at = "", 0
    while at < len(text):
        code = text[at + 2:at + 6]
        if (text[at:at + 2] == "_x" and text[at + 6:at + 7] == "_" and
                len(code) == 4 and all(c in "0123456789abcdefABCDEF"
                                       for c in code)):
            out += chr(int(code, 16))
            at += 7
        else:
            out += text[at]
            at += 1
    return out


def values(sheet):
    """Rows of cells; the last ones that hold nothing are not there."""
    rows = []
    for row in sheet.iter_rows():
        cells = []
        for c in row:
            value = c.value
            if isinstance(value, str):
                value = unescaped(value)
            elif isinstance(value, datetime.datetime):
                # A day's fraction is no exact number.
                value = (value + datetime.timedelta(milliseconds=500)).replace(
                    microsecond=0)
            cells.append(value)
        rows.append(cells)
    return rows


def formulas(book):
    return [f"{s.title}!{c.coordinate}" for s in book for row in s.iter_rows()
            for c in row if c.data_type == "f" or c.hyperlink]


def package_faults(octets):
    """Of the files in it: what is no XML, or leads out of it."""
    faults = []
    with zipfile.ZipFile(io.BytesIO(octets)) as z:
        if z.testzip():
            faults.append("damaged")
        for name in z.namelist():
            dom = xml.dom.minidom.parseString(z.read(name))
            for r in dom.getElementsByTagName("Relationship"):
                if r.getAttribute("TargetMode") == "External":
                    faults.append(f"{name}: {r.getAttribute('Target')}")
    return faults


def same(a, b):
    """A workbook has 16 digits of a number."""
    if isinstance(a, float) or isinstance(b, float):
        return b is not None and math.isclose(a, b, rel_tol=1e-15)
    return type(a) is type(b) and a == b


def compare(book, sheets, header, items):
    """The first thing that differs, or nothing."""
    titles = [s.title for s in sheets]
    got = [t for t in book.sheetnames if t != "Summary"]
    if got != titles:
        return f"sheets {got}, not {titles}"
    for s in sheets:
        want = [r for item in ([header] if s.header else items)
                for r in s.rows(item)]
        rows = values(book[s.title])
        if rows[0] != s.heads():
            return f"{s.title}: heads {rows[0]}, not {s.heads()}"
        have = rows[1:]
        if s.title == "Evidence":  # and a remark for each audit
            have = [r for r in have if r[2] is not None]
        elif not want:
            have = have[1:]        # that there is none
        if want and s.last:
            if have[-1][0] != s.last:
                return f"{s.title}: no {s.last}"
            have = have[:-1]
        if len(have) != len(want):
            return f"{s.title}: {len(have)} rows, not {len(want)}"
        for n, (h, w) in enumerate(zip(have, want)):
            if not all(same(a, b) for a, b in zip(h, w)):
                return f"{s.title} row {n + 2}: {h}, not {w}"
    return None


# ---- documents --------------------------------------------------------------

LONG = ["x" * 40000, "\u00e9" * 32767, "\U0001f600" * 20000, "\x01" * 10000,
        "_x0041_ _x202E_ __x005f_", "a\nb\tc", "  spaces  ", " "]


def example():
    out = subprocess.run([PRESEND, "audit", "--example", "--evidence", "-p",
                          "all", "-f", "json"], capture_output=True)
    return json.loads(out.stdout)


def events():
    base = {"time": "2026-11-21T08:00:00Z", "queue_id": "4XyZ",
            "sender": "a@b", "recipient": "c@d", "provider": "gmail",
            "host": "mx.example", "ip": "192.0.2.1", "reply": "550",
            "status": "5.7.26", "kind": "bounced", "reason": "dmarc",
            "rules": ["a.b", "c.d"], "text": "refused", "file": "mail.log",
            "line": 7}
    some = [base, {**base, "time": "2026-02-28T23:59:59Z", "line": 2**53 + 1},
            {**base, "time": "not a time"}, {**base, "time": "1899-01-01"},
            {k: base[k] for k in ("kind", "reason", "provider")}]
    return some + [{**base, "text": t, "queue_id": t} for t in LONG]


def long_cells():
    d = json.loads((VIEWS / "failures.json").read_text(encoding="utf-8"))
    results = d["audits"][0]["results"]
    for i, r in enumerate(results):
        r["why"] = LONG[i % len(LONG)]
        r["title"] = LONG[(i + 1) % len(LONG)]
    return d


def documents():
    for path in sorted(VIEWS.glob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        if str(document.get("schema")).startswith("presend."):
            yield path.stem, document
    yield "example", example()
    yield "long_cells", long_cells()
    yield "events", events()


def parts(document):
    """Its sheets, header and items."""
    if isinstance(document, list):
        return EVENTS, {}, document
    schema = document["schema"]
    if schema == "presend.bounces/1":
        return BOUNCES, document, [document]
    if schema == "presend.bounces-diff/1":
        return BOUNCES_DIFF, document, [document]
    sheets = DIFF if schema == "presend.diff/1" else AUDIT
    return sheets, document, document["audits"]


def written(document):
    if isinstance(document, list):
        return "".join(json.dumps(e) + "\n" for e in document)
    return json.dumps(document)


def check_document(t, folder, name, document):
    source, out = folder / f"{name}.json", folder / f"{name}.xlsx"
    source.write_text(written(document), encoding="utf-8")
    r = subprocess.run([PRESEND, "view", source, "-o", out],
                       capture_output=True, text=True)
    if not t.point(r.returncode == 0 and r.stderr == "",
                   f"{name} is a workbook", r.returncode, r.stderr) and \
            not out.exists():
        return
    octets = out.read_bytes()
    faults = package_faults(octets)
    t.point(not faults, f"{name}: its package is sound", *faults)
    book = openpyxl.load_workbook(out)
    found = formulas(book)
    t.point(not found, f"{name}: no formula, no link", *found[:3])
    sheets, header, items = parts(document)
    why = compare(book, sheets, header, items)
    t.point(why is None, f"{name}: each cell is what the document says", why)
    r = subprocess.run([PRESEND, "view", source, "-f", "xlsx"],
                       capture_output=True)
    t.point(r.stdout == octets, f"{name}: the same octets again")
    return book


def check_layout(t, book):
    """The example's: what a reviewer needs."""
    sheet = book["Scorecard"]
    t.point(sheet.freeze_panes == "A2", "heads stay in sight")
    t.point(sheet.auto_filter.ref is not None, "rows can be filtered")
    t.point(all(s.page_setup.orientation == "landscape" for s in book),
            "pages are landscape")
    t.point(sheet.print_title_rows in ("1:1", "$1:$1"),
            "heads are on each page", sheet.print_title_rows)
    t.point(all("&P" in (s.oddFooter.right.text or "") for s in book),
            "pages have numbers")
    t.point(book.properties.created == datetime.datetime(2026, 11, 22, 8),
            "it is of the time of the document", book.properties.created)
    fills = {row[4].value: row[4].fill.fgColor.rgb
             for row in sheet.iter_rows(min_row=2)}
    t.point(len(set(fills.values())) == len(fills) == 4,
            "each status is worded and coloured", fills)
    said = [c.value for row in book["Summary"].iter_rows() for c in row]
    t.point(all(f in said for f in ("Gmail", "non-compliant", "reject")),
            "the summary has the verdicts")
    t.point(len(book["Summary"]._charts) == 1, "the summary has a chart")


# ---- bad places -------------------------------------------------------------

def limited(octets):
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (octets, octets))
    return limit


def attempt(source, out, tmp, preexec=None, env=None):
    r = subprocess.run(
        [PRESEND, "view", source, "--force", "-o", out], capture_output=True,
        text=True, preexec_fn=preexec,
        env={**os.environ, "TMPDIR": str(tmp), **(env or {})})
    lines = r.stderr.splitlines()
    left = list(tmp.iterdir()) if tmp.is_dir() else []
    left += [p for p in out.parent.iterdir() if p.name.startswith("x.xlsx.")]
    return r.returncode, lines, left


def many_events(folder, n):
    source = folder / "many.jsonl"
    with open(source, "w", encoding="utf-8") as f:
        for i in range(n):
            f.write(json.dumps({
                "time": "2026-11-21T08:00:00Z", "kind": "bounced",
                "provider": "gmail", "reason": "dmarc",
                "queue_id": f"{i * 2654435761 % 2**32:X}",
                "text": f"refused {i * 40503 % 65536}", "line": i}) + "\n")
    return source


def check_small_disks(t, folder):
    """At whatever octet a file may grow no more: all of it, or nothing."""
    source, tmp = many_events(folder, 4000), folder / "tmp"
    tmp.mkdir()
    place = folder / "place"
    place.mkdir()
    out = place / "x.xlsx"
    bad, whole, refused = [], 0, 0
    attempt(source, out, tmp)
    need = 2 * len(zipfile.ZipFile(out).read("xl/worksheets/sheet1.xml"))
    want = out.read_bytes()
    for k in range(0, 40):
        out.unlink(missing_ok=True)
        status, lines, left = attempt(source, out, tmp,
                                      limited(need * k // 32))
        if status == 0 and not lines and out.read_bytes() == want:
            whole += 1
        elif status == 4 and len(lines) == 1 and not out.exists():
            refused += 1
        else:
            bad.append((k, status, lines, out.exists()))
        if left:
            bad.append((k, "left", left))
    t.point(not bad, "on a disk of whatever size: whole, or refused by a line",
            *bad[:3])
    t.point(whole > 2 and refused > 10, "both of them happened", whole, refused)


def check_places(t, folder):
    source, tmp = folder / "failures.json", folder / "tmp"
    place = folder / "place"
    out = place / "x.xlsx"
    out.write_text("old")
    cases = [("TMPDIR is no folder", folder / "nowhere", out, 4),
             ("the disk is full", tmp, pathlib.Path("/dev/full"), 4)]
    for name, tmpdir, path, want in cases:
        status, lines, left = attempt(source, path, tmpdir)
        t.point(status == want and len(lines) == 1 and not
                [p for p in left if p.parent == tmp],
                f"{name}: one line, status 4", status, lines, left)
    t.point(out.read_text() == "old", "the file that was there still is")


def check_killed(t, folder):
    """No signal handler runs, and there is nothing to be taken away."""
    tmp = folder / "tmp"
    log = "Nov 21 08:00:00 mx postfix/smtp[7]: 4XyZ: to=<a@b.example>, " \
          "relay=b.example[192.0.2.1]:25, delay=1, dsn=5.1.1, " \
          "status=bounced (host said: 550 5.1.1 no)\n"
    p = subprocess.Popen(
        [PRESEND, "bounces", "--events", "-o", folder / "place" / "y.xlsx"],
        stdin=subprocess.PIPE, env={**os.environ, "TMPDIR": str(tmp)})
    p.stdin.write(log.encode() * 20000)
    p.stdin.flush()
    p.kill()
    p.wait()
    p.stdin.close()
    t.point(not list(tmp.iterdir()), "killed, it leaves nothing in TMPDIR",
            *tmp.iterdir())


# ---- LibreOffice ------------------------------------------------------------

def check_libreoffice(t, folder):
    office = shutil.which("soffice")
    books = [folder / f"{name}.xlsx" for name in (
        "example", "ten_domains", "hostile", "diff_hostile", "bounces",
        "bounces_hostile", "events")]
    if office is None:
        t.skip("LibreOffice opens each", "no soffice")
        return
    r = subprocess.run(
        [office, f"-env:UserInstallation=file://{folder}/profile",
         "--headless", "--convert-to", "pdf", "--outdir", folder / "pdf",
         *books], capture_output=True, text=True)
    missing = [b.name for b in books
               if not (folder / "pdf" / f"{b.stem}.pdf").exists()]
    t.point(not missing and "rror" not in r.stderr,
            f"LibreOffice makes pages of all {len(books)}", missing, r.stderr)


def main():
    t = tap.Tap()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for stem, document in documents():
            book = check_document(t, folder, stem, document)
            if stem == "example" and book:
                check_layout(t, book)
        check_libreoffice(t, folder)
        check_small_disks(t, folder)
        check_places(t, folder)
        check_killed(t, folder)
    return t.end()


if __name__ == "__main__":
    sys.exit(main())
