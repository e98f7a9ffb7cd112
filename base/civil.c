#include "base/civil.h"

#include <stdio.h>

#include "base/cursor.h"

enum { DAY_SECONDS = 86400 };

/* 0000-01-01T00:00:00Z and 9999-12-31T23:59:59Z. */
static const int64_t civil_first = -62167219200;
static const int64_t civil_last = 253402300799;

/*
 * Days since 1970-01-01.  Years are counted from March, so that the leap day
 * is the last of its year, and in eras of 400 years, which are all alike.
 */
static int64_t
civil_days(const struct civil *t)
{
	int64_t year = t->month <= 2 ? (int64_t)t->year - 1 : t->year;
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t of_era = year - era * 400;
	int64_t month = (t->month + 9) % 12;
	int64_t of_year = (153 * month + 2) / 5 + t->day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
	       of_year - 719468;
}

int64_t
civil_to_unix(const struct civil *t)
{
	return civil_days(t) * DAY_SECONDS + t->hour * 3600 + t->minute * 60 +
	       t->second;
}

static void
civil_from_days(int64_t days, struct civil *t)
{
	int64_t era, of_era, year, of_year, month;

	days += 719468;
	era = (days >= 0 ? days : days - 146096) / 146097;
	of_era = days - era * 146097;
	year =
	    (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	of_year = of_era - (365 * year + year / 4 - year / 100);
	month = (5 * of_year + 2) / 153;
	t->day = (int)(of_year - (153 * month + 2) / 5 + 1);
	t->month = (int)(month < 10 ? month + 3 : month - 9);
	t->year = (int)(year + era * 400 + (t->month <= 2 ? 1 : 0));
}

void
civil_from_unix(int64_t when, struct civil *out)
{
	int64_t days, rest;

	if (when < civil_first)
		when = civil_first;
	if (when > civil_last)
		when = civil_last;
	rest = (when - civil_first) % DAY_SECONDS;
	days = (when - rest) / DAY_SECONDS;
	civil_from_days(days, out);
	out->hour = (int)(rest / 3600);
	out->minute = (int)(rest / 60 % 60);
	out->second = (int)(rest % 60);
	/* 1970-01-01 was a Thursday; weeks enough to be positive from year 0. */
	out->weekday = (int)((days + 4 + 7 * 102790) % 7);
}

static int
civil_month_days(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return month == 2 && leap ? 29 : days[month - 1];
}

bool
civil_valid(const struct civil *t)
{
	if (t->year < 0 || t->year > 9999 || t->month < 1 || t->month > 12)
		return false;
	if (t->day < 1 || t->day > civil_month_days(t->year, t->month))
		return false;
	return t->hour >= 0 && t->hour <= 23 && t->minute >= 0 &&
	       t->minute <= 59 && t->second >= 0 && t->second <= 60;
}

/* Exactly so many digits; failing otherwise. */
static int
civil_digits(struct cursor *c, size_t n)
{
	uint64_t value = 0;

	if (!slice_number(cursor_bytes(c, n), 9999, &value))
		c->failed = true;
	return (int)value;
}

static void
civil_expect(struct cursor *c, unsigned char ch)
{
	if (!cursor_skip(c, ch))
		c->failed = true;
}

/* time-offset = "Z" / ( ( "+" / "-" ) 2DIGIT ":" 2DIGIT ); in minutes. */
static int
rfc3339_offset(struct cursor *c)
{
	int sign, hours, minutes;

	if (cursor_skip(c, 'Z') || cursor_skip(c, 'z'))
		return 0;
	sign = cursor_peek(c) == '-' ? -1 : 1;
	if (!cursor_skip(c, '-'))
		civil_expect(c, '+');
	hours = civil_digits(c, 2);
	civil_expect(c, ':');
	minutes = civil_digits(c, 2);
	if (hours > 23 || minutes > 59)
		c->failed = true;
	return sign * (hours * 60 + minutes);
}

/* "T" partial-time time-offset; the offset in minutes. */
static int
rfc3339_time(struct cursor *c, struct civil *t)
{
	if (!cursor_skip(c, 'T'))
		civil_expect(c, 't');
	t->hour = civil_digits(c, 2);
	civil_expect(c, ':');
	t->minute = civil_digits(c, 2);
	civil_expect(c, ':');
	t->second = civil_digits(c, 2);
	if (cursor_skip(c, '.')) {
		(void)civil_digits(c, 1);
		while (ascii_is_digit((unsigned char)cursor_peek(c)))
			(void)cursor_u8(c);
	}
	return rfc3339_offset(c);
}

bool
civil_rfc3339_parse(struct slice s, int64_t *out)
{
	struct cursor c = cursor_of(s);
	struct civil t = { 0 };
	int offset = 0;
	int64_t when;

	t.year = civil_digits(&c, 4);
	civil_expect(&c, '-');
	t.month = civil_digits(&c, 2);
	civil_expect(&c, '-');
	t.day = civil_digits(&c, 2);
	if (!cursor_done(&c))
		offset = rfc3339_time(&c, &t);
	if (c.failed || !cursor_done(&c) || !civil_valid(&t))
		return false;
	when = civil_to_unix(&t) - (int64_t)offset * 60;
	if (when < civil_first || when > civil_last)
		return false;
	*out = when;
	return true;
}

void
civil_rfc3339_format(int64_t when, char out[CIVIL_TEXT_MAX])
{
	struct civil t;

	civil_from_unix(when, &t);
	(void)snprintf(out, CIVIL_TEXT_MAX, "%04d-%02d-%02dT%02d:%02d:%02dZ",
	    t.year, t.month, t.day, t.hour, t.minute, t.second);
}
