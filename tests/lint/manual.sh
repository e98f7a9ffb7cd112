#!/bin/sh
# What mandoc says about the manual pages.
. "$top_srcdir/tests/lint/common"
need mandoc mandoc
if [ ! -d "$top_srcdir/man" ]; then
	echo "manual.sh: no man folder"
	exit 0
fi
files=$(lint_files man '*.1' '*.5')
enough "$files"
each "$files" mandoc -T lint -W warning
