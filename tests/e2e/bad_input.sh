#!/bin/sh
# What a hostile or a hurried user gives: one line on stderr says what and
# where, the exit status is the right one, and no file is left behind.
set -eu

here=$(cd "${top_srcdir:-.}/tests/e2e" && pwd)
presend=${PRESEND:-$(pwd)/presend}
if ! command -v python3 >/dev/null; then
	echo "1..0 # SKIP no python3"
	exit 0
fi
work=$(mktemp -d)
pids=
cleanup() {
	for pid in $pids; do kill "$pid" 2>/dev/null || :; done
	rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 1' HUP INT TERM
mkdir "$work/in" "$work/kept"
cd "$work/in"
LC_ALL=C
export LC_ALL

n=0
failed=0
point() { # RESULT TITLE [WHY...]
	n=$((n + 1))
	if [ "$1" = 0 ]; then
		echo "ok $n - $2"
		return
	fi
	echo "not ok $n - $2"
	failed=1
	shift 2
	for why; do echo "# $why"; done
	sed 's/^/# stderr: /' "$work/err" | cut -c1-300
}

run() { # COMMAND... : status in $status, streams in $work/out and $work/err
	find . | sort >"$work/before"
	status=0
	"$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
	find . | sort >"$work/after"
	keep "$work/out" ./*.json ./*.jsonl
}
kept=0
keep() { # FILE... : those that are documents, to be held against the schemas
	for made; do
		if [ -s "$made" ] && [ "$(head -c 1 "$made")" = '{' ]; then
			kept=$((kept + 1))
			cp "$made" "$work/kept/$kept"
		fi
	done
}
one_line() { # one line of visible ASCII that begins with our name
	[ "$(wc -l <"$work/err")" -eq 1 ] &&
		[ "$(tr -d '\n -~' <"$work/err" | wc -c)" -eq 0 ] &&
		grep -q '^presend: .' "$work/err"
}
no_file() {
	cmp -s "$work/before" "$work/after"
}
# refused STATUS PATTERN TITLE ARGUMENT... : by audit, with nothing made
refused() {
	want=$1 pattern=$2 title=$3
	shift 3
	run "$presend" audit "$@"
	verdict "$want" "$pattern" "$title"
}
verdict() { # STATUS PATTERN TITLE
	why=
	[ "$status" -eq "$1" ] || why="status $status, not $1"
	one_line || why="$why; not one line of plain text"
	grep -qF -e "$2" "$work/err" || why="$why; no '$2'"
	no_file || why="$why; files came or went"
	[ "$1" -ne 2 ] || [ ! -s "$work/out" ] || why="$why; a report"
	point "$([ -z "$why" ] && echo 0 || echo 1)" "$3" "$why"
}
# judged STATUS TITLE ARGUMENT... : a report, and nothing on stderr
judged() {
	want=$1 title=$2
	shift 2
	run "$presend" audit "$@"
	good=1
	[ "$status" -eq "$want" ] && [ ! -s "$work/err" ] && good=0
	point "$good" "$title" "status $status, not $want"
}

esc=$(printf '\033[31mx\342\200\256\377\302\233y')
nl=$(printf 'a\nb')
odd=$(printf '\377\302\233')
cat >ok.eml <<'EOF'
From: News <news@example.com>
To: reader@gmail.com
Subject: Offers
Date: Sat, 21 Nov 2026 14:00:00 +0000
Message-ID: <1@example.com>

Hello.
EOF
grep -v ^From: ok.eml >nofrom.eml
: >empty
ln -s nowhere dangling
mkdir folder vacant
cp ok.eml folder/a
cp nofrom.eml folder/b
: >folder/c
cp ok.eml folder/d
printf 'a\377\000\033[1m\200\001\n\302\205%.0s' 1 2 3 >noise

# ---- messages ---------------------------------------------------------------
refused 2 'nothing.eml: No such file' 'a missing message' -m nothing.eml
refused 2 'dangling: No such file' 'a dangling link' -m dangling
refused 2 'ok.eml/x: Not a directory' 'a path through a file' -m ok.eml/x
refused 2 'empty: is empty' 'an empty message' --offline -m empty
refused 2 'standard input: is empty' 'nothing on standard input' --offline -m -
refused 2 'nofrom.eml: has no From' 'no From' --offline -m nofrom.eml
refused 2 'nofrom.eml: has no From' 'no From, in JSON' --offline \
    -m nofrom.eml -f json -o new.json
refused 2 'and 1 more' 'several that cannot be read' --offline \
    -m nofrom.eml -m folder/b
refused 2 'vacant: holds no message' 'a folder without messages' -m vacant
refused 2 'noise: has no From' 'noise for a message' --offline -m noise
refused 2 '\u{1B}[31mx\u{202E}\xFF\u{9B}y: No such' 'a hostile file name' \
    -m "$esc"
printf 'From: a\000b <x@exa\000mple.com>\n\nx' >nul.eml
refused 2 'nul.eml: ' 'NUL in From' --offline -m nul.eml
refused 2 "is not an address" 'a MAIL FROM with control octets' --offline \
    --mail-from "$esc@example.com" example.com
refused 2 "x.example: the envelope sender 'x' is not" 'MAIL FROM without @' \
    --offline --mail-from x x.example
judged 3 'MAIL FROM in angle brackets' --offline --mail-from '<a@b.example>' \
    example.com
judged 3 'MAIL FROM without a local part' --offline --mail-from @example.net \
    example.com
# RFC 7208 4.3: SPF has an answer to these without asking, and it is no pass.
for sender in a@ 'a@[192.0.2.1]' 'a@[IPv6:2001:db8::1]' a@b..example \
    a@.example a@localhost "a@$(printf '%064d' 0).example" "a@$odd" '"a@b"@' \
    'a@b c.example'; do
	judged 1 "MAIL FROM $(printf %s "$sender" | tr -dc ' -~')" --offline --mail-from "$sender" example.com
done
for helo in localhost a..b '[192.0.2.1]' 192.0.2.1 'a b' "$esc" "$odd"; do
	judged 3 "HELO $(printf %s "$helo" | tr -dc ' -~')" --offline --helo "$helo" example.com
done
run "$presend" audit --offline -f json --ip ::ffff:192.0.2.1 \
    --ip ::ffff:c000:0202 --ip 192.0.2.3 example.com
good=1
tr -d ' \n' <"$work/out" |
	grep -q '"ips":\["192.0.2.1","192.0.2.2","192.0.2.3"\]' && good=0
point "$good" 'an IPv4-mapped IPv6 address is an IPv4 address'
refused 2 '::192.0.2.300' 'an IPv6 address with a bad tail' \
    --ip ::192.0.2.300 x.example

run "$presend" audit --offline -c dmarc -m folder -f json
python3 - "$work/out" >"$work/errors" <<'EOF'
import json, sys
audits = json.load(open(sys.argv[1]))["audits"]
print([("error" in a, len(a["verdicts"]), a["subject"]["message"]["file"])
       for a in audits])
EOF
echo "[(False, 2, 'folder/a'), (True, 0, 'folder/b')," \
    "(True, 0, 'folder/c'), (False, 2, 'folder/d')]" >"$work/expected"
good=1
cmp -s "$work/errors" "$work/expected" && [ "$status" -eq 3 ] && one_line &&
	grep -q 'folder/b: has no From.*; and 1 more' "$work/err" && good=0
point $good 'in a folder the others are judged, and stderr says so' \
    "status $status" "$(cat "$work/errors")"
printf 'domain,message\na.example,nothing.eml\nb.example,ok.eml\n' >some.csv
run "$presend" audit --offline -c dmarc -d some.csv
good=1
[ "$status" -eq 3 ] && one_line && grep -q 'nothing.eml: No such' "$work/err" &&
	head -n 1 "$work/out" | grep -q '^Domain' && good=0
point $good 'in a list the others are judged' "status $status"

dd if=/dev/zero bs=1000000 count=50 2>/dev/null | tr '\000' x >line
dd if=/dev/zero bs=1000000 count=50 of=nul 2>/dev/null
cat ok.eml line >long-body.eml
{ printf 'Subject: ' && cat line && echo && cat ok.eml; } >long-field.eml
judged 3 '50 MB in one line of the body' --offline -c dmarc -m long-body.eml
judged 3 '50 MB in one field' --offline -c dmarc -m long-field.eml
size=$(wc -c <"$work/out")
point "$([ "$size" -lt 100000 ] && echo 0 || echo 1)" \
    '50 MB in one field are not repeated' "$size octets"
rm long-body.eml long-field.eml
for file in line nul; do
	refused 2 "$file: has no From" "50 MB: $file as a message" -m $file
	refused 2 "$file: line 1: the line is too long" \
	    "50 MB: $file as a list" -d $file
	refused 2 "$file: line 1: column" "50 MB: $file as a recording" \
	    --replay $file example.com
	refused 2 "$file: is larger than" "50 MB: $file as a pack" \
	    --rules $file example.com
	refused 2 "$file: is larger than" "50 MB: $file as trust anchors" \
	    --ca-file $file example.com
	refused 2 "$file: is larger than" "50 MB: $file as public suffixes" \
	    --psl $file example.com
done
rm line nul

# ---- domains and lists ------------------------------------------------------
refused 2 "domain '' is empty" 'an empty domain' ''
refused 2 "domain 'a..b' has an empty label" 'an empty label' a..b
refused 2 "'-x.example' has a label that" 'an operand behind --' -- -x.example
refused 2 "domain '\\u{1B}[31mx" 'a hostile domain' "$esc"
refused 2 "domain 'a\\nb'" 'a newline in a domain' "$nl"
refused 2 'which belongs to which' 'several domains, several messages' \
    -m ok.eml -m folder/a a.example b.example
refused 2 'empty: holds no domain' 'an empty list' -d empty
refused 2 'folder: is a folder' 'a folder for a list' -d folder
refused 2 'noise: line ' 'noise for a list' -d noise
list() { # TEXT PATTERN TITLE
	# shellcheck disable=SC2059 # the text is a format
	printf "$1" >list
	refused 2 "$2" "a list: $3" --offline -d list -o new.json
	rm list
}
list 'a.example\n\nb\000.example\n' "list: line 3: 'b\\u{0}.example'" 'NUL'
list 'domain\n' 'list: holds no domain' 'only a header'
list 'domain,colour\n' "line 1: 'colour' is no column" 'a strange column'
list 'domain,ip,ip\n' "line 1: 'ip' is a column twice" 'a column twice'
list 'domain,ip\na.example,1.2.3.4.5\n' "line 2: '1.2.3.4.5' is not an IP" 'IP'
list 'domain,ip\na.example,"1\n' 'line 2: a quote does not end' 'a quote'
list 'domain,ip\na.example,::1,x\n' 'line 2: there are more' 'too many fields'
list 'domain,ip\n,192.0.2.1\n' 'line 2: there is no domain' 'no domain'
list 'a.example\n\033[31m\n' "line 2: '\\u{1B}[31m'" 'an escape sequence'

# ---- values of options ------------------------------------------------------
value() { # OPTION VALUE PATTERN
	refused 2 "$3" "$1 '$(printf %s "$2" | tr -dc ' -~' | cut -c1-40)'" \
	    "$1" "$2" example.com
}
value --ip 192.0.2.0/24 "--ip: '192.0.2.0/24' is not an IP address"
value --ip 192.0.2.400 "'192.0.2.400' is not"
value --ip "$esc" "--ip: '\\u{1B}"
value -n ns.example "--resolver: 'ns.example' is not an address"
value -n 127.0.0.1:0 'is not an address'
value --connect-to a:b:c:d 'is not HOST1:PORT1:HOST2:PORT2'
value --as-of yesterday "--as-of: 'yesterday' is not a time"
value --as-of 2026-02-30T00:00:00Z 'is not a time'
value --deadline 0 'is not from'
value --deadline 1e3 'is not a number of seconds'
value --timeout -1 'is not a number of seconds'
value --jobs 0 'is not a number from 1'
value --retries 99999999999999999999 'is not a number'
value --audience some 'is not bulk or all'
value --fail-on "$esc" 'is not must, should or never'
value -f pdf "--format: 'pdf' is not text"
value -c ptr,nope "there is no check 'nope'"
value -c "$esc" "there is no check '\\u{1B}"
value --skip ptr,, 'has an empty name'
value -p gmail,nope "no rules for 'nope'"
value -p all,nope "no rules for 'nope'"
value --mail-from "$nl@x.example" 'is not an address'
refused 2 "'--$(printf x)ip' is not an option; did you mean --ip" 'near' --xip 1
refused 2 "'--re' is short for several" 'an ambiguous abbreviation' --re 3
refused 2 '--skip: it takes LIST' 'an option without its value' --skip
refused 2 '--offline: it takes no argument' 'a flag with a value' --offline=1
refused 2 'name a domain' 'nothing to audit'
refused 2 'brings its own' '--example with a domain' --example x.example
refused 2 'brings its own' '--example with a message' --example -m ok.eml
refused 2 'nothing to --record' '--replay with --record' --replay noise \
    --record new x.example
refused 2 'read once only' 'standard input twice' -m - -d -
refused 2 'without --rules' 'no rules' --no-default-rules x.example

# ---- packs, recordings and trust anchors ------------------------------------
cp "$here/../../rules/gmail.rules" fine.rules
pack() { # TEXT PATTERN TITLE
	# shellcheck disable=SC2059 # the text is a format
	printf "$1" >pack.rules
	refused 2 "$2" "a pack: $3" --offline --rules pack.rules x.example
	rm pack.rules
}
pack '<rules>\n' 'pack.rules:1:1: ' 'no pack'
pack '' 'pack.rules: holds no rule' '0 bytes'
pack '# nothing\n' 'pack.rules: holds no rule' 'only a comment'
pack '[a.b]\ntitle = \000\n' 'pack.rules:2:' 'NUL'
pack '[a.b]\n\033[31m = x\n' 'pack.rules:2:' 'an escape sequence'
refused 2 'noise:' 'noise for a pack' --rules noise x.example
refused 2 'fine.rules:' 'the same rules twice' --rules fine.rules x.example
refused 2 'vacant: holds no' 'a folder without packs' --rules vacant x.example
refused 2 'nothing: No such file' 'a missing pack' --rules nothing x.example

compliant=$here/data/compliant.jsonl
recording() { # PATTERN TITLE : the file of that name
	refused 2 "$1" "a recording: $2" --replay recording -o new x.example
}
: >recording
recording 'recording: is empty' '0 bytes'
cp noise recording
recording 'line 1: column' 'noise'
echo '{"schema":"presend.audit/1","as_of":"2026-11-21T00:00:00Z"}' >recording
recording 'line 1: schema: ' 'another schema'
echo '{"schema":"presend.evidence/1","as_of":"soon"}' >recording
recording 'line 1: as_of: ' 'no time'
printf '{"\033[31m\377' >recording
recording 'line 1: column' 'an escape sequence'
changed() { # SED-COMMAND PATTERN TITLE
	sed "$1" "$compliant" >recording
	recording "$2" "$3"
}
changed '3s/"address".*//;3q' 'line 3: column' 'cut in the middle'
changed '3s/"seen"/"seen":"absent","seen"/' 'line 3: column' 'a key twice'
changed '3s/"type":"A","address"/"type":"MX","address"/' \
    'line 3: type of a record' 'a record of another type'
changed '3s/192.0.2.25/192.0.2.325/' 'line 3: address' 'an IP'
changed '3s/answered/\\u001b[31m/' 'line 3: seen' 'a strange word'
changed '2s/.*/[]/' 'line 2: is not a JSON object' 'an array'
rm recording
refused 2 'folder: is a folder' 'a folder for a recording' --replay folder x.de

for file in ok.eml empty noise; do
	refused 2 "$file: holds no certificate" "$file as trust anchors" \
	    --offline --ca-file $file x.example
done
refused 2 'folder: is a folder' 'a folder for trust anchors' --ca-file folder x.de

# ---- blocklists --------------------------------------------------------------
refused 2 'empty: names no zone' 'an empty file of blocklists' \
    --offline --blocklists empty x.example
refused 2 'ok.eml: line 1: the zone has a character' 'a message for blocklists' \
    --offline --blocklists ok.eml x.example
refused 2 'noise: line 1: the zone has a character' 'noise for blocklists' \
    --offline --blocklists noise x.example
printf 'zen.example.org\nbl.example.org ip5\n' >lists
refused 2 "lists: line 2: 'ip5' is none of" 'an unknown word in blocklists' \
    --offline --blocklists lists x.example
printf 'zen.example.org %s\n' "$esc" >lists
refused 2 "'\\u{1B}[31mx" 'a hostile word in blocklists' \
    --offline --blocklists lists x.example
head -c 70000 /dev/zero | tr '\0' '#' >lists
refused 2 'lists: is larger than' 'blocklists without an end' \
    --offline --blocklists lists x.example
rm lists
refused 2 'folder: is a folder' 'a folder for blocklists' --blocklists folder x.de
refused 2 'nowhere: No such' 'blocklists that are not there' \
    --blocklists nowhere x.de

# ---- public suffix lists ----------------------------------------------------
refused 2 'empty: holds no public suffix list' 'an empty list of suffixes' \
    --offline --psl empty x.example
printf '// nothing but this\n' >psl
refused 2 'psl: holds no public suffix list' 'a list of comments alone' \
    --offline --psl psl x.example
printf 'com\nuk\nco..uk\n' >psl
refused 2 'psl: line 3 holds no rule' 'a rule with an empty label' \
    --offline --psl psl x.example
printf '.DAFSA@PSL_0   \n\001\002\003' >psl
refused 2 'psl: holds no public suffix list' 'a DAFSA that is cut' \
    --offline --psl psl x.example
for file in ok.eml noise; do
	refused 2 "$file: line 1 holds no rule" "$file as public suffixes" \
	    --offline --psl $file x.example
done
rm psl
refused 2 'folder: is a folder' 'a folder for public suffixes' --psl folder x.de
refused 2 'nowhere: No such' 'public suffixes that are not there' \
    --psl nowhere x.de
refused 2 'standard input (-) can be read once' 'two things from one stream' \
    --psl - --ca-file - x.de

# One label is no domain name to SPF (RFC 7208 4.3).
for name in com co.uk xn--fiqs8s; do
	status=1
	[ "$name" != co.uk ] || status=3
	judged "$status" "a public suffix: $name" --offline \
	    --mail-from "a@$name" --helo "$name" --ip 192.0.2.1 "$name"
done

# ---- outputs ----------------------------------------------------------------
echo old >old.json
for option in -o --record; do
	refused 2 'old.json: exists; --force' "$option to a file that exists" \
	    --offline "$option" old.json x.example
	refused 2 'folder: is a folder' "$option to a folder" \
	    --offline "$option" folder --force x.example
	refused 2 'vacant/x/y: No such' "$option to a missing folder" \
	    --offline "$option" vacant/x/y x.example
	refused 2 'old.json/x: Not a directory' "$option through a file" \
	    --offline "$option" old.json/x x.example
	refused 2 'dangling: is a link that' "$option to a dangling link" \
	    --offline --force "$option" dangling x.example
	if [ -c /dev/full ]; then
		refused 4 '/dev/full: No space left' "$option to a full disk" \
		    --offline "$option" /dev/full x.example
		refused 4 '/dev/full: No space left' \
		    "$option to a full disk leaves the other file out" \
		    --offline "$option" /dev/full -o new.json x.example
	fi
	refused 2 'two outputs' "$option to the same path twice" --offline \
	    "$option" new.json -o ./vacant/../new.json x.example
done
refused 2 'two outputs' 'standard output twice' --offline -o - -o - x.example
refused 2 'nofrom.eml: has no' '--force and a failed run' --offline --force \
    -o old.json -m nofrom.eml
if [ -c /dev/full ]; then
	refused 4 '/dev/full' '--force and a failed output' --offline --force \
	    -o old.json -o /dev/full x.example
	run sh -c '"$1" audit --offline x.example >/dev/full' - "$presend"
	verdict 4 'standard output: No space left' 'standard output is full'
fi
run sh -c 'ulimit -f 1; "$1" audit --offline -o new x.example' - "$presend"
verdict 4 'new: File too large' 'a limit on the size of files'
point "$([ "$(cat old.json)" = old ] && echo 0 || echo 1)" \
    'the file that was there is untouched'
run sh -c '"$1" audit --offline x.example >&-' - "$presend"
verdict 4 'standard output: Bad file descriptor' 'standard output is closed'
run sh -c '"$1" audit --offline --record new x.example >&-' - "$presend"
verdict 4 'standard output: Bad' 'closed, with a recording that could take it'
run sh -c '"$1" audit --offline -m - <&-' - "$presend"
verdict 2 'standard input: Bad file descriptor' 'standard input is closed'
run sh -c '"$1" audit -m nothing 2>&-' - "$presend"
point "$([ "$status" -eq 2 ] && no_file && echo 0 || echo 1)" \
    'standard error is closed'
run sh -c '{ sleep 0.2; "$1" audit --offline x.example; echo $? >"$2"; } | :' \
    - "$presend" "$work/rc"
status=$(cat "$work/rc")
verdict 4 'standard output: Broken pipe' 'a pipe that is closed'
i=0
while [ $i -lt 400 ]; do
	i=$((i + 1))
	echo "d$i.example"
done >many
run sh -c '{ "$1" audit --offline -d many -f json; echo $? >"$2"; } |
	head -c 1 >/dev/null' - "$presend" "$work/rc"
status=$(cat "$work/rc")
verdict 4 'standard output: Broken pipe' 'a pipe that closes half way'

run "$presend" audit --offline -o a.json -o b.txt -o c.JSONL -o d -o - \
    x.example
kinds=
for file in a.json b.txt c.JSONL d; do
	kinds="$kinds $(head -c 11 $file | tr -dc 'a-z{' | cut -c1-4)"
done
point "$([ "$kinds" = ' {sch xexa {sch xexa' ] && [ -s "$work/out" ] &&
	[ "$status" -eq 3 ] && echo 0 || echo 1)" \
    'several outputs, the form by the extension' "$kinds, status $status"
rm -f a.json b.txt c.JSONL d
run "$presend" audit --offline -f jsonl -o a.json -o b.txt x.example
point "$([ "$(wc -l <a.json)" -eq 1 ] && cmp -s a.json b.txt && echo 0 ||
	echo 1)" '--format is stronger than the extension'
cp a.json kept
run "$presend" audit --offline --force --fail-on never -o a.json x.example
point "$([ "$status" -eq 3 ] && ! cmp -s a.json kept && echo 0 || echo 1)" \
    '--force overwrites' "status $status"
rm -f a.json b.txt kept

# ---- memory -----------------------------------------------------------------
limited() { # KILOBYTES ARGUMENT...
	(
		# shellcheck disable=SC3045 # dash and bash have it
		ulimit -v "$1" || exit 99
		shift
		exec "$presend" "$@"
	)
}
kb=4000
while [ $kb -lt 60000 ] && ! limited $kb --version >/dev/null 2>&1; do
	kb=$((kb + 500))
done
if [ $kb -lt 60000 ]; then
	head -c 3000000 /dev/zero | tr '\000' y >big
	cat ok.eml big >big.eml
	why='' starved=0 step=0
	while [ $step -lt 40 ]; do
		run limited $((kb + step * 400)) audit -c ptr,dmarc,unsubscribe \
		    --replay "$compliant" -m big.eml --ip 192.0.2.25 -o new.json \
		    --fail-on never
		case $status in
		0 | 3)
			python3 -m json.tool new.json >/dev/null || why="$why json"
			rm -f new.json
			;;
		4)
			starved=$((starved + 1))
			one_line && no_file || why="$why $step"
			;;
		*) why="$why $step:status=$status" ;;
		esac
		step=$((step + 1))
	done
	[ $starved -gt 0 ] || why="$why; never out of memory"
	[ "$status" -ne 4 ] || why="$why; never enough memory"
	point "$([ -z "$why" ] && echo 0 || echo 1)" \
	    'out of memory is exit 4, one line and no file' "$why"
	rm -f big big.eml
else
	n=$((n + 1))
	echo "ok $n # SKIP memory cannot be limited here"
fi

# ---- servers that do not answer ---------------------------------------------
start() { # SCRIPT ARGUMENT... : its port in $port
	script=$1
	shift
	rm -f "$work/fifo"
	mkfifo "$work/fifo"
	python3 "$here/$script" "$@" >"$work/fifo" &
	pids="$pids $!"
	read -r _ port <"$work/fifo"
}
ms() {
	echo $(($(date +%s%N) / 1000000))
}
# late CAUSE TITLE ARGUMENT... : ends at the deadline of 1 s, by status 3
late() {
	cause=$1 title=$2
	shift 2
	from=$(ms)
	run "$presend" audit --deadline 1 --timeout 30 -f json "$@"
	took=$(($(ms) - from))
	good=1
	[ $took -ge 900 ] && [ $took -lt 6000 ] && [ "$status" -eq 3 ] &&
		[ ! -s "$work/err" ] &&
		grep -q "\"cause\": \"$cause\"" "$work/out" && good=0
	point $good "$title ends at the deadline" "status $status, $took ms"
}
echo '! * * timeout' >"$work/dead"
cat >"$work/zone" <<'ZONE'
bad.test SOA
bad.test NS ns.bad.test
bad.test MX 10 mx.bad.test
bad.test A 192.0.2.7
mx.bad.test A 192.0.2.8
mta-sts.bad.test A 192.0.2.9
_mta-sts.bad.test TXT "v=STSv1; id=1"
_dmarc.bad.test TXT "v=DMARC1; p=none"
ZONE
start fakedns.py "$work/dead"
dead=$port
start fakedns.py "$work/zone"
dns=$port
late deadline 'a resolver that never answers' -n "127.0.0.1:$dead" x.example
start fakesmtp.py tarpit
late deadline 'an SMTP tarpit' -n "127.0.0.1:$dns" \
    --connect-to "mx.bad.test:25:127.0.0.1:$port" -c mx,tls,helo bad.test
if command -v openssl >/dev/null; then
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -keyout "$work/key" \
	    -out "$work/cert" -subj /CN=test \
	    -addext subjectAltName=DNS:mta-sts.bad.test 2>/dev/null
	start fakehttps.py --cert "$work/cert" --key "$work/key" drip
	late deadline 'an HTTPS server that drips' -n "127.0.0.1:$dns" \
	    --connect-to "mta-sts.bad.test:443:127.0.0.1:$port" \
	    --ca-file "$work/cert" -c mta_sts,mx,ptr bad.test
fi
run "$presend" audit -n "127.0.0.1:$dns" --skip tls nowhere.bad.test
point "$([ ! -s "$work/err" ] && { [ "$status" -eq 1 ] || [ "$status" -eq 3 ]; } &&
	echo 0 || echo 1)" 'a domain that does not exist is judged' \
    "status $status"

# ---- signals ----------------------------------------------------------------
echo old >old.rec
for signal in INT:130 TERM:143 HUP:129; do
	run timeout --preserve-status -s ${signal%:*} 0.4 "$presend" audit \
	    -n "127.0.0.1:$dead" -o new.json -o new.txt --record old.rec \
	    --force x.example
	good=1
	[ "$status" -eq ${signal#*:} ] && no_file && [ ! -s "$work/err" ] &&
		[ "$(cat old.rec)" = old ] && good=0
	point $good "${signal%:*} leaves nothing behind" "status $status" \
	    "$(diff "$work/before" "$work/after" | tr '\n' ' ')"
done

# ---- every exit status, offline ---------------------------------------------
args='-c ptr,helo,dmarc --ip 192.0.2.25 --helo mail.example.com'
# shellcheck disable=SC2086 # words
{
	judged 0 'status 0: all was judged, nothing failed' \
	    $args --replay "$compliant" example.com
	sed 's/^\(.*_dmarc.example.com.*"seen":\)"answered".*/\1"absent"}/' \
	    "$compliant" >absent
	judged 1 'status 1: a rule failed' $args --replay absent example.com
	judged 0 'status 0: --fail-on never' $args --fail-on never \
	    --replay absent example.com
	sed 's/^\(.*_dmarc.example.com.*"seen":\)"answered".*/\1"temporary","cause":"timeout"}/' \
	    "$compliant" >timeout
	judged 3 'status 3: a must is not known' $args --replay timeout \
	    example.com
	judged 3 'status 3: --offline knows nothing' $args --offline example.com
	judged 0 '--replay is stronger than -n' $args --replay "$compliant" \
	    -n 127.0.0.1:1 example.com
	judged 0 '--replay is stronger than --offline' $args --replay "$compliant" \
	    --offline example.com
	refused 2 'usage' 'status 2: usage' $args --usage example.com
}

# ---- more SPF than is shown ------------------------------------------------
python3 - >many.rec <<'END'
import json
def answer(name, kind, *texts):
    print(json.dumps({
        "question": {"kind": "dns", "name": name, "type": kind},
        "seen": "answered" if texts else "absent",
        "dns": {"records": [{"type": kind, "strings": [t]} for t in texts]}}))
print(json.dumps({"schema": "presend.evidence/1", "generator": "test",
                  "as_of": "2026-11-21T00:00:00Z"}))
names = [f"i{i}.x.example" for i in range(9)]
answer("x.example", "SPF")
answer("x.example", "TXT", "v=spf1 " + "".join(
    f"include:{n} " for n in names) + "-all")
for n in names:
    answer(n, "TXT", "v=spf1 ip4:198.51.100.0/24 -all")
END
addresses=
for last in $(seq 1 250); do
	addresses="$addresses --ip 192.0.2.$last --ip 203.0.113.$last"
done
# shellcheck disable=SC2086 # a list of words
run "$presend" audit --replay many.rec -c spf $addresses -f json -o many.json \
    x.example
python3 - many.json >"$work/err" <<'END' && met=0 || met=1
import json, sys
audit = json.load(open(sys.argv[1]))["audits"][0]
spf = audit["facts"]["spf"]
assert len(spf["evaluations"]) == 500 and spf["result"] == "fail"
assert spf["evaluations"][0]["trace"]
assert "trace" not in spf["evaluations"][-1]
assert [g["cause"] for g in audit["gaps"]
        if g["fact"] == "evaluations[].trace"] == ["limit"]
END
point "$met" 'of 500 addresses, traces that are not kept are a gap'
rm many.rec many.json

# ---- answers ----------------------------------------------------------------
cat >asks.rules <<'END'
[pack]
provider = acme
source = https://example.com/
checked = 2026-11-01
[acme.honour]
title = Honour
level = must
consequence = mitigation
attest = Do you honour it?
why = No.
fix = Do.
[acme.spf]
title = Measured
level = must
consequence = reject
require = spf.record exists
why = No.
fix = Do.
END
answers() { # STATUS PATTERN TITLE FILE
	refused "$1" "$2" "$3" --example --rules asks.rules -p acme \
	    --attest "$4"
}
answers 2 'none.attest: No such file' 'an attest file that is not there' \
    none.attest
printf '[acme.honor]\nanswer = yes\n' >a
answers 2 'a:1:2: there is no rule "acme.honor", did you mean "acme.honour"?' \
    'an answer to no rule' a
printf '[acme.spf]\nanswer = yes\n' >a
answers 2 'a:1:2: the rule acme.spf takes no answer: it is measured' \
    'an answer to what is measured' a
printf '[acme.honour]\nanswer = perhaps\n' >a
answers 2 'a:2:10: expected yes, no or ?' 'neither yes nor no' a
printf '[acme.honour]\nanswer = no\nby = A\ndate = 20.11.2026\n' >a
answers 2 'a:4:8: expected a date such as' 'a date of another form' a
printf '[acme.honour]\nanswer = no\nby = A\ndate = 2026-11-24\n' >a
answers 2 'a:4:8: expected a date that is not after that of the audit' \
    'a date after the audit' a
printf '[acme.honour]\nanswer = no\nby = A\ndate = 2026-11-20\n' >a
cat a a >b
answers 2 'b:5:2: the rule acme.honour is answered already, in b line 1' \
    'two answers to one question' b
printf '[acme.honour]\nanswer = no\nby = %s\n' "$esc" >b
answers 2 'b:3:' 'hostile octets in an answer' b
run "$presend" audit --example --rules asks.rules -p acme --attest a -f json
point "$([ "$status" -eq 1 ] && grep -q '"attested": {' "$work/out" &&
	[ ! -s "$work/err" ] && echo 0 || echo 1)" \
    'an answer of no fails the rule, and is shown'
run "$presend" rules attest --rules asks.rules -p acme
cp "$work/out" asked
run "$presend" audit --example --rules asks.rules -p acme -c attest \
    --attest asked
point "$([ "$status" -eq 3 ] && [ ! -s "$work/err" ] && echo 0 || echo 1)" \
    'a file that rules attest prints is read, and answers nothing'
sed 's/by = ?/by = A/; s/date = ?/date = 2026-11-20/; s/answer = ?/answer = yes/' \
    asked >a
run "$presend" audit --example --rules asks.rules -p acme -c attest --attest a
point "$([ "$status" -eq 0 ] && [ ! -s "$work/err" ] && echo 0 || echo 1)" \
    'filled in, it settles the rule'
rm asks.rules a b asked

# ---- spam rates -------------------------------------------------------------
rates() { # PATTERN TITLE VALUE...
	pattern=$1 title=$2
	shift 2
	options=
	for value; do options="$options --spam-rate $value"; done
	# shellcheck disable=SC2086 # a list of words
	refused 2 "$pattern" "$title" --example $options
}
rates '--spam-rate 101: expected a percentage from 0 to 100' 'over 100 %' 101
rates '--spam-rate -1: expected a percentage' 'a negative rate' -1
rates '--spam-rate gmail=: expected a percentage or a file' 'no rate' gmail=
rates 'the rate of gmail is given twice' 'a rate that is given twice' \
    gmail=0.1 0.2
rates 'aol=0.1: No such file' 'a provider that nobody knows' aol=0.1
printf 'date,percent\n2026-11-20,0.1\n' >r.csv
rates 'r.csv: the file does not say whose rates they are' \
    'an export of nobody' r.csv
printf 'date,percent\n2026-11-20,high\n' >r.csv
rates 'r.csv:2:12: expected a percentage of at most 100; found "high"' \
    'a rate that is no number' gmail=r.csv
printf 'date,percent\n20th of May,1\n' >r.csv
rates 'r.csv:2:1: expected a day such as' 'a day that is none' gmail=r.csv
printf 'date,percent\n2026-11-20,0,1\n' >r.csv
rates 'r.csv:2:1: expected 2 cells as in the header, found 3' \
    'a comma too many' gmail=r.csv
printf 'date,percent,provider\n2026-11-20,0.1,yahoo\n' >r.csv
rates 'the file has no rates of that provider' 'rates of another' gmail=r.csv
printf '[{"date":' >r.csv
rates 'r.csv:1:' 'JSON that ends early' gmail=r.csv
printf 'date,percent\n2026-11-20,%s\n' "$esc" >r.csv
rates 'r.csv:2:12: ' 'hostile octets in an export' gmail=r.csv
printf 'date,percent,volume\n2026-11-20,"0,35",50000\n' >r.csv
run "$presend" audit --example --spam-rate gmail=r.csv --spam-rate yahoo=0.1 \
    -c spam_rate -f json
python3 - "$work/out" >"$work/err" 2>&1 <<'END' && met=0 || met=1
import json, sys
audit = json.load(open(sys.argv[1]))["audits"][0]
status = {r["rule"]: r["status"] for r in audit["results"]}
assert status["gmail.spamrate.max"] == "fail", status
assert status["gmail.spamrate.target"] == "fail", status
assert status["yahoo.spamrate"] == "pass", status
assert audit["facts"]["spam_rate"]["gmail"]["volume"] == 50000
changes = [c["rules"] for c in audit["changes"]]
assert changes == [["gmail.spamrate.max", "gmail.spamrate.target"]], changes
assert [v["consequence"] for v in audit["verdicts"]] == ["mitigation", None]
END
point "$met" 'rates of two providers are judged by their own rules'
rm r.csv

# ---- what was written --------------------------------------------------------
python3 "$here/documents.py" "$work"/kept/* >"$work/err" 2>&1 && met=0 || met=1
[ $kept -gt 5 ] || met=1
point "$met" "all $kept documents are as their schemas say"

echo "1..$n"
exit $failed
