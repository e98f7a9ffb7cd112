#ifndef AUDIT_STALE_H
#define AUDIT_STALE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

/*
 * Days from a date ("2026-07-02") to a time; negative when it is still to
 * come, 0 when it is no date.
 */
int64_t stale_days(struct slice date, int64_t as_of);

/* Whether that is more than LIMIT_FRESH_DAYS. */
bool stale_is(struct slice date, int64_t as_of);

#endif
