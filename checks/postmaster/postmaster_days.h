#ifndef CHECKS_POSTMASTER_POSTMASTER_DAYS_H
#define CHECKS_POSTMASTER_POSTMASTER_DAYS_H

#include "checks/postmaster/postmaster_ask.h"

/* The figures of thirty days, by day and metric. */

enum { POSTMASTER_DAYS = 30, POSTMASTER_METRICS = 10 };

/* A metric that is asked for, by the name that it has in the answer. */
struct postmaster_metric {
	const char *name;
	const char *standard;
	const char *filter; /* NULL: none */
};

/* What one query asks: at most POSTMASTER_METRICS, a NULL name ends them. */
extern const struct postmaster_metric postmaster_rates[];
extern const struct postmaster_metric postmaster_errors[];

struct postmaster_days {
	int64_t first; /* day since 1970-01-01 */
	/* Shares of a whole; negative: there is none of that day. */
	double rates[POSTMASTER_METRICS][POSTMASTER_DAYS];
	size_t odd; /* rows that were none, or of nothing that was asked */
};

/* The days that end with the one of the audit. */
int64_t postmaster_first_day(const struct subject *);

/*
 * Asks for all pages.  The reply's body is nothing where one of them is lost:
 * what a part of the days would say is another thing.
 */
struct postmaster_reply postmaster_days_ask(struct check_run *,
    const struct postmaster_api *, struct slice domain,
    const struct postmaster_metric *, struct postmaster_days *);

/* ---- what they come to ------------------------------------------------- */

struct postmaster_sum {
	size_t days;
	int from, to; /* the first and last day, from 0 */
	double mean, worst, latest;
	double week_worst; /* of the last seven days of the window */
};

/* days 0: there are no figures. */
struct postmaster_sum postmaster_sum(const struct postmaster_days *,
    size_t metric);

/* "2026-11-20". */
struct slice postmaster_date(struct arena *, int64_t day);

/* In percent, to the fourth decimal. */
json_t *postmaster_percent(double rate);

#endif
