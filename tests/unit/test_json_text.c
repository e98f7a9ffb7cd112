#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "audit/json_text.h"

static void
assert_text(const char *json, struct json_layout layout, const char *expected)
{
	json_t *value = json_loads(json, JSON_DECODE_ANY, NULL);
	struct buf b;

	assert_non_null(value);
	buf_init(&b, 1 << 16);
	json_text(&b, value, layout);
	buf_add(&b, slice_of("", 1));
	assert_false(b.failed);
	assert_string_equal((const char *)b.p, expected);
	buf_free(&b);
	json_decref(value);
}

static void
values_are_written_on_one_line(void **state)
{
	static const char *const same[] = {
		"null",
		"true",
		"false",
		"0",
		"-9223372036854775808",
		"0.25",
		"-1048576.5",
		"0.1",
		"52.35714285714286",
		"0.30000000000000004",
		"\"\"",
		"[]",
		"{}",
		"[1,[2,[]],{}]",
		"{\"b\":1,\"a\":{\"c\":null}}",
		"\"\\\"\\\\\\b\\f\\n\\r\\t\"",
		"\"/\"",
		"\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\"",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++)
		assert_text(same[i], (struct json_layout){ 0 }, same[i]);
}

static void
what_a_terminal_would_obey_is_numbered(void **state)
{
	static const char *const table[][2] = {
		{ "\"a\\u001bb\"", "\"a\\u001Bb\"" },
		{ "\"\x7f\"", "\"\\u007F\"" },
		{ "\"\xc2\x9b\"", "\"\\u009B\"" },
		{ "\"a\xe2\x80\xae\"", "\"a\\u202E\"" },
		{ "\"\xf3\xa0\x80\x81\"", "\"\\uDB40\\uDC01\"" },
		{ "{\"\\u001b\":0}", "{\"\\u001B\":0}" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		assert_text(table[i][0], (struct json_layout){ 0 },
		    table[i][1]);
}

static void
levels_are_indented_from_the_depth_on(void **state)
{
	const char *json = "{\"a\":[1,2],\"b\":{},\"c\":[]}";

	(void)state;
	assert_text(json, (struct json_layout){ .indent = 2, .depth = 0 },
	    "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {},\n  \"c\": []\n}");
	assert_text(json, (struct json_layout){ .indent = 1, .depth = 3 },
	    "{\n    \"a\": [\n     1,\n     2\n    ],\n    \"b\": {},\n"
	    "    \"c\": []\n   }");
}

static void
octets_that_are_no_utf8_are_replaced(void **state)
{
	json_t *value = json_stringn_nocheck("a\xff", 2);
	struct buf b;

	(void)state;
	buf_init(&b, 64);
	json_text(&b, value, (struct json_layout){ 0 });
	assert_true(slice_eq(buf_slice(&b), SLICE_LIT("\"a\\uFFFD\"")));
	buf_free(&b);
	json_decref(value);
}

static void
a_full_buffer_fails(void **state)
{
	json_t *value = json_string("twelve octets");
	struct buf b;

	(void)state;
	buf_init(&b, 10);
	json_text(&b, value, (struct json_layout){ 0 });
	assert_true(b.failed);
	buf_free(&b);
	json_decref(value);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_written_on_one_line),
		cmocka_unit_test(what_a_terminal_would_obey_is_numbered),
		cmocka_unit_test(levels_are_indented_from_the_depth_on),
		cmocka_unit_test(octets_that_are_no_utf8_are_replaced),
		cmocka_unit_test(a_full_buffer_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
