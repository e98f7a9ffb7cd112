#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "check_harness.h"
#include "checks/table.h"
#include "mail_signer.h"
#include "with_arena.h"

WITH_ARENA(1 << 22, 4096)

#define ID(value) "Feedback-ID: " value "\r\n"
#define HEADER    "From: a@example.com\r\nSubject: x\r\n"

static const struct {
	const char *title;
	const char *fields;
	const char *sender_id; /* JSON */
	const char *codes;     /* without "feedback.", in order */
} forms[] = {
	{ "none", "", "null", "" },
	{ "all four labels", ID("autumn:shop:news:shop-eu"), "\"shop-eu\"",
	    "" },
	{ "labels that are empty", ID(":::shop5"), "\"shop5\"", "" },
	{ "white space, and a fold", ID("a : b:\r\n c: shop-eu "),
	    "\"shop-eu\"", "" },
	{ "15 characters", ID("a:b:c:123456789012345"), "\"123456789012345\"",
	    "" },
	{ "16 characters", ID("a:b:c:1234567890123456"), "\"1234567890123456\"",
	    "sender-id" },
	{ "4 characters", ID("a:b:c:1234"), "\"1234\"", "sender-id" },
	{ "5 characters of 2 octets each",
	    ID("a:b:c:\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"),
	    "\"\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\"", "" },
	{ "no SenderId", ID("a:b:c:"), "null", "sender-id" },
	{ "nothing at all", ID(""), "null", "sender-id labels" },
	{ "three labels", ID("a:b:shop-eu"), "\"shop-eu\"", "labels" },
	{ "five labels", ID("a:b:c:shop-eu:x"), "\"shop-eu\"", "labels" },
	{ "a label twice", ID("a:b:a:shop-eu"), "\"shop-eu\"", "repeated" },
	{ "two fields", ID("a:b:c:shop-eu") ID("d:e:f:shop-eu"), "\"shop-eu\"",
	    "several" },
};

static void
codes_of(const json_t *facts, char *out, size_t size)
{
	const json_t *p, *list = json_object_get(facts, "problems");
	size_t i, n = 0;

	out[0] = '\0';
	json_array_foreach(list, i, p)
	{
		const char *code =
		    json_string_value(json_object_get(p, "code"));

		if (strcmp(code, "feedback.unsigned") != 0)
			n += (size_t)snprintf(out + n, size - n, "%s%s",
			    n > 0 ? " " : "", code + strlen("feedback."));
	}
}

static void
the_form_is_judged(void **state)
{
	char message[1024], codes[256];

	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct scene s = { .title = forms[i].title,
			.message = message };
		json_t *facts, *want, *got;

		(void)snprintf(message, sizeof(message), "%s%s\r\nx\r\n",
		    forms[i].fields, HEADER);
		facts = scene_facts(&check_feedback, &s);
		codes_of(facts, codes, sizeof(codes));
		if (strcmp(codes, forms[i].codes) != 0)
			fail_msg("%s: \"%s\"", forms[i].title, codes);
		want = json_loads(forms[i].sender_id, JSON_DECODE_ANY, NULL);
		got = json_object_get(facts, "sender_id");
		if (want == NULL || !json_equal(want, got))
			fail_msg("%s: %s", forms[i].title,
			    json_string_value(got));
		json_decref(want);
		json_decref(facts);
	}
}

/* ---- whether it is signed ---------------------------------------------- */

#define KEY  FOUND("s._domainkey.example.com", "TXT", TXT("v=DKIM1; p=@rsa@"))
#define LOST TIMEOUT("s._domainkey.example.com", "TXT")

static const struct {
	const char *title;
	const char *names; /* h= */
	const char *recording;
	const char *is_signed; /* JSON; NULL: not known */
	const char *gaps;
} covers[] = {
	{ "covered", "From:Feedback-ID", KEY, "true", NULL },
	{ "not covered", "From:Subject", KEY, "false", NULL },
	{ "a lost key", "From:Feedback-ID", LOST, NULL, "signed timeout" },
	{ "a lost key of one that does not cover it", "From:Subject", LOST,
	    "false", NULL },
};

static void
signatures_are_looked_at(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(covers) / sizeof(covers[0]); i++) {
		const struct signing how = { .names = covers[i].names };
		const struct scene s = { .title = covers[i].title,
			.recording = signer_expand(arena, covers[i].recording),
			.message = mail_sign(arena, &how,
			    ID("a:b:c:shop-eu") HEADER, "x\r\n"),
			.facts = { { "value", "\"a:b:c:shop-eu\"" },
			    { "signed", covers[i].is_signed } },
			.gaps = covers[i].gaps };

		scene_play(&check_feedback, &s);
	}
	signer_close();
}

static void
a_message_is_needed(void **state)
{
	const struct scene s = { .title = "no message",
		.facts = { { "value", NULL } },
		.gaps = " needs-message" };

	(void)state;
	scene_play(&check_feedback, &s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_form_is_judged),
		cmocka_unit_test(signatures_are_looked_at),
		cmocka_unit_test(a_message_is_needed),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
