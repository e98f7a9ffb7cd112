#!/usr/bin/env python3
"""The page (-f html) as independent readers take it: markup, links and ids of
every sample, hostile ones too; that what fails is in its text; and in Chromium,
if it is there, that it fits a phone, asks for nothing and has no fault that
axe-core finds ($AXE_CORE, or axe/ in the build folder).  TAP.
"""

import base64
import copy
import hashlib
import html.parser
import itertools
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile

import tap
from recorded import PRESEND

SAMPLES = pathlib.Path(os.environ["top_srcdir"]) / "tests/cases/views"

# All that a page is made of; nothing else may come out.
MARKUP = {
    "html": "lang", "head": "", "title": "", "style": "", "body": "",
    "meta": "charset http-equiv content name", "a": "class href rel",
    "header": "", "main": "id", "footer": "", "nav": "aria-label",
    "section": "id", "article": "id class", "h1": "", "h2": "", "h3": "",
    "h4": "", "p": "class dir", "br": "", "bdi": "", "strong": "class",
    "span": "class", "code": "", "pre": "class", "blockquote": "",
    "ul": "class", "ol": "", "li": "class value", "dl": "", "dt": "",
    "dd": "", "div": "class role tabindex aria-label", "details": "",
    "summary": "", "table": "", "caption": "", "thead": "", "tbody": "",
    "tr": "", "th": "scope class", "td": "class",
    "svg": "class role aria-label aria-hidden width height viewbox "
           "preserveaspectratio",
    "rect": "class x y width height", "path": "class d", "text": "class x y",
}
VOID = {"meta", "br"}
BLOCKS = {"div", "p", "ul", "ol", "dl", "table", "pre", "section", "article",
          "details", "blockquote", "h1", "h2", "h3", "h4", "nav"}
CLASSES = re.compile(r"[a-z][a-z0-9]*( [a-z][a-z0-9]*)*")
INJECTIONS = [
    "\"><script>alert(1)</script>", "' onmouseover='alert(1)' x='",
    "</style></title></svg></pre><img src=x onerror=alert(1)>",
    "javascript:alert(1)", "https://a.example/\" onclick=\"alert(1)",
    "https://user@a.example/", "https://a.example/<x>", "--><!-- ]]>",
    "&lt;script&gt;&#60;script&#62;", "\x01\x1b[31m\x7f\x85\x9b\u202e\u2066",
    "{{7*7}} ${7*7} url(https://a.example/)", "=1+1", "main", "a/b#c d",
    "\U000e0041\ufeff\u2028", "x" * 5000,
]


class Page(html.parser.HTMLParser):
    """Takes a page apart; faults are sentences."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.faults, self.open, self.ids, self.targets = [], [], [], []
        self.links, self.heads, self.style, self.policy = [], [], [], None
        self.all, self.text, self.cells, self.columns = text, [], 0, None
        self.feed(text)
        self.close()
        self.faults += [f"{x} is open" for x in self.open]
        self.whole()

    def fault(self, what):
        self.faults.append(f"{self.getpos()[0]}: {what}"[:200])

    def handle_starttag(self, tag, attrs):
        allowed = MARKUP.get(tag)
        if allowed is None:
            return self.fault(f"<{tag}>")
        for name, value in attrs:
            if name not in allowed.split():
                self.fault(f"{name} of <{tag}>")
            if name == "class" and not CLASSES.fullmatch(value):
                self.fault(f"class {value}")
        names = dict(attrs)
        if len(names) != len(attrs):
            self.fault(f"an attribute twice in <{tag}>")
        self.look(tag, names)
        if "p" in self.open and tag in BLOCKS:
            self.fault(f"<{tag}> in <p>")
        if tag not in VOID:
            self.open.append(tag)
        return None

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def look(self, tag, names):
        if "id" in names:
            self.ids.append(names["id"])
        if tag == "a":
            self.link(names)
        if re.fullmatch("h[1-6]", tag):
            self.heads.append(int(tag[1]))
        if names.get("http-equiv") == "Content-Security-Policy":
            self.policy = names["content"]
        elif "http-equiv" in names:
            self.fault("http-equiv " + names["http-equiv"])
        if tag == "table":
            self.columns = None
        if tag == "tr":
            self.cells = 0
        self.cells += tag in ("th", "td")
        if tag == "th" and names.get("scope") not in ("row", "col"):
            self.fault("<th> without scope")
        if tag == "svg" and "aria-hidden" not in names and (
                names.get("role") != "img" or not names.get("aria-label")):
            self.fault("<svg> without words")

    def link(self, names):
        href = names.get("href", "")
        if href.startswith("#"):
            self.targets.append(href[1:])
        elif not re.match(r"https://[A-Za-z0-9.-]+(:[0-9]+)?([/?#]|$)", href):
            self.fault(f"a link to {href}")
        elif names.get("rel") != "noreferrer":
            self.fault("a link without noreferrer")
        else:
            self.links.append(href)

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.fault(f"</{tag}> where {self.open[-1:]} is open")
        else:
            self.open.pop()
        if tag == "tr":
            self.columns = self.columns or self.cells
            if self.cells != self.columns:
                self.fault(f"{self.cells} cells of {self.columns}")

    def handle_data(self, data):
        self.text.append(data)
        if self.open[-1:] == ["style"]:
            self.style.append(data)

    def handle_comment(self, data):
        self.fault("a comment")

    def unknown_decl(self, data):
        self.fault("a declaration")

    def handle_pi(self, data):
        self.fault("an instruction")

    def whole(self):
        """What only the whole page shows."""
        twice = {x for x in self.ids if self.ids.count(x) > 1}
        self.faults += [f"id {x} twice" for x in twice]
        self.faults += [f"no id {x}" for x in self.targets
                        if x not in self.ids]
        if self.heads[:1] != [1] or self.heads.count(1) != 1:
            self.faults.append("not one h1, and first")
        self.faults += [f"h{b} below h{a}" for a, b in
                        zip(self.heads, self.heads[1:]) if b > a + 1]
        bad = re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-"
                        "\u202e\u2028\u2029\u2066-\u2069\ufeff]", self.all)
        if bad:
            self.faults.append(f"U+{ord(bad[0]):04X} at {bad.start()}")
        self.sheet()

    def sheet(self):
        if len(self.style) != 1:
            self.faults.append("not one style sheet")
            return
        sheet = self.style[0]
        if re.search(r"url\(|@import|@font-face|expression", sheet):
            self.faults.append("the style sheet loads something")
        want = base64.b64encode(
            hashlib.sha256(sheet.encode()).digest()).decode()
        if self.policy != (f"default-src 'none'; style-src 'sha256-{want}'; "
                           "base-uri 'none'; form-action 'none'"):
            self.faults.append(f"Content-Security-Policy is {self.policy}; "
                               f"HTML_STYLE_SHA256 must be \"{want}\"")

    def words(self):
        return " ".join("".join(self.text).split())


def render(document, folder, *more):
    path = pathlib.Path(folder) / "document.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    out = subprocess.run([PRESEND, "view", "-f", "html", *more, str(path)],
                         capture_output=True, check=False)
    if out.returncode != 0:
        raise RuntimeError(out.stderr.decode("utf-8", "replace"))
    return out.stdout.decode("utf-8")


KEPT = {"schema", "status", "provider", "verdict", "level", "check", "kind",
        "consequence", "severity", "change", "state", "old", "new", "cause",
        "rule", "requirement"}


def filled(value, texts, kept, key=None):
    """The value with the next text in each string; and in names that are of the
    outside.  The words by which views decide may be kept."""
    if isinstance(value, dict):
        foreign = key in ("sender_domains", "identity")
        return {(k + next(texts) if foreign else k):
                filled(v, texts, kept, k) for k, v in value.items()}
    if isinstance(value, list):
        return [filled(v, texts, kept, key) for v in value]
    if isinstance(value, str) and key != "schema" and key not in kept:
        return next(texts)
    return value


def record_text(record):
    return record["value"].split('"')[0][:60]


def told(texts, words):
    """Those that are not."""
    return [t for t in texts if t and " ".join(t.split()) not in words]


def missing(document, words):
    """What of the failed rules is not in the text of the page."""
    out = []
    for audit in document.get("audits", []):
        for r in audit.get("results", []):
            if r.get("status") != "fail":
                continue
            texts = [r.get("title"), r.get("why"), r.get("fix")]
            texts += [record_text(x) for x in r.get("records", [])]
            out += told(texts, words)
        evidence = audit.get("evidence", {}).get("list", [])
        out += told([x["question"] for x in evidence], words)
    out += told([x["sha256"] for x in document.get("packs", [])], words)
    return out


def samples():
    """The documents, by name; there are schemas of others' beside them.  And
    the example, with its packs and all its evidence."""
    made = subprocess.run([PRESEND, "audit", "--example", "--evidence", "-f",
                           "json"], capture_output=True, check=False)
    yield "example", json.loads(made.stdout)
    for path in sorted(SAMPLES.glob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        if "schema" in document:
            yield path.stem, document


def check_samples(t, folder):
    pages = {}
    for name, document in samples():
        text = render(document, folder)
        page = Page(text)
        pages[name] = text
        t.point(not page.faults, f"{name}: a page without fault",
                *page.faults[:10])
        if "hostile" not in name:
            lost = missing(document, page.words())
            t.point(not lost, f"{name}: all that fails is told", *lost)
    return pages


def check_injections(t, folder):
    for name, document in samples():
        faults = []
        for turn in range(4):
            texts = itertools.cycle(INJECTIONS[turn * 4:] +
                                    INJECTIONS[:turn * 4])
            made = filled(document, texts, KEPT if turn > 0 else ())
            faults += Page(render(made, folder)).faults
        t.point(not faults, f"{name}: nothing in it gets out of its place",
                *faults[:10])


def check_many(t, folder):
    """One audit many times: ids differ, and a row leads to each."""
    document = json.loads((SAMPLES / "failures.json").read_text())
    one = document["audits"][0]
    document["audits"] = [copy.deepcopy(one) for _ in range(300)]
    document["audits"][7]["error"] = "it could not be"
    document["audits"][0] = {"subject": one["subject"], "error": "first",
                             "verdicts": [], "results": []}
    page = Page(render(document, folder))
    rows = [x for x in page.targets if x not in ("main", "overview")]
    t.point(not page.faults, "one audit many times has ids of its own",
            *page.faults[:5])
    t.point(len(set(rows)) >= 300, "and a row of the overview leads to each",
            len(set(rows)))
    order = page.all.index('id="overview"') < page.all.index("<article")
    t.point(order, "and the overview comes before them")


def check_links(t, folder):
    document = json.loads((SAMPLES / "failures.json").read_text())
    good = ["https://a.example/x?y=1&z=%20#f", "https://192.0.2.1:8443/"]
    bad = ["http://a.example/", "https://", "https:///x", "HTTPS://a.example/",
           "https://a@b.example/", "https://a.example:x/", "javascript:x",
           "https://a.example/a b", "https://\u00e9.example/", "//a.example",
           "https://a.example\\@b.example/"]
    for uri in good + bad:
        made = copy.deepcopy(document)
        for r in made["audits"][0]["results"]:
            r["source"] = uri
        page = Page(render(made, folder))
        linked = page.links != [] and set(page.links) == {uri}
        t.point(linked == (uri in good) and (linked or not page.links) and
                uri in "".join(page.text),
                f"{uri} is {'a link' if uri in good else 'no link, but told'}")


# ---- in a browser ---------------------------------------------------------

class Browser:
    """Chromium by its debugging pipe."""

    def __init__(self, command, folder):
        to_read, to_write = os.pipe()
        from_read, from_write = os.pipe()
        self.process = subprocess.Popen(
            ["sh", "-c", 'exec "$@" 3<&%d 4>&%d' % (to_read, from_write), "sh",
             command, "--headless", "--no-sandbox", "--disable-gpu",
             "--no-first-run", "--disable-extensions",
             "--disable-background-networking", "--disable-dev-shm-usage",
             "--proxy-server=127.0.0.1:9", "--remote-debugging-pipe",
             f"--user-data-dir={folder}", "about:blank"],
            pass_fds=(to_read, from_write), stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, env={**os.environ, "HOME": folder},
            start_new_session=True)
        os.close(to_read)
        os.close(from_write)
        self.write, self.read = to_write, from_read
        self.rest, self.id, self.events, self.session = b"", 0, [], None
        self.target()

    def target(self):
        self.session = None
        made = self.call("Target.createTarget", url="about:blank")
        made = self.call("Target.attachToTarget", flatten=True,
                         targetId=made["targetId"])
        self.session = made["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime"):
            self.call(domain + ".enable")

    def message(self):
        while b"\0" not in self.rest:
            more = os.read(self.read, 1 << 16)
            if not more:
                raise RuntimeError("the browser is gone")
            self.rest += more
        one, self.rest = self.rest.split(b"\0", 1)
        return json.loads(one)

    def call(self, method, **params):
        self.id += 1
        made = {"id": self.id, "method": method, "params": params}
        if self.session:
            made["sessionId"] = self.session
        data = json.dumps(made).encode() + b"\0"
        while data:
            data = data[os.write(self.write, data):]
        while True:
            got = self.message()
            if got.get("id") == self.id:
                if "error" in got:
                    raise RuntimeError(f"{method}: {got['error']}")
                return got["result"]
            self.events.append(got)

    def look(self, width, dark, media="screen"):
        self.call("Emulation.setDeviceMetricsOverride", width=width,
                  height=800, deviceScaleFactor=1, mobile=width < 500)
        self.call("Emulation.setEmulatedMedia", media=media, features=[
            {"name": "prefers-color-scheme",
             "value": "dark" if dark else "light"}])
        self.value(SETTLED)

    def open(self, path):
        self.events.clear()
        self.call("Page.navigate", url=pathlib.Path(path).as_uri())
        while not any(e["method"] == "Page.loadEventFired"
                      for e in self.events):
            self.events.append(self.message())

    def value(self, script):
        got = self.call("Runtime.evaluate", expression=script,
                        awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in got:
            raise RuntimeError(str(got["exceptionDetails"])[:300])
        return got["result"].get("value")

    def asked(self):
        return [e["params"]["request"]["url"] for e in self.events
                if e["method"] == "Network.requestWillBeSent"]

    def said(self):
        return [e["params"]["entry"]["text"] for e in self.events
                if e["method"] == "Log.entryAdded"]

    def close(self):
        try:
            self.call("Browser.close")
        except (RuntimeError, OSError):
            pass
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()


# What was set is seen two frames later.
SETTLED = ("new Promise(r => requestAnimationFrame("
           "() => requestAnimationFrame(r)))")
OPEN_ALL = "document.querySelectorAll('details').forEach(d => d.open = true)"
TOO_WIDE = """(() => {
    const page = document.documentElement;
    if (page.scrollWidth <= page.clientWidth) return [];
    return [...document.querySelectorAll('body *')].filter(
        e => e.getBoundingClientRect().right > page.clientWidth + 1 &&
             !e.closest('.scroll')).slice(0, 5).map(
        e => e.tagName + ' ' + e.textContent.slice(0, 60));
})()"""
AXE = """axe.run(document, {resultTypes: ['violations']}).then(
    r => r.violations.map(v => v.id + ': ' + v.nodes.length + ' ' +
        v.nodes.slice(0, 2).map(n => n.html.slice(0, 120)).join(' ')))"""
HIDDEN = """[...document.querySelectorAll('details > :not(summary)')].filter(
    e => !e.checkVisibility({contentVisibilityAuto: true})).length"""


def find(names):
    for folder in os.environ.get("PATH", "").split(":"):
        for name in names:
            path = os.path.join(folder, name)
            if os.access(path, os.X_OK):
                return path
    return None


def axe_source():
    built = (pathlib.Path(os.environ.get("top_builddir", ".")) /
             "axe/node_modules/axe-core/axe.min.js")
    path = pathlib.Path(os.environ.get("AXE_CORE") or built)
    return path.read_text(encoding="utf-8") if path.is_file() else None


def look_at(t, browser, name, path, axe):
    asked, said, wide, faults = [], [], [], []
    browser.open(path)
    browser.value(OPEN_ALL)
    if axe is not None:
        browser.value(axe + ";0")
    for width, dark in ((360, True), (1280, False)):
        browser.look(width, dark)
        wide += [f"{width}: {x}" for x in browser.value(TOO_WIDE)]
        if axe is not None:
            faults += [f"{width}, dark {dark}: {x}" for x in browser.value(AXE)]
    asked += [x for x in browser.asked() if x != path.as_uri()]
    said += browser.said()
    t.point(not wide, f"{name}: as wide as a phone, and as a desk", *wide)
    t.point(not asked and not said, f"{name}: asks for nothing", *asked, *said)
    if axe is None:
        t.skip(f"{name}: axe-core has nothing to say", "no axe-core")
    else:
        t.point(not faults, f"{name}: axe-core has nothing to say", *faults)


def check_browser(t, pages, folder):
    command = find(["chromium", "chromium-browser", "google-chrome"])
    if command is None:
        t.skip("in a browser", "no Chromium")
        return
    browser = Browser(command, os.path.join(folder, "home"))
    try:
        axe = axe_source()
        for name, text in pages.items():
            path = pathlib.Path(folder) / f"{name}.html"
            path.write_text(text, encoding="utf-8")
            look_at(t, browser, name, path, axe)
        browser.open(path)
        browser.look(1280, False, media="print")
        t.point(browser.value(HIDDEN) == 0, "on paper nothing is folded")
    finally:
        browser.close()


def main():
    t = tap.Tap()
    # A browser's last process may write into it still.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        pages = check_samples(t, folder)
        check_injections(t, folder)
        check_many(t, folder)
        check_links(t, folder)
        check_browser(t, pages, folder)
    return t.end()


if __name__ == "__main__":
    sys.exit(main())
