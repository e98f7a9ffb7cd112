#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "check_harness.h"
#include "checks/table.h"

#define NAME     "_smtp._tls.example.com"
#define AT(text) FOUND(NAME, "TXT", TXT(text))

static const struct scene scenes[] = {
	{ .title = "a right record",
	    .recording = AT("v=TLSRPTv1; rua=mailto:t@example.com , "
			    "https://r.example.com/v1;"),
	    .facts = { { "name", "\"" NAME "\"" }, { "valid", "true" },
		{ "record", "\"v=TLSRPTv1; rua=mailto:t@example.com , "
			    "https://r.example.com/v1;\"" },
		{ "rua", "[\"mailto:t@example.com\","
			 "\"https://r.example.com/v1\"]" },
		{ "problems", "[]" } },
	    .rounds = 1 },
	{ .title = "an extension field",
	    .recording = AT("v=TLSRPTv1;rua=mailto:t@example.com;x=1"),
	    .facts = { { "valid", "true" } } },
	{ .title = "no record",
	    .recording = NXDOMAIN(NAME, "TXT"),
	    .facts = { { "record", "null" }, { "valid", "null" },
		{ "rua", "[]" }, { "problems", "[]" } } },
	{ .title = "two records count as none",
	    .recording = FOUND(NAME, "TXT",
		TXT("v=TLSRPTv1; rua=mailto:a@example.com") "," TXT(
		    "v=TLSRPTv1; rua=mailto:b@example.com")),
	    .facts = { { "record", "null" }, { "valid", "false" },
		{ "problems[0].code", "\"tls_rpt.multiple-records\"" } } },
	{ .title = "the version has one spelling",
	    .recording = AT("v=tlsrptv1; rua=mailto:t@example.com"),
	    .facts = { { "record", "null" }, { "valid", "null" },
		{ "problems[0].code", "\"tls_rpt.bad-version\"" } } },
	{ .title = "and no space in it",
	    .recording = AT("v = TLSRPTv1; rua=mailto:t@example.com"),
	    .facts = { { "record", "null" },
		{ "problems[0].code", "\"tls_rpt.bad-version\"" } } },
	{ .title = "no target",
	    .recording = AT("v=TLSRPTv1;"),
	    .facts = { { "record", "\"v=TLSRPTv1;\"" }, { "valid", "false" },
		{ "problems[0].code", "\"tls_rpt.rua-missing\"" } } },
	{ .title = "a target of another scheme",
	    .recording = AT("v=TLSRPTv1; rua=http://r.example.com/"),
	    .facts = { { "valid", "false" },
		{ "problems[0].code", "\"tls_rpt.rua-scheme\"" } } },
	{ .title = "a target that is an address only",
	    .recording = AT("v=TLSRPTv1; rua=t@example.com"),
	    .facts = { { "valid", "false" },
		{ "problems[0].code", "\"tls_rpt.rua-scheme\"" } } },
	{ .title = "two fields of targets",
	    .recording = AT("v=TLSRPTv1; rua=mailto:a@example.com; "
			    "rua=mailto:b@example.com"),
	    .facts = { { "valid", "false" },
		{ "problems[0].code", "\"tls_rpt.rua-several\"" } } },
	{ .title = "a missing semicolon",
	    .recording = AT("v=TLSRPTv1 rua=mailto:a@example.com"),
	    .facts = { { "valid", "false" },
		{ "problems[0].code", "\"tls_rpt.syntax\"" } } },
	{ .title = "a field without a value",
	    .recording = AT("v=TLSRPTv1; junk; rua=mailto:a@example.com"),
	    .facts = { { "valid", "false" },
		{ "problems[0].code", "\"tls_rpt.syntax\"" } } },
	{ .title = "other text at the name",
	    .recording = AT("hello"),
	    .facts = { { "record", "null" }, { "problems", "[]" } } },
	{ .title = "a lost answer",
	    .recording = TIMEOUT(NAME, "TXT"),
	    .facts = { { "name", "\"" NAME "\"" }, { "record", NULL },
		{ "valid", NULL } },
	    .gaps = " timeout" },
};

static void
the_reporting_record_is_judged(void **state)
{
	(void)state;
	scenes_play(&check_tls_rpt, scenes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_reporting_record_is_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
