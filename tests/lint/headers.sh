#!/bin/sh
# Each header compiles alone, and has the guard of its name.
. "$top_srcdir/tests/lint/common"
need gcc gcc
files=$(lint_files "$rooms" '*.h')
enough "$files"
status=0
# shellcheck disable=SC2086 # flags are words
each "$files" gcc $LINT_CPPFLAGS -std=c11 -Wall -Werror -fsyntax-only -x c ||
	status=1
for file in $files; do
	guard=$(printf '%s' "${file#"$top_srcdir"/}" |
		tr 'a-z/.-' 'A-Z___')
	grep -qx "#ifndef $guard" "$file" || {
		echo "$file: has no guard $guard"
		status=1
	}
done
exit "$status"
