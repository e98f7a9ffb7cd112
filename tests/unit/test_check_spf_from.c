#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "check_harness.h"
#include "checks/table.h"

#define IP         "192.0.2.1"
#define OTHER      "198.51.100.7"
#define SPF(terms) FOUND("example.com", "TXT", TXT("v=spf1 " terms))
/* The envelope sender is another, and is not asked for. */
#define SENT       .mail_from = "b@bounce.test", .helo = "helo.test", .ips = { IP }

static const struct scene scenes[] = {
	{ SENT, .title = "pass, whatever the envelope sender",
	    .recording = SPF("ip4:" IP " -all"),
	    .facts = { { "domain", "\"example.com\"" },
		{ "record", "\"v=spf1 ip4:" IP " -all\"" },
		{ "result", "\"pass\"" }, { "pass", "true" },
		{ "reason", "null" }, { "not_covered", "[]" },
		{ "suggested", "null" } },
	    .rounds = 1 },
	{ SENT, .title = "softfail, and what to publish",
	    .recording = SPF("ip4:" OTHER " ~all"),
	    .facts = { { "result", "\"softfail\"" }, { "pass", "false" },
		{ "reason", "\"\\\"~all\\\" in the record of example.com "
			    "matches " IP "\"" },
		{ "not_covered", "[\"" IP "\"]" },
		{ "suggested", "\"v=spf1 ip4:" OTHER " ip4:" IP " ~all\"" } } },
	{ SENT, .title = "no record", .recording = NODATA("example.com", "TXT"),
	    .facts = { { "record", "null" }, { "result", "\"none\"" },
		{ "pass", "false" },
		{ "reason", "\"example.com has no SPF record\"" },
		{ "suggested", "\"v=spf1 ip4:" IP " ~all\"" } } },
	{ SENT, .title = "two records",
	    .recording = FOUND("example.com", "TXT",
		TXT("v=spf1 -all") "," TXT("v=spf1 ip4:" IP " -all")),
	    .facts = { { "record", "null" }, { "result", "\"permerror\"" },
		{ "pass", "false" },
		{ "suggested", "\"v=spf1 ip4:" IP " -all\"" } } },
	{ SENT, .title = "an include is followed",
	    .recording = SPF("include:_spf.test -all")
		FOUND("_spf.test", "TXT", TXT("v=spf1 ip4:" IP " -all")),
	    .facts = { { "result", "\"pass\"" }, { "suggested", "null" } },
	    .rounds = 2 },
	{ SENT, .title = "a lost record",
	    .recording = TIMEOUT("example.com", "TXT"),
	    .facts = { { "domain", "\"example.com\"" }, { "record", NULL },
		{ "result", "\"temperror\"" }, { "pass", NULL },
		{ "suggested", NULL } },
	    .gaps = "record timeout; suggested timeout; pass timeout; "
		    "not_covered timeout" },
	{ SENT, .title = "a lost include",
	    .recording =
		SPF("include:_spf.test -all") TIMEOUT("_spf.test", "TXT"),
	    .facts = { { "record", "\"v=spf1 include:_spf.test -all\"" },
		{ "result", "\"temperror\"" }, { "pass", NULL } },
	    .gaps = "pass timeout; not_covered timeout; suggested timeout" },
	{ .title = "the null sender",
	    .recording = SPF("ip4:" IP " -all"),
	    .mail_from = "",
	    .ips = { IP },
	    .facts = { { "result", "\"pass\"" }, { "pass", "true" } } },
	{ .title = "%{s} is postmaster at the From domain",
	    .recording = SPF("exists:%{s}.test -all")
		FOUND("postmaster@example.com.test", "A", A("127.0.0.2")),
	    .mail_from = "b@bounce.test",
	    .ips = { IP },
	    .facts = { { "result", "\"pass\"" } } },
	{ .title = "a record that asks for the EHLO name",
	    .recording = SPF("exists:%{h}.test -all") NXDOMAIN("test", "A"),
	    .ips = { IP },
	    .facts = { { "result", NULL }, { "pass", NULL } },
	    .gaps = "result needs-helo; reason needs-helo; pass needs-helo; "
		    "not_covered needs-helo; suggested needs-helo" },
	{ .title = "the worst of two addresses",
	    .recording = SPF("ip4:" IP " -all"),
	    .ips = { IP, OTHER },
	    .facts = { { "result", "\"fail\"" }, { "pass", "false" },
		{ "not_covered", "[\"" OTHER "\"]" } } },
	{ .title = "without an address it is not known",
	    .recording = SPF("ip4:193.0.0.1 -all"),
	    .facts = { { "record", "\"v=spf1 ip4:193.0.0.1 -all\"" },
		{ "result", NULL }, { "pass", NULL }, { "not_covered", "[]" },
		{ "suggested", "null" } },
	    .gaps = "result needs-ip; pass needs-ip; reason needs-ip" },
	{ .title = "without a record no address is needed",
	    .recording = NODATA("example.com", "TXT"),
	    .facts = { { "result", "\"none\"" }, { "pass", "false" },
		{ "reason", "\"example.com has no SPF record\"" } } },
};

static void
the_from_domain_is_judged(void **state)
{
	(void)state;
	scenes_play(&check_spf_from, scenes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_from_domain_is_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
