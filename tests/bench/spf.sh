#!/bin/sh
# SPF evaluations: a second over answers that are there, and over a name server
# on loopback, each of a tree of its own with eleven questions. The latter is
# put beside what dnsperf gets for the very same questions from the same server
# (both on one core, the server on another).
set -eu
: "${top_srcdir:?}" "${top_builddir:?}"
. "$top_srcdir/tests/bench/served"
n=4000 simple=100000 tree=20000 least=0.7
bench=$top_builddir/tests/bench/spf_bench

$ask "$bench" eval | awk -v simple=$simple -v tree=$tree '{
	print "spf: " $0
	slow = slow || $2 < ($1 ~ /^tree/ ? tree : simple)
}
END { exit slow }'

open_work nsd dnsperf
awk -v n="$n" -v work="$work" 'BEGIN {
	zone = work "/records"; list = work "/list"
	questions = work "/questions"
	for (i = 0; i < n; i++) {
		d = sprintf("d%05d", i)
		printf "192.0.2.10\tnews@%s.test\tmta.test\n", d >list
		printf "%s TXT \"v=spf1 include:a.%s.test include:b.%s.test" \
			" include:c.%s.test a:h.%s.test -all\"\n", \
			d, d, d, d, d >zone
		printf "h.%s A 192.0.2.10\n", d >zone
		printf "%s.test TXT\nh.%s.test A\n", d, d >questions
		for (k = 0; k < 3; k++) {
			b = substr("abc", k + 1, 1) "." d
			printf "%s TXT \"v=spf1 include:1.%s.test" \
				" include:2.%s.test ~all\"\n", b, b, b >zone
			printf "1.%s TXT \"v=spf1 ip4:198.51.100.0/24 -all\"\n", \
				b >zone
			printf "2.%s TXT \"v=spf1 ip4:203.0.113.0/24 -all\"\n", \
				b >zone
			printf "%s.test TXT\n1.%s.test TXT\n2.%s.test TXT\n", \
				b, b, b >questions
		}
	}
}'
serve_records
for _ in 1 2 3 4 5 6 7 8 9 10; do
	! "$bench" ask "$work/list" 1 "127.0.0.1:$port" | grep -q ' pass=1 ' ||
		break
done

for _ in 1 2 3 4 5; do
	dnsperf_seconds
	$ask "$bench" ask "$work/list" $n "127.0.0.1:$port" |
		sed -nE 's/.*loop_s=([0-9.]*) pass=([0-9]*) .*/\1 \2/p'
done | paste -d ' ' - - | sort -n | awk -v n=$n -v least=$least '{
	missed = missed || $3 != n
	ratio[NR] = $1 / $2
	rate[NR] = n / $2
	if ($1 / $2 > best)
		best = $1 / $2
}
END {
	printf "spf: %d trees,", n
	for (i = 1; i <= NR; i++)
		printf " %.0f", rate[i]
	printf " a second; dnsperf, the same questions: ratio"
	for (i = 1; i <= NR; i++)
		printf " %.2f", ratio[i]
	printf ", at least %.2f once\n", least
	exit NR != 5 || missed || best < least
}'
