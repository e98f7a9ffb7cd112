#!/usr/bin/env python3
"""List-Unsubscribe fields of the public suite: the URIs found in them, through
the command line.  TAP.  Where ours differs, it says why.
"""

import os
import tempfile

import suite
import tap



def first(uris, scheme):
    return next((u for u in uris if u.startswith(scheme + ":")), None)


def facts(header):
    with tempfile.TemporaryDirectory() as folder:
        name = os.path.join(folder, "m.eml")
        with open(name, "w", encoding="utf-8") as f:
            f.write(f"From: a@a.test\nList-Unsubscribe: {header}\n\nHello\n")
        return suite.audit("a.test", "-m", name, "--offline", "-c",
                           "unsubscribe")["facts"]["unsubscribe"]


def main():
    if not os.path.isdir(suite.path("list-unsubscribe")):
        tap.skip_all("the public suites are not here")
        return 0
    t = tap.Tap()
    for case in suite.load("list-unsubscribe", "parse-cases.json"):
        header = case["header"]
        got = facts(header)
        codes = {p["code"] for p in got["problems"]}
        if "uris" in case:
            want = [first(case["uris"], s) for s in ("https", "mailto")]
            t.point([got["https_uri"], got["mailto_uri"]] == want,
                    f"{header!r}: the first of each", got)
            t.point(("unsubscribe.http" in codes) ==
                    (first(case["uris"], "http") is not None),
                    f"{header!r}: http", codes)
        else:
            web = case["web_uri"]
            t.point(("unsubscribe.http" in codes) == (web is not None),
                    f"{header!r}: http", codes)
            t.point((got["mailto_uri"] is None) == ("mailto:" not in header),
                    f"{header!r}: mailto", got)
    return t.end()


if __name__ == "__main__":
    raise SystemExit(main())
