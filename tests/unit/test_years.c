#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/civil.h"
#include "bounces/years.h"

enum { TIMES_MAX = 6 };

/* Seconds since a year of 366 days began, of "MM-DD HH:MM:SS". */
static int64_t
seconds_of(const char *time)
{
	char text[64];
	int64_t begin, at;

	(void)snprintf(text, sizeof(text), "1972-%.5sT%sZ", time, time + 6);
	assert_true(civil_rfc3339_parse(slice_str(text), &at));
	assert_true(civil_rfc3339_parse(SLICE_LIT("1972-01-01"), &begin));
	return at - begin;
}

/* Now is noon of 2026-11-26. */
static struct years
years_of(int given, bool at_once)
{
	struct years y = { .given = given, .at_once = at_once };

	assert_true(
	    civil_rfc3339_parse(SLICE_LIT("2026-11-26T12:00:00Z"), &y.now));
	return y;
}

/* What comes of a log, as "YYYY-MM-DD" each. */
static void
complete(struct years *y, const char *const *times,
    char out[TIMES_MAX][CIVIL_TEXT_MAX])
{
	struct moment m[TIMES_MAX];
	size_t n = 0;

	for (; n < TIMES_MAX && times[n] != NULL; n++) {
		m[n] = (struct moment){ MOMENT_YEARLESS, seconds_of(times[n]) };
		years_complete(y, &m[n]);
	}
	for (size_t i = 0; i < n; i++) {
		if (m[i].kind == MOMENT_YEARLESS)
			m[i].seconds = years_full(years_zero(y), m[i].seconds);
		civil_rfc3339_format(m[i].seconds, out[i]);
	}
}

static const struct {
	const char *times[TIMES_MAX], *days[TIMES_MAX];
} logs[] = {
	{ { "12-31 23:59:59", "01-01 00:00:00" },
	    { "2025-12-31", "2026-01-01" } },
	/* The first would not be after now in 2026. */
	{ { "11-20 10:00:00", "12-31 10:00:00", "01-01 00:00:00" },
	    { "2025-11-20", "2025-12-31", "2026-01-01" } },
	/* Not after now, but for a day: clocks and zones. */
	{ { "11-27 11:00:00" }, { "2026-11-27" } },
	{ { "11-27 13:00:00" }, { "2025-11-27" } },
	{ { "11-30 10:00:00", "11-29 10:00:00" },
	    { "2025-11-30", "2025-11-29" } },
	/* Years in which much was silent. */
	{ { "01-05 10:00:00", "09-28 10:00:00", "03-01 10:00:00",
	      "11-01 10:00:00", "01-01 10:00:00" },
	    { "2024-01-05", "2024-09-28", "2025-03-01", "2025-11-01",
		"2026-01-01" } },
	/* What comes late, at once and later. */
	{ { "01-01 00:00:02", "12-31 23:59:59", "01-01 00:00:03" },
	    { "2026-01-01", "2025-12-31", "2026-01-01" } },
	{ { "12-30 10:00:00", "01-05 10:00:00", "12-20 10:00:00",
	      "01-06 10:00:00" },
	    { "2025-12-30", "2026-01-05", "2025-12-20", "2026-01-06" } },
	/* A leap year. */
	{ { "02-28 10:00:00", "02-29 10:00:00", "03-01 10:00:00" },
	    { "2024-02-28", "2024-02-29", "2024-03-01" } },
	{ { "12-01 10:00:00", "02-29 10:00:00", "11-01 10:00:00",
	      "01-01 10:00:00" },
	    { "2023-12-01", "2024-02-29", "2024-11-01", "2025-01-01" } },
	{ { "02-28 23:59:59", "03-01 00:00:00", "11-30 00:00:00" },
	    { "2025-02-28", "2025-03-01", "2025-11-30" } },
};

static void
the_last_is_of_the_newest_year_not_after_now(void **state)
{
	char out[TIMES_MAX][CIVIL_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(logs) / sizeof(logs[0]); i++) {
		struct years y = years_of(0, false);

		complete(&y, logs[i].times, out);
		for (size_t k = 0; k < TIMES_MAX && logs[i].times[k] != NULL;
		     k++) {
			if (strncmp(out[k], logs[i].days[k], 10) != 0)
				fail_msg("log %zu: %s is %s", i,
				    logs[i].days[k], out[k]);
		}
		assert_false(y.future);
	}
}

static void
a_year_that_is_given_is_that_of_the_first(void **state)
{
	static const char *const times[TIMES_MAX] = { "12-31 23:59:59",
		"01-01 00:00:00", "12-31 00:00:00" };
	static const char *const leap[TIMES_MAX] = { "02-29 12:00:00" };
	struct years y = years_of(2030, false);
	char out[TIMES_MAX][CIVIL_TEXT_MAX];

	(void)state;
	complete(&y, times, out);
	assert_string_equal(out[0], "2030-12-31T23:59:59Z");
	assert_string_equal(out[1], "2031-01-01T00:00:00Z");
	assert_string_equal(out[2], "2030-12-31T00:00:00Z");
	assert_false(y.future);
	/* There is none: the day after the 28th. */
	y = years_of(2025, false);
	complete(&y, leap, out);
	assert_string_equal(out[0], "2025-03-01T12:00:00Z");
}

static void
wanted_at_once_the_first_tells_and_what_is_beyond_is_said(void **state)
{
	static const char *const times[TIMES_MAX] = { "11-20 10:00:00",
		"01-01 00:00:00" };
	struct years y = years_of(0, true);
	char out[TIMES_MAX][CIVIL_TEXT_MAX];

	(void)state;
	complete(&y, times, out);
	assert_string_equal(out[0], "2026-11-20T10:00:00Z");
	assert_string_equal(out[1], "2027-01-01T00:00:00Z");
	assert_true(y.future);
}

static void
other_times_stay(void **state)
{
	struct moment full = { MOMENT_FULL, 5 }, none = { MOMENT_NONE, 0 };
	struct years y = years_of(0, false);

	(void)state;
	years_complete(&y, &full);
	years_complete(&y, &none);
	assert_int_equal(full.seconds, 5);
	assert_int_equal(none.kind, MOMENT_NONE);
	assert_false(y.begun);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_is_of_the_newest_year_not_after_now),
		cmocka_unit_test(a_year_that_is_given_is_that_of_the_first),
		cmocka_unit_test(
		    wanted_at_once_the_first_tells_and_what_is_beyond_is_said),
		cmocka_unit_test(other_times_stay),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
