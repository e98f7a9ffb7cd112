#ifndef BOUNCES_YEARS_H
#define BOUNCES_YEARS_H

#include "bounces/attempt.h"

/*
 * The year of times that have none, as those of the old syslog: the first is
 * of a given year, or of the newest in which it is not after now; when the
 * next is far behind the one before, a year has begun.
 */
struct years {
	int year; /* of the last time; 0: there was none */
	int64_t last;
	int given;
	int64_t now;
	bool future; /* a time is after now */
};

/* Makes it MOMENT_FULL, in the order of the log; others stay. */
void years_complete(struct years *, struct moment *);

#endif
