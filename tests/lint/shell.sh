#!/bin/sh
# What shellcheck finds in every file that begins with #!/bin/sh or bash.
# Not asked: what is sourced by a computed name (SC1091), variables that make
# hands over (SC2154), functions that only a trap calls (SC2317).
. "$top_srcdir/tests/lint/common"
need shellcheck shellcheck
files=$(
	{
		lint_files "$rooms tests .ci" '*'
		for own in quickstart autogen.sh build-aux/embed.sh; do
			[ ! -f "$top_srcdir/$own" ] || echo "$top_srcdir/$own"
		done
	} | xargs grep -lE '^#! ?/(usr/)?bin/(env )?(ba)?sh' || true
)
enough "$files"
each "$files" shellcheck --external-sources --source-path="$top_srcdir" \
	--exclude=SC1091,SC2154,SC2317
