#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/limits.h"
#include "message/message.h"
#include "with_arena.h"

WITH_ARENA(64 * 1024 * 1024, 4096)

#define assert_slice(s, text) \
	do { \
		struct slice got_ = (s); \
		assert_int_equal(got_.n, strlen(text)); \
		assert_memory_equal(got_.p, text, got_.n); \
	} while (0)

static struct message
parse(const char *text)
{
	struct message m;

	assert_int_equal(message_parse(arena, slice_str(text), &m), RC_OK);
	return m;
}

static void
fields_keep_their_raw_octets_and_lines(void **state)
{
	struct message m = parse("Received: a\r\n\tb\r\n  c\r\n"
				 "Subject : hi \r\nX:\r\n\r\nbody\r\n");

	(void)state;
	assert_int_equal(m.n_fields, 3);
	assert_slice(m.fields[0].name, "Received");
	assert_slice(m.fields[0].value, " a\r\n\tb\r\n  c");
	assert_int_equal(m.fields[0].line, 1);
	assert_int_equal(m.fields[0].lines, 3);
	assert_slice(m.fields[1].name, "Subject");
	assert_slice(m.fields[1].value, " hi ");
	assert_int_equal(m.fields[1].line, 4);
	assert_slice(m.fields[2].value, "");
	assert_slice(m.body, "body\r\n");
	assert_int_equal(m.strays, 0);
}

/* What is odd about a header, and what is still read of it. */
static const struct {
	const char *text;
	size_t fields, strays;
	const char *header;
	const char *body; /* NULL: no empty line */
} shapes[] = {
	{ "", 0, 0, "", NULL },
	{ "\n", 0, 0, "", "" },
	{ "\r\n", 0, 0, "", "" },
	{ "\r\n\r\n", 0, 0, "", "\r\n" },
	{ "a: b", 1, 0, "a: b", NULL },
	{ "a: b\n", 1, 0, "a: b\n", NULL },
	{ "a: b\n\n", 1, 0, "a: b\n", "" },
	{ "a: b\nc: d\n\nx\n", 2, 0, "a: b\nc: d\n", "x\n" },
	{ "a: b\r\nc: d\n\nx", 2, 0, "a: b\r\nc: d\n", "x" },
	{ "a: b\rc: d\n\nx", 1, 0, "a: b\rc: d\n", "x" },
	{ "no field\na: b\n\n", 1, 1, "no field\na: b\n", "" },
	{ "a: b\nno field\n folded\nc: d\n\n", 2, 2,
	    "a: b\nno field\n folded\nc: d\n", "" },
	{ " folded\na: b\n\n", 1, 1, " folded\na: b\n", "" },
	{ ": nameless\na: b\n\n", 1, 1, ": nameless\na: b\n", "" },
	{ "na me: x\n\n", 0, 1, "na me: x\n", "" },
	{ "n\xc3\xa4me: x\n\n", 0, 1, "n\xc3\xa4me: x\n", "" },
	{ "a: b\n \n\tc\n\nx", 1, 0, "a: b\n \n\tc\n", "x" },
	{ "From a@b Sat Nov 21 18:50:31 2026\na: b\n\nx", 1, 0, "a: b\n", "x" },
	{ "From a@b\n", 0, 0, "", NULL },
	{ "From: a@b\n\nx", 1, 0, "From: a@b\n", "x" },
	{ "From : a@b\n\nx", 1, 0, "From : a@b\n", "x" },
	{ ">From a@b\na: b\n\nx", 1, 1, ">From a@b\na: b\n", "x" },
};

static void
any_octets_are_a_message(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		struct message m = parse(shapes[i].text);

		assert_int_equal(m.n_fields, shapes[i].fields);
		assert_int_equal(m.strays, shapes[i].strays);
		assert_slice(m.header, shapes[i].header);
		if (shapes[i].body == NULL) {
			assert_null(m.body.p);
			continue;
		}
		assert_non_null(m.body.p);
		assert_slice(m.body, shapes[i].body);
	}
}

static void
from_line_counts_as_a_line_but_is_no_part(void **state)
{
	struct message m = parse("From x Sat Nov 21 18:50:31 2026\na: b\n\n");

	(void)state;
	assert_slice(m.octets, "a: b\n\n");
	assert_int_equal(m.fields[0].line, 2);
}

static void
nul_octets_are_octets(void **state)
{
	struct message m;

	(void)state;
	assert_int_equal(message_parse(arena,
			     SLICE_LIT("a: \0b\n\0: c\nd: e\n\n\0"), &m),
	    RC_OK);
	assert_int_equal(m.n_fields, 2);
	assert_int_equal(m.fields[0].value.n, 3);
	assert_int_equal(m.strays, 1);
	assert_int_equal(m.body.n, 1);
}

static void
fields_are_found_by_name_in_any_case(void **state)
{
	struct message m = parse("A: 1\nb: 2\na: 3\nAA: 4\n\n");
	const struct field *f;

	(void)state;
	assert_int_equal(message_count(&m, "a"), 2);
	assert_slice(message_field(&m, "a", 1)->value, " 3");
	assert_null(message_field(&m, "a", 2));
	assert_null(message_field(&m, "", 0));
	f = message_next(&m, "A", NULL);
	assert_ptr_equal(f, &m.fields[0]);
	f = message_next(&m, "A", f);
	assert_ptr_equal(f, &m.fields[2]);
	assert_null(message_next(&m, "A", f));
}

static void
unfolding_keeps_the_white_space(void **state)
{
	struct message m =
	    parse("a: one\r\n two\r\n\tthree\r\n \r\n\nb:x\n y\nc:   \n\n");

	(void)state;
	assert_slice(field_unfolded(arena, &m.fields[0]), "one two\tthree");
	m = parse("b:x\n y\nc:   \nd: \xff\n");
	assert_slice(field_unfolded(arena, &m.fields[0]), "x y");
	assert_slice(field_unfolded(arena, &m.fields[1]), "");
	assert_slice(field_text(arena, &m.fields[2]), "\xff");
	m = parse("s: =?utf-8?q?a?=\r\n =?utf-8?b?w6Q=?= \xe4\n\n");
	assert_slice(field_text(arena, &m.fields[0]), "a\xc3\xa4 \xe4");
}

static void
more_fields_than_the_limit_are_left_out(void **state)
{
	size_t n = ((size_t)LIMIT_HEADER_FIELDS + 5) * 4 + 2;
	char *text = malloc(n);
	struct message m;

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i + 4 < n; i += 4)
		memcpy(text + i, "a:b\n", 4);
	memcpy(text + n - 2, "\nx", 2);
	assert_int_equal(message_parse(arena, slice_of(text, n), &m), RC_OK);
	assert_true(m.too_many);
	assert_int_equal(m.n_fields, LIMIT_HEADER_FIELDS);
	assert_slice(m.body, "x");
	free(text);
}

static void
one_line_of_fifty_megabytes_is_read(void **state)
{
	size_t n = 50 * 1024 * 1024;
	char *text = malloc(n);
	struct message m;

	(void)state;
	assert_non_null(text);
	memset(text, 'a', n);
	assert_int_equal(message_parse(arena, slice_of(text, n), &m), RC_OK);
	assert_int_equal(m.strays, 1);
	text[1] = ':';
	assert_int_equal(message_parse(arena, slice_of(text, n), &m), RC_OK);
	assert_int_equal(m.fields[0].value.n, n - 2);
	memset(text, '\n', n);
	text[0] = 'a';
	assert_int_equal(message_parse(arena, slice_of(text, n), &m), RC_OK);
	assert_int_equal(m.body.n, n - 3);
	free(text);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(fields_keep_their_raw_octets_and_lines),
		TEST(any_octets_are_a_message),
		TEST(from_line_counts_as_a_line_but_is_no_part),
		TEST(nul_octets_are_octets),
		TEST(fields_are_found_by_name_in_any_case),
		TEST(unfolding_keeps_the_white_space),
		TEST(more_fields_than_the_limit_are_left_out),
		TEST(one_line_of_fifty_megabytes_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
