#ifndef CHECKS_DMARC_DMARC_DKIM_H
#define CHECKS_DMARC_DMARC_DKIM_H

#include "checks/dkim/dkim_verify.h"
#include "checks/dmarc/dmarc_align.h"

/* What DKIM does for DMARC (RFC 9989 4.4.1; RFC 7489 3.1.1). */

enum dmarc_dkim {
	DMARC_DKIM_NO_MESSAGE, /* there is no sample */
	DMARC_DKIM_PASS,       /* a signature passes, for a name aligned */
	DMARC_DKIM_LOST,       /* one may, by an answer that is lost */
	DMARC_DKIM_OTHER,      /* none does */
};

struct dmarc_dkim_said {
	enum dmarc_dkim all;
	/* DMARC_DKIM_LOST: why; NULL: more signatures than are looked at. */
	const struct answer *lost;
	struct slice what; /* "s1._domainkey.example.com TXT" */
};

/*
 * By which of the two ways names are compared: by the walk of the From domain,
 * or, when that is NULL, by the suffix list.
 */
struct dmarc_way_of {
	const struct dmarc_walk *walk;
	const struct dmarc_psl *psl;
};

struct dmarc_alignment dmarc_align_by(struct check_run *,
    const struct dmarc_way_of *, enum dmarc_tag, struct slice identifier);

/* Asks for what it needs; counts only once no question is open. */
struct dmarc_dkim_said dmarc_dkim(struct check_run *,
    const struct dkim_verdicts *, const struct dmarc_way_of *);

#endif
