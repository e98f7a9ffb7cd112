#ifndef AUDIT_DIFF_H
#define AUDIT_DIFF_H

#include "audit/diff_results.h"
#include "audit/saved.h"

/* Two documents of presend audit, and what became of each audit. */

/* How two audits of one subject are the same. */
struct diff_pair {
	json_t *before; /* NULL: it is only in the newer document */
	json_t *after;  /* NULL: only in the older */
};

/*
 * Pairs the audits: those of the same domain, message, addresses, HELO and
 * envelope sender first, then of the same domain and message, then of the same
 * domain and file; and last what is left of a domain, if it is one on either
 * side.  Pairs stand in the order of the newer document, then those that are
 * gone.  RC_NOMEM, RC_LIMIT.
 */
enum rc diff_match(struct arena *, const json_t *before, const json_t *after,
    struct diff_pair **, size_t *n);

struct diff {
	json_t *header; /* schema, generator, old, new, counts */
	json_t *audits; /* what is not the same */
	struct diff_counts counts;
};

/* files: their names, as they are shown.  RC_NOMEM, RC_LIMIT. */
enum rc diff_make(struct arena *, const struct saved saved[2],
    const char *const files[2], struct diff *);
void diff_close(struct diff *);

#endif
