#ifndef CHECKS_DMARC_DMARC_ALIGN_H
#define CHECKS_DMARC_DMARC_ALIGN_H

#include "checks/dmarc/dmarc_walk.h"

/* Identifier alignment (RFC 9989 4.4, 4.10.2; RFC 7489 3.1). */

struct dmarc_alignment {
	bool waiting;
	bool aligned;
	/* Without its answer it is not known; or NULL. */
	const struct dmarc_level *lost;
};

/*
 * Whether two names are of one organization, by a tree walk of each; the same
 * name is without any.  from: the walk of the first.
 */
struct dmarc_alignment dmarc_align_walk(struct check_run *,
    const struct dmarc_walk *from, struct slice other);

/*
 * The same for an identifier of DKIM or SPF, by what the policy that applies
 * to the first name asks of it: adkim or aspf may want the very name.
 */
struct dmarc_alignment dmarc_align_identifier(struct check_run *,
    const struct dmarc_walk *from, struct slice other, enum dmarc_tag mode);

/* The same by the suffix list, which must be there. */
bool dmarc_align_psl(struct check_run *, struct slice from, struct slice other);

#endif
