#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/limits.h"
#include "check_harness.h"
#include "checks/table.h"

/* The facts of parts; their problems are tested in test_mime_lint.c. */

#define ALL \
	"Date: Sat, 21 Nov 2026 00:00:10 +0000\r\n" \
	"From: \"An na\" <a@example.com>\r\n" \
	"Message-ID: <1@example.com>\r\n" \
	"To: b@example.net\r\n" \
	"Subject: Hello\r\n" \
	"MIME-Version: 1.0\r\n"
#define MIXED ALL "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
#define TEXT  "--b\r\nContent-Type: text/plain\r\n\r\nHello\r\n"
#define HTML \
	"--b\r\nContent-Type: Text/HTML; charset=UTF-8\r\n" \
	"Content-Transfer-Encoding: quoted-printable\r\n\r\n<p>=C3=A4=\r\n</p>" \
	"\r\n"
#define FILE_NAMED(name) \
	"--b\r\nContent-Type: application/pdf\r\nContent-Disposition: " \
	"attachment; filename=\"" name "\"\r\n" \
	"Content-Transfer-Encoding: base64\r\n\r\nQUJDRA==\r\n"
#define END "--b--\r\n"

static const struct scene scenes[] = {
	{ .title = "one text",
	    .message = ALL "\r\nHello\r\n",
	    .facts = { { "problems", "[]" }, { "text_part", "true" },
		{ "html_part", "false" }, { "html_octets", "null" },
		{ "attachments", "[]" }, { "parts[1]", NULL },
		{ "parts[0]",
		    "{\"type\": \"text/plain\", \"depth\": 0, \"line\": 1, "
		    "\"octets\": 7, \"name\": null, \"extension\": null, "
		    "\"charset\": null, \"encoding\": \"7bit\", "
		    "\"disposition\": null}" } } },
	{ .title = "text, HTML and a file",
	    .message = MIXED TEXT HTML FILE_NAMED("a.b.PDF . ") END,
	    .facts = { { "problems", "[]" }, { "text_part", "true" },
		{ "html_part", "true" }, { "html_octets", "9" },
		{ "parts[0].type", "\"multipart/mixed\"" },
		{ "parts[1].depth", "1" }, { "parts[1].line", "10" },
		{ "parts[2].type", "\"text/html\"" },
		{ "parts[2].charset", "\"utf-8\"" },
		{ "parts[2].encoding", "\"quoted-printable\"" },
		{ "parts[2].octets", "9" },
		{ "parts[3].disposition", "\"attachment\"" },
		{ "parts[3].extension", "\"pdf\"" },
		{ "attachments",
		    "[{\"type\": \"application/pdf\", \"octets\": 4, \"name\": "
		    "\"a.b.PDF . \", \"extension\": \"pdf\"}]" } } },
	{ .title = "names without an extension",
	    .message =
		MIXED FILE_NAMED("a") FILE_NAMED("...") FILE_NAMED("") END,
	    .facts = { { "text_part", "false" },
		{ "attachments[0].extension", "null" },
		{ "attachments[1].extension", "null" },
		{ "attachments[1].name", "\"...\"" },
		{ "attachments[2].name", "null" } } },
	{ .title = "hostile names",
	    .message = MIXED FILE_NAMED("\x01\xff.\xff") END,
	    .facts = { { "attachments[0].name", "\"\\\\001\\\\255.\\\\255\"" },
		{ "attachments[0].extension", "\"\\\\255\"" } } },
	{ .title = "a problem of a part is one of the message",
	    .message = MIXED TEXT "--b\r\nContent-ID: <a@b>\r\n" END,
	    .facts = { { "problems[0].code", "\"format.part-no-blank-line\"" },
		{ "problems[0].group", "\"mime\"" },
		{ "problems[0].line", "14" }, { "problems[0].column", "1" },
		{ "problems[0].header", "null" }, { "problems[1]", NULL },
		{ "errors", "1" } } },
	{ .title = "nothing is said of the parts of what is no message",
	    .message = "\r\nContent-Type: x\r\n",
	    .facts = { { "problems[0].code", "\"format.no-header\"" },
		{ "problems[1]", NULL } } },
};

static void
each_scene_gives_its_facts(void **state)
{
	(void)state;
	scenes_play(&check_format, scenes);
}

/* What was left out is not known; what was found is. */
static void
too_many_parts_are_a_gap(void **state)
{
	struct scene scene = {
		.title = "too many parts",
		.facts = { { "parts", NULL }, { "attachments", NULL },
		    { "text_part", "true" }, { "html_part", NULL },
		    { "html_octets", NULL },
		    { "problems[0].code", "\"format.mime-too-many-parts\"" },
		    { "problems[0].group", "\"error\"" },
		    { "problems[1]", NULL } },
		.gaps = "parts limit; attachments limit; html_part limit; "
			"html_octets limit",
	};
	struct buf b;

	(void)state;
	buf_init(&b, 1024 * 1024);
	buf_add_str(&b, MIXED);
	for (int i = 0; i < LIMIT_MIME_PARTS; i++)
		buf_add_str(&b, "--b\r\n\r\n");
	buf_add(&b, SLICE_LIT(HTML END "\0"));
	scene.message = (const char *)b.p;
	scene_play(&check_format, &scene);
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_scene_gives_its_facts),
		cmocka_unit_test(too_many_parts_are_a_gap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
