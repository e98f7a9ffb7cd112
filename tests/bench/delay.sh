#!/bin/sh
# What an audit costs with a resolver 20 ms away: as many round trips as its
# longest chain of questions has links, and not as many as there are questions.
#
#   ptr      PTR of each address -> A, AAAA of each name           2
#   mx       MX -> A, AAAA of each host                            2
#   dane     MX -> A, AAAA of each host, and TLSA beside           2
#   dmarc    TXT of all names of the tree walk                     1
#   tls_rpt  TXT                                                   1
#   mta_sts  TXT, and A, AAAA of the policy host                   1
#
# So 2 round trips, and room for 2 more: start, evaluation, scheduling.
set -eu
: "${top_srcdir:?}" "${top_builddir:?}" "${PRESEND:?}"
runs=9 delay_ms=20 depth=2
command -v python3 >/dev/null || {
	echo "delay: skipped, there is no python3"
	exit 0
}
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$work"' EXIT

{
	echo 'far.test SOA'
	echo '2.0.192.in-addr.arpa SOA'
	for i in 1 2 3 4 5; do
		echo "far.test MX ${i}0 mx$i.far.test"
		echo "mx$i.far.test A 198.51.100.$i"
	done
	for i in 1 2 3 4; do
		echo "$i.2.0.192.in-addr.arpa PTR out$i.far.test"
		echo "out$i.far.test A 192.0.2.$i"
	done
	echo '_dmarc.far.test TXT "v=DMARC1; p=none"'
	echo '_smtp._tls.far.test TXT "v=TLSRPTv1; rua=mailto:t@far.test"'
} >"$work/zone"
python3 "$top_srcdir/tests/e2e/fakedns.py" --delay "$delay_ms" \
	--log "$work/log" "$work/zone" >"$work/port" &
server=$!
while ! grep -q . "$work/port"; do sleep 0.05; done
port=$(sed 's/port //' "$work/port")

"$top_builddir/tests/bench/cost" "$runs" "$PRESEND" audit far.test \
	-n "127.0.0.1:$port" --ip 192.0.2.1 --ip 192.0.2.2 --ip 192.0.2.3 \
	--ip 192.0.2.4 -c ptr,mx,dane,dmarc,tls_rpt,mta_sts >"$work/cost"
questions=$(wc -l <"$work/log")
awk -v n="$((questions / runs))" -v ms="$delay_ms" -v depth="$depth" \
	-v runs="$runs" '{
	most = (depth + 2) * ms
	printf "%d questions, %d deep, %d ms away: ", n, depth, ms
	printf "%.1f ms, at most %d (median of %d runs)\n", $1 / 1000, most, runs
	printf "ratio to the chain alone %.2f\n", $1 / 1000 / (depth * ms)
	exit $1 / 1000 > most
}' "$work/cost"
