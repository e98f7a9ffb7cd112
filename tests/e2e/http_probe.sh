#!/bin/sh
# The HTTPS probe against a scripted server on loopback.  TAP.
set -eu
. "${top_srcdir:?}/tests/e2e/probe_common"

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
	-keyout "$dir/key" -out "$dir/cert" -days 2 -subj /CN=policy.example \
	2>/dev/null

# start MODE [VALUE]: sets $port
start() {
	: >"$dir/log"
	serve fakehttps.py --cert "$dir/cert" --key "$dir/key" \
		--log "$dir/log" "$@"
}

run() {
	"$top_builddir/tests/e2e/http_ask" "$@" >"$dir/out" || true
}

# ask MODE [VALUE]: one question to that server, through --connect-to
ask() {
	start "$@"
	run -t 1000 -c "policy.example:443:127.0.0.1:$port" \
		https://policy.example/.well-known/x 8.8.8.8
}

seen() {
	echo "\"seen\":\"$1\",\"cause\":\"$2\""
}

answered='"seen":"answered"'
status='"status"'

ask ok
expect body_and_session_are_kept "$answered" "$status:200" \
	'"mode: enforce\\013"' '"content_type":"text/plain"' \
	"\"asked_of\":\"127.0.0.1:$port\"" '"when":"20' '"version":"TLSv1.3"' \
	'"cipher":"TLS_AES_256_GCM_SHA384"' '"cipher_bits":256' \
	'"-----BEGIN CERTIFICATE-----'
holds the_request_is_plain test "$(cat "$dir/log")" = "SNI: policy.example
GET /.well-known/x HTTP/1.1
Host: policy.example
User-Agent: presend/$(sed -n 's/.*PACKAGE_VERSION "\(.*\)"/\1/p' \
	"$top_builddir/config.h")
Accept: */*"

cat "$dir/cert" >"$dir/body"
ask ok "$dir/body"
expect the_body_is_the_file "$answered" '-----END CERTIFICATE-----'

ask status 404
expect not_found_is_an_answer "$answered" "$status:404"
ask status 503
expect unavailable_is_an_answer "$answered" "$status:503"

ask redirect https://other.example/
expect a_redirect_is_not_followed "$answered" "$status:302" \
	'"location":"https://other.example/"'
holds only_one_request_is_made test "$(grep -c '^GET' "$dir/log")" = 1

ask informational
expect informational_responses_are_passed_over "$answered" "$status:200" \
	'"headers":["Content-Type: text/plain\\013"'
ask no-length
expect a_body_may_end_with_the_connection "$answered" '"mode: enforce\\013"'
ask chunked
expect trailers_are_not_headers "$answered" '"mode: enforce\\013"' \
	'"Trailer: X-T\\013",""]'

ask silent
expect silence_is_a_timeout "$(seen temporary timeout)" '"status":0'
ask drip
expect a_drip_is_a_timeout "$(seen temporary timeout)" '"status":200'
ask mute
expect no_handshake_in_time_is_a_timeout "$(seen temporary timeout)"

ask huge-body
expect a_huge_body_is_cut "$answered" "$status:200" '"body_truncated":true' \
	'the body is too long'
ask gzip-bomb
expect a_bomb_is_not_decoded "$answered" "$status:200" \
	'"body_truncated":true' 'Content-Encoding: gzip'
holds what_is_kept_is_bounded test "$(wc -c <"$dir/out")" -lt 400000
ask huge-headers
expect huge_headers_are_cut "$answered" "$status:200" \
	'"body_truncated":true' 'the header section is too long'
ask huge-field 70
expect a_long_field_is_cut "$answered" "$status:200" \
	'the header section is too long'
ask huge-field 1000
expect a_huge_field_is_cut "$answered" "$status:200" \
	'the header section is too long'

ask close
expect closed_without_an_answer "$(seen temporary network)"
ask partial
expect closed_within_the_body "$(seen temporary network)" \
	'before the end of the body'
ask not-http
expect not_http_is_malformed "$(seen malformed malformed)" \
	'"version":"TLSv1.3"'
ask garbage
expect garbage_for_a_handshake "$(seen temporary tls)" '"error":"'
ask early
expect closed_before_the_handshake "$(seen temporary tls)" '"error":"'
stop
run -c "::127.0.0.1:$port" https://policy.example/ 8.8.8.8
expect a_closed_port_refuses "$(seen temporary refused)"

# --- the POST that unsubscribes --------------------------------------------
# post MODE [VALUE]
post() {
	start "$@"
	run -P -t 1000 -c "list.example:443:127.0.0.1:$port" \
		'https://list.example/u?t=1' 8.8.8.8
}

post status 202
expect a_post_is_answered "$answered" "$status:202" '"kind":"post"' '"post":{'
holds its_octets_are_those_of_rfc_8058 test "$(cat "$dir/log")" = \
	"SNI: list.example
POST /u?t=1 HTTP/1.1
Host: list.example
User-Agent: presend/$(sed -n 's/.*PACKAGE_VERSION "\(.*\)"/\1/p' \
		"$top_builddir/config.h")
Accept: */*
Content-Length: 26
Content-Type: application/x-www-form-urlencoded

List-Unsubscribe=One-Click"
post redirect https://other.example/
expect a_redirect_of_a_post_is_not_followed "$answered" "$status:302"
holds it_was_posted_once test "$(grep -c '^POST' "$dir/log")" = 1
for mode in close partial silent not-http; do
	post "$mode"
	holds "after_${mode}_it_is_not_posted_again" \
		test "$(grep -c '^POST' "$dir/log")" = 1
done
post huge-body
expect little_of_what_comes_back_is_kept "$answered" '"body_truncated":true'
holds that_is_very_little test "$(wc -c <"$dir/out")" -lt 6000

# --- where it goes ---------------------------------------------------------
start ok
run "https://policy.example:$port/" 127.0.0.1
expect loopback_is_not_connected_to "$(seen not-asked private)"
run "https://127.0.0.1:$port/" 127.0.0.1
expect a_literal_is_not_connected_to "$(seen not-asked private)"
run "https://127.0.0.1:$port/" 8.8.8.8
expect a_literal_that_was_not_checked_is_refused "$(seen temporary network)" \
	'no connection could be made'
run "https://127.1:$port/" 8.8.8.8
expect nor_is_one_in_another_form "$(seen temporary network)"
run "https://policy.example/"
expect no_address_is_no_connection "$(seen not-asked private)"
holds no_request_was_made test ! -s "$dir/log"
run -p "https://policy.example:$port/" 127.0.0.1
expect allow_private_allows_it "$answered" "$status:200"
run -p "https://127.0.0.1:$port/" 127.0.0.1
expect allow_private_allows_a_literal "$answered" "$status:200"
run -p "https://POLICY.example.:$port/" 127.0.0.1
expect case_and_final_dot_are_no_lookup "$answered" "$status:200"
run -c "policy.example::127.0.0.1:$port" https://policy.example/ ::1 10.0.0.1
expect ipv6_is_redirected_to_ipv4 "$answered" "$status:200"
run -c "[2001:db8::1]:443:127.0.0.1:$port" 'https://[2001:db8::1]/' \
	2001:db8::1
expect an_ipv6_literal_is_redirected "$answered" "$status:200"
run -p -t 1000 "https://policy.example:$port/" 127.0.0.2 127.0.0.1
expect the_next_address_is_tried "$answered" "\"asked_of\":\"127.0.0.1:$port\""
: >"$dir/log"
for url in http://policy.example/ https://user:pw@policy.example/ ftp://x/ \
	https:///x 'https://policy.example:0/' 'https://a b/' ''; do
	run -p -c "::127.0.0.1:$port" "$url" 127.0.0.1
	expect "not_asked:_$url" "$(seen not-asked malformed)"
done
holds none_of_these_was_asked test ! -s "$dir/log"

https_proxy=http://127.0.0.1:1 ALL_PROXY=http://127.0.0.1:1 run -p \
	"https://policy.example:$port/" 127.0.0.1
expect proxies_of_the_environment_are_not_used "$answered" "$status:200"

: >"$dir/libcurl.so.4"
LD_LIBRARY_PATH=$dir run -p "https://policy.example:$port/" 127.0.0.1
expect a_missing_library_is_named "$(seen not-asked network)" libcurl.so.4

run -n 100 -t 20000 -p "https://policy.example:$port/" 127.0.0.1
holds a_hundred_questions_are_answered test \
	"$(grep -c "$answered" "$dir/out")" = 100

echo "1..$n"
