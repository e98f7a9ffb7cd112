"""Documents of presend, read by tests: each is held against its JSON Schema
(audit/schemas) before it is looked at.

    documents.loads(out.stdout)         one document
    documents.lines(out.stdout)         a list of those of JSON lines
    documents.py [FILE...]              the same for shell tests: status 1 and
                                        what is wrong on standard error

Without Debian's python3-jsonschema they are only read.
"""

import json
import os
import pathlib
import sys

try:
    import jsonschema
except ImportError:
    jsonschema = None

FOLDER = pathlib.Path(os.environ.get("top_srcdir") or pathlib.Path(
    __file__).resolve().parents[2]) / "audit" / "schemas"
SHOWN = 5


class Invalid(Exception):
    """A document that is not as its schema says."""


def schema(name):
    with open(FOLDER / (name + "-1.json"), encoding="utf-8") as file:
        return json.load(file)


def names():
    return sorted(p.name[:-len("-1.json")] for p in FOLDER.glob("*-1.json"))


def remembering(schemas):
    """What was found to be right once is not looked at again."""
    draft = jsonschema.Draft202012Validator
    look = draft.VALIDATORS["$ref"]
    right = set()

    def ref(validator, where, instance, parent):
        key = None
        if isinstance(instance, (dict, list)):
            key = (id(schemas), where, json.dumps(instance))
        if key is None or key not in right:
            wrong = False
            for error in look(validator, where, instance, parent):
                wrong = True
                yield error
            if key is not None and not wrong:
                right.add(key)

    return jsonschema.validators.extend(draft, {"$ref": ref})


class Schemas:
    """Their validators, each made at its first use."""

    def __init__(self):
        self.made = {}

    def of(self, name, part=None):
        """part: a name among the $defs, in place of all of it."""
        if (name, part) not in self.made:
            whole = schema(name)
            if part is not None:
                whole = {"$schema": whole["$schema"],
                         "$defs": whole["$defs"],
                         "$ref": "#/$defs/" + part}
            self.made[name, part] = remembering(whole)(whole)
        return self.made[name, part]

    def errors(self, value, name, part=None):
        """One line for each thing that is wrong; the first few."""
        if jsonschema is None:
            return []
        said = []
        for error in self.of(name, part).iter_errors(value):
            where = "/".join(str(step) for step in error.absolute_path)
            said.append(f"{name} {part or ''} at /{where}: "
                        f"{error.message[:300]}")
            if len(said) == SHOWN:
                break
        return said


SCHEMAS = Schemas()


def kind_of(value):
    """(schema, part) that the value is to be held against."""
    if isinstance(value, list):
        first = value[0] if value and isinstance(value[0], dict) else {}
        return ("checks", None) if "facts" in first else ("rules", None)
    if not isinstance(value, dict):
        return None
    if "schema" not in value:
        if "question" in value:
            return "evidence", None
        return ("rules", "definition") if "require" in value else \
            ("event", None)
    name = str(value["schema"])
    if not name.startswith("presend.") or not name.endswith("/1"):
        return None
    name = name[len("presend."):-len("/1")]
    if name == "audit" and "audits" not in value:
        return "audit", "line"
    return name, None


def wrong_with(value):
    kind = kind_of(value)
    if kind is None or kind[0] not in names():
        return ["no schema is known for it"]
    return SCHEMAS.errors(value, *kind)


def check(value):
    """The value; Invalid when its schema does not allow it."""
    wrong = wrong_with(value)
    if wrong:
        raise Invalid("; ".join(wrong))
    return value


def loads(text):
    return check(json.loads(text))


def lines(text):
    return [loads(line) for line in text.splitlines() if line.strip()]


def read(text):
    """One document, or JSON lines."""
    try:
        return [loads(text)]
    except json.JSONDecodeError:
        return lines(text)


def main(paths):
    status = 0
    for path in paths or ["-"]:
        try:
            if path == "-":
                read(sys.stdin.read())
            else:
                read(pathlib.Path(path).read_text(encoding="utf-8"))
        except (Invalid, ValueError) as error:
            print(f"documents.py: {path}: {error}", file=sys.stderr)
            status = 1
    return status


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
