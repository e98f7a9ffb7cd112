#!/bin/sh
# What gcc's analyzer finds.  Unit tests are left out: cmocka's assertions do
# not tell it that they do not return.
. "$top_srcdir/tests/lint/common"
need gcc gcc
files=$(lint_files "$rooms tests/fuzz" '*.c')
enough "$files"
# shellcheck disable=SC2086 # flags are words
each "$files" gcc $LINT_CPPFLAGS -std=c11 -O1 -fanalyzer -Werror \
	-c -o /dev/null
