#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "check_harness.h"
#include "checks/table.h"
#include "make_certificate.h"

static const struct certificate_plan plans[] = {
	{ .name = "root", .common_name = "Root", .authority = true },
	{ .name = "good",
	    .alternative = "DNS:mx.example.com",
	    .issuer = "root" },
	{ .name = "old",
	    .alternative = "DNS:mx.example.com",
	    .issuer = "root",
	    .from = -9,
	    .until = -1 },
	{ .name = "other",
	    .alternative = "DNS:other.example.com",
	    .issuer = "root" },
	{ .name = "own", .common_name = "mx.example.com" },
	{ .name = "short",
	    .alternative = "DNS:mx.example.com",
	    .issuer = "root",
	    .key = "RSA",
	    .bits = 1024 },
	{ 0 },
};

#define MX_HERE FOUND("example.com", "MX", MX(10, "mx.example.com"))
#define HOST \
	MX_HERE FOUND("mx.example.com", "A", A("192.0.2.1")) \
	    NODATA("mx.example.com", "AAAA")
#define TWO \
	MX_HERE FOUND("mx.example.com", "A", \
	    A("192.0.2.1") "," A("192.0.2.2")) \
	    NODATA("mx.example.com", "AAAA")
#define NO_MESSAGE "message_over_tls needs-message; message_tls needs-message"
#define SHOWS(a, name) \
	SMTP("mx.example.com", a, TLS("TLSv1.3", "\"@" name "@\""))
#define ONE    "[\"mx.example.com (192.0.2.1)\"]"
#define SECOND "[\"mx.example.com (192.0.2.2)\"]"
#define NO_SESSION \
	{ "hosts[0].version", "null" }, { "hosts[0].cipher", "null" }, \
	    { "hosts[0].cipher_bits", "null" }, \
	    { "hosts[0].certificate", "null" }, \
	{ \
		"hosts[0].weak", "null" \
	}
#define RECEIVED(with) \
	"Return-Path: <bounce@example.com>\r\n" \
	"Received: from mail.example.com (mail.example.com [203.0.113.9])\r\n" \
	" by mx.example.net with " with " id 1 for <a@example.net>;\r\n" \
	" Fri, 20 Nov 2026 10:00:00 +0000\r\n" \
	"From: a@example.com\r\n\r\nHello\r\n"

#define AGED(version) \
	.title = "the sample came over " version, \
	.recording = FOUND("example.com", "MX", MX(0, "")), \
	.message = RECEIVED("ESMTPS (version=" version " cipher=X)")

static struct scene scenes[] = {
	{ .title = "a host that does all right",
	    .recording = HOST SHOWS("192.0.2.1", "good"),
	    .facts = { { "hosts[0].host", "\"mx.example.com\"" },
		{ "hosts[0].address", "\"192.0.2.1\"" },
		{ "hosts[0].role", "\"mx\"" }, { "hosts[0].listening", "true" },
		{ "hosts[0].starttls", "true" },
		{ "hosts[0].injection", "false" },
		{ "hosts[0].version", "\"TLSv1.3\"" },
		{ "hosts[0].cipher_bits", "256" },
		{ "hosts[0].handshake_error", "null" },
		{ "hosts[0].weak", "false" },
		{ "hosts[0].certificate.trusted", "true" },
		{ "hosts[0].certificate.matches_host", "true" },
		{ "hosts[0].certificate.expired", "false" },
		{ "hosts[0].certificate.error", "null" },
		{ "hosts[0].certificate.not_after",
		    "\"2027-01-20T00:00:00Z\"" },
		{ "without_starttls", "[]" }, { "untrusted", "[]" },
		{ "expired", "[]" }, { "mismatched", "[]" },
		{ "old_version", "[]" }, { "weak", "[]" },
		{ "failed_handshake", "[]" }, { "injectable", "[]" } },
	    .gaps = NO_MESSAGE },
	{ .title = "no STARTTLS",
	    .recording = HOST SMTP("mx.example.com", "192.0.2.1",
		"\"starttls_offered\":false"),
	    .facts = { { "hosts[0].starttls", "false" }, NO_SESSION,
		{ "hosts[0].handshake_error", "null" },
		{ "hosts[0].injection", "null" }, { "without_starttls", ONE },
		{ "failed_handshake", "[]" } },
	    .gaps = NO_MESSAGE },
	{ .title = "a handshake that fails",
	    .recording = HOST SMTP("mx.example.com", "192.0.2.1",
		"\"starttls_offered\":true,\"starttls_code\":220,"
		"\"tls\":{\"error\":\"no shared cipher\"}"),
	    .facts = { { "hosts[0].starttls", "true" }, NO_SESSION,
		{ "hosts[0].handshake_error", "\"no shared cipher\"" },
		{ "failed_handshake", ONE } },
	    .gaps = NO_MESSAGE },
	{ .title = "a refusal after the handshake",
	    .recording = HOST SMTP("mx.example.com", "192.0.2.1",
		"\"starttls_offered\":true,\"starttls_code\":220,\"tls\":{"
		"\"version\":\"TLSv1.3\",\"error\":\"alert\",\"chain\":["
		"\"@good@\"]}"),
	    .facts = { NO_SESSION, { "hosts[0].handshake_error", "\"alert\"" },
		{ "failed_handshake", ONE } },
	    .gaps = NO_MESSAGE },
	{ .title = "STARTTLS that is offered and refused",
	    .recording = HOST SMTP("mx.example.com", "192.0.2.1",
		"\"starttls_offered\":true,\"starttls_code\":502"),
	    .facts = { NO_SESSION, { "hosts[0].handshake_error",
				       "\"the reply to STARTTLS was 502\"" } },
	    .gaps = NO_MESSAGE },
	{ .title = "STARTTLS that fails for now",
	    .recording = HOST SMTP("mx.example.com", "192.0.2.1",
		"\"starttls_offered\":true,\"starttls_code\":454"),
	    .facts = { { "hosts[0].starttls", "true" },
		{ "hosts[0].version", NULL }, { "hosts[0].certificate", NULL },
		{ "failed_handshake", "[]" } },
	    .gaps = "hosts[].version deferred; hosts[].cipher deferred; "
		    "hosts[].cipher_bits deferred; hosts[].certificate "
		    "deferred; hosts[].weak deferred; hosts[].handshake_error "
		    "deferred; hosts[].injection deferred; " NO_MESSAGE },
	{ .title = "octets after the go-ahead",
	    .recording = HOST SMTP("mx.example.com", "192.0.2.1",
		"\"injection\":true," TLS("TLSv1.3", "\"@good@\"")),
	    .facts = { { "hosts[0].injection", "true" },
		{ "injectable", ONE } },
	    .gaps = NO_MESSAGE },
	{ .title = "TLS 1.1",
	    .recording = HOST SMTP("mx.example.com", "192.0.2.1",
		TLS("TLSv1.1", "\"@good@\"")),
	    .facts = { { "old_version", ONE },
		{ "hosts[0].version", "\"TLSv1.1\"" } },
	    .gaps = NO_MESSAGE },
	{ .title = "an expired leaf is trusted and expired",
	    .recording = HOST SHOWS("192.0.2.1", "old"),
	    .facts = { { "hosts[0].certificate.expired", "true" },
		{ "hosts[0].certificate.trusted", "true" }, { "expired", ONE },
		{ "untrusted", "[]" } },
	    .gaps = NO_MESSAGE },
	{ .title = "another name",
	    .recording = HOST SHOWS("192.0.2.1", "other"),
	    .facts = { { "hosts[0].certificate.matches_host", "false" },
		{ "hosts[0].certificate.names", "[\"other.example.com\"]" },
		{ "mismatched", ONE } },
	    .gaps = NO_MESSAGE },
	{ .title = "a certificate of its own",
	    .recording = HOST SHOWS("192.0.2.1", "own"),
	    .facts = { { "hosts[0].certificate.self_signed", "true" },
		{ "hosts[0].certificate.trusted", "false" },
		{ "hosts[0].certificate.matches_host", "true" },
		{ "untrusted", ONE } },
	    .gaps = NO_MESSAGE },
	{ .title = "a short key",
	    .recording = HOST SHOWS("192.0.2.1", "short"),
	    .facts = { { "hosts[0].weak", "true" }, { "weak", ONE },
		{ "hosts[0].certificate.key_bits", "1024" } },
	    .gaps = NO_MESSAGE },
	{ .title = "a session without certificate",
	    .recording =
		HOST SMTP("mx.example.com", "192.0.2.1", TLS("TLSv1.2", "")),
	    .facts = { { "hosts[0].certificate", "null" },
		{ "hosts[0].weak", "null" } },
	    .gaps = NO_MESSAGE },
	{ .title = "one of two addresses is silent",
	    .recording = TWO SMTP_LOST("mx.example.com", "192.0.2.1", "timeout")
		SMTP("mx.example.com", "192.0.2.2",
		    "\"starttls_offered\":false"),
	    .facts = { { "hosts[0].address", "\"192.0.2.1\"" },
		{ "hosts[0].listening", NULL }, { "hosts[0].starttls", NULL },
		{ "hosts[1].starttls", "false" },
		{ "without_starttls", SECOND } },
	    .gaps = "hosts[] timeout; " NO_MESSAGE },
	{ .title = "addresses that cannot be told",
	    .recording = MX_HERE TIMEOUT("mx.example.com", "A")
		NODATA("mx.example.com", "AAAA"),
	    .facts = { { "hosts",
		"[{\"host\":\"mx.example.com\",\"role\":\"mx\"}]" } },
	    .gaps = "hosts[] timeout; " NO_MESSAGE },
	{ .title = "MX that cannot be told",
	    .recording = TIMEOUT("example.com", "MX"),
	    .facts = { { "hosts", "[{\"role\":\"mx\"}]" } },
	    .gaps = "hosts timeout; " NO_MESSAGE },
	{ .title = "a null MX",
	    .recording = FOUND("example.com", "MX", MX(0, "")),
	    .facts = { { "hosts", "[]" } },
	    .gaps = NO_MESSAGE },
	{ .title = "an address where a name must be",
	    .recording = FOUND("example.com", "MX", MX(10, "192.0.2.7")),
	    .facts = { { "hosts", "[]" } },
	    .gaps = NO_MESSAGE,
	    .rounds = 1 },
	{ .title = "a sender need not listen",
	    .recording = FOUND("example.com", "MX", MX(0, ""))
		SMTP_LOST("mx.example.com", "203.0.113.9", "refused"),
	    .ips = { "203.0.113.9" },
	    .ips_named = true,
	    .helo = "mx.example.com",
	    .facts = { { "hosts[0].role", "\"sender\"" },
		{ "hosts[0].listening", "false" },
		{ "hosts[0].starttls", "null" }, NO_SESSION },
	    .gaps = NO_MESSAGE },
	{ .title = "a sender that cannot be told",
	    .recording = FOUND("example.com", "MX", MX(0, ""))
		SMTP_LOST("mx.example.com", "203.0.113.9", "timeout"),
	    .ips = { "203.0.113.9" },
	    .ips_named = true,
	    .helo = "mx.example.com",
	    .facts = { { "hosts[0].listening", NULL } },
	    .gaps = "hosts[] timeout; " NO_MESSAGE },
	{ .title = "a sender without a name matches none and mismatches none",
	    .recording = FOUND("example.com", "MX", MX(0, ""))
		SMTP("", "203.0.113.9", TLS("TLSv1.3", "\"@own@\"")),
	    .ips = { "203.0.113.9" },
	    .ips_named = true,
	    .facts = { { "hosts[0].host", "null" },
		{ "hosts[0].certificate.matches_host", NULL },
		{ "mismatched", "[]" }, { "untrusted", "[\"203.0.113.9\"]" } },
	    .gaps =
		"hosts[].certificate.matches_host needs-helo; " NO_MESSAGE },
	{ .title = "an address that was read off the sample is left alone",
	    .recording = FOUND("example.com", "MX", MX(0, "")),
	    .ips = { "203.0.113.9" },
	    .facts = { { "hosts", "[]" } },
	    .gaps = NO_MESSAGE,
	    .rounds = 1 },
	{ .title = "the sample came over TLS",
	    .recording = FOUND("example.com", "MX", MX(0, "")),
	    .message = RECEIVED("ESMTPS"),
	    .facts = { { "message_over_tls", "true" },
		{ "message_tls.by", "\"mx.example.net\"" },
		{ "message_tls.with", "\"ESMTPS\"" },
		{ "message_tls.old", "null" } } },
	{ AGED("TLS1_3"), .facts = { { "message_tls.old", "false" } } },
	{ AGED("TLSv1.2"), .facts = { { "message_tls.old", "false" } } },
	{ AGED("TLSv1.1"), .facts = { { "message_tls.old", "true" } } },
	{ AGED("TLS1_0"), .facts = { { "message_tls.old", "true" } } },
	{ AGED("TLSv1"), .facts = { { "message_tls.old", "true" } } },
	{ AGED("SSLv3"), .facts = { { "message_tls.old", "true" } } },
	{ AGED("TLSv2"), .facts = { { "message_tls.old", "null" } } },
	{ AGED("TLS1_12"), .facts = { { "message_tls.old", "null" } } },
	{ AGED("TLS1-2"), .facts = { { "message_tls.old", "null" } } },
	{ .title = "the sample came in the clear",
	    .recording = FOUND("example.com", "MX", MX(0, "")),
	    .message = RECEIVED("ESMTP"),
	    .facts = { { "message_over_tls", "false" } } },
	{ .title = "a sample that did not arrive yet",
	    .recording = FOUND("example.com", "MX", MX(0, "")),
	    .message = "From: a@example.com\r\n\r\nHello\r\n",
	    .facts = { { "message_over_tls", NULL } },
	    .gaps = NO_MESSAGE },
};

static void
hosts_and_samples_are_judged(void **state)
{
	static const char *const roots[] = { "root", NULL };
	struct certificates made;
	char *anchors;

	(void)state;
	certificates_make(&made, plans);
	anchors = certificates_pem(&made, roots);
	for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++) {
		char *text = certificates_expand(&made, scenes[i].recording);

		scenes[i].recording = text;
		scenes[i].anchors = anchors;
		scene_play(&check_tls, &scenes[i]);
		free(text);
	}
	free(anchors);
	certificates_free(&made);
}

static void
without_anchors_trust_is_a_gap(void **state)
{
	struct scene scene = { .title = "no anchors",
		.recording = HOST SHOWS("192.0.2.1", "own"),
		.facts = { { "hosts[0].certificate.trusted", NULL },
		    { "untrusted", "[]" } },
		.gaps = "hosts[].certificate.trusted offline; " NO_MESSAGE };
	struct certificates made;
	char *text;

	(void)state;
	certificates_make(&made, plans);
	scene.recording = text = certificates_expand(&made, scene.recording);
	scene_play(&check_tls, &scene);
	free(text);
	certificates_free(&made);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hosts_and_samples_are_judged),
		cmocka_unit_test(without_anchors_trust_is_a_gap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
