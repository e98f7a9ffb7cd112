#!/bin/sh
# embed.sh [--sha256] TYPE ARRAY FILE...: a C file with the octets of each FILE
# and the table ARRAY of struct TYPE {name, text, size} over them, on standard
# output.  --sha256 adds the digest of the octets as a fourth member.
set -eu
digest=
if [ "$1" = --sha256 ]; then
	digest=yes
	shift
fi
type=$1 array=$2
shift 2

# Whichever of the usual programs there is.
sha256() {
	{ sha256sum <"$1" || shasum -a 256 <"$1" || openssl dgst -sha256 -r <"$1"; } 2>/dev/null |
		sed 's/ .*//'
}

i=0
rows=
more=
for f in "$@"; do
	printf 'static const unsigned char file%d[] = {\n' "$i"
	od -An -v -tu1 "$f" | sed 's/  */,/g; s/^,//; s/$/,/'
	printf '0 };\n'
	if [ -n "$digest" ]; then
		sum=$(sha256 "$f")
		if [ "${#sum}" -ne 64 ]; then
			echo "embed.sh: no program for SHA-256" >&2
			exit 1
		fi
		more=", \"$sum\""
	fi
	rows="$rows	{ \"${f##*/}\", (const char *)file$i, sizeof(file$i) - 1$more },
"
	i=$((i + 1))
done
printf '\nconst struct %s %s[] = {\n%s	{ 0, 0, 0%s },\n};\n' "$type" "$array" "$rows" \
	"${digest:+, 0}"
