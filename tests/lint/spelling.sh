#!/bin/sh
# What codespell finds in code and prose; data is not ours to spell.
. "$top_srcdir/tests/lint/common"
need codespell codespell
files=$(
	lint_files "$rooms tests/unit tests/fuzz tests/lint tests/e2e" \
		'*.c' '*.h' '*.sh' '*.py'
	lint_files man '*.[15]'
	for own in README quickstart configure.ac Makefile.am; do
		[ ! -f "$top_srcdir/$own" ] || echo "$top_srcdir/$own"
	done
)
enough "$files"
printf '%s\n' "$files" |
	xargs codespell -I "$top_srcdir/tests/lint/codespell-ignore"
