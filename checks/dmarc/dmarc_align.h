#ifndef CHECKS_DMARC_DMARC_ALIGN_H
#define CHECKS_DMARC_DMARC_ALIGN_H

#include "checks/dmarc/dmarc_psl.h"

/* Identifier alignment (RFC 9989 4.4, 4.10.2; RFC 7489 3.1). */

struct dmarc_alignment {
	bool waiting;
	bool aligned;
	/* Without its answer it is not known; or NULL. */
	const struct dmarc_level *lost;
};

/*
 * Whether an identifier (canonical; nothing is aligned with none) is aligned
 * with the From domain, strictly or not as its record has it for that tag
 * (DMARC_ASPF, DMARC_ADKIM): by a tree walk of each, where it needs one.
 * from: the walk of the From domain.
 */
struct dmarc_alignment dmarc_align(struct check_run *,
    const struct dmarc_walk *from, enum dmarc_tag, struct slice identifier);

/* Relaxed, whatever the record has. */
struct dmarc_alignment dmarc_align_walk(struct check_run *,
    const struct dmarc_walk *from, struct slice identifier);

/* As dmarc_align() by the suffix list, which must be there. */
struct dmarc_alignment dmarc_align_psl(struct check_run *,
    const struct dmarc_psl *from, enum dmarc_tag, struct slice identifier);

#endif
