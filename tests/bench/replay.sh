#!/bin/sh
# One whole audit (message, DNS, SMTP with STARTTLS, HTTPS) from a recording:
# at most 20 ms of CPU, the system's trust anchors included, and 20 MiB.
set -eu
: "${top_srcdir:?}" "${top_builddir:?}" "${PRESEND:?}"
runs=50 most_us=20000 most_kib=20480
here=$top_srcdir/tests/bench

"$top_builddir/tests/bench/cost" "$runs" "$PRESEND" audit compliant.test \
	-m "$here/full.eml" --ip 192.0.2.10 --helo mail.compliant.test \
	--replay "$here/full.jsonl" -f json |
	awk -v us="$most_us" -v kib="$most_kib" -v runs="$runs" '{
		printf "audit from a recording %.1f ms of CPU, at most %d", \
			$2 / 1000, us / 1000
		printf " (median of %d runs)\n", runs
		printf "memory                 %.1f MiB, at most %d\n", \
			$3 / 1024, kib / 1024
		exit $2 > us || $3 > kib
	}'
