#!/bin/sh
# What clang-tidy finds; .clang-tidy has the checks.  Unit tests are left out:
# cmocka's assertions do not tell it that they do not return.
. "$top_srcdir/tests/lint/common"
need clang-tidy clang-tidy
files=$(lint_files "$rooms tests/fuzz" '*.c')
enough "$files"
# shellcheck disable=SC2016,SC2086 # the inner shell expands; flags are words
each "$files" sh -c '
	for file; do :; done
	clang-tidy --quiet "$file" -- "$@" 2>/dev/null' \
	tidy $LINT_CPPFLAGS -std=c11 -Wno-unused-command-line-argument
