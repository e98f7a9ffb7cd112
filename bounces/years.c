#include "bounces/years.h"

#include "base/civil.h"

/*
 * What goes back by half a year has begun a new one: logs that were put
 * together in the wrong order go back by days.  A line of the old year may
 * come late, or be of an older log that stands behind: by a quarter at most.
 */
enum {
	DAY = 24 * 60 * 60,
	YEAR = 366 * DAY,
	HALF_A_YEAR = YEAR / 2,
	LATE = 92 * DAY,
	LEAP_DAY = (31 + 28) * DAY, /* where it begins */
	BETWEEN_LEAPS = 8,          /* years, over 1900 and 2100 too */
};

static bool
is_leap(int year)
{
	const struct civil c = { .year = year, .month = 2, .day = 29 };

	return civil_valid(&c);
}

/* Seconds since a year of 366 days began, in that year. */
static int64_t
in_year(int year, int64_t seconds)
{
	const struct civil first = { .year = year, .month = 1, .day = 1 };

	/* 29 February where there is none: the day after the 28th. */
	if (!is_leap(year) && seconds >= LEAP_DAY + DAY)
		seconds -= DAY;
	return civil_to_unix(&first) + seconds;
}

int64_t
years_full(int zero, int64_t seconds)
{
	return in_year(zero + (int)(seconds / YEAR), seconds % YEAR);
}

/* The newest year zero in which those seconds are not after now. */
static int
newest(const struct years *y, int64_t seconds)
{
	struct civil c;
	int zero;

	civil_from_unix(y->now, &c);
	zero = c.year - (int)(seconds / YEAR);
	/* Clocks differ, and zones. */
	if (years_full(zero, seconds) > y->now + DAY)
		zero--;
	for (int n = 0; y->leap != 0 && n < BETWEEN_LEAPS; n++) {
		if (is_leap(zero + y->leap))
			break;
		zero--;
	}
	return zero;
}

int
years_zero(const struct years *y)
{
	return y->given != 0 ? y->given - 1 : newest(y, y->latest);
}

/* The year of the next time. */
static int
year_of(const struct years *y, int64_t seconds)
{
	if (seconds < y->last - HALF_A_YEAR)
		return y->year + 1;
	if (seconds > y->last + YEAR - LATE)
		return y->year - 1;
	return y->year;
}

void
years_complete(struct years *y, struct moment *m)
{
	int64_t seconds = m->seconds;
	int year = 1;

	if (m->kind != MOMENT_YEARLESS)
		return;
	if (y->begun)
		year = year_of(y, seconds);
	if (seconds >= LEAP_DAY && seconds < LEAP_DAY + DAY)
		y->leap = year;
	if (!y->begun || year >= y->year) {
		y->year = year;
		y->last = seconds;
	}
	m->seconds = (int64_t)year * YEAR + seconds;
	if (!y->begun || m->seconds > y->latest)
		y->latest = m->seconds;
	if (!y->begun && (y->at_once || y->given != 0))
		y->zero = years_zero(y);
	y->begun = true;
	if (!y->at_once && y->given == 0)
		return;
	m->kind = MOMENT_FULL;
	m->seconds = years_full(y->zero, m->seconds);
	y->future |= y->given == 0 && m->seconds > y->now + DAY;
}
