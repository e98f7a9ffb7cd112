#!/usr/bin/env python3
"""The JSON Schemas: each is one, is laid out, has the facts of the program,
allows what the program writes, and refuses the same once it is damaged: a
member that is missing or that nobody knows, another type, another word.
What one document has is looked at place by place of its schema.  TAP.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

import documents
import nameserver
import tap

PRESEND = os.environ.get("PRESEND", "./presend")
TOP = documents.FOLDER.parents[1]
LOG = """\
2026-11-20 10:00:00 1abcde-000001-AA ** a@gmail.com R=dns T=smtp \
H=gmail-smtp-in.l.google.com [192.0.2.9]: SMTP error from remote mail server \
after end of data: 550-5.7.26 This mail has been blocked because the sender \
is unauthenticated.\\n550-5.7.26 Gmail requires all senders to authenticate \
with either SPF or DKIM. [192.0.2.1] 550 5.7.26 gsmtp
2026-11-20 11:00:00 1abcde-000002-AA == b@yahoo.com R=dns T=smtp defer (-45) \
H=mta5.am0.yahoodns.net [192.0.2.8]: SMTP error from remote mail server after \
MAIL FROM:<x@example.com>: 451 some words that nobody has a pattern for
noise
"""


class Place:
    """Where a value stands: its parent, its key, its schema."""

    def __init__(self, parent, key, schema, path):
        self.parent, self.key, self.schema = parent, key, schema
        self.path = path

    def value(self):
        return self.parent[self.key]


class Walk:
    """Each place of a schema that a value has, the first time it has it."""

    def __init__(self, name, part=None):
        self.whole = documents.schema(name)
        self.name, self.part = name, part
        self.seen, self.defs = set(), set()

    def validates(self, value, schema):
        whole = {"$schema": self.whole["$schema"],
                 "$defs": self.whole["$defs"], **schema}
        return documents.jsonschema.Draft202012Validator(whole).is_valid(value)

    def settle(self, schema, value):
        """The schema of that value: without references and choices."""
        if "$ref" in schema:
            name = schema["$ref"].rsplit("/", 1)[1]
            self.defs.add(name)
            return self.settle(self.whole["$defs"][name], value)
        for key in ("anyOf", "oneOf"):
            if "type" in schema:
                break
            for one in schema.get(key, ()):
                if self.validates(value, one):
                    return self.settle(one, value)
        if "if" in schema and "type" not in schema.get("then", {}) and \
                "properties" not in schema:
            good = self.validates(value, schema["if"])
            return self.settle(schema["then" if good else "else"], value)
        return schema

    def places(self, parent, key, schema, path=""):
        value = parent[key]
        schema = self.settle(schema, value)
        if id(schema) not in self.seen:
            self.seen.add(id(schema))
            yield Place(parent, key, schema, path)
        if isinstance(value, dict):
            free = schema.get("additionalProperties", True)
            for name in list(value):
                below = schema.get("properties", {}).get(name)
                if below is None and isinstance(free, dict):
                    below = free
                if isinstance(below, dict):
                    yield from self.places(value, name, below,
                                           path + "/" + name)
        elif isinstance(value, list) and "items" in schema:
            for i in range(len(value)):
                yield from self.places(value, i, schema["items"],
                                       f"{path}/{i}")


def damages(place):
    """(what it is, how to do it); each is to be undone by the caller."""
    value, schema = place.value(), place.schema
    if any(k in schema for k in ("type", "enum", "const")):
        other = {} if "object" not in schema.get("type", "") else \
            [] if "array" not in schema["type"] else True
        yield "another type", lambda: place.parent.__setitem__(
            place.key, other)
    if "enum" in schema or "const" in schema:
        yield "another word", lambda: place.parent.__setitem__(
            place.key, "no-such-word")
    if "pattern" in schema and isinstance(value, str):
        yield "no such form", lambda: place.parent.__setitem__(
            place.key, "?? ??")
    if schema.get("minimum") == 0:
        yield "below zero", lambda: place.parent.__setitem__(place.key, -1)
    if isinstance(value, dict):
        for name in schema.get("required", ()):
            yield "without " + name, lambda n=name: value.pop(n)
        if schema.get("additionalProperties") is False:
            yield "a member more", lambda: value.__setitem__("no_such", 1)


def damage_all(t, about, value, name, part=None):
    """Every place of the value, damaged in every way, must be refused."""
    walk = Walk(name, part)
    root = [value]
    start = walk.whole if part is None else {"$ref": "#/$defs/" + part}
    done, let = 0, []
    for place in list(walk.places(root, 0, start)):
        for what, spoil in list(damages(place)):
            kept = place.value()
            members = dict(kept) if isinstance(kept, dict) else None
            spoil()
            if not documents.SCHEMAS.errors(root[0], name, part):
                let.append(f"{place.path}: {what}")
            place.parent[place.key] = kept
            if members is not None:
                kept.clear()
                kept.update(members)
            done += 1
    t.point(not documents.SCHEMAS.errors(value, name, part) and done > 10 and
            not let, f"{about}: {done} damages are refused", *let[:20])
    return walk


def run(*args, status=(0,), stdin=None):
    out = subprocess.run([PRESEND, *args], capture_output=True, check=False,
                         input=stdin)
    if out.returncode not in status:
        raise RuntimeError(out.stderr.decode())
    return out.stdout.decode()


# ---- the schemas themselves -------------------------------------------------

def laid_out(t):
    script = TOP / "build-aux" / "schema_facts.py"
    for name in documents.names():
        path = documents.FOLDER / (name + "-1.json")
        again = subprocess.run(
            [sys.executable, script, PRESEND if name == "audit" else "-",
             path], capture_output=True, check=True).stdout
        t.point(again == path.read_bytes(),
                f"{name}: as make schemas writes it")
        schema = documents.schema(name)
        documents.jsonschema.Draft202012Validator.check_schema(schema)
        t.point(schema["$id"] == f"urn:presend:{name}:1" and schema["title"]
                and schema["description"], f"{name}: id, title, description")
        without = [k for k, v in places_of(schema) if "description" not in v
                   and "$ref" not in v and "const" not in v]
        t.point(not without, f"{name}: each member is described", without)


def places_of(schema, path=""):
    """(path, schema) of each member that is not a fact, nor in a condition."""
    for key, value in schema.get("properties", {}).items():
        yield path + "/" + key, value
        yield from places_of(value, path + "/" + key)
    for key, value in schema.get("$defs", {}).items():
        if not key.startswith("facts"):
            yield from places_of(value, key)
    for value in [*schema.get("anyOf", ()), *schema.get("oneOf", ())]:
        yield from places_of(value, path)
    if "items" in schema:
        yield from places_of(schema["items"], path + "[]")


def agree(t):
    """What has one name means one thing."""
    found = {}
    for name in documents.names():
        for key, value in documents.schema(name).get("$defs", {}).items():
            found.setdefault(key, []).append((name, value))
    several = {k: v for k, v in found.items() if len(v) > 1}
    differ = [f"{k} of {v[0][0]} and {n}" for k, v in several.items()
              for n, s in v if s != v[0][1]]
    t.point(len(several) > 10 and not differ,
            "what two schemas call the same is the same", differ)
    defs = documents.schema("audit")["$defs"]
    google = defs["facts.postmaster"]["properties"]["requirements"]
    t.point(defs["requirement"]["enum"] == list(google["properties"]),
            "requirements are those of Google's API", google)


# ---- what the program writes ------------------------------------------------

def audits(t, folder):
    example = json.loads(run("audit", "--example", "-f", "json", "--evidence",
                             "-p", "all", status=(1,)))
    walk = damage_all(t, "an audit", example, "audit")
    walk.defs |= damage_all(t, "a line of JSON lines", json.loads(run(
        "audit", "--example", "-f", "jsonl", status=(1,))), "audit",
        "line").defs
    missing = {k for k in walk.whole["$defs"] if "." not in k} - walk.defs
    # Google's own view takes a server: tests/e2e/postmaster.py.
    t.point(missing <= {"beside", "line", "attested"},
            "an audit has all that is described", missing)
    mails = pathlib.Path(folder, "mails")
    mails.mkdir()
    (mails / "bad.eml").write_bytes(b"no message\n")
    (mails / "fine.eml").write_bytes(b"From: a@example.com\n\nx\n")
    lines = documents.lines(run("audit", "--offline", "-m", mails, "-f",
                                "jsonl", status=(1, 3)))
    broken = [x for x in lines if "error" in x][0]
    t.point("facts" not in broken, "one that could not be made is allowed")
    t.point(documents.wrong_with({**broken, "facts": {}, "gaps": []}) != [] and
            documents.wrong_with({k: v for k, v in lines[1].items()
                                  if k != "gaps"}) != [],
            "an error and facts go together as little as neither does")
    unknown = [r for x in lines for r in x["results"]
               if r["status"] == "unknown"][0]
    damage_all(t, "a result that is not known", unknown, "audit", "result")


def evidence(t):
    text = (TOP / "audit" / "example" / "evidence.jsonl").read_text(
        encoding="utf-8")
    lines = documents.lines(text)
    damage_all(t, "the head of a recording", lines[0], "evidence", "head")
    kinds = {x["question"]["kind"]: x for x in lines[1:]
             if x["seen"] == "answered"}
    for kind, line in kinds.items():
        damage_all(t, f"a line of {kind}", line, "evidence", "entry")
    types = {x["question"]["type"]: x for x in lines[1:]
             if x["question"]["kind"] == "dns" and x["seen"] == "answered"}
    for kind, line in types.items():
        damage_all(t, f"a record {kind}", line["dns"]["records"][0],
                   "evidence", "dns_record")
    lost = {"question": {"kind": "dns", "name": "a.test", "type": "A"},
            "seen": "temporary", "cause": "timeout"}
    t.point(not documents.wrong_with(lost) and documents.wrong_with(
        {**lost, "seen": "answered"}) and documents.wrong_with(
        {k: v for k, v in lost.items() if k != "cause"}) and
            documents.wrong_with({**lost, "smtp": lines[1]}),
            "an answer, or a cause; of its own kind")


def bounces(t, folder):
    log = pathlib.Path(folder, "log")
    log.write_text(LOG, encoding="ascii")
    doc = json.loads(run("bounces", "-f", "json", "--unclassified", log))
    damage_all(t, "bounces", doc, "bounces")
    event = run("bounces", "--events", log).splitlines()[0]
    damage_all(t, "an event", json.loads(event), "event")
    zone = nameserver.Zone()
    zone.put("example.com", "TXT", "v=spf1 -all")
    with nameserver.Nameservers() as servers:
        doc = json.loads(run(
            "bounces", "-f", "json", "--audit", "example.com", "-n",
            f"127.0.0.1:{servers.serve(zone)}", log, status=(0, 1, 3)))
    walk = damage_all(t, "bounces beside an audit", doc, "bounces")
    t.point("result_today" in walk.defs and "gap" in walk.defs,
            "which has the rules of today", walk.defs)


def diffs(t, folder):
    old = pathlib.Path(folder, "old.json")
    new = pathlib.Path(folder, "new.json")
    doc = json.loads(run("audit", "--example", "-f", "json", status=(1,)))
    old.write_text(json.dumps(doc), encoding="utf-8")
    audit = doc["audits"][0]
    audit["results"][0]["status"] = "unknown"
    audit["results"][0]["unknown"] = [
        {"fact": "spf.result", "cause": "timeout", "detail": "asking"}]
    audit["results"].pop()
    audit["facts"]["spf"]["result"] = "none"
    audit["verdicts"][0]["verdict"] = "incomplete"
    audit["subject"]["helo"] = "other.example"
    doc["audits"].append({**audit, "subject": {**audit["subject"],
                                               "domain": "b.example",
                                               "message": None}})
    new.write_text(json.dumps(doc), encoding="utf-8")
    made = json.loads(run("diff", "-f", "json", old, new, status=(0, 1)))
    damage_all(t, "a comparison", made, "diff")
    states = {a["state"] for a in made["audits"]}
    t.point(states == {"changed", "added"}, "with an audit that is new",
            states)


def bounce_diffs(t, folder):
    log = pathlib.Path(folder, "log")
    names = []
    for i, lines in enumerate((LOG, LOG * 40 + LOG.replace("5.7.26", "5.9.9"))):
        log.write_text(lines.replace(" **", f"{i} **"), encoding="utf-8")
        names.append(pathlib.Path(folder, f"b{i}.json"))
        names[i].write_text(run("bounces", "-f", "json", log),
                            encoding="utf-8")
    for totals in (0, 1000):
        for name in names:
            doc = json.loads(name.read_text(encoding="utf-8"))
            doc["totals"]["delivered"] = totals
            name.write_text(json.dumps(doc), encoding="utf-8")
        for pair in (names, names[::-1]):
            made = json.loads(run("diff", "-f", "json", *pair,
                                  status=(0, 1)))
            damage_all(t, f"a comparison of bounces by {made['by']}", made,
                       "bounces-diff")


def explained(t):
    reply = json.loads(run(
        "explain", "-f", "json", "550-5.7.26 This mail has been blocked "
        "because the sender is unauthenticated. Gmail requires all senders to "
        "authenticate with either SPF or DKIM. SPF [example.com] with ip: "
        "[192.0.2.1] = did not pass"))
    damage_all(t, "a reply", reply, "explain")
    damage_all(t, "a code", json.loads(run("explain", "-f", "json", "5.7.1")),
               "explain")


def tables(t):
    damage_all(t, "rules list", json.loads(run("rules", "list", "-f", "json")),
               "rules")
    damage_all(t, "rules show", json.loads(run(
        "rules", "show", "gmail.dmarc.record", "-f", "json")), "rules",
        "definition")
    damage_all(t, "checks", json.loads(run("checks", "-f", "json")), "checks")


def main():
    if documents.jsonschema is None:
        tap.skip_all("python3-jsonschema is not installed")
        return 0
    t = tap.Tap()
    laid_out(t)
    agree(t)
    with tempfile.TemporaryDirectory() as folder:
        audits(t, folder)
        evidence(t)
        bounces(t, folder)
        diffs(t, folder)
        bounce_diffs(t, folder)
    explained(t)
    tables(t)
    return t.end()


if __name__ == "__main__":
    raise SystemExit(main())
