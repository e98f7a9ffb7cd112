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

/* The facts of one compared audit, each of which is shown once. */
struct told_facts {
	const json_t *list;
	bool *told; /* by place in the list */
};

/* Past the arena's ceiling none are shown. */
void told_facts_open(struct arena *, const json_t *audit, struct told_facts *);

/* What changed in a check, and in those that it hangs on: a few of them. */
void told_facts_explain(struct page *, struct told_facts *, const char *check);

/* What has not been shown yet. */
void told_facts_rest(struct page *, struct told_facts *, long long more);

/* What it was ("old") or is ("new"), in words; a long one is cut, and says so. */
void told_side(struct buf *, const json_t *change, const char *key);

/* One change: a heading, what it was and what it is. */
void told_change(struct page *, const json_t *change, const char *name);

#endif
