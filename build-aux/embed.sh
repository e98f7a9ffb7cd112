#!/bin/sh
# embed.sh TYPE ARRAY FILE...: a C file with the octets of each FILE and the
# table ARRAY of struct TYPE {name, text, size} over them, on standard output.
set -eu
type=$1 array=$2
shift 2
i=0
rows=
for f in "$@"; do
	printf 'static const unsigned char file%d[] = {\n' "$i"
	od -An -v -tu1 "$f" | sed 's/  */,/g; s/^,//; s/$/,/'
	printf '0 };\n'
	rows="$rows	{ \"${f##*/}\", (const char *)file$i, sizeof(file$i) - 1 },
"
	i=$((i + 1))
done
printf '\nconst struct %s %s[] = {\n%s	{ 0, 0, 0 },\n};\n' "$type" "$array" "$rows"
