#ifndef CHECKS_SPAM_RATE_SPAM_RATE_VALUE_H
#define CHECKS_SPAM_RATE_SPAM_RATE_VALUE_H

#include "base/slice.h"

/* What stands in the cells of an export. */

/* A millionth of a percent: rates are compared exactly. */
enum { SPAM_RATE_PERCENT = 1000 * 1000 };

/*
 * A rate with a dot or a comma: in percent, or, where it is a fraction and has
 * no "%", of one.  False when it is no number, or over 100 %.
 */
bool spam_rate_parse(struct slice, bool fraction, int64_t *millionths);

/* The same of a number of JSON. */
bool spam_rate_of(double, bool fraction, int64_t *millionths);

/*
 * The day of 2026-11-05, 20261105, 2026/11/05, 11/05/2026 (month first) or
 * 05.11.2026, in days since 1970; a time of day behind the first is ignored.
 */
bool spam_rate_day(struct slice, int64_t *day);

/* A count, with or without marks between thousands. */
bool spam_rate_count(struct slice, int64_t *count);

#endif
