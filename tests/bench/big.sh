#!/bin/sh
# Big inputs cost by their size: a list of a million domains is read at the
# start, a message of 100 MB on one line is kept once.
set -eu
: "${top_builddir:?}" "${PRESEND:?}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cost=$top_builddir/tests/bench/cost

# The last line is none: all are read, none is audited.
list() { # LINES
	awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++)
		printf "d%07d.example\n", i; print "not a domain" }' >"$work/list"
	"$cost" 3 "$PRESEND" audit --offline -d "$work/list" -q 2>"$work/err"
}
small=$(list 100000)
large=$(list 1000000)
echo "$small $large" | awk '{
	printf "  100,000 domains are read in %.2f s, %.0f MiB\n", \
		$1 / 1e6, $3 / 1024
	printf "1,000,000 domains are read in %.2f s, %.0f MiB\n", \
		$4 / 1e6, $6 / 1024
	exit $4 > 5e6 || $4 > 15 * $1
}'

{
	printf 'From: a@far.test\nSubject: big\n\n'
	head -c 99999900 /dev/zero | tr '\000' y
} >"$work/eml"
"$cost" 3 "$PRESEND" audit --offline -m "$work/eml" | awk '{
	printf "a message of 100 MB takes %.0f ms, %.0f MiB\n", \
		$1 / 1000, $3 / 1024
	exit $1 > 600e3 || $3 > (100e6 / 1024) + 16 * 1024
}'
