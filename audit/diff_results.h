#ifndef AUDIT_DIFF_RESULTS_H
#define AUDIT_DIFF_RESULTS_H

#include <jansson.h>

/* What became of rules and verdicts between two audits of one subject. */

struct diff_counts {
	size_t worse;
	size_t better;
};

/*
 * A list of {rule, provider, check, level, consequence, title, change, old,
 * new, why, fix, records, ...} of the rules whose status is another; change is
 * "worse", "better", "other", or "added" and "removed" for rules that are in
 * one of the documents only.  Adds to *counts.  NULL: out of memory.
 */
json_t *diff_results(const json_t *before, const json_t *after,
    struct diff_counts *);

/* A list of {provider, old, new}; a side without a verdict has no member. */
json_t *diff_verdicts(const json_t *before, const json_t *after);

#endif
