#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "checks/dkim/dkim_tags.h"
#include "with_arena.h"

WITH_ARENA(1 << 20, 4096)

static void
tags_are_taken_apart(void **state)
{
	static const struct {
		const char *text, *name, *value, *whole;
		size_t n;
	} rows[] = {
		{ "a=b", "a", "b", "b", 1 },
		{ "a=b;", "a", "b", "b", 1 },
		{ "a=b; \r\n", "a", "b", "b", 1 },
		{ " a = b c ; d=", "a", "b c", " b c ", 2 },
		{ "a=;d=e", "a", "", "", 2 },
		{ "a=b;d=", "d", "", "", 2 },
		{ "v=1;\r\n\tbh=x\r\n y=;z_9=q", "bh",
		    "x\r\n y=", "x\r\n y=", 3 },
		{ "a=b=c", "a", "b=c", "b=c", 1 },
		{ "A=1;a=2", "a", "2", "2", 2 },
		{ "d=b\xc3\xbc"
		  "cher.example",
		    "d",
		    "b\xc3\xbc"
		    "cher.example",
		    "b\xc3\xbc"
		    "cher.example",
		    1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct dkim_tags t;
		const struct dkim_tag *tag;

		if (!dkim_tags_read(slice_str(rows[i].text), &t))
			fail_msg("%s: %s", rows[i].text,
			    dkim_tags_fault_text(t.fault));
		assert_int_equal(t.n, rows[i].n);
		tag = dkim_tags_find(&t, rows[i].name);
		assert_non_null(tag);
		if (!slice_eq(tag->value, slice_str(rows[i].value)) ||
		    !slice_eq(tag->whole, slice_str(rows[i].whole)))
			fail_msg("%s: \"%.*s\"", rows[i].text,
			    SLICE_FMT(tag->whole));
	}
}

static void
a_fault_says_what_and_where(void **state)
{
	static const struct {
		const char *text;
		enum dkim_tags_fault fault;
		size_t at;
		size_t n; /* tags before it */
	} rows[] = {
		{ "", DKIM_TAGS_EMPTY, 0, 0 },
		{ " \r\n ", DKIM_TAGS_EMPTY, 0, 0 },
		{ ";", DKIM_TAGS_NOTHING, 0, 0 },
		{ "a=b;;c=d", DKIM_TAGS_NOTHING, 4, 1 },
		{ "a=b; ;", DKIM_TAGS_NOTHING, 4, 1 },
		{ "a=b; c", DKIM_TAGS_NO_EQUAL, 5, 1 },
		{ "a=b; c d", DKIM_TAGS_NO_EQUAL, 5, 1 },
		{ "=b", DKIM_TAGS_NAME, 0, 0 },
		{ "a b=c", DKIM_TAGS_NAME, 0, 0 },
		{ "a-b=c", DKIM_TAGS_NAME, 0, 0 },
		{ "9=c", DKIM_TAGS_NAME, 0, 0 },
		{ "a=\x01", DKIM_TAGS_OCTET, 2, 0 },
		{ "a=b\x7f", DKIM_TAGS_OCTET, 3, 0 },
		{ "a=b;c=d\xff", DKIM_TAGS_OCTET, 7, 1 },
		{ "a=b;c=d;a=e", DKIM_TAGS_TWICE, 8, 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct dkim_tags t;
		bool good = dkim_tags_read(slice_str(rows[i].text), &t);

		if (good || t.fault != rows[i].fault || t.at != rows[i].at ||
		    t.n != rows[i].n)
			fail_msg("%s: %s at %zu after %zu", rows[i].text,
			    dkim_tags_fault_text(t.fault), t.at, t.n);
	}
}

static void
too_many_tags_are_said(void **state)
{
	struct dkim_tags t;
	struct slice text = SLICE_NONE;

	(void)state;
	for (int i = 0; i < LIMIT_DKIM_TAGS; i++)
		text = arena_slicef(arena, "%.*st%d=;", SLICE_FMT(text), i);
	assert_true(dkim_tags_read(text, &t));
	text = arena_slicef(arena, "%.*sx=", SLICE_FMT(text));
	assert_false(dkim_tags_read(text, &t));
	assert_int_equal(t.fault, DKIM_TAGS_MANY);
	assert_int_equal(t.n, LIMIT_DKIM_TAGS);
}

static void
a_place_is_a_line_and_a_column(void **state)
{
	struct slice octets = SLICE_LIT("A: b\r\nDKIM-Signature : v=1;\r\n"
					"\ta=b;\r\n c=d\r\n\r\n");
	struct message m;
	struct dkim_place p;

	(void)state;
	assert_int_equal(message_parse(arena, octets, &m), RC_OK);
	p = dkim_place(&m.fields[1], 1);
	assert_int_equal(p.line, 2);
	assert_int_equal(p.column, 18);
	p = dkim_place(&m.fields[1], 8);
	assert_int_equal(p.line, 3);
	assert_int_equal(p.column, 2);
	p = dkim_place(&m.fields[1], 15);
	assert_int_equal(p.line, 4);
	assert_int_equal(p.column, 2);
}

static void
lists_have_colons_between(void **state)
{
	struct slice rest = SLICE_LIT(" From : To::x "), item;
	const char *want[] = { "From", "To", "", "x" };
	size_t n = 0;

	(void)state;
	while (dkim_list_next(&rest, &item))
		assert_true(slice_eq(item, slice_str(want[n++])));
	assert_int_equal(n, 4);
	assert_true(dkim_list_has(SLICE_LIT("a : B"), SLICE_LIT("b")));
	assert_false(dkim_list_has(SLICE_LIT(""), SLICE_LIT("")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tags_are_taken_apart),
		cmocka_unit_test(a_fault_says_what_and_where),
		cmocka_unit_test(too_many_tags_are_said),
		cmocka_unit_test(a_place_is_a_line_and_a_column),
		cmocka_unit_test(lists_have_colons_between),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
