#!/bin/sh
# Reading logs, on one core: how many times as fast as ripgrep with the regular
# expression of bounces (at least 3), and how much of what "wc -l" makes (shown).
# The time is that of the processor; the best of five runs in turn.
set -eu
: "${top_srcdir:?}" "${PRESEND:?}"
generator=${PRESEND_GENERATOR:-$top_srcdir/../shared/bench/gen/gen_bouncelog.c}
least=3

if [ ! -e "$generator" ]; then
	echo "bounces: skipped, the generator of logs is not there"
	exit 0
fi
if ! command -v rg >/dev/null; then
	echo "bounces: skipped, ripgrep is not there"
	exit 0
fi
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cc -O2 -o "$here/generator" "$generator"

# Seconds of the processor that a command takes.
cost() {
	bash -c 'TIMEFORMAT="%U %S"; time "$@" >/dev/null' time "$@" 2>&1 |
		awk '{ print $1 + $2 }'
}

status=0
for kind in postfix exim mixed; do
	"$here/generator" "$kind" 100 "$here/log" "$here/truth"
	cat "$here/log" >/dev/null
	: >"$here/times"
	for _ in 1 2 3 4 5; do
		ours=$(cost "$PRESEND" bounces --jobs 1 -f json "$here/log")
		rg=$(cost rg -j1 -c 'status=(?:bounced|deferred)|^\S+ \S+ \S+ (?:\*\*|==) ' "$here/log")
		wc=$(cost wc -l "$here/log")
		echo "$ours $rg $wc" >>"$here/times"
	done
	awk -v kind="$kind" -v least=$least '
	function best(a, b) { return a == 0 || b < a ? b : a }
	{ ours = best(ours, $1); rg = best(rg, $2); wc = best(wc, $3) }
	END {
		printf "bounces: %s: %.1f times ripgrep, %.2f of wc -l\n",
		    kind, rg / ours, wc / ours
		exit rg / ours < least
	}' "$here/times" || status=1
done
exit "$status"
