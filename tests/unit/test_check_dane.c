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
	{ .name = "old", .alternative = "DNS:mx.example.com" },
	{ .name = "new", .alternative = "DNS:mx.example.com" },
	{ 0 },
};

#define MX_HERE  PROVEN("example.com", "MX", MX(10, "mx.example.com"))
#define ONE_HERE PROVEN("mx.example.com", "A", A("192.0.2.1"))
#define NO_V6    PROVEN_NODATA("mx.example.com", "AAAA")
#define BOTH_HERE \
	PROVEN("mx.example.com", "A", A("192.0.2.1") "," A("192.0.2.2"))
#define HOST               MX_HERE ONE_HERE NO_V6
#define TLSA_NAME          "_25._tcp.mx.example.com"
#define TLSA_HERE(records) PROVEN(TLSA_NAME, "TLSA", records)
#define GOOD               TLSA(3, 1, 1, "@new/11@")
#define STALE              TLSA(3, 1, 1, "@old/11@")
#define UNUSABLE           TLSA(1, 1, 1, "@new/11@")
#define SHOWS(a, name) \
	SMTP("mx.example.com", a, TLS("TLSv1.3", "\"@" name "@\""))
#define PLAIN(a) SMTP("mx.example.com", a, "\"starttls_offered\":false")

static struct scene scenes[] = {
	{ .title = "a record matches",
	    .recording = HOST TLSA_HERE(GOOD) SHOWS("192.0.2.1", "new"),
	    .facts = { { "published", "true" },
		{ "hosts[0].host", "\"mx.example.com\"" },
		{ "hosts[0].records[0].usage", "3" },
		{ "hosts[0].records[0].selector", "1" },
		{ "hosts[0].records[0].matching", "1" },
		{ "hosts[0].secure", "true" }, { "hosts[0].usable", "true" },
		{ "hosts[0].encrypted", "true" },
		{ "hosts[0].observed_match", "true" },
		{ "hosts[0].matches", "true" }, { "mismatched", "[]" } } },
	{ .title = "none matches",
	    .recording = HOST TLSA_HERE(STALE) SHOWS("192.0.2.1", "new"),
	    .facts = { { "hosts[0].observed_match", "false" },
		{ "hosts[0].matches", "false" },
		{ "mismatched", "[\"mx.example.com\"]" } } },
	{ .title = "one of two records is enough",
	    .recording =
		HOST TLSA_HERE(STALE "," GOOD) SHOWS("192.0.2.1", "new"),
	    .facts = { { "hosts[0].matches", "true" } } },
	{ .title = "unusable ones beside a match do not count",
	    .recording =
		HOST TLSA_HERE(UNUSABLE "," GOOD) SHOWS("192.0.2.1", "new"),
	    .facts = { { "hosts[0].usable", "true" },
		{ "hosts[0].matches", "true" } } },
	{ .title = "unusable ones beside a mismatch do not help",
	    .recording =
		HOST TLSA_HERE(UNUSABLE "," STALE) SHOWS("192.0.2.1", "new"),
	    .facts = { { "hosts[0].matches", "false" } } },
	{ .title = "the stronger digest alone counts",
	    .recording = HOST TLSA_HERE(GOOD "," TLSA(3, 1, 2, "@old/12@"))
		SHOWS("192.0.2.1", "new"),
	    .facts = { { "hosts[0].matches", "false" } } },
	{ .title = "all unusable ask for TLS alone",
	    .recording = HOST TLSA_HERE(UNUSABLE) SHOWS("192.0.2.1", "new"),
	    .facts = { { "hosts[0].usable", "false" },
		{ "hosts[0].observed_match", "null" },
		{ "hosts[0].encrypted", "true" },
		{ "hosts[0].matches", "true" } } },
	{ .title = "all unusable and no TLS",
	    .recording = HOST TLSA_HERE(UNUSABLE) PLAIN("192.0.2.1"),
	    .facts = { { "hosts[0].usable", "false" },
		{ "hosts[0].encrypted", "false" },
		{ "hosts[0].matches", "false" },
		{ "mismatched", "[\"mx.example.com\"]" } } },
	{ .title = "a host without STARTTLS gets no mail",
	    .recording = HOST TLSA_HERE(GOOD) PLAIN("192.0.2.1"),
	    .facts = { { "hosts[0].encrypted", "false" },
		{ "hosts[0].observed_match", "false" },
		{ "hosts[0].matches", "false" } } },
	{ .title = "STARTTLS that fails for now",
	    .recording = HOST TLSA_HERE(GOOD) SMTP("mx.example.com",
		"192.0.2.1", "\"starttls_offered\":true,\"starttls_code\":454"),
	    .facts = { { "hosts[0].usable", "true" },
		{ "hosts[0].encrypted", NULL }, { "hosts[0].matches", NULL },
		{ "mismatched", "[]" } },
	    .gaps = "hosts[] deferred" },
	{ .title = "one of two addresses shows another certificate",
	    .recording = MX_HERE BOTH_HERE NO_V6 TLSA_HERE(GOOD)
		SHOWS("192.0.2.1", "new") SHOWS("192.0.2.2", "old"),
	    .facts = { { "hosts[0].matches", "false" },
		{ "hosts[1]", NULL } } },
	{ .title = "one of two addresses is silent, the other matches",
	    .recording = MX_HERE BOTH_HERE NO_V6 TLSA_HERE(GOOD)
		SHOWS("192.0.2.1", "new")
		    SMTP_LOST("mx.example.com", "192.0.2.2", "timeout"),
	    .facts = { { "hosts[0].observed_match", NULL },
		{ "hosts[0].matches", NULL }, { "mismatched", "[]" } },
	    .gaps = "hosts[] timeout" },
	{ .title = "one of two addresses is silent, the other does not match",
	    .recording = MX_HERE BOTH_HERE NO_V6 TLSA_HERE(GOOD)
		SMTP_LOST("mx.example.com", "192.0.2.1", "timeout")
		    SHOWS("192.0.2.2", "old"),
	    .facts = { { "hosts[0].observed_match", "false" },
		{ "hosts[0].matches", "false" } },
	    .gaps = "hosts[] timeout" },
	{ .title = "TLSA that is not proven",
	    .recording =
		HOST FOUND(TLSA_NAME, "TLSA", STALE) SHOWS("192.0.2.1", "new"),
	    .facts = { { "published", "true" }, { "hosts[0].secure", "false" },
		{ "hosts[0].observed_match", "false" },
		{ "hosts[0].matches", NULL }, { "mismatched", "[]" } },
	    .gaps = "hosts[].matches unproven" },
	{ .title = "addresses that are not proven",
	    .recording = MX_HERE FOUND("mx.example.com", "A", A("192.0.2.1"))
		NO_V6 TLSA_HERE(GOOD) SHOWS("192.0.2.1", "new"),
	    .facts = { { "hosts[0].secure", "false" },
		{ "hosts[0].observed_match", "true" },
		{ "hosts[0].matches", NULL } },
	    .gaps = "hosts[].matches unproven" },
	{ .title = "an MX that is not proven",
	    .recording = FOUND("example.com", "MX", MX(10, "mx.example.com"))
		ONE_HERE NO_V6 TLSA_HERE(GOOD) SHOWS("192.0.2.1", "new"),
	    .facts = { { "hosts[0].secure", "false" },
		{ "hosts[0].matches", NULL } },
	    .gaps = "hosts[].matches unproven" },
	{ .title = "no TLSA at all",
	    .recording = HOST NXDOMAIN(TLSA_NAME, "TLSA"),
	    .facts = { { "published", "false" }, { "hosts", "[]" },
		{ "mismatched", "[]" } } },
	{ .title = "TLSA that cannot be told",
	    .recording = HOST TIMEOUT(TLSA_NAME, "TLSA"),
	    .facts = { { "published", NULL },
		{ "hosts", "[{\"host\":\"mx.example.com\"}]" } },
	    .gaps = "published timeout; hosts[] timeout" },
	{ .title = "TLSA by way of an alias",
	    .recording = HOST ASKED(TLSA_NAME,
		"TLSA") "\"seen\":\"answered\",\"dns\":{\"authentic\":true,\"chain\":["
			"{\"type\":\"CNAME\",\"name\":\"dane.example.net\"}],"
			"\"records\":[" GOOD "]}}\n" SHOWS("192.0.2.1", "new"),
	    .facts = { { "hosts[0].matches", "true" } } },
	{ .title = "a host that is an alias has its records at the target",
	    .recording = MX_HERE ASKED("mx.example.com",
		"A") "\"seen\":\"answered\",\"dns\":{\"authentic\":true,\"chain\":["
		     "{\"type\":\"CNAME\",\"name\":\"mail.example.net\"}],"
		     "\"records\":[" A(
			 "192.0.2.1") "]}}\n" ASKED("mx.example.com",
			 "AAAA") "\"seen\":\"absent\",\"dns\":{\"authentic\":true,\"chain\":["
				 "{\"type\":\"CNAME\",\"name\":\"mail.example.net\"}]}}\n" TLSA_HERE(
				     STALE) PROVEN("_25._tcp.mail.example.net",
				     "TLSA", GOOD) SHOWS("192.0.2.1", "new"),
	    .facts = { { "hosts[0].records[1]", NULL },
		{ "hosts[0].matches", "true" } } },
	{ .title = "a host without addresses",
	    .recording = MX_HERE PROVEN_NODATA("mx.example.com", "A")
		NO_V6 TLSA_HERE(GOOD),
	    .facts = { { "published", "true" }, { "hosts[0].matches", "null" },
		{ "hosts[0].usable", "true" },
		{ "hosts[0].secure", "true" } } },
	{ .title = "the domain is its own host without MX",
	    .recording = PROVEN_NODATA("example.com", "MX")
		PROVEN("example.com", "A", A("192.0.2.9"))
		    PROVEN_NODATA("example.com", "AAAA")
			PROVEN("_25._tcp.example.com", "TLSA", GOOD)
			    SMTP("example.com", "192.0.2.9",
				TLS("TLSv1.3", "\"@new@\"")),
	    .facts = { { "hosts[0].host", "\"example.com\"" },
		{ "hosts[0].matches", "true" } } },
	{ .title = "an MX that cannot be told",
	    .recording = TIMEOUT("example.com", "MX"),
	    .facts = { { "published", NULL }, { "hosts", NULL } },
	    .gaps = " timeout" },
	{ .title = "a null MX",
	    .recording = PROVEN("example.com", "MX", MX(0, "")),
	    .facts = { { "published", "false" }, { "hosts", "[]" } } },
};

static void
tlsa_records_are_judged(void **state)
{
	struct certificates made;

	(void)state;
	certificates_make(&made, plans);
	for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++) {
		char *text = certificates_expand(&made, scenes[i].recording);

		scenes[i].recording = text;
		scene_play(&check_dane, &scenes[i]);
		free(text);
	}
	certificates_free(&made);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tlsa_records_are_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
