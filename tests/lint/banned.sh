#!/bin/sh
# Functions that have no bound, no error or a hidden state.
. "$top_srcdir/tests/lint/common"
banned='sprintf|vsprintf|strcpy|strcat|strtok|atoi|atol|sscanf|gets|alloca'
banned="$banned|rand|localtime|gmtime"
files=$(lint_files "$rooms tests" '*.c' '*.h')
enough "$files"
bad=$(printf '%s\n' "$files" |
	xargs grep -nE "(^|[^A-Za-z0-9_])($banned)[[:space:]]*\(" /dev/null |
	grep -vE ':[0-9]+:[[:space:]]*/?\*' || true)
[ -z "$bad" ] || {
	echo "$bad"
	exit 1
}
