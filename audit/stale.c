#include "audit/stale.h"

#include "base/civil.h"
#include "base/limits.h"

enum { SECONDS_A_DAY = 24 * 3600 };

int64_t
stale_days(struct slice date, int64_t as_of)
{
	int64_t t;

	if (date.n != sizeof("2026-07-02") - 1 ||
	    !civil_rfc3339_parse(date, &t))
		return 0;
	return (as_of - t) / SECONDS_A_DAY;
}

bool
stale_is(struct slice date, int64_t as_of)
{
	return stale_days(date, as_of) > LIMIT_FRESH_DAYS;
}
