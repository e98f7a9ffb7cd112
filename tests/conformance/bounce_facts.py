#!/usr/bin/env python3
"""The codes of ../shared/facts/provider-rules.md, sections 4 to 6, through
presend explain: every sample text and every tag is known at its provider, and
points to the rule that the table names.  TAP.
"""

import concurrent.futures
import fnmatch
import os
import re
import subprocess

import suite
import documents
import tap

FACTS = os.environ.get("PRESEND_FACTS") or os.path.join(
    os.environ.get("top_srcdir", "."), "..", "shared", "facts",
    "provider-rules.md")

# Rows that no reply can be made of, and why.
LEFT_OUT = {
    "[TSS06]\u2013[TSS08]": "no sample was found",
}
STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
QUOTED = re.compile(r'"([^"]+)"')
RULE = re.compile(r"\bgmail\.[a-z0-9_.]+(?:\*|\b)")


def explain(text, provider):
    out = subprocess.run(
        [suite.PRESEND, "explain", "-f", "json", "-p", provider, "--", text],
        capture_output=True, check=False)
    if out.returncode != 0:
        return {"meanings": []}
    return documents.loads(out.stdout)


def section(text, head):
    """The lines below a heading, up to the next."""
    begin = text.index("\n" + head) + 1
    end = text.find("\n#", begin + 1)
    return text[begin:end].split("\n")


def rows(lines):
    """The cells of a table, without its head."""
    cells = [[c.strip() for c in line.strip("|").split("|")]
             for line in lines if line.startswith("|")]
    return [c for c in cells[1:] if not set(c[0]) <= set("-")]


def sample(reply, status, text):
    """A reply as the table abridges it."""
    text = re.sub(r"\[([^\]/]*)/[^\]]*\]", r"\1", text).split("\u2026")
    return f"{reply} {status} {max(text, key=len)}".replace("  ", " ")


def gmail_cases(text):
    for cells in rows(section(text, "### 4.2")):
        replies = re.findall(r"\b[245]\d\d\b", cells[0])
        statuses = STATUS.findall(cells[1].replace("**", ""))
        rules = set(RULE.findall(cells[3]))
        for quote in QUOTED.findall(cells[2]):
            for status in statuses:
                if quote.endswith("URL domains"):
                    rules = set()
                yield ("gmail", sample(replies[0], status, quote), rules)


def yahoo_cases(text):
    for cells in rows(section(text, "## 5")):
        reply = (re.findall(r"\b[245]\d\d\b", cells[0]) or [""])[0]
        status = (STATUS.findall(cells[0]) or [""])[0]
        if cells[1] not in LEFT_OUT:
            for tag in re.findall(r"\[([A-Z]+\d+)\]", cells[1]):
                yield ("yahoo", tag, set())
        for quote in QUOTED.findall(cells[2]):
            tag = (re.findall(r"\[[A-Z]+\d+\]", cells[1]) or [""])[0]
            yield ("yahoo", sample(reply, status, f"{tag} {quote}"), set())


def outlook_cases(text):
    for cells in rows(section(text, "### 6.1")):
        for tag in re.findall(r"\((S\d+)", cells[0]):
            yield ("outlook", tag, set())
        for tag, rest in re.findall(r"\b([A-Z]{2})-(\d[\d/.]*)", cells[0]):
            for n in re.findall(r"\d+", rest):
                yield ("outlook", f"{tag}-{n}", set())
        for status in STATUS.findall(cells[0]):
            yield ("outlook", status, set())
    for cells in rows(section(text, "### 6.2")):
        for status in STATUS.findall(cells[0]):
            yield ("outlook", status, set())


def apple_cases(text):
    for cells in rows(section(text, "### 6.3")):
        for tag in re.findall(r"\[([A-Z]+\d+)\]", cells[0]):
            yield ("apple", tag, set())
        reply = (re.findall(r"\b[245]\d\d\b", cells[0]) or [""])[0]
        status = (STATUS.findall(cells[0]) or [""])[0]
        for quote in QUOTED.findall(cells[1]):
            yield ("apple", sample(reply, status, quote), set())


def other_cases(text):
    table = {cells[0]: cells[1] for cells in rows(section(text, "### 6.4"))}
    for code in ("LPN007_402", "LPN007_401", "LPN007_517", "LPN007_510",
                 "LPN007_102", "LPN007_101", "LPN007_104"):
        assert code.split("_")[1] in table["La Poste"], code
        yield ("laposte", code, set())
    for code in re.findall(r"_(\d+)", table["Orange"]):
        yield ("orange", f"OFR004_{code}", set())
    for quote in QUOTED.findall(table["United Internet (GMX/WEB.DE/IONOS)"]):
        quote = re.sub(r"\(header/domain/IP based\)", "(IP based)", quote)
        yield ("gmx", f"550 {quote}", set())
    for quote in QUOTED.findall(table["Comcast"]):
        yield ("comcast", sample("554", "", quote), set())
    yield ("comcast", "DM000001", set())
    yield ("qq", "550 DMARC check failed", set())
    yield ("infomaniak", "550 5.7.1 rejected by DMARC policy for example.com",
           set())
    yield ("proofpoint",
           "554 5.7.5 Permanent error evaluating DMARC policy", set())


def judge(case):
    """What is wrong with it, or None."""
    provider, text, rules = case
    doc = explain(text, provider)
    own = [m for m in doc["meanings"] if m["provider"] == provider]
    if not own:
        return f"{provider}: {text}: " + (
            doc["meanings"][0]["pattern"] if doc["meanings"] else "not known")
    named = {r["id"] for m in own for r in m["rules"]}
    if rules and not any(fnmatch.fnmatchcase(n, r)
                         for n in named for r in rules):
        return f"{provider}: {text}: {sorted(named)}, not {sorted(rules)}"
    return None


def main():
    if not os.path.exists(FACTS):
        tap.skip_all("the facts are not here")
        return 0
    with open(FACTS, encoding="utf-8") as f:
        text = f.read()
    t = tap.Tap()
    for name, cases in (("4.2, Gmail", gmail_cases), ("5, Yahoo", yahoo_cases),
                        ("6.1 and 6.2, Microsoft", outlook_cases),
                        ("6.3, Apple", apple_cases),
                        ("6.4, others", other_cases)):
        made = list(cases(text))
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            bad = [why for why in pool.map(judge, made) if why]
        t.point(made and not bad, f"section {name}: {len(made)} codes", *bad)
    return t.end()


if __name__ == "__main__":
    raise SystemExit(main())
