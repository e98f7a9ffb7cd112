#!/bin/sh
# Functions: at most 60 lines and a McCabe number of 15, a switch counting once
# (pmccabe's first column): one over a closed enum is a table.  Files: at
# most 600 lines.  No exceptions.
. "$top_srcdir/tests/lint/common"
need pmccabe pmccabe
files=$(lint_files "$rooms tests/fuzz" '*.c')
enough "$files"
bad=$(
	printf '%s\n' "$files" | xargs pmccabe | awk -F '\t' '
		$1 > 15 { print $6 ": McCabe " $1 ", at most 15" }
		$5 > 60 { print $6 ": " $5 " lines, at most 60" }'
	lint_files "$rooms" '*.c' '*.h' | while read -r file; do
		lines=$(wc -l <"$file")
		[ "$lines" -le 600 ] || echo "$file: $lines lines, at most 600"
	done
)
[ -z "$bad" ] || {
	echo "$bad"
	exit 1
}
