#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/civil.h"
#include "base/limits.h"

static void
days_agree_in_both_directions(void **state)
{
	struct civil t, last = { 0 };

	(void)state;
	/* Every day of 10,000 years at 12:34:56. */
	for (int64_t day = -719528; day <= 2932896; day++) {
		int64_t when = day * 86400 + 45296;

		civil_from_unix(when, &t);
		assert_true(civil_valid(&t));
		assert_true(civil_to_unix(&t) == when);
		assert_true(t.hour == 12 && t.minute == 34 && t.second == 56);
		if (day > -719528)
			assert_int_equal(t.weekday, (last.weekday + 1) % 7);
		last = t;
	}
	assert_int_equal(last.year, 9999);
}

static void
known_days_have_their_weekday(void **state)
{
	static const struct {
		struct civil t;
		int64_t want;
	} cases[] = {
		{ { 1970, 1, 1, 0, 0, 0, 4 }, 0 },
		{ { 2000, 2, 29, 0, 0, 0, 2 }, 951782400 },
		{ { 2026, 11, 21, 0, 0, 0, 6 }, 1795219200 },
		{ { 1969, 12, 31, 23, 59, 59, 3 }, -1 },
		{ { 0, 1, 1, 0, 0, 0, 6 }, -62167219200 },
		{ { 9999, 12, 31, 23, 59, 59, 5 }, 253402300799 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct civil t;

		assert_true(civil_to_unix(&cases[i].t) == cases[i].want);
		civil_from_unix(cases[i].want, &t);
		assert_int_equal(t.weekday, cases[i].t.weekday);
	}
}

static void
days_that_do_not_exist_are_not_valid(void **state)
{
	static const struct {
		struct civil t;
		bool want;
	} cases[] = {
		{ { 2024, 2, 29, 0, 0, 0, 0 }, true },
		{ { 2023, 2, 29, 0, 0, 0, 0 }, false },
		{ { 1900, 2, 29, 0, 0, 0, 0 }, false },
		{ { 2000, 2, 29, 0, 0, 0, 0 }, true },
		{ { 2024, 4, 31, 0, 0, 0, 0 }, false },
		{ { 2024, 0, 1, 0, 0, 0, 0 }, false },
		{ { 2024, 13, 1, 0, 0, 0, 0 }, false },
		{ { 2024, 1, 0, 0, 0, 0, 0 }, false },
		{ { 2024, 1, 1, 24, 0, 0, 0 }, false },
		{ { 2024, 1, 1, 0, 60, 0, 0 }, false },
		{ { 2024, 1, 1, 23, 59, 60, 0 }, true },
		{ { 2024, 1, 1, 0, 0, 61, 0 }, false },
		{ { 10000, 1, 1, 0, 0, 0, 0 }, false },
		{ { -1, 1, 1, 0, 0, 0, 0 }, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(civil_valid(&cases[i].t), cases[i].want);
}

static void
rfc3339_times_are_read(void **state)
{
	static const struct {
		const char *text;
		int64_t want;
	} cases[] = {
		{ "1970-01-01T00:00:00Z", 0 },
		{ "1970-01-01", 0 },
		{ "1970-01-01t00:00:01z", 1 },
		{ "1970-01-01T01:00:00+01:00", 0 },
		{ "1969-12-31T23:30:00-00:30", 0 },
		{ "1970-01-01T00:00:00.123456789012345678901234567890Z", 0 },
		{ "1990-12-31T23:59:60Z", 662688000 },
		{ "9999-12-31T23:59:59Z", 253402300799 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int64_t got = -1;

		assert_true(
		    civil_rfc3339_parse(slice_str(cases[i].text), &got));
		assert_true(got == cases[i].want);
	}
}

static void
what_is_not_rfc3339_is_refused(void **state)
{
	static const char *const cases[] = { "", "1970", "1970-1-01",
		"1970-01-01 00:00:00Z", "1970-01-01T00:00:00", "1970-01-01T",
		"1970-01-01T00:00Z", "1970-01-01T00:00:00.Z",
		"1970-01-01T00:00:00+0100", "1970-01-01T00:00:00+24:00",
		"1970-01-01T00:00:00+01:60", "1970-02-30",
		"1970-01-01T24:00:00Z", "1970-01-01T00:00:00Zx", " 1970-01-01",
		"19700101", "-970-01-01", "9999-12-31T23:59:60Z",
		"0000-01-01T00:00:00+00:01" };
	int64_t got = 42;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_false(civil_rfc3339_parse(slice_str(cases[i]), &got));
	assert_true(got == 42);
}

static void
rfc3339_format_stays_in_four_digits(void **state)
{
	char text[CIVIL_TEXT_MAX];

	(void)state;
	civil_rfc3339_format(1795219200, text);
	assert_string_equal(text, "2026-11-21T00:00:00Z");
	civil_rfc3339_format(-1, text);
	assert_string_equal(text, "1969-12-31T23:59:59Z");
	civil_rfc3339_format(INT64_MAX, text);
	assert_string_equal(text, "9999-12-31T23:59:59Z");
	civil_rfc3339_format(INT64_MIN, text);
	assert_string_equal(text, "0000-01-01T00:00:00Z");
}

/* A date in a message; when it is one of NOON and its neighbours. */
struct mail_case {
	const char *text;
	enum civil_fault fault;
	int64_t when;
	int zone;
	bool unknown;
};

/* 2026-11-21 12:00:00 UTC, a Saturday */
#define NOON 1795262400

static void
check_mail(const struct mail_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct civil_stamp got = { .zone_minutes = 9999 };
		enum civil_fault fault =
		    civil_rfc5322_parse(slice_str(cases[i].text), &got);

		if (fault != cases[i].fault)
			fail_msg("%s: fault %d, want %d", cases[i].text,
			    (int)fault, (int)cases[i].fault);
		if (fault == CIVIL_UNREADABLE || fault == CIVIL_IMPOSSIBLE) {
			assert_int_equal(got.zone_minutes, 9999);
			continue;
		}
		if (got.unix_seconds != cases[i].when ||
		    got.zone_minutes != cases[i].zone ||
		    got.zone_unknown != cases[i].unknown)
			fail_msg("%s: %lld zone %d unknown %d", cases[i].text,
			    (long long)got.unix_seconds, got.zone_minutes,
			    got.zone_unknown);
	}
}

#define CHECK_MAIL(cases) check_mail((cases), sizeof(cases) / sizeof(*(cases)))

static void
dates_of_the_current_grammar_are_fine(void **state)
{
	static const struct mail_case cases[] = {
		{ "Sat, 21 Nov 2026 12:00:00 +0000", CIVIL_FINE, NOON, 0,
		    false },
		{ " Sat, 21 Nov 2026 13:30:00 +0130 (CET, sort of)", CIVIL_FINE,
		    NOON, 90, false },
		{ "21 nov 2026 12:00 -0000", CIVIL_FINE, NOON, 0, true },
		{ "sat,21 NOV 2026 04:00:00 -0800", CIVIL_FINE, NOON, -480,
		    false },
		{ "Sat,\r\n 21 Nov 2026\r\n\t12:00:00 +0000", CIVIL_FINE, NOON,
		    0, false },
		{ "Sat, 21 Nov 2026 12:00:00 +0000 (a (nested \\) one) b)",
		    CIVIL_FINE, NOON, 0, false },
		{ "Sat, 21 Nov 2026 11:59:60 +0000", CIVIL_FINE, NOON, 0,
		    false },
		{ "Sat, 21 Nov 2026 23:59:60 +1159", CIVIL_FINE, NOON + 60, 719,
		    false },
	};

	(void)state;
	CHECK_MAIL(cases);
}

static void
obsolete_forms_are_read_and_named(void **state)
{
	static const struct mail_case cases[] = {
		{ "21 Nov 26 12:00:00 +0000", CIVIL_OBSOLETE, NOON, 0, false },
		{ "21 Nov 126 12:00:00 +0000", CIVIL_OBSOLETE, NOON, 0, false },
		{ "21 Nov 70 00:00 GMT", CIVIL_OBSOLETE, 28000000 - 6400, 0,
		    false },
		{ "Sat, 21 Nov 2026 12:00:00 GMT", CIVIL_OBSOLETE, NOON, 0,
		    false },
		{ "Sat, 21 Nov 2026 12:00:00UT", CIVIL_OBSOLETE, NOON, 0,
		    false },
		{ "Sat, 21 Nov 2026 07:00:00 est", CIVIL_OBSOLETE, NOON, -300,
		    false },
		{ "Sat, 21 Nov 2026 05:00:00 PDT", CIVIL_OBSOLETE, NOON, -420,
		    false },
		{ "Sat, 21 Nov 2026 12:00:00 Z", CIVIL_OBSOLETE, NOON, 0,
		    true },
		{ "Sat, 21 Nov 2026 12:00:00 a", CIVIL_OBSOLETE, NOON, 0,
		    true },
		{ "Sat (x), 21 Nov 2026 12:00:00 +0000", CIVIL_OBSOLETE, NOON,
		    0, false },
		{ "(x) Sat, 21 Nov 2026 12:00:00 +0000", CIVIL_OBSOLETE, NOON,
		    0, false },
		{ "Sat, 21(x)Nov(y)2026(z)12 : 00 (u): 00 +0000",
		    CIVIL_OBSOLETE, NOON, 0, false },
		{ "Sat, 21Nov 2026 12:00:00 +0000", CIVIL_OBSOLETE, NOON, 0,
		    false },
		{ "Sat, 21 Nov 2026 12:00:00 (x) +0000", CIVIL_OBSOLETE, NOON,
		    0, false },
		{ "Sat, 21 Nov 2026 \r\n \r\n 12:00:00 +0000", CIVIL_OBSOLETE,
		    NOON, 0, false },
	};

	(void)state;
	CHECK_MAIL(cases);
}

static void
wrong_weekdays_and_zones_are_named(void **state)
{
	static const struct mail_case cases[] = {
		{ "Sun, 21 Nov 2026 12:00:00 +0000", CIVIL_WEEKDAY, NOON, 0,
		    false },
		{ "Sun, 21 Nov 2026 12:00:00 GMT", CIVIL_WEEKDAY, NOON, 0,
		    false },
		/* The day is the local one. */
		{ "Sun, 22 Nov 2026 01:00:00 +1300", CIVIL_FINE, NOON, 780,
		    false },
		{ "Sat, 21 Nov 2026 12:00:00 +0060", CIVIL_ZONE, NOON, 0,
		    true },
		{ "Sat, 21 Nov 2026 12:00:00 +2400", CIVIL_ZONE, NOON, 0,
		    true },
		{ "Sun, 21 Nov 2026 12:00:00 -9999", CIVIL_ZONE, NOON, 0,
		    true },
		{ "Sat, 21 Nov 2026 12:00:00 UTC", CIVIL_ZONE, NOON, 0, true },
		{ "Sat, 21 Nov 2026 12:00:00 J", CIVIL_ZONE, NOON, 0, true },
	};

	(void)state;
	CHECK_MAIL(cases);
}

static void
impossible_dates_are_named(void **state)
{
	static const struct mail_case cases[] = {
		{ "30 Feb 2026 12:00:00 +0000", CIVIL_IMPOSSIBLE, 0, 0, false },
		{ "0 Jan 2026 12:00:00 +0000", CIVIL_IMPOSSIBLE, 0, 0, false },
		{ "21 Nov 2026 25:00:00 +0000", CIVIL_IMPOSSIBLE, 0, 0, false },
		{ "21 Nov 2026 12:60:00 +0000", CIVIL_IMPOSSIBLE, 0, 0, false },
		{ "21 Nov 2026 12:00:61 +0000", CIVIL_IMPOSSIBLE, 0, 0, false },
		{ "21 Nov 1899 12:00:00 +0000", CIVIL_IMPOSSIBLE, 0, 0, false },
		{ "21 Nov 20260 12:00:00 +0000", CIVIL_IMPOSSIBLE, 0, 0,
		    false },
		{ "Sat, 30 Feb 2026 12:00:00 UTC", CIVIL_IMPOSSIBLE, 0, 0,
		    false },
	};

	(void)state;
	CHECK_MAIL(cases);
}

static void
what_is_not_the_grammar_is_unreadable(void **state)
{
	static const char *const cases[] = { "", " ", "Sat,", "today",
		"Sat 21 Nov 2026 12:00:00 +0000",
		"Saturday, 21 Nov 2026 12:00:00 +0000",
		"Sat, Nov 21 2026 12:00:00 +0000",
		"Sat, 21 November 2026 12:00:00 +0000",
		"Sat, 21 11 2026 12:00:00 +0000",
		"Sat, 021 Nov 2026 12:00:00 +0000",
		"Sat, 21 Nov 6 12:00:00 +0000",
		"Sat, 21 Nov 1234567890 12:00:00 +0000",
		"Sat, 21 Nov 2026 9:00:00 +0000",
		"Sat, 21 Nov 2026 12:00:0 +0000", "Sat, 21 Nov 2026 12 +0000",
		"Sat, 21 Nov 2026 12:00:00", "Sat, 21 Nov 2026 12:00:00+0000",
		"Sat, 21 Nov 2026 12:00:00 +00:00",
		"Sat, 21 Nov 2026 12:00:00 +000",
		"Sat, 21 Nov 2026 12:00:00 +0000 x",
		"Sat, 21 Nov 2026 12:00:00 +0000 (x",
		"Sat, 21 Nov 2026 12:00:00 +0000 x)",
		"Sat, 21 Nov 2026 12:00:00 +0000 (x\\",
		"Sat, 21 Nov 2026 12:00:00 +0000\r\n",
		"Sat, 21 Nov 2026 12:00:00 +0000 (x\r\ny)",
		"Sat, 21 Nov\r\n2026 12:00:00 +0000" };
	struct civil_stamp out;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		if (civil_rfc5322_parse(slice_str(cases[i]), &out) !=
		    CIVIL_UNREADABLE)
			fail_msg("%s", cases[i]);
	}
	assert_int_equal(civil_rfc5322_parse(SLICE_NONE, &out),
	    CIVIL_UNREADABLE);
}

static void
comments_nest_to_their_ceiling_only(void **state)
{
	char text[256] = "21 Nov 2026 12:00 +0000 ";
	struct civil_stamp out;

	(void)state;
	memset(text + 24, '(', LIMIT_COMMENT_DEPTH);
	memset(text + 24 + LIMIT_COMMENT_DEPTH, ')', LIMIT_COMMENT_DEPTH);
	assert_int_equal(civil_rfc5322_parse(slice_str(text), &out),
	    CIVIL_FINE);
	memset(text + 24, '(', LIMIT_COMMENT_DEPTH + 1);
	memset(text + 25 + LIMIT_COMMENT_DEPTH, ')', LIMIT_COMMENT_DEPTH + 1);
	assert_int_equal(civil_rfc5322_parse(slice_str(text), &out),
	    CIVIL_UNREADABLE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_agree_in_both_directions),
		cmocka_unit_test(known_days_have_their_weekday),
		cmocka_unit_test(days_that_do_not_exist_are_not_valid),
		cmocka_unit_test(rfc3339_times_are_read),
		cmocka_unit_test(what_is_not_rfc3339_is_refused),
		cmocka_unit_test(rfc3339_format_stays_in_four_digits),
		cmocka_unit_test(dates_of_the_current_grammar_are_fine),
		cmocka_unit_test(obsolete_forms_are_read_and_named),
		cmocka_unit_test(wrong_weekdays_and_zones_are_named),
		cmocka_unit_test(impossible_dates_are_named),
		cmocka_unit_test(what_is_not_the_grammar_is_unreadable),
		cmocka_unit_test(comments_nest_to_their_ceiling_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
