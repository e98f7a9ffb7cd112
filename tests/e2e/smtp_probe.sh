#!/bin/sh
# The SMTP probe against a scripted server on loopback.  TAP.
set -eu
. "${top_srcdir:?}/tests/e2e/probe_common"

# certificate NAME BITS: an RSA key of so many bits
certificate() {
	openssl req -x509 -newkey "rsa:$2" -nodes -keyout "$dir/$1.key" \
		-out "$dir/$1.pem" -days 2 -subj /CN=mx.example.com 2>/dev/null
}
certificate good 2048
certificate weak 1024

# start MODE [OPTION]...: sets $port
start() {
	serve fakesmtp.py --cert "$dir/good.pem" --key "$dir/good.key" "$@"
}

run() {
	"$top_builddir/tests/e2e/smtp_ask" "$@" >"$dir/out" ||
		echo "smtp_ask failed" >>"$dir/out"
}

# ask MODE [OPTION]...: one question to that server
ask() {
	start "$@"
	run -t 5000 -e presend.example "$port"
}

# hurry MODE [OPTION]...: the same for a server that keeps us waiting
hurry() {
	start "$@"
	run -t 300 -e presend.example "$port"
}

none() {
	! grep -qF -- "$1" "$dir/out"
}

seen() {
	echo "\"seen\":\"$1\",\"cause\":\"$2\""
}

stage() {
	echo "\"stage\":\"$1\""
}

answered='"seen":"answered"'
offered='"starttls_offered":true'

ask plain
expect a_server_without_starttls_is_an_answer "$answered" "$(stage "done")" \
	'"SIZE 1000000"' '"code":250' \
	"\"asked_of\":\"127.0.0.1:$port\"" 'C: EHLO presend.example' 'C: QUIT'
holds nothing_is_said_of_tls none '"version"'
holds starttls_is_not_offered none '"starttls_offered"'

ask starttls
expect a_session_is_seen_with_its_certificate "$answered" "$(stage "done")" \
	"$offered" '"starttls_code":220' '"version":"TLSv1.3"' '"AUTH PLAIN"' \
	'"cipher":"TLS_AES_256_GCM_SHA384"' '-----BEGIN CERTIFICATE-----' \
	'TLS started: TLSv1.3 TLS_AES_256_GCM_SHA384 --'
holds nothing_was_injected none '"injection"'

ask starttls --tls-min 1.0 --tls-max 1.0 --cert "$dir/weak.pem" \
	--key "$dir/weak.key"
expect the_weak_is_seen "$answered" "$(stage "done")" '"version":"TLSv1"' \
	'-----BEGIN CERTIFICATE-----'

ask injection
expect octets_before_tls_are_injection "$answered" "$(stage "done")" \
	'"injection":true' '"AUTH PLAIN"' \
	'26 octets in clear before TLS were dropped' '"version":"TLSv1.3"'

ask tls-421
expect what_comes_after_the_session_takes_nothing_back "$answered" \
	"$(stage ehlo-tls)" '"code":421' '"version":"TLSv1.3"'
ask tls-close
expect a_close_in_tls_takes_nothing_back "$answered" "$(stage ehlo-tls)" \
	'"version":"TLSv1.3"'

ask no-tls-at-all
expect a_failed_handshake_is_a_finding "$answered" "$(stage handshake)" \
	"$offered" '"error":"wrong version number"'
ask handshake-close
expect a_handshake_cut_off_is_not_known "$(seen temporary network)" \
	"$(stage handshake)" 'in the TLS handshake'
ask handshake-reset
expect a_handshake_that_is_reset_is_not_known "$(seen temporary network)" \
	"$(stage handshake)" 'in the TLS handshake'
hurry handshake-silent
expect a_silent_handshake_is_a_timeout "$(seen temporary timeout)" \
	"$(stage handshake)" '"detail":"in the TLS handshake"'

ask banner-421
expect banner_421_is_deferred "$(seen temporary deferred)" "$(stage banner)" \
	'"code":421' '"detail":"421 4.3.2 too busy"'
ask banner-450
expect banner_450_is_deferred "$(seen temporary deferred)" "$(stage banner)" \
	'"code":450' 'C: QUIT'
ask banner-554
expect banner_554_refuses_us "$(seen temporary rejected)" "$(stage banner)" \
	'"code":554' 'C: QUIT'
ask ehlo-421
expect ehlo_421_is_deferred "$(seen temporary deferred)" "$(stage ehlo)" \
	'"code":421'
ask ehlo-500
expect a_server_that_knows_only_helo_is_an_answer "$answered" \
	"$(stage "done")" '"ehlo_refused":true' 'C: HELO presend.example'
holds helo_offers_nothing none '"starttls_offered"'
ask starttls-454
expect refused_starttls_is_an_answer "$answered" "$(stage "done")" \
	"$offered" '"starttls_code":454' '"code":454'

hurry silent
expect silence_is_a_timeout "$(seen temporary timeout)" "$(stage banner)" \
	'"detail":"after connecting, waiting for the greeting"'
hurry ehlo-silent
expect silence_after_ehlo_is_a_timeout "$(seen temporary timeout)" \
	"$(stage ehlo)" '"detail":"after EHLO, waiting for the reply"'
hurry tarpit
expect a_tarpit_is_a_timeout "$(seen temporary timeout)" "$(stage banner)" \
	'"detail":"too slow after connecting, waiting for the greeting"'

ask close
expect a_close_is_of_the_network "$(seen temporary network)" \
	"$(stage banner)" 'after connecting, waiting for the greeting'
ask ehlo-close
expect a_close_after_ehlo_is_of_the_network "$(seen temporary network)" \
	"$(stage ehlo)" 'after EHLO, waiting for the reply'

ask garbage
expect garbage_is_malformed "$(seen malformed malformed)" "$(stage banner)" \
	'a line without a reply code'
ask endless-banner
expect an_endless_banner_is_malformed "$(seen malformed malformed)" \
	"$(stage banner)" 'a reply of too many lines'
ask huge-line
expect a_huge_line_is_malformed "$(seen malformed malformed)" \
	"$(stage banner)" 'a line that is too long'

ask quit-silent
expect quit_is_not_waited_for "$answered" "$(stage "done")"
run -n 9 -t 300 "$port"
holds lingering_ends test "$(grep -c "$answered" "$dir/out")" = 9

start starttls
run -n 40 "$port"
expect we_are_called_by_our_address 'C: EHLO [127.0.0.1]'
holds all_of_many_are_answered test "$(grep -c "$answered" "$dir/out")" = 40
holds no_more_than_four_are_open_at_once \
	test "$(grep -c 'open=[1-4]"' "$dir/out")" = 40

run -p "$port"
expect a_private_address_is_not_asked "$(seen not-asked private)"

stop
run "$port"
expect a_closed_port_is_refused "$(seen temporary refused)" \
	"$(stage connect)" "\"asked_of\":\"127.0.0.1:$port\""

echo "1..$n"
