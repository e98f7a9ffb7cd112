#!/bin/sh
# What the page of a thousand audits costs beside the same document as JSON,
# which is read and written in the same way: for each a report of all rules.
set -eu
: "${PRESEND:?}" "${top_builddir:?}"
runs=3 most=1.5

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM
"$PRESEND" audit --example -f json >"$folder/one.json" || [ $? -le 1 ]
python3 - "$folder/one.json" >"$folder/many.json" <<'END'
import json
import sys
with open(sys.argv[1], encoding="utf-8") as f:
    document = json.load(f)
audit = document.pop("audits")[0]
audit.pop("evidence", None)
print(json.dumps(document)[:-1] + ', "audits": [')
for i in range(1000):
    audit["subject"]["domain"] = f"d{i}.example"
    print(("," if i else "") + json.dumps(audit))
print("]}")
END
cost() {
	"$top_builddir/tests/bench/cost" "$runs" "$PRESEND" view --force \
		-o "$folder/out.$1" "$folder/many.json" | awk '{ print $2 }'
}
page=$(cost html)
json=$(cost json)
awk -v page="$page" -v json="$json" -v most="$most" -v runs="$runs" \
	-v octets="$(wc -c <"$folder/many.json")" 'BEGIN {
	ratio = page / json
	printf "1000 audits, %.0f MB\n", octets / 1e6
	printf "as HTML  %.2f s of CPU\n", page / 1e6
	printf "as JSON  %.2f s of CPU\n", json / 1e6
	printf "ratio %.2f, at most %.1f (medians of %d runs)\n", ratio, most, runs
	exit ratio > most
}'
