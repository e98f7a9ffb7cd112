#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "check_harness.h"
#include "checks/table.h"

/* The facts; each kind of problem is tested where it is found. */

#define D "Date: Sat, 21 Nov 2026 00:00:10 +0000\r\n"
#define F "From: \"An na\" <a@example.com>\r\n"
#define I "Message-ID: <1@example.com>\r\n"
#define T "To: b@example.net\r\n"
#define S "Subject: Hello\r\n you\r\n"
#define M "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
#define B "\r\nHello\r\n"

static const struct scene scenes[] = {
	{ .title = "a right message",
	    .message = D F I T S M B,
	    .facts = { { "problems", "[]" }, { "errors", "0" },
		{ "warnings", "0" }, { "display_name_flags", "[]" },
		{ "header_octets", "200" }, { "header_fields", "7" },
		{ "longest_name", "12" },
		{ "longest_value", "{\"header\": \"Date\", \"octets\": 32}" },
		{ "message_id", "\"<1@example.com>\"" },
		{ "message_id_octets", "15" }, { "subject_octets", "9" },
		{ "from_addresses", "1" }, { "display_name", "\"An na\"" },
		{ "date", "\"2026-11-21T00:00:10Z\"" }, { "from_octets", "24" },
		{ "to_octets", "14" }, { "date_offset_seconds", "10" },
		{ "feedback_id", "null" }, { "feedback_ids", "0" },
		{ "missing", "[]" } } },
	{ .title = "a problem has all its members",
	    .message = D F I T "Subject: {{x}}\r\n" M B,
	    .facts = { { "problems[0].code", "\"format.template-tag\"" },
		{ "problems[0].severity", "\"warning\"" },
		{ "problems[0].group", "\"template\"" },
		{ "problems[0].line", "5" }, { "problems[0].column", "10" },
		{ "problems[0].header", "\"Subject\"" },
		{ "problems[0].detail",
		    "\"The place-holder \\\"{{x}}\\\" was not filled in; "
		    "recipients see it\"" },
		{ "problems[0].sentence",
		    "\"Line 5, Subject: The place-holder \\\"{{x}}\\\" was not "
		    "filled in; recipients see it\"" },
		{ "problems[0].clause", "\"RFC 5322 3.6.5\"" },
		{ "problems[0].count", "1" }, { "problems[1]", NULL },
		{ "errors", "0" }, { "warnings", "1" } } },
	{ .title = "nothing that must be is there",
	    .message = "Cc: \r\n" M B,
	    .facts = { { "problems[0].code", "\"format.no-from\"" },
		{ "problems[0].group", "\"author\"" },
		{ "problems[0].line", "null" },
		{ "problems[0].column", "null" },
		{ "problems[0].header", "null" },
		{ "problems[1].code", "\"format.no-date\"" },
		{ "problems[1].group", "\"error\"" },
		{ "problems[2].code", "\"format.no-message-id\"" },
		{ "problems[3].code", "\"format.no-subject\"" },
		{ "problems[4].code", "\"format.empty-field\"" },
		{ "message_id", "null" }, { "message_id_octets", "null" },
		{ "subject_octets", "null" }, { "from_octets", "null" },
		{ "from_addresses", "0" }, { "display_name", "null" },
		{ "date", "null" }, { "date_offset_seconds", "null" },
		{ "missing",
		    "[{\"name\": \"Date\", \"value\": \"Sat, 21 Nov 2026 "
		    "00:00:00 +0000\"}, {\"name\": \"Message-ID\", \"value\": "
		    "\"<20261121.000000.UNIQUE@example.com>\"}]" } } },
	{ .title = "flags of the display name",
	    .message = D "From: \"Anna (2) at gmail.com\xf0\x9f\x8e\x89 [3]\" "
			 "<a@example.com>\r\n" I T S M B,
	    .facts = { { "display_name_flags",
		"[\"format.name-emoji\", \"format.name-thread\", "
		"\"format.name-gmail\"]" } } },
	{ .title = "no header",
	    .message = B,
	    .facts = { { "problems[0].code", "\"format.no-header\"" },
		{ "problems[1]", NULL }, { "header_octets", "0" },
		{ "header_fields", "0" }, { "longest_name", "0" },
		{ "longest_value", "null" } } },
	{ .title = "LF throughout counts as CRLF",
	    .message = "From: a@example.com\nX: y\n\nHello\n",
	    .facts = { { "header_octets", "27" } } },
	{ .title = "long values of To do not count",
	    .message = "To: 12345678901234567890\r\nX: 1234\r\n\r\n",
	    .facts = { { "longest_value",
		"{\"header\": \"X\", \"octets\": 5}" } } },
	{ .title = "no message",
	    .facts = { { "problems", NULL }, { "missing", NULL } },
	    .gaps = " needs-message" },
};

static void
each_scene_gives_its_facts(void **state)
{
	(void)state;
	scenes_play(&check_format, scenes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_scene_gives_its_facts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
