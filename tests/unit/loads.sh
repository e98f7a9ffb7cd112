#!/bin/sh
# What is loaded at every start.  OpenSSL, libcurl, libxml2 and ICU cost more
# than all else together and wait for their first use: base/openssl.c,
# probes/curl.c, message/html_xml.c, base/scripts.c, audit/views/xlsx_library.c.
# TAP.
set -eu
: "${top_srcdir:?}" "${top_builddir:?}" "${PRESEND:?}"
if ! command -v readelf >/dev/null || ! command -v nm >/dev/null; then
	echo "1..0 # SKIP no readelf, no nm"
	exit 0
fi
echo 1..2
status=0
loaded=$(readelf -d "$PRESEND" | grep -oE 'lib(ssl|crypto|curl|xml2|icu[a-z0-9]*|xlsxwriter)\.so[.0-9]*' |
	tr '\n' ' ' || true)
if [ -z "$loaded" ]; then
	echo "ok 1 - a start loads neither OpenSSL, libcurl, libxml2, ICU nor libxlsxwriter"
else
	echo "not ok 1 - a start loads $loaded"
	echo "# without a row in base/openssl.c:"
	nm -D "$PRESEND" | sed -n 's/.* U \(.*\)@OPENSSL_.*/#   \1/p'
	status=1
fi

used=$(nm "$top_builddir"/lib[a-z]*.a 2>/dev/null | sed -n 's/.* U //p' |
	sort -u)
unused=$(nm "$top_builddir/base/openssl.o" | sed -n 's/.* T //p' |
	while read -r name; do
		echo "$used" | grep -qx "$name" || echo "$name"
	done | tr '\n' ' ')
if [ -z "$unused" ]; then
	echo "ok 2 - each row of base/openssl.c is used"
else
	echo "not ok 2 - rows of base/openssl.c that nobody uses: $unused"
	status=1
fi
exit "$status"
