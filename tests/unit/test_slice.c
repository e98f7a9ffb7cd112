#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/slice.h"

static void
comparison_ignores_case_of_ascii_alone(void **state)
{
	(void)state;
	assert_true(slice_eq_nocase(SLICE_LIT("aB[z"), SLICE_LIT("Ab[Z")));
	assert_false(slice_eq_nocase(SLICE_LIT("["), SLICE_LIT("{")));
	assert_false(slice_eq_nocase(SLICE_LIT("a"), SLICE_LIT("ab")));
	assert_true(slice_eq(SLICE_NONE, SLICE_LIT("")));
	assert_true(slice_starts(SLICE_LIT("abc"), SLICE_LIT("ab")));
	assert_false(slice_starts(SLICE_LIT("a"), SLICE_LIT("ab")));
	assert_true(slice_starts_nocase(SLICE_LIT("ABc"), SLICE_LIT("ab")));
	assert_true(slice_ends_nocase(SLICE_LIT("aBC"), SLICE_LIT("bc")));
	assert_true(slice_ends_nocase(SLICE_LIT("a"), SLICE_LIT("")));
	assert_false(slice_ends_nocase(SLICE_LIT("c"), SLICE_LIT("bc")));
}

static void
order_is_by_octet_then_by_length(void **state)
{
	(void)state;
	assert_int_equal(slice_cmp(SLICE_LIT("a"), SLICE_LIT("a")), 0);
	assert_true(slice_cmp(SLICE_LIT("a"), SLICE_LIT("ab")) < 0);
	assert_true(slice_cmp(SLICE_LIT("b"), SLICE_LIT("ab")) > 0);
	assert_true(slice_cmp(SLICE_LIT("\xff"), SLICE_LIT("a")) > 0);
	assert_true(slice_cmp(SLICE_NONE, SLICE_LIT("a")) < 0);
}

static void
sub_is_clamped_to_what_is_there(void **state)
{
	struct slice s = SLICE_LIT("abc");

	(void)state;
	assert_true(slice_eq(slice_sub(s, 1, 1), SLICE_LIT("b")));
	assert_true(slice_eq(slice_sub(s, 1, SIZE_MAX), SLICE_LIT("bc")));
	assert_int_equal(slice_sub(s, SIZE_MAX, SIZE_MAX).n, 0);
	assert_null(slice_from(SLICE_NONE, 4).p);
}

static void
trim_takes_both_ends(void **state)
{
	(void)state;
	assert_true(
	    slice_eq(slice_trim(SLICE_LIT(" \t\r\na b ")), SLICE_LIT("a b")));
	assert_int_equal(slice_trim(SLICE_LIT(" \r\n")).n, 0);
	assert_int_equal(slice_trim(SLICE_NONE).n, 0);
	assert_int_equal(slice_trim(SLICE_LIT("\v\0")).n, 2);
}

static void
cut_splits_at_the_first_separator(void **state)
{
	struct slice h, t;

	(void)state;
	assert_true(slice_cut(SLICE_LIT("a=b=c"), '=', &h, &t));
	assert_true(slice_eq(h, SLICE_LIT("a")));
	assert_true(slice_eq(t, SLICE_LIT("b=c")));
	assert_true(slice_cut(SLICE_LIT("="), '=', &h, &t));
	assert_int_equal(h.n + t.n, 0);
	assert_false(slice_cut(SLICE_LIT("abc"), '=', &h, &t));
	assert_int_equal(h.n, 3);
	assert_null(t.p);
	assert_false(slice_cut(SLICE_NONE, '=', &h, &t));
}

static void
lines_lose_their_ends(void **state)
{
	static const char *const want[] = { "a", "", "b\rc", "d" };
	struct slice in = SLICE_LIT("a\r\n\nb\rc\nd"), line;

	(void)state;
	for (size_t i = 0; i < sizeof(want) / sizeof(*want); i++) {
		assert_true(slice_line(&in, &line));
		assert_true(slice_eq(line, slice_str(want[i])));
	}
	assert_false(slice_line(&in, &line));
	in = SLICE_LIT("x\n");
	assert_true(slice_line(&in, &line));
	assert_false(slice_line(&in, &line));
}

static void
find_gives_the_first_offset(void **state)
{
	struct slice s = SLICE_LIT("abaBab");

	(void)state;
	assert_int_equal(slice_find(s, SLICE_LIT("ab")), 0);
	assert_int_equal(slice_find(s, SLICE_LIT("Ba")), 3);
	assert_int_equal(slice_find_nocase(s, SLICE_LIT("BA")), 1);
	assert_int_equal(slice_find(s, SLICE_LIT("")), 0);
	assert_int_equal(slice_find(SLICE_NONE, SLICE_LIT("")), 0);
	assert_int_equal(slice_find_nocase(SLICE_NONE, SLICE_LIT("")), 0);
	assert_true(slice_find(s, SLICE_LIT("abaBabc")) == SIZE_MAX);
	assert_true(slice_find_nocase(s, SLICE_LIT("x")) == SIZE_MAX);
}

static void
numbers_stop_at_their_maximum(void **state)
{
	static const struct {
		const char *text;
		uint64_t max;
		uint64_t want; /* UINT64_MAX - 1: refused */
	} cases[] = {
		{ "0", 0, 0 },
		{ "007", 7, 7 },
		{ "8", 7, UINT64_MAX - 1 },
		{ "10", 9, UINT64_MAX - 1 },
		{ "255", 255, 255 },
		{ "256", 255, UINT64_MAX - 1 },
		{ "18446744073709551615", UINT64_MAX, UINT64_MAX },
		{ "18446744073709551616", UINT64_MAX, UINT64_MAX - 1 },
		{ "", 9, UINT64_MAX - 1 },
		{ "-1", 9, UINT64_MAX - 1 },
		{ " 1", 9, UINT64_MAX - 1 },
		{ "1\xb2", 99, UINT64_MAX - 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		uint64_t got = 0;
		bool ok =
		    slice_number(slice_str(cases[i].text), cases[i].max, &got);

		assert_int_equal(ok, cases[i].want != UINT64_MAX - 1);
		if (ok)
			assert_true(got == cases[i].want);
	}
}

static void
hexadecimal_digits_have_values(void **state)
{
	int sum = 0;

	(void)state;
	assert_int_equal(ascii_hex('f'), 15);
	assert_int_equal(ascii_hex('A'), 10);
	for (int c = 0; c < 256; c++)
		sum += ascii_hex((unsigned char)c) >= 0;
	assert_int_equal(sum, 22);
}

/* Each octet at each place of a word and of the rest behind it. */
static void
printable_is_from_the_space_to_the_tilde(void **state)
{
	unsigned char text[19];

	(void)state;
	assert_true(slice_is_printable(SLICE_NONE));
	for (size_t at = 0; at < sizeof(text); at++) {
		for (unsigned int c = 0; c < 256; c++) {
			memset(text, 'x', sizeof(text));
			text[at] = (unsigned char)c;
			assert_int_equal(slice_is_printable(
					     slice_of(text, sizeof(text))),
			    c >= ' ' && c <= '~');
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comparison_ignores_case_of_ascii_alone),
		cmocka_unit_test(order_is_by_octet_then_by_length),
		cmocka_unit_test(sub_is_clamped_to_what_is_there),
		cmocka_unit_test(trim_takes_both_ends),
		cmocka_unit_test(cut_splits_at_the_first_separator),
		cmocka_unit_test(lines_lose_their_ends),
		cmocka_unit_test(find_gives_the_first_offset),
		cmocka_unit_test(numbers_stop_at_their_maximum),
		cmocka_unit_test(hexadecimal_digits_have_values),
		cmocka_unit_test(printable_is_from_the_space_to_the_tilde),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
