#ifndef CHECKS_SPF_SPF_TREE_H
#define CHECKS_SPF_SPF_TREE_H

#include "checks/spf/spf_eval.h"

/*
 * SPF as published: the whole tree of a domain's record, whatever the sending
 * IP, and the most that an evaluation can count in it: the one in which
 * nothing matches before the end.  It goes on beyond the ten.
 */

/*
 * One row of the tree.  A record as a whole, then its terms, each include
 * followed by what it leads to; a redirect stands last, as it is evaluated
 * last (RFC 7208 6.1).  A record and its terms have the same depth.  The first
 * row is the domain's own record, be there one or not; a name that an include
 * leads to has a row only if there is one record to take apart.
 */
struct spf_row {
	unsigned int depth;
	struct slice domain;                /* whose record */
	const struct spf_term *term;        /* NULL: a record as a whole */
	const struct spf_published *record; /* term NULL; include, redirect:
	                                       what it leads to, or NULL */
	struct slice target;  /* the name it asks for; nothing: none, macros */
	unsigned int lookups; /* of this term alone: 0 or 1 */
	unsigned int below;   /* with all that it leads to */
	unsigned int total;   /* counted so far, this row's term included */
	unsigned int voids;   /* of this term alone; mx: its hosts too */
	bool empty; /* its lookup is void whatever the address family */
	bool loop;  /* leads back to a record above it: not followed */
	bool never; /* stands behind all, or a redirect beside all */
};

/*
 * Counts saturate at SPF_COUNT_MAX.  The terms of a record with a fault are
 * rows and count, though the record is a permerror: they will be there when it
 * is mended; a faulty term itself counts nothing.  voids is what is known of
 * the names without macros, and nothing of ptr, which hangs on the client.
 */
enum { SPF_COUNT_MAX = 1000 * 1000 };

struct spf_tree {
	bool waiting;
	const struct spf_row *rows;
	size_t n;
	bool cut;       /* over LIMIT_SPF_ROWS, LIMIT_SPF_RECORDS or _ASKED */
	bool count_cut; /* over one of the last two: counts are the least */
	unsigned int lookups; /* the worst case; see dynamic */
	unsigned int voids;
	bool dynamic; /* a macro decides on more: lookups is the least */
	/* A record that is not known: nor are the counts, dynamic and cut. */
	const struct answer *lost; /* or NULL */
	struct slice lost_what;    /* "example.com TXT" */
	/* Another answer, on which only voids hangs. */
	const struct answer *lost_void; /* or NULL */
	struct slice lost_void_what;
};

/* RC_OK also when waiting.  The tree lives in the run's arena. */
enum rc spf_tree_walk(struct check_run *, struct spf_records *,
    struct slice domain, struct spf_tree *out);

/*
 * What an include of the domain costs besides itself, as the tree has it;
 * false: it has no such include.
 */
bool spf_tree_below(const struct spf_tree *, struct slice domain,
    unsigned int *below);

#endif
