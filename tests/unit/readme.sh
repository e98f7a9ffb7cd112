#!/bin/sh
# The report in the README is what the program prints: each of its lines, in
# the order of the real one; "..." stands for what is left out.  TAP.
set -eu
: "${top_srcdir:?}" "${PRESEND:?}"
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT

sed -n '/^\$ presend audit --example$/,/^Your own/p' "$top_srcdir/README" |
	sed '1d;$d' >"$here/excerpt"
"$PRESEND" audit --example --color never >"$here/report" || [ $? = 1 ]

echo 1..1
awk '
	NR == FNR { real[++n] = $0; next }
	/^$/ || /^\.\.\.$/ { next }
	{
		shown++
		while (at < n && real[++at] != $0)
			;
		if (real[at] != $0) {
			print "# not in the report: " $0
			exit 1
		}
	}
	END { if (shown < 10) exit 1 }
' "$here/report" "$here/excerpt" >"$here/why" && good=ok || good="not ok"
echo "$good 1 - the report in the README is the one of the example"
cat "$here/why"
