#!/usr/bin/env python3
"""man_facts.py PRESEND PAGE: the page with the facts that the program has.

What stands between the comments "facts begin" and "facts end" is written anew
from "presend checks -f json", so that the manual and the tables agree.
"""
import json
import re
import subprocess
import sys
import textwrap

BEGIN, END = '.\\" facts begin\n', '.\\" facts end\n'
DELIMITERS = '.,:;()[]?!|-'


def prose(text):
    """Sentences on lines of their own, as mdoc wants them."""
    text = text.replace('\\', '\\e')
    for sentence in re.split(r'(?<=[a-z0-9)"][.!?])\s+(?=[A-Z"])', text):
        for line in textwrap.wrap(sentence, 78, break_long_words=False,
                                  break_on_hyphens=False):
            yield ('\\&' if line[0] in ".'" else '') + line


def word(text):
    return '\\&' + text if text in DELIMITERS else text


def type_of(fact):
    """What stands behind a fact's name."""
    words = fact.get('words')
    if not words or fact['meaning'].count(words[0]) and len(words) > 1 and \
            all(w in fact['meaning'] for w in words):
        return fact['type']
    return ' | '.join(words)


def section(check):
    yield '.Ss ' + check['check']
    yield from prose(check['summary'][0].upper() + check['summary'][1:] +
                     ' (' + check['standards'] + ').')
    yield '.Bl -tag -width Ds -compact'
    for fact in check['facts']:
        kind = ' '.join(word(w) for w in type_of(fact).split())
        yield '.It Va %s Pq %s' % (fact['fact'], kind)
        yield from prose(fact['meaning'].rstrip('.') + '.')
    yield '.El'


def main(presend, page):
    checks = json.loads(subprocess.run([presend, 'checks', '-f', 'json'],
                                       check=True, stdout=subprocess.PIPE,
                                       text=True).stdout)
    with open(page, encoding='utf-8') as file:
        text = file.read()
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    lines = [line for check in checks for line in section(check)]
    sys.stdout.write(before + BEGIN + '\n'.join(lines) + '\n' + END + after)


if __name__ == '__main__':
    main(*sys.argv[1:])
