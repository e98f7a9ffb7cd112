#!/bin/sh
# Who may include whom.  TAP, one test per room.
set -eu
cd "$top_srcdir"
echo 1..8
n=0
status=0

room() {
	dir=$1 allowed=$2
	n=$((n + 1))
	[ -n "$(ls "$dir"/*.[ch] 2>/dev/null)" ] || {
		echo "not ok $n - $dir has no sources"
		status=1
		return
	}
	bad=$(grep -rhoE '^#include "[^"]+"' "$dir" --include='*.[ch]' |
		sed 's/#include "//; s/"$//' | sort -u |
		grep -vxE "$allowed" | tr '\n' ' ' || true)
	if [ -z "$bad" ]; then
		echo "ok $n - $dir includes only $allowed"
	else
		echo "not ok $n - $dir also includes $bad"
		status=1
	fi
}

room base 'base/.*'
room message '(base|message)/.*'
room probes '(base|probes)/.*'
room checks '(base|message|checks)/.*|probes/evidence\.h'
room rules '(base|rules)/.*'
room bounces '(base|message|rules|bounces)/.*'
room audit '(base|message|probes|checks|rules|bounces|audit)/.*'
# Views are functions of the document.
room audit/views 'base/.*|audit/views/.*|audit/(document|settings|settle|json_text)\.h'
exit "$status"
