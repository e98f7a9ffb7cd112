#!/bin/sh
# CSV of long tables beside the csv module of Python, whose writer is C, with
# the same rows in the same run: events, and audits with all their rules.
set -eu
: "${top_builddir:?}" "${PRESEND:?}"
least=2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
command -v python3 >/dev/null || {
	echo "csv: skipped, there is no python3"
	exit 0
}

awk 'BEGIN {
	for (i = 0; i < 100000; i++)
		printf "{\"time\":\"2026-11-21T08:%02d:%02dZ\"," \
			"\"queue_id\":\"4XyZ%07d\"," \
			"\"sender\":\"news@shop%d.example\"," \
			"\"recipient\":\"user%d@gmail.com\"," \
			"\"provider\":\"gmail\",\"ip\":\"142.250.102.27\"," \
			"\"reply\":\"550\",\"status\":\"5.7.26\"," \
			"\"kind\":\"bounced\",\"reason\":\"authentication\"," \
			"\"rules\":[\"gmail.auth.spf\",\"gmail.auth.dkim\"]," \
			"\"text\":\"This mail has been blocked because the " \
			"sender is unauthenticated, by [192.0.2.1]\"," \
			"\"file\":\"mail.log\",\"line\":%d}\n", \
			i / 60 % 60, i % 60, i, i % 7, i, i
}' >"$work/events"
"$PRESEND" audit --example -f jsonl --fail-on never >"$work/one" || true
i=0
while [ $i -lt 300 ]; do
	cat "$work/one"
	i=$((i + 1))
done >"$work/audits"

python() { # CSV: megabytes a second of its writer
	python3 -c '
import csv, io, sys, time
rows = list(csv.reader(open(sys.argv[1], newline="", encoding="utf-8")))
best = 1e9
for _ in range(3):
    out = io.StringIO(newline="")
    start = time.process_time()
    csv.writer(out).writerows(rows)
    best = min(best, time.process_time() - start)
print("python %.0f MB/s" % (len(out.getvalue().encode()) / best / 1e6))
' "$1"
}

for what in events audits; do
	for form in csv jsonl; do
		"$top_builddir/tests/bench/views_bench" $form "$work/$what"
	done >"$work/ours"
	"$PRESEND" view -f csv "$work/$what" >"$work/csv"
	python "$work/csv" >>"$work/ours"
	awk -v what=$what -v least=$least '
		{ print "csv: of " what ": " $0; speed[$1] = $2 }
		END {
			ratio = speed["csv"] / speed["python"]
			printf "csv: of %s: %.1f times Python, at least %.1f\n", \
				what, ratio, least
			exit ratio < least
		}' "$work/ours"
done
