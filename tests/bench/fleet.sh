#!/bin/sh
# A fleet of domains over a name server on loopback: memory must not grow with
# their number, and the rate is put beside what dnsperf gets for the very same
# questions from the same server (both on one core, the server on another).
set -eu
: "${top_srcdir:?}" "${top_builddir:?}" "${PRESEND:?}"
. "$top_srcdir/tests/bench/served"
small=2000 large=20000 growth=1.25 most_kib=49152
open_work nsd

# One zone of all; as users do, each fifth has the same host as another.
awk -v n="$large" 'BEGIN {
	for (i = 0; i < n; i++) {
		d = sprintf("d%05d", i)
		h = i % 5 ? d : sprintf("d%05d", int(i / 50) * 50)
		printf "%s SOA ns hostmaster 1 7200 3600 1209600 300\n", d
		printf "%s MX 10 mx1.%s\n%s MX 20 mx2.%s\n", d, h, d, h
		printf "%s A 203.0.113.%d\n", d, i % 254 + 1
		printf "mx1.%s A 198.18.%d.%d\n", d, i / 250, i % 250
		printf "mx2.%s A 198.19.%d.%d\n", d, i / 250, i % 250
		if (i % 10 != 9)
			printf "_dmarc.%s TXT \"v=DMARC1; p=none\"\n", d
		printf "_smtp._tls.%s TXT \"v=TLSRPTv1; rua=mailto:t@%s.test\"\n", \
			d, d
	}
}' >"$work/records"
for n in $small $large; do
	awk -v n="$n" 'BEGIN { for (i = 0; i < n; i++)
		printf "d%05d.test\n", i }' >"$work/$n"
done
serve_records
fleet() { # TIMES DOMAINS [OPTION]... : what they cost
	times=$1 domains=$work/$2
	shift 2
	$ask "$top_builddir/tests/bench/cost" "$times" "$PRESEND" audit -q \
		-d "$domains" -n "127.0.0.1:$port" -f jsonl --fail-on never \
		-c mx,dmarc,tls_rpt,mta_sts "$@"
}
head -n 1 "$work/$small" >"$work/1"
for _ in 1 2 3 4 5 6 7 8 9 10; do
	fleet 1 1 --record "$work/first" --force --timeout 1 >/dev/null
	! grep -q '"seen":"answered"' "$work/first" || break
done

{
	fleet 1 $small
	fleet 1 $large
} >"$work/costs"
awk -v small=$small -v large=$large -v growth=$growth -v kib=$most_kib '{
	n = NR == 1 ? small : large
	printf "%6d domains %6.2f s, %6.2f s of CPU, %5.0f a second, %.1f MiB\n", \
		n, $1 / 1e6, $2 / 1e6, n / ($1 / 1e6), $3 / 1024
	memory[NR] = $3
}
END {
	printf "memory of %d to that of %d: %.2f, at most %.2f\n", large, small, \
		memory[2] / memory[1], growth
	exit memory[2] > growth * memory[1] || memory[2] > kib
}' "$work/costs"

command -v dnsperf >/dev/null || {
	echo "fleet: there is no dnsperf to be compared with"
	exit 0
}
fleet 1 $large --record "$work/record" --force >/dev/null
sed -nE 's/.*"kind":"dns","name":"([^"]*)","type":"([A-Z]*)".*/\1 \2/p' \
	"$work/record" >"$work/questions"
for _ in 1 2 3; do
	dnsperf_seconds
	fleet 1 $large
done | paste -d ' ' - - | sort -n | awk '{
	ratio[NR] = $1 / ($2 / 1e6)
}
END {
	printf "dnsperf, the same questions: ratio"
	for (i = 1; i <= NR; i++)
		printf " %.2f", ratio[i]
	printf " (%d rounds)\n", NR
}'
