#!/bin/sh
# A workbook of 100,000 rows of 12 columns beside libxlsxwriter alone, in
# constant memory, with the same cells in the same run: seconds of the view and
# of that.  Beside them what a whole run takes, which also reads the JSON, and
# its memory.
set -eu
: "${top_builddir:?}" "${PRESEND:?}"
least=0.8
most=49152 # KiB
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

awk 'BEGIN {
	for (i = 0; i < 100000; i++)
		printf "{\"time\":\"2026-11-21T08:%02d:%02dZ\"," \
			"\"queue_id\":\"4XyZ%07d\"," \
			"\"sender\":\"news@shop%d.example\"," \
			"\"recipient\":\"user%d@gmail.com\"," \
			"\"provider\":\"gmail\"," \
			"\"host\":\"gmail-smtp-in.l.google.com\"," \
			"\"reply\":\"550\",\"status\":\"5.7.26\"," \
			"\"kind\":\"bounced\",\"reason\":\"authentication\"," \
			"\"text\":\"This mail of %d has been blocked because " \
			"the sender is unauthenticated by [192.0.2.%d]\"," \
			"\"line\":%d}\n", \
			i / 60 % 60, i % 60, i, i % 7, i, i, i % 250, i
}' >"$work/events"
# Without the columns that hold nothing: 12 are left.
"$PRESEND" view -f csv "$work/events" | cut -d , -f 1-6,8-11,13,15 >"$work/csv"
TMPDIR=$work "$top_builddir/tests/bench/views_bench" xlsx "$work/events" |
	sed -n 's/^seconds/ours/p' >"$work/times"
"$top_builddir/tests/bench/xlsx_bare" "$work/csv" "$work/bare.xlsx" \
	>>"$work/times"
TMPDIR=$work "$PRESEND" view "$work/events" -o "$work/ours.xlsx" &
pid=$!
peak=0
while kill -0 $pid 2>/dev/null; do
	now=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$pid/status" \
		2>/dev/null || true)
	[ "${now:-0}" -le "$peak" ] || peak=$now
done
wait $pid
awk -v least=$least -v most=$most -v peak="$peak" '
	{ print "xlsx: " $0 " s"; seconds[$1] = $2 }
	END {
		ratio = seconds["bare"] / seconds["ours"]
		printf "xlsx: %.2f of libxlsxwriter alone, at least %.2f\n", \
			ratio, least
		printf "xlsx: %d KiB at most, of %d\n", peak, most
		exit ratio < least || peak > most || peak == 0
	}' "$work/times"
