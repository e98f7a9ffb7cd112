#!/bin/sh
# The manual has the options of each command's --help, and no others; and the
# exit statuses.  TAP.
set -eu
: "${top_srcdir:?}" "${PRESEND:?}"
page=$top_srcdir/man/presend.1
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT

# "-m --message" or "--ip", a line each.
help_options() {
	"$PRESEND" "$1" --help |
		sed -n '/^Examples:/q
			s/^  \(-[a-zA-Z]\), \(--[a-z-]*\).*/\1 \2/p
			s/^      \(--[a-z-]*\).*/\1/p' | LC_ALL=C sort
}

# The same, from the .It lines below .Ss of the command.
man_options() {
	awk -v command="$1" '
		/^\.S[hs] / { inside = $1 == ".Ss" && $2 == command; next }
		inside && /^\.It Fl / {
			names = ""
			for (i = 2; i < NF; i++)
				if ($i == "Fl")
					names = names " -" $(i + 1)
			print substr(names, 2)
		}' "$page" | LC_ALL=C sort
}

echo 1..8
n=0
for command in audit bounces explain rules checks view diff; do
	n=$((n + 1))
	help_options "$command" >"$here/help"
	man_options "$command" >"$here/man"
	if [ -s "$here/help" ] && diff "$here/help" "$here/man" >"$here/diff"; then
		echo "ok $n - the manual has the options of $command"
	else
		echo "not ok $n - options of $command: < help, > manual"
		sed 's/^/# /' "$here/diff"
	fi
done

statuses=$(sed -n '/^\.Sh EXIT STATUS/,/^\.El/s/^\.It //p' "$page" | tr -d '\n')
if [ "$statuses" = 01234 ]; then
	echo "ok 8 - the manual has the five exit statuses"
else
	echo "not ok 6 - exit statuses in the manual: $statuses"
fi
