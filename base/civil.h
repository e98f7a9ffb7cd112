#ifndef BASE_CIVIL_H
#define BASE_CIVIL_H

#include "base/slice.h"

/* A date and time of the proleptic Gregorian calendar, UTC unless it says. */
struct civil {
	int year;    /* 0 to 9999 */
	int month;   /* 1 to 12 */
	int day;     /* 1 to 31 */
	int hour;    /* 0 to 23 */
	int minute;  /* 0 to 59 */
	int second;  /* 0 to 60: a leap second counts as the one after */
	int weekday; /* 0 is Sunday */
};

enum { CIVIL_TEXT_MAX = 32 };

/*
 * Seconds since 1970-01-01T00:00:00Z and back.  What lies outside the years 0
 * to 9999 comes back as the nearest end of them.  civil_to_unix() wants a
 * month of 1 to 12 and ignores the day of the week.
 */
int64_t civil_to_unix(const struct civil *);
void civil_from_unix(int64_t, struct civil *);

/* Whether month, day and time of day exist (29 February and all). */
bool civil_valid(const struct civil *);

/*
 * RFC 3339 5.6, all of the slice: 2026-11-21T00:00:00Z, with an offset,
 * or with fractions (dropped).  A bare date is midnight UTC.
 */
bool civil_rfc3339_parse(struct slice, int64_t *unix_seconds);

/* "2026-11-21T00:00:00Z". */
void civil_rfc3339_format(int64_t unix_seconds, char out[CIVIL_TEXT_MAX]);

/* What is wrong with a date, the gravest first. */
enum civil_fault {
	CIVIL_FINE,
	CIVIL_UNREADABLE, /* not the grammar; nothing else was filled in */
	CIVIL_IMPOSSIBLE, /* 30 February, 25:00, a year before 1900 */
	CIVIL_ZONE,       /* over 23 hours or 59 minutes, or an unknown word */
	CIVIL_WEEKDAY,    /* the day of the week is another one */
	CIVIL_OBSOLETE,   /* RFC 5322 4.3: two-digit year, named zone, ... */
};

struct civil_stamp {
	int64_t unix_seconds;
	int zone_minutes;  /* east of UTC */
	bool zone_unknown; /* -0000 (RFC 5322 3.3) or what amounts to it */
	bool has_weekday;
};

/*
 * RFC 5322 3.3 and 4.3, with comments and folding white space.  All of the
 * slice must match.  Fills *out unless it says CIVIL_UNREADABLE or
 * CIVIL_IMPOSSIBLE.
 */
enum civil_fault civil_rfc5322_parse(struct slice, struct civil_stamp *out);

#endif
