#!/bin/sh
# What presend explain costs beside the cheapest program there is: it is asked
# once a reply, by hand and by scripts.  And what a reply costs in a log, where
# all texts differ and where they repeat.
set -eu
: "${top_builddir:?}" "${PRESEND:?}"
runs=200 most=10

true=$(command -v /bin/true || command -v /usr/bin/true)
reply='550-5.7.26 This mail has been blocked because the sender is
550 5.7.26 unauthenticated. SPF [example.com] with ip: [192.0.2.1] - gsmtp'
cost() {
	"$top_builddir/tests/bench/cost" "$runs" "$@" | awk '{ print $2 }'
}
ours=$(cost "$PRESEND" explain "$reply")
least=$(cost "$true")
awk -v ours="$ours" -v least="$least" -v most="$most" -v runs="$runs" 'BEGIN {
	ratio = ours / least
	printf "presend explain  %6d us of CPU\n", ours
	printf "/bin/true        %6d us of CPU\n", least
	printf "ratio %.2f, at most %d (medians of %d runs)\n", ratio, most, runs
	exit ratio > most
}'
"$top_builddir/tests/bench/classify_bench"
