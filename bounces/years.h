#ifndef BOUNCES_YEARS_H
#define BOUNCES_YEARS_H

#include "bounces/attempt.h"

/*
 * The year of times that have none, as those of the old syslog.  A log goes on
 * in time: where the next is far before the last, a year has begun.  So the
 * last is what tells the year of all others: it is of the newest year in which
 * it is not after now, and in which 29 February is there if the log has one.
 */
struct years {
	int given;    /* year of the first time; 0: to be found */
	bool at_once; /* each is wanted as it comes, before the last is known */
	int64_t now;

	bool begun;
	int year; /* of the last time; that of the first is 1 */
	int64_t last;
	int64_t latest; /* of all: years_complete() */
	int leap;       /* a year with a 29 February; 0: there was none */
	int zero;       /* the year before that of the first, once known */
	bool future;    /* at once: a time is after now */
};

/*
 * In the order of the log.  Makes a MOMENT_YEARLESS full if that is wanted at
 * once or the year is given; else its seconds are from the begin of the year
 * before the first time's on, with 366 days in each year.  Others stay.
 */
void years_complete(struct years *, struct moment *);

/* The year that these seconds count from, once the log has ended. */
int years_zero(const struct years *);

/* Those seconds as seconds since 1970. */
int64_t years_full(int zero, int64_t seconds);

#endif
