#!/bin/sh
# What a start of presend costs beside the cheapest program there is.  It must
# stay usable once for each message of a large spool: at most three times.
set -eu
: "${top_builddir:?}" "${PRESEND:?}"
runs=200 most=3

true=$(command -v /bin/true || command -v /usr/bin/true)
medians=$("$top_builddir/tests/bench/spawn" "$runs" \
	"$PRESEND" --version -- "$true")
echo "$medians" | awk -v most="$most" -v runs="$runs" '{
	ratio = $1 / $2
	printf "presend --version  %6d us\n/bin/true          %6d us\n", $1, $2
	printf "ratio %.2f, at most %d (medians of %d runs)\n", ratio, most, runs
	exit ratio > most
}'
