#ifndef CHECKS_DMARC_DMARC_DIFFER_H
#define CHECKS_DMARC_DMARC_DIFFER_H

#include "checks/dmarc/dmarc_psl.h"

/* What one of the two ways finds. */
struct dmarc_found {
	struct slice organizational;
	const struct dmarc_level *level; /* NULL: no record applies */
	const char *policy;              /* NULL: none */
	/* The tree walk: the level above its start that ends it by psd=y. */
	const struct dmarc_level *suffix; /* NULL: none */
};

/* Says methods_agree; and in words how they differ, if mail depends on it. */
void dmarc_differ(struct check_run *, const struct dmarc_found *walk,
    const struct dmarc_found *psl);

#endif
