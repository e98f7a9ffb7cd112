#!/bin/sh
# The layout is that of .clang-format.
. "$top_srcdir/tests/lint/common"
need clang-format clang-format
files=$(lint_files "$rooms tests" '*.c' '*.h')
enough "$files"
each "$files" clang-format --dry-run --Werror --style=file
