#!/bin/sh
# The manual names the facts that presend checks lists, and no others.  TAP.
set -eu
: "${top_srcdir:?}" "${PRESEND:?}"
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT

# A list or an object is named by what is in it.
"$PRESEND" checks | awk '
	/^  [a-z_]*\./ { fact[++n] = $1; all = all "\n" $1 }
	END {
		for (i = 1; i <= n; i++)
			if (!index(all "\n", "\n" fact[i] ".") &&
			    !index(all "\n", "\n" fact[i] "[]"))
				print fact[i]
	}' | LC_ALL=C sort >"$here/program"
awk '
	/^\.Sh / { inside = $2 == "FACTS"; next }
	inside && /^\.It Cm / { check = $3 }
	inside && /^\.Va / { print check "." $2 }
	' "$top_srcdir/man/presend.1" | LC_ALL=C sort >"$here/manual"

echo 1..1
if [ -s "$here/program" ] &&
	diff "$here/program" "$here/manual" >"$here/diff"; then
	echo "ok 1 - the manual has the facts of every check"
else
	echo "not ok 1 - facts: < presend checks, > manual"
	sed 's/^/# /' "$here/diff"
fi
