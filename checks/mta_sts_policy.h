#ifndef CHECKS_MTA_STS_POLICY_H
#define CHECKS_MTA_STS_POLICY_H

#include "checks/check.h"

/* The text of an MTA-STS policy (RFC 8461 3.2). */
struct sts_policy {
	struct slice version, mode; /* nothing: not there */
	struct slice age;           /* max_age as it stands there */
	struct slice *mx;           /* the patterns */
	size_t n_mx, mx_cap;
	bool has_max_age; /* and it is a number in range */
	uint64_t max_age; /* seconds */
	bool bad_line;    /* one is neither empty nor "key: value" */
};

/*
 *  sts-policy-ext-name = (ALPHA / DIGIT)
 *                        *31(ALPHA / DIGIT / "_" / "-" / ".")
 *
 * RFC 8461 3.1 and 3.2: of a field in the record or the policy; the names that
 * are known are such, too.
 */
bool sts_key_is_good(struct slice key);

/* Fills a zeroed policy, whose slices borrow the body. */
void sts_policy_read(struct arena *, struct slice body, struct sts_policy *);

/* Whether senders would take it; if not, adds what is wrong to "problems". */
bool sts_policy_check(struct check_run *, const struct sts_policy *);

/* RFC 8461 4.1: a pattern with a leftmost "*" stands for exactly one label. */
bool sts_mx_matches(struct slice pattern, struct slice host);

#endif
