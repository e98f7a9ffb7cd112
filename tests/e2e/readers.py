"""What presend writes, read by what others wrote: each form as those who get it
read it.  read(form, octets) gives a list of what is wrong, and the shape: what a
hostile text must not change."""

import csv
import html.parser
import io
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import xml.etree.ElementTree
import xml.parsers.expat
import zipfile

try:
    import jsonschema
except ImportError:
    jsonschema = None
try:
    import openpyxl
except ImportError:
    openpyxl = None

CASES = pathlib.Path(__file__).parent.parent / "cases" / "views"
CMARK = shutil.which("cmark-gfm")
FORMULA = re.compile("[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]")
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
HREF = re.compile(r"(https://[!-~]+|#[!-~]*)?")


# What controls, hides or reorders; emoji need selectors.
HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufdd0-\ufdef\ufeff\ufff0-\ufffb\ufffe\uffff\U0001fffe\U0001ffff"
    "\U000e0000-\U000e0fff\ud800-\udfff]")


def hidden(text, more=""):
    """The first character of that kind, but for those in more."""
    for found in HIDDEN.finditer(text):
        if found[0] not in more:
            return [f"U+{ord(found[0]):04X} is in it"]
    return []


def strings(value):
    """All of a JSON value, names of members too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for v in value:
            yield from strings(v)
    elif isinstance(value, dict):
        for k, v in value.items():
            yield k
            yield from strings(v)


def text(octets):
    return hidden(octets.decode(), "\n"), None


def jsonl(octets):
    lines = octets.decode().split("\n")[:-1]
    for line in lines:
        json.loads(line)
    return hidden(octets.decode(), "\n"), len(lines)


def json_form(octets):
    """Events are a line each in this form too."""
    if octets.startswith(b"{\""):
        return jsonl(octets)
    json.loads(octets)
    return hidden(octets.decode(), "\n"), None


def csv_form(octets):
    shown = octets.decode()
    bad = hidden(shown, "\r\n\t")
    rows = list(csv.reader(io.StringIO(shown, newline=""), strict=True))
    for row in rows:
        for cell in row:
            if FORMULA.match(cell) and not NUMBER.fullmatch(cell):
                bad.append(f"a formula: {cell[:40]!r}")
            if "\r" in cell:
                bad.append("CR in a cell")
    if {len(row) for row in rows} != {len(rows[0])}:
        bad.append("rows of several lengths")
    return bad, (len(rows), rows[0])


def junit(octets):
    root = xml.etree.ElementTree.fromstring(octets)
    bad = hidden(octets.decode(), "\n")
    shape = []
    for suite in root:
        cases = suite.findall("testcase")
        for name, tag in (("failures", "failure"), ("errors", "error"),
                          ("skipped", "skipped")):
            if int(suite.get(name)) != len(suite.findall(f"testcase/{tag}")):
                bad.append(f"{name} of a suite are others")
        if int(suite.get("tests")) != len(cases):
            bad.append("tests of a suite are others")
        shape.append([[e.tag for e in case] for case in cases])
    for name in ("tests", "failures", "errors", "skipped"):
        all_of = sum(int(suite.get(name)) for suite in root)
        if root.get(name) not in (None, str(all_of)):
            bad.append(f"{name} of all are others")
    for e in root.iter():
        for t in (e.text or "", *e.attrib.values()):
            bad += hidden(t, "\n\t")
    return bad, shape


def junit_schema(path):
    """By xmllint; nothing without it."""
    if shutil.which("xmllint") is None:
        return []
    out = subprocess.run(
        ["xmllint", "--noout", "--nonet", "--schema", CASES / "junit.xsd",
         path], capture_output=True, check=False)
    return [] if out.returncode == 0 else [out.stderr[:400]]


def sarif_schema(log, path=CASES / "sarif.schema.json"):
    """By a schema; nothing without jsonschema."""
    if jsonschema is None:
        return []
    schema = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    checker = jsonschema.validators.validator_for(schema)
    errors = checker(schema,
                     format_checker=checker.FORMAT_CHECKER).iter_errors(log)
    return [f"{list(e.path)}: {e.message[:200]}" for e, _ in
            zip(errors, range(3))]


def single(message):
    """What a reader of SARIF makes of a message string (3.11.5)."""
    return message.replace("{{", "{").replace("}}", "}")


def sarif_messages(log, key):
    if isinstance(log, list):
        for v in log:
            yield from sarif_messages(v, key)
    elif isinstance(log, dict):
        for k, v in log.items():
            if k == key and isinstance(v, str):
                yield v
            yield from sarif_messages(v, key)


def sarif(octets):
    log = json.loads(octets)
    run = log["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    bad = hidden(octets.decode(), "\n") + sarif_schema(log)
    for s in strings(log):
        bad += hidden(s, "\n")
    for r in run["results"]:
        if rules[r["ruleIndex"]]["id"] != r["ruleId"]:
            bad.append("ruleIndex leads to another rule")
    for m in sarif_messages(log, "text"):
        if re.search(r"(?<!\\)\[[^\]\\]*\]\(", m):
            bad.append(f"a link: {m[:80]!r}")
    marked = "\n\n".join(map(single, sarif_messages(log, "markdown")))
    bad += markdown(marked.encode(), link=True)[0]
    return bad, (len(run["results"]), len(rules), len(run["artifacts"]))


INLINE = {"text", "softbreak", "code", "strong"}
BLOCKS = {"paragraph", "heading", "code_block", "list", "item", "document",
          "tasklist", "table", "table_header", "table_row", "table_cell"}


def markdown(octets, link=False):
    bad = hidden(octets.decode(), "\n")
    if CMARK is None:
        return bad, None
    out = subprocess.run(
        [CMARK, "--unsafe", "-t", "xml", "-e", "table", "-e", "autolink",
         "-e", "strikethrough", "-e", "tasklist"], input=octets,
        capture_output=True, check=True).stdout
    shape = []
    for tag, e in nodes(xml.etree.ElementTree.fromstring(out)):
        if tag == "text":
            for what in re.findall(r"[@#<>*_~|`\\$]|:\w+:|www\.|//",
                                   e.text or ""):
                bad.append(f"{what!r} outside of code: {e.text[:80]!r}")
        if tag in BLOCKS:
            shape.append(tag)
        elif tag == "link" and link:
            if not re.fullmatch(r"https://[!-~]+", e.get("destination")):
                bad.append(f"a link to {e.get('destination')!r}")
        elif tag not in INLINE:
            bad.append(f"{tag} in it")
    return bad, shape


def nodes(e):
    """In order; what a link shows is its URI again."""
    tag = e.tag.rsplit("}", 1)[1]
    yield tag, e
    if tag != "link":
        for child in e:
            yield from nodes(child)


def markdown_with_links(octets):
    return markdown(octets, link=True)


class Page(html.parser.HTMLParser):
    # pylint: disable=abstract-method
    TEXT_ONLY = {"code", "br", "wbr", "a", "span"}

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.bad, self.shape, self.policy = [], [], False

    def handle_starttag(self, tag, attrs):
        if tag not in self.TEXT_ONLY:
            self.shape.append(tag)
        if tag in ("script", "iframe", "object", "embed", "base", "form",
                   "img", "link"):
            self.bad.append(f"<{tag}>")
        for name, value in attrs:
            self.attribute(tag, name, value or "")

    def attribute(self, tag, name, value):
        if name.startswith("on") or name in ("srcdoc", "action"):
            self.bad.append(f"{tag} {name}")
        if name in ("href", "src", "xlink:href") and \
                not HREF.fullmatch(value):
            self.bad.append(f"{tag} {name}={value[:60]!r}")
        if name == "http-equiv" and "policy" in value.lower():
            self.policy = True
        if name == "style" and "url" in value.lower():
            self.bad.append(f"{tag} style={value[:60]!r}")
        self.bad += hidden(value, "\n\t")

    def handle_data(self, data):
        self.bad += hidden(data, "\n\t")


def html_form(octets):
    page = Page()
    page.feed(octets.decode())
    page.close()
    if not page.policy:
        page.bad.append("no Content-Security-Policy")
    return hidden(octets.decode(), "\n\t") + page.bad, page.shape


def xlsx(octets):
    bad, shape = [], []
    with zipfile.ZipFile(io.BytesIO(octets)) as z:
        for name in z.namelist():
            if name.endswith((".xml", ".rels")):
                xml.parsers.expat.ParserCreate().Parse(z.read(name), True)
            if name.startswith("xl/worksheets/sheet") and \
                    b"<f>" in z.read(name):
                bad.append("a formula in " + name)
    if openpyxl is None:
        return bad, None
    book = openpyxl.load_workbook(io.BytesIO(octets))
    for sheet in book.worksheets:
        bad += hidden(sheet.title)
        shape.append((sheet.title, sheet.max_row, sheet.max_column))
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    bad.append(f"a formula: {cell.value!r}")
                if isinstance(cell.value, str):
                    bad += hidden(cell.value, "\n\t")
                    if len(cell.value) > 32767:
                        bad.append("a cell of over 32,767 characters")
                if cell.hyperlink is not None and cell.hyperlink.target and \
                        not HREF.fullmatch(cell.hyperlink.target):
                    bad.append(f"a link to {cell.hyperlink.target!r}")
    return bad, shape


FORMS = {"text": text, "json": json_form, "jsonl": jsonl, "csv": csv_form,
         "xlsx": xlsx, "html": html_form, "junit": junit, "sarif": sarif,
         "markdown": markdown}
SUFFIX = {"text": "txt", "junit": "junit.xml", "markdown": "md"}


def suffix(form):
    return SUFFIX.get(form, form)


def read(form, octets):
    """What is wrong, and the shape."""
    try:
        bad, shape = FORMS[form](octets)
    except (ValueError, csv.Error, SyntaxError, KeyError,
            xml.parsers.expat.ExpatError, zipfile.BadZipFile) as e:
        return [f"unreadable: {e!r}"], None
    if form == "junit":
        with tempfile.NamedTemporaryFile() as f:
            f.write(octets)
            f.flush()
            bad += junit_schema(f.name)
    return bad, shape
