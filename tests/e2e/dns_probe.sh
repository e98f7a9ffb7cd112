#!/bin/sh
# The DNS probe against a scripted server: every way in which a question can
# go wrong is told apart from the others.
set -eu

here=${top_srcdir:-.}/tests/e2e
ask=${top_builddir:-.}/tests/e2e/ask
if ! command -v python3 >/dev/null; then
	echo "1..0 # SKIP no python3"
	exit 0
fi
work=$(mktemp -d)
pids=
# shellcheck disable=SC2317 # called by the trap
cleanup() {
	for pid in $pids; do kill "$pid" 2>/dev/null || :; done
	rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 1' HUP INT TERM

# start NAME OPTIONS...: a server; its port is in $port and in $work/NAME.port
start() {
	name=$1
	shift
	mkfifo "$work/$name.fifo"
	python3 "$here/fakedns.py" --log "$work/$name.log" "$@" \
	    >"$work/$name.fifo" &
	pids="$pids $!"
	read -r _ port <"$work/$name.fifo"
}

cat >"$work/zone" <<'ZONE'
example.test SOA
example.test NS ns.example.test
example.test A 192.0.2.1
example.test AAAA 2001:db8::1
example.test MX 10 MX1.example.test
example.test MX 0 .
example.test TXT "v=spf1 -all" second\032part
_dmarc.example.test TXT "v=DMARC1; " "p=none"
1.2.0.192.in-addr.arpa PTR Mail.example.test
_25._tcp.mx1.example.test TLSA 3 1 1 00ff
_sip._tcp.example.test SRV 1 2 5060 sip.example.test
odd.example.test TYPE65280 \# 3 010203
a\.b\032c.example.test A 192.0.2.9
alias.example.test CNAME alias2.example.test
alias2.example.test CNAME example.test
dangling.example.test CNAME nowhere.example.test
loop.example.test CNAME loop2.example.test
loop2.example.test CNAME loop.example.test
trusted.example.test A 192.0.2.2
! trusted.example.test * ad
servfail.example.test A 192.0.2.3
! servfail.example.test * servfail
! refused.example.test * refused
! notimp.example.test * rcode 4
! badvers.example.test * rcode 9
! silent.example.test * timeout
late.example.test A 192.0.2.8
! late.example.test * delay 60
obsolete.example.test TYPE99 \# 12 0b763d73706631202d616c6c
garbage.example.test A 192.0.2.3
! garbage.example.test * garbage
! noise.example.test * noise
wrong.example.test A 192.0.2.3
! wrong.example.test * wrong-question
cut.example.test A 192.0.2.3
! cut.example.test * cut
bad.example.test A 192.0.2.3
! bad.example.test * bad-rdata
! referral.example.test * referral
big.example.test TXT "whole over TCP"
! big.example.test * truncate
drop.example.test TXT "never seen"
! drop.example.test * truncate-tcp-drop
! tc.example.test * tc-always
once.example.test A 192.0.2.4
! once.example.test * times 1 timeout
formerr.example.test A 192.0.2.5
! formerr.example.test * formerr
formerr2.example.test A 192.0.2.5
! formerr2.example.test * formerr
ancient.example.test A 192.0.2.6
! ancient.example.test * formerr-always
tcpless.example.test TXT "never seen"
octets.example.test TXT "v=spf1 \000\001\127\195\164\255 \"\\ -all" ""
! other.example.test * wrong-owner
other.example.test TXT "of another name"
empty.example.test TXT \# 0
overrun.example.test TXT \# 4 02610562
self.example.test CNAME self.example.test
twice.example.test CNAME example.test
twice.example.test CNAME example.test
several.example.test CNAME example.test
several.example.test CNAME long.example.test
! tcpless.example.test TXT truncate-tcp-silent
ZONE
# Over 512 octets, under 1232.
long=$(printf '%0600d' 0)
# A chain of aliases; and as much as one answer may hold of octets, strings,
# records.
{
	echo "long.example.test TXT $long"
	echo "longer.example.test TXT $long"
	i=0
	while [ $i -lt 17 ]; do
		echo "chain$i.example.test CNAME chain$((i + 1)).example.test"
		i=$((i + 1))
	done
	echo 'chain17.example.test TXT "the end"'
	echo "huge.example.test TXT $(printf '%064500d' 0)"
	echo "strings.example.test TXT \\# 64000 $(printf '%0128000d' 0)"
	awk 'BEGIN {
		for (i = 0; i < 4000; i++)
			printf "many.example.test TXT %03x\n", i
		for (i = 0; i < 5000; i++)
			print "more.example.test TXT \"\""
	}'
} >>"$work/zone"
sed '/^!/d' "$work/zone" >"$work/good"
echo 'once.example.test A 192.0.2.4' >"$work/servfail"
echo '! * * servfail' >>"$work/servfail"
echo '! * * timeout' >"$work/dead"
echo '*.example.test A 192.0.2.7' >"$work/wild"
{ cat "$work/wild" "$work/good"; echo '! * * formerr-always'; } >"$work/ancient"
{ cat "$work/wild"; echo '! * * truncate'; } >"$work/tcp"

start main "$work/zone"
main=127.0.0.1:$port
start good "$work/good"
good=127.0.0.1:$port
start bad "$work/servfail"
bad=127.0.0.1:$port
start ancient "$work/ancient"
ancient=127.0.0.1:$port
start tcp "$work/tcp"
tcp=127.0.0.1:$port
start dead "$work/dead"
dead=127.0.0.1:$port
# A port that was free a moment ago, and to which nobody answers.
start closed "$work/dead"
closed=127.0.0.1:$port
kill "${pids##* }"
wait "${pids##* }" 2>/dev/null || :
pids=${pids% *}

n=0
failed=0
# check TITLE PATTERN... : the last answer has all these
check() {
	title=$1
	shift
	n=$((n + 1))
	for pattern; do
		if ! grep -q -e "$pattern" "$work/out"; then
			echo "not ok $n - $title"
			echo "# no $pattern in:"
			sed 's/^/# /' "$work/out"
			failed=1
			return
		fi
	done
	echo "ok $n - $title"
}
q() {
	"$ask" -t 200 "$@" >"$work/out"
}
queries() { # SERVER TRANSPORT NAME
	grep -c "^$2 $3 " "$work/$1.log" || :
}

q -s "$main" example.test A
check "an address" '"seen": *"answered"' '"address": *"192.0.2.1"' \
    "\"asked_of\": *\"$main\""
q -s "$main" example.test AAAA
check "an IPv6 address" '"address": *"2001:db8::1"'
q -s "$main" example.test MX
check "mail exchangers, in lower case, and the null MX" \
    '"host": *"mx1.example.test"' '"host": *""'
q -s "$main" example.test TXT
check "strings as published" '"v=spf1 -all"' '"second part"'
q -s "$main" _dmarc.example.test TXT
check "strings are not joined" '"v=DMARC1; ", *"p=none"'
q -s "$main" 1.2.0.192.in-addr.arpa PTR
check "a PTR" '"name": *"mail.example.test"'
q -s "$main" _25._tcp.mx1.example.test TLSA
check "a TLSA" '"matching": *1' '"data": *"00ff"'
q -s "$main" _sip._tcp.example.test SRV
check "an SRV" '"port": *5060' '"target": *"sip.example.test"'
q -s "$main" odd.example.test TYPE65280
check "an unknown type is raw" '"rdata": *"010203"'
q -s "$main" 'a\046b\032c.example.test' A
check "a name with a dot and a space in a label" '"192.0.2.9"'
q -s "$main" alias.example.test A
check "a chain of aliases" '"seen": *"answered"' '"192.0.2.1"' \
    '"owner": *"alias.example.test".*"owner": *"alias2.example.test"'
q -s "$main" alias.example.test CNAME
check "an alias that is asked for is not followed" \
    '"records": *\[{[^]]*"name": *"alias2.example.test"'
q -s "$main" nothing.example.test A
check "NXDOMAIN" '"seen": *"absent"' '"rcode": *3' \
    '"soa_owner": *"example.test"'
q -s "$main" example.test TLSA
check "NODATA" '"seen": *"absent"' '"rcode": *0' '"soa_owner": *"example.test"'
q -s "$main" dangling.example.test A
check "an alias to a name that is not there" '"seen": *"absent"' \
    '"rcode": *3' '"name": *"nowhere.example.test"'
q -s "$main" loop.example.test A
check "a CNAME loop" '"seen": *"malformed"' '"cause": *"cname-loop"'
q -s "$main" trusted.example.test A
check "AD from a resolver on loopback" '"authentic": *true'
q -s "$main" servfail.example.test A
check "SERVFAIL" '"seen": *"temporary"' '"cause": *"servfail"'
n=$((n + 1))
if [ "$(queries main udp servfail.example.test)" = 1 ]; then
	echo "ok $n - SERVFAIL of the only resolver is final"
else
	echo "not ok $n - SERVFAIL of the only resolver is final"
	failed=1
fi
q -s "$main" refused.example.test A
check "REFUSED" '"seen": *"temporary"' '"cause": *"refused"'
q -s "$main" notimp.example.test A
check "another rcode" '"seen": *"temporary"' '"cause": *"rcode"' NOTIMP
q -s "$main" referral.example.test A
check "a referral is not an absence" '"seen": *"temporary"' \
    '"cause": *"refused"'
q -r 1 -s "$main" silent.example.test A
check "a timeout" '"seen": *"temporary"' '"cause": *"timeout"' "$main" \
    '(2 tries of '
n=$((n + 1))
if [ "$(queries main udp silent.example.test)" = 2 ]; then
	echo "ok $n - one retry is two tries"
else
	echo "not ok $n - one retry is two tries"
	failed=1
fi
q -s "$main" once.example.test A
check "a lost answer is asked for again" '"192.0.2.4"' \
    '"took_ms": *[2-9][0-9][0-9],'
q -s "$main" late.example.test A
check "how long it took" '"192.0.2.8"' '"took_ms": *\([6-9][0-9]\|1[0-9][0-9]\),'
q -s "$main" obsolete.example.test SPF obsolete.example.test TYPE99
check "an SPF record is of type SPF" '"type": *"SPF"' \
    '"rdata": *"0b763d73706631202d616c6c"'
q -s "$main" garbage.example.test A
check "garbage after the question" '"seen": *"malformed"' \
    '"cause": *"malformed"'
q -r 0 -s "$main" noise.example.test A
check "noise is no answer" '"cause": *"timeout"'
q -r 0 -s "$main" wrong.example.test A
check "an answer to another question is no answer" '"cause": *"timeout"'
q -s "$main" cut.example.test A
check "a message cut short" '"seen": *"malformed"' 'cut short'
q -s "$main" bad.example.test A
check "a record cut short" '"seen": *"malformed"' 'A record 1 of 1'
q -s "$main" big.example.test TXT
check "truncation leads to TCP" '"seen": *"answered"' '"tcp": *true' \
    'whole over TCP'
q -s "$main" long.example.test TXT
check "600 octets fit into UDP with EDNS" '"seen": *"answered"' '00000"'
n=$((n + 1))
if [ "$(queries main tcp long.example.test)" = 0 ]; then
	echo "ok $n - and need no TCP"
else
	echo "not ok $n - and need no TCP"
	failed=1
fi
q -s "$main" drop.example.test TXT
check "a resolver that drops TCP" '"seen": *"temporary"' \
    '"cause": *"network"' 'over TCP'
q -r 0 -s "$main" tc.example.test TXT
check "truncated even over TCP" '"seen": *"malformed"' truncated
q -s "$closed" example.test A
check "nobody at the port" '"seen": *"temporary"' '"cause": *"network"' \
    "no resolver at $closed"
q -s "$closed" -s "$good" example.test A
check "on from a closed port" '"192.0.2.1"' "\"asked_of\": *\"$good\""
q -s "$dead" -s "$good" example.test A
check "on from a dead resolver" '"192.0.2.1"' "\"asked_of\": *\"$good\""
q -s "$bad" -s "$good" example.test A
check "on from a failing resolver" '"192.0.2.1"' "\"asked_of\": *\"$good\""
q -s "$bad" -s "$dead" example.test A
check "SERVFAIL says more than silence" '"cause": *"servfail"'
q -s "$main" drop.example.test TXT alias.example.test A example.test A
check "a broken TCP connection costs no other question" '"192.0.2.1"' \
    '"cause": *"network"'
q -s "$main" ancient.example.test A
check "a resolver that does not know EDNS" '"seen": *"answered"' '"192.0.2.6"'
q -s "$main" formerr.example.test A long.example.test TXT big.example.test TXT
check "FORMERR harms no other question" '"192.0.2.5"' '00000"' \
    'whole over TCP'
if grep -q -v '"answered"' "$work/out"; then
	echo "# some were not answered"
	failed=1
fi
q -1 -s "$main" formerr2.example.test A longer.example.test TXT
n=$((n + 1))
if [ "$(queries main udp formerr2.example.test)" = 2 ] &&
    [ "$(queries main tcp longer.example.test)" = 0 ] &&
    grep -q '00000"' "$work/out"; then
	echo "ok $n - nor are later answers cut at 512 octets"
else
	echo "not ok $n - nor are later answers cut at 512 octets"
	failed=1
fi
q -r 0 -s "$main" tcpless.example.test TXT
check "silence over TCP" '"cause": *"timeout"'
q -s "$main" octets.example.test TXT
check "octets of a string as they are, and an empty string" \
    '"v=spf1 \\\\000\\\\001\\\\127ä\\\\255 \\"\\\\\\\\ -all", *""'
q -s "$main" other.example.test TXT
check "records of another name are none" '"seen": *"absent"' '"records": *\[\]'
q -s "$main" empty.example.test TXT
check "a TXT record without a string" '"seen": *"malformed"' 'TXT record 1 of 1'
q -s "$main" overrun.example.test TXT
check "a string longer than its record" '"seen": *"malformed"' \
    'TXT record 1 of 1'
q -s "$main" self.example.test TXT
check "an alias of itself" '"seen": *"malformed"' '"cause": *"cname-loop"'
q -s "$main" loop.example.test TXT
check "a CNAME loop for TXT" '"seen": *"malformed"' '"cause": *"cname-loop"'
q -s "$main" twice.example.test TXT
check "the same alias twice" '"seen": *"answered"' '"v=spf1 -all"'
q -s "$main" several.example.test TXT
check "several aliases of one name" '"seen": *"malformed"' 'several CNAMEs'
q -s "$main" chain1.example.test TXT
check "sixteen aliases" '"seen": *"answered"' '"the end"'
q -s "$main" chain0.example.test TXT
check "seventeen aliases" '"seen": *"malformed"' '"cause": *"cname-loop"' \
    'do not come to an end'

# count TITLE LEAST CHARACTERS : so many of them are in the last answer
count() {
	n=$((n + 1))
	if [ "$(tr -cd "$3" <"$work/out" | wc -c)" -ge "$2" ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		failed=1
	fi
}
q -t 5000 -s "$main" huge.example.test TXT
check "a TXT record of 64,500 octets" '"seen": *"answered"' '"tcp": *true'
count "all of them" 64500 0
q -t 5000 -s "$main" strings.example.test TXT
check "64,000 empty strings" '"seen": *"answered"'
count "each of them" 128000 '"'
q -t 5000 -s "$main" many.example.test TXT
check "four thousand records" '"seen": *"answered"' '"f9f"'
{
	echo '{"schema":"presend.evidence/1","as_of":"2026-11-21T00:00:00Z"}'
	"$ask" -t 5000 -s "$main" huge.example.test TXT \
	    strings.example.test TXT many.example.test TXT \
	    octets.example.test TXT several.example.test TXT
} >"$work/recording"
status=0
"${PRESEND:-./presend}" audit -q -c dmarc --fail-on never \
    --replay "$work/recording" x.example >"$work/out" 2>&1 || status=$?
echo "status $status" >>"$work/out"
check "and all of it is read back" 'status 3'
q -t 5000 -s "$main" more.example.test TXT
check "five thousand are too many" '"seen": *"not-asked"' '"cause": *"limit"' \
    'too many records'
long_label=$(printf '%064d' 0)
q -s "$main" "$long_label.test" A
check "a name that cannot be asked" '"seen": *"not-asked"' '"cause": *"limit"'

# Many at once, over the ceiling of what is under way.
i=0
while [ $i -lt 2000 ]; do
	echo "host$i.example.test A"
	i=$((i + 1))
done >"$work/many"
head -n 300 "$work/many" >"$work/some"
"$ask" -q -t 2000 -s "$good" <"$work/many" >"$work/out"
check "two thousand questions, none lost" '^2000 questions, 2000 known'
"$ask" -q -t 2000 -s "$tcp" <"$work/some" >"$work/out"
check "three hundred that all need TCP" '^300 questions, 300 known'
"$ask" -q -t 2000 -s "$ancient" <"$work/some" >"$work/out"
check "three hundred to a resolver without EDNS" '^300 questions, 300 known'
q -s "$ancient" long.example.test TXT
check "a long answer of a resolver without EDNS" '00000"' '"tcp": *true'
"$ask" -q -t 1000 -s "$dead" -s "$good" <"$work/many" >"$work/out"
check "two thousand past a dead resolver" '^2000 questions, 2000 known'

echo "1..$n"
exit $failed
