#ifndef CHECKS_DMARC_DMARC_PSL_H
#define CHECKS_DMARC_DMARC_PSL_H

#include "base/suffix.h"
#include "checks/dmarc/dmarc_walk.h"

/* How receivers find the record that go by RFC 7489 and a suffix list. */
struct dmarc_psl {
	bool usable; /* there is a list; if not, nothing below counts */
	bool waiting;
	/* RFC 7489 3.2; a public suffix has itself. */
	struct slice organizational;
	struct dmarc_level own;
	struct dmarc_level above; /* of the Organizational Domain */
	const struct dmarc_level *lost;
	const struct dmarc_level *policy; /* NULL: none, or lost */
};

void dmarc_psl(struct check_run *, struct slice domain, struct dmarc_psl *);

/* The list that is to be used; NULL: none can be read. */
struct suffix_list *dmarc_psl_list(const struct check_run *);

/* RFC 7489 3.2, and of a public suffix itself.  There must be a list. */
struct slice dmarc_psl_organizational(struct suffix_list *, struct slice name);

#endif
