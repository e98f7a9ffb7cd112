#!/bin/sh
# What it takes to judge the facts of one audit by all rules of all packs, to
# make the results of that, and to read the packs at the start of a command.  It
# is measured by what jansson needs to read the same facts, or the packs as JSON,
# in the same run: a millisecond for all rules, of which this is a fraction.
set -eu
: "${top_builddir:?}" "${PRESEND:?}"

doc=$(mktemp)
trap 'rm -f "$doc"' EXIT
"$PRESEND" audit --example -p all -f json >"$doc" || [ $? -eq 1 ]
"$top_builddir/tests/bench/rules_bench" "$doc" "$@" | awk '
BEGIN { most["judge"] = 0.5; most["score"] = 3; most["read"] = 6 }
$1 == "rules" { rules = $2; next }
{
	line[++n] = sprintf("%-6s %8.1f us  ratio %5.2f, at most %s", $1, $2,
	    $3, most[$1])
	slow = slow || $3 > most[$1]
}
END {
	print rules " rules"
	for (i = 1; i <= n; i++)
		print line[i]
	exit slow || n != 3
}'
