#!/bin/sh
# What cppcheck finds; cppcheck-suppressions says what it is not asked, and why.
. "$top_srcdir/tests/lint/common"
need cppcheck cppcheck
files=$(lint_files "$rooms" '*.c')
enough "$files"
printf '%s\n' "$files" >lint-cppcheck
status=0
cppcheck --quiet --std=c11 --error-exitcode=1 --inline-suppr -j "$LINT_JOBS" \
	--enable=warning,performance,portability \
	--suppressions-list="$top_srcdir/tests/lint/cppcheck-suppressions" \
	-D__GNUC__ -D__x86_64__ -I "$top_srcdir" -I . --include=config.h \
	--file-list=lint-cppcheck || status=$?
rm -f lint-cppcheck
exit "$status"
