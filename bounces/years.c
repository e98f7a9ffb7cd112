#include "bounces/years.h"

#include "base/civil.h"

enum { DAY = 24 * 60 * 60, HALF_A_YEAR = 183 * DAY };

/* Seconds since a year of 366 days began, in that year. */
static int64_t
in_year(int year, int64_t seconds)
{
	const struct civil leap = { .year = 1972, .month = 1, .day = 1 };
	struct civil c;

	civil_from_unix(civil_to_unix(&leap) + seconds, &c);
	c.year = year;
	/* 29 February where there is none: the day after the 28th. */
	if (!civil_valid(&c)) {
		c.month = 3;
		c.day = 1;
	}
	return civil_to_unix(&c);
}

static int
newest(int64_t seconds, int64_t now)
{
	struct civil c;

	civil_from_unix(now, &c);
	/* Clocks differ, and zones. */
	return in_year(c.year, seconds) > now + DAY ? c.year - 1 : c.year;
}

void
years_complete(struct years *y, struct moment *m)
{
	int year = y->year;

	if (m->kind != MOMENT_YEARLESS)
		return;
	if (year == 0)
		year = y->given != 0 ? y->given : newest(m->seconds, y->now);
	else if (m->seconds < y->last - HALF_A_YEAR)
		year++;
	else if (m->seconds > y->last + HALF_A_YEAR)
		year--; /* a line of the old year that came late */
	if (year >= y->year) {
		y->year = year;
		y->last = m->seconds;
	}
	m->kind = MOMENT_FULL;
	m->seconds = in_year(year, m->seconds);
	if (y->given == 0 && m->seconds > y->now + DAY)
		y->future = true;
}
