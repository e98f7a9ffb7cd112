#!/bin/sh
# presend-rules(5) has the facts and the keys that there are, and its example
# does what it says.  TAP.
set -eu
: "${top_srcdir:?}" "${PRESEND:?}"
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
page=$top_srcdir/man/presend-rules.5
n=0

# is_same ONE OTHER TITLE
is_same() {
	n=$((n + 1))
	if [ -s "$1" ] && diff "$1" "$2" >"$here/diff"; then
		echo "ok $n - $3"
	else
		echo "not ok $n - $3"
		sed 's/^/# /' "$here/diff"
	fi
}

# part NAME: what stands between two comments of the page, as it is read.
part() {
	sed -n "/^\.\\\\\" $1 begin/,/^\.\\\\\" $1 end/p" "$page" |
		sed -e '/^\./d' -e 's/\\&//g' -e 's/\\e/\\/g'
}

echo 1..6
python3 "$top_srcdir/build-aux/man_facts.py" "$PRESEND" "$page" >"$here/facts"
is_same "$page" "$here/facts" 'the facts are those of the checks: make man-facts'

# "subject.ips" of subject.ips[] and so on.
sed -n 's/^	{ "\(subject\.[a-z_.]*\)", .*/\1/p' "$top_srcdir/audit/packs.c" |
	grep -v '^subject.message$' | sort -u >"$here/subject"
grep -o 'subject\.[a-z_.]*[a-z_]' "$page" | grep -xFf "$here/subject" |
	sort -u >"$here/told"
is_same "$here/subject" "$here/told" 'the facts of the subject are told'

# keys_of FILE...: the keys in the tables of the readers.
sed -n '/_row .*keys\[\] = {/,/^};/s/^	{ "\([a-z_]*\)",.*/\1/p' \
	"$top_srcdir/rules/keys.c" "$top_srcdir/rules/bounce_section.c" |
	LC_ALL=C sort -u >"$here/keys"
sed -n 's/^\.It Va \([a-z_ ,]*\)$/\1/p' "$page" | tr -d ' ' | tr ',' '\n' |
	LC_ALL=C sort -u >"$here/items"
grep -xFf "$here/keys" "$here/items" >"$here/told" || true
# These are told of as what [pack] has.
grep -vx -e provider "$here/keys" >"$here/wanted"
grep -vx -e provider "$here/told" >"$here/found"
is_same "$here/wanted" "$here/found" 'every key of a pack is told'

cd "$here"
mkdir company
part pack >company/shop.rules
part run >whole
sed -n '/^\$ presend rules check/,/^\$ presend audit/p' whole |
	grep -v '^\$' >said
"$PRESEND" rules check company >answered 2>&1 || true
is_same said answered 'the pack of the example is well formed'

sed '1,/^\$ presend audit/d' whole >excerpt
status=0
"$PRESEND" audit --example --rules company -p shop >report 2>&1 || status=$?
# The report has the lines of each stretch together, in that order.
awk '
	NR == FNR { want[++m] = $0; next }
	{ line[++k] = $0 }
	END {
		at = 1
		for (i = 1; i <= m; i++) {
			if (want[i] == "[...]") { loose = 1; continue }
			while (loose && at <= k && line[at] != want[i])
				at++
			loose = 0
			print at <= k && line[at] == want[i] ? \
			    want[i] : "not there: " want[i]
			at++
		}
	}' excerpt report >found
grep -vxF '[...]' excerpt >wanted
is_same wanted found 'and what it says of the example is in the report'

n=$((n + 1))
if [ "$status" -eq 1 ]; then
	echo "ok $n - which fails, by exit status 1"
else
	echo "not ok $n - exit status $status"
fi
