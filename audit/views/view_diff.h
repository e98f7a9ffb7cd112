#ifndef AUDIT_VIEWS_VIEW_DIFF_H
#define AUDIT_VIEWS_VIEW_DIFF_H

#include "audit/views/view_parts.h"

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

/* One change: a heading, what it was and what it is. */
void told_change(struct page *, const json_t *change, const char *name);

#endif
