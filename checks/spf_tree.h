#ifndef CHECKS_SPF_TREE_H
#define CHECKS_SPF_TREE_H

#include "checks/spf_eval.h"

/*
 * SPF as published: the whole tree of a domain's record, whatever the sending
 * IP, and the most that an evaluation can count in it: the one in which
 * nothing matches before the end.
 */

/* One row of the tree, in the order of the records. */
struct spf_row {
	unsigned int depth;
	struct slice domain;                /* whose record */
	const struct spf_term *term;        /* NULL: a record as a whole */
	const struct spf_published *record; /* term NULL; include, redirect:
	                                       what it leads to, or NULL */
	unsigned int lookups;               /* of this term alone: 0 or 1 */
	unsigned int below;                 /* with all that it leads to */
	unsigned int total; /* counted so far, this row's term included */
	bool empty;         /* its lookup is void whatever the address family */
	bool loop;          /* leads back to a record above it */
	bool never;         /* stands behind all, or a redirect beside all */
};

struct spf_tree {
	bool waiting;
	const struct spf_row *rows;
	size_t n;
	bool cut;             /* over LIMIT_SPF_ROWS or LIMIT_SPF_RECORDS */
	unsigned int lookups; /* the worst case; see dynamic */
	unsigned int voids;
	bool dynamic; /* a macro decides on more: lookups is the least */
	const struct answer *lost; /* an answer that is not known, or NULL */
	struct slice lost_what;
};

/* RC_OK also when waiting.  The tree lives in the run's arena. */
enum rc spf_tree_walk(struct spf_records *, struct slice domain,
    struct spf_tree *out);

#endif
