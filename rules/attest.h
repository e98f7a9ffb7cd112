#ifndef RULES_ATTEST_H
#define RULES_ATTEST_H

#include "rules/rules.h"

/* What somebody answered to the question of a rule. */
struct attestation {
	const struct rule *rule;
	bool yes;
	struct slice by;
	struct slice date; /* "2026-11-26" */
	struct slice note; /* or nothing */
	struct slice file; /* it came from, and where */
	size_t line;
};

struct attestations {
	struct arena *arena; /* the caller's */
	struct attestation *list;
	size_t n;
	size_t cap;
};

/*
 * Adds the answers of an attest file; text and file are copied.  as_of is the
 * audit's time, which none may be after.  RC_INVALID: *error says where.
 */
enum rc attest_read(struct attestations *, const struct rules *, int64_t as_of,
    struct slice file, struct slice text, struct pack_error *error);

/* The answer to that rule's question; NULL: none. */
const struct attestation *attest_find(const struct attestations *,
    const struct rule *);

#endif
