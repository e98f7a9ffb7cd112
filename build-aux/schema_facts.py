#!/usr/bin/env python3
"""schema_facts.py PRESEND SCHEMA: the schema with the facts that the program
has, and in the layout that all schemas of this folder have.

What stands in $defs under "facts" and under "facts.NAME" of each check is
written anew from "presend checks -f json".  Without PRESEND ("-") it is only
laid out.
"""
import json
import re
import subprocess
import sys

WIDTH = 100
MORE = 'problems.more'  # any list of problems may end with it
SIMPLE = {'bool': 'boolean', 'text': 'string', 'number': 'number'}


def laid_out(value, indent=0, room=0):
    """On one line if it fits there; room: what stands before and behind."""
    line = json.dumps(value, ensure_ascii=False)
    if len(line) + indent + room <= WIDTH or \
            not isinstance(value, (dict, list)) or not value:
        return line
    pad = ' ' * (indent + 1)
    if isinstance(value, list):
        rows = [laid_out(v, indent + 1, 1) for v in value]
        ends = '[]'
    else:
        rows = []
        for key, v in value.items():
            name = json.dumps(key) + ': '
            rows.append(name + laid_out(v, indent + 1, len(name) + 1))
        ends = '{}'
    return ends[0] + '\n' + ',\n'.join(pad + r for r in rows) + '\n' + \
        ' ' * indent + ends[1]


def of_words(words):
    """A set of words; one with a star is what it begins with."""
    exact = [w for w in words if '*' not in w]
    starred = [w for w in words if '*' in w]
    if not starred:
        return {'enum': exact}
    parts = [re.escape(w).replace('\\*', '.*').replace('\\.', '[.]')
             for w in starred] + [re.escape(w) for w in [*exact, MORE]]
    return {'type': 'string',
            'pattern': '^(' + '|'.join(parts).replace('\\.', '[.]') + ')$'}


class Node:
    """A fact with what is below it."""

    def __init__(self):
        self.doc, self.members, self.element = None, {}, None

    def at(self, path):
        node = self
        for step in path.split('.'):
            name = step.rstrip('[]')
            node = node.members.setdefault(name, Node())
            for _ in range(step.count('[]')):
                node.element = node.element or Node()
                node = node.element
        return node

    def schema(self):
        doc = self.doc or {}
        out = {}
        if 'meaning' in doc:
            out['description'] = doc['meaning']
        kind = doc.get('type')
        if self.element:
            out.update(type='array', items=self.element.schema())
        elif self.members:
            out.update(type='object', additionalProperties=False,
                       properties={k: n.schema()
                                   for k, n in self.members.items()})
        elif kind == 'list':
            out.update(type='array', items={'type': 'string'})
        elif kind == 'word':
            out.update(of_words(doc['words']))
        elif kind == 'object':
            out.update(type='object', additionalProperties={
                'type': ['string', 'null']})
        else:
            out['type'] = SIMPLE[kind]
        return nullable(out) if doc.get('nullable') else out


def nullable(schema):
    if 'enum' in schema:
        return {**schema, 'enum': [*schema['enum'], None]}
    return {**schema, 'type': [schema['type'], 'null']}


def facts_of(check):
    """Of an absent one nothing is known, so none is required."""
    root = Node()
    for fact in check['facts']:
        root.at(fact['fact'].split('.', 1)[1]).doc = fact
    return {'description': f"{check['summary']} ({check['standards']})",
            **root.schema()}


def with_facts(schema, checks):
    defs = {k: v for k, v in schema['$defs'].items()
            if k.split('.')[0] != 'facts'}
    defs['facts'] = {
        'description': 'What was found out, by check.  A fact that is absent '
                       'is not known.',
        'type': 'object', 'additionalProperties': False,
        'properties': {c['check']: {'$ref': '#/$defs/facts.' + c['check']}
                       for c in checks}}
    for check in checks:
        defs['facts.' + check['check']] = facts_of(check)
    schema['$defs'] = defs


def main(presend, path):
    with open(path, encoding='utf-8') as file:
        schema = json.load(file)
    if presend != '-':
        out = subprocess.run([presend, 'checks', '-f', 'json'], check=True,
                             stdout=subprocess.PIPE, text=True).stdout
        with_facts(schema, json.loads(out))
    sys.stdout.write(laid_out(schema) + '\n')


if __name__ == '__main__':
    main(*sys.argv[1:])
