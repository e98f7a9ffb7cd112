#!/bin/sh
# Parsing and lint of a plain message of 10 KB, on one core: megabytes a second.
set -eu
: "${top_builddir:?}"
least=500

"$top_builddir/tests/bench/lint_bench" | awk -v least=$least '
{ print "lint: " $0 }
$1 == "all" { slow = $2 < least }
END { exit slow }'
