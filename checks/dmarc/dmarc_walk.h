#ifndef CHECKS_DMARC_DMARC_WALK_H
#define CHECKS_DMARC_DMARC_WALK_H

#include "base/limits.h"
#include "checks/check.h"
#include "checks/dmarc/dmarc_record.h"

/* The DNS Tree Walk of RFC 9989 4.10, from any name. */

/* One name that is asked for. */
struct dmarc_level {
	struct slice domain;
	struct slice name;           /* _dmarc.DOMAIN */
	const struct answer *answer; /* NULL: not here yet, or unaskable */
	bool unaskable;              /* too long a name to exist */
	size_t found;                /* DMARC records there */
	struct slice best;           /* of several the one to keep */
	struct slice near;           /* one that only seems to be one */
	bool spf;                    /* an SPF record is there */
	struct dmarc_record record;  /* when exactly one was found */
};

/* Asks for the record of one domain. */
void dmarc_level_ask(struct check_run *, struct slice domain,
    struct dmarc_level *);

bool dmarc_level_known(const struct dmarc_level *);

struct dmarc_walk {
	struct dmarc_level levels[LIMIT_TREE_WALK];
	size_t n;     /* all that were asked for */
	size_t ended; /* so many the walk comes to, a lost one included */
	bool waiting; /* for one that it comes to */
	/* The level without an answer at which it breaks off; or NULL. */
	const struct dmarc_level *lost;
	/* The Organizational Domain (4.10.2); nothing: waiting or lost. */
	struct slice organizational;
	/* The level whose record applies (4.10.1); or NULL: none, or lost. */
	const struct dmarc_level *policy;
	bool policy_known; /* false: waiting, or one was lost below it */
};

/* In the run's arena; NULL past its ceiling.  The domain is canonical. */
const struct dmarc_walk *dmarc_walk(struct check_run *, struct slice domain);

/* The level above the domain at which psd=y ends the walk; NULL: none does. */
const struct dmarc_level *dmarc_walk_suffix(const struct dmarc_walk *);

#endif
