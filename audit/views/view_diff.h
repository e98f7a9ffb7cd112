#ifndef AUDIT_VIEWS_VIEW_DIFF_H
#define AUDIT_VIEWS_VIEW_DIFF_H

#include "audit/views/view_parts.h"

/* Which rules are gathered. */
struct diff_wanted {
	const char *change;
	bool failing; /* those that fail now; else the others */
};

/*
 * As findings: one deed for several providers once; [0] is what providers ask,
 * [1] what the standards do.  They are of held, which the caller has made an
 * object and lets go of after them.
 */
void diff_gather(struct view_run *, const json_t *audit, struct diff_wanted,
    json_t *held, struct findings found[2]);

/* A status or a verdict of one side: "old" or "new". */
const char *diff_side(const json_t *object, const char *key);

/* The facts of one compared audit, each of which is shown once. */
struct told_facts {
	const json_t *list;
	bool *told; /* by place in the list */
};

/* Past the arena's ceiling none are shown. */
void told_facts_open(struct arena *, const json_t *audit, struct told_facts *);

struct told_sink {
	void (*change)(void *ctx, const json_t *change);
	void *ctx;
};

/*
 * A few facts of a check and of those that it hangs on that were not told; of
 * NULL some of those that are left.  Whether there are any; how many.
 */
void told_facts_tell(struct told_facts *, const char *check, struct told_sink);
bool told_facts_left(const struct told_facts *, const char *check);
size_t told_facts_count(const struct told_facts *);

/* "pass, now fail (must)"; "COMPLIANT, now NON-COMPLIANT". */
void diff_step(struct buf *, const json_t *result);
void diff_verdict(struct buf *, const json_t *verdict);

/* Domain, message, and whether only one document has it. */
void diff_subject(struct buf *, const json_t *audit);

/* "3 rules are judged in the newer document only, ..."; false: none. */
bool diff_unmatched(struct buf *, const json_t *audit, const char *change,
    const char *which);

/* What of the subject is worth telling. */
bool diff_is_for_machines(const json_t *change);
bool diff_is_backwards(const json_t *header);
extern const char diff_backwards[];

/* What changed in a check, and in those that it hangs on: a few of them. */
void told_facts_explain(struct page *, struct told_facts *, const char *check);

/* What has not been shown yet. */
void told_facts_rest(struct page *, struct told_facts *, long long more);

/* What it was ("old") or is ("new"), in words; a long one is cut, and says so. */
void told_side(struct buf *, const json_t *change, const char *key);

/* One change: a heading, what it was and what it is. */
void told_change(struct page *, const json_t *change, const char *name);

#endif
