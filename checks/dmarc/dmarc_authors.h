#ifndef CHECKS_DMARC_DMARC_AUTHORS_H
#define CHECKS_DMARC_DMARC_AUTHORS_H

#include "base/limits.h"
#include "checks/check.h"

/* The Author Domains of the sample (RFC 9989 3.2.2, 5.3.1). */
struct dmarc_authors {
	struct slice domains[LIMIT_AUTHOR_DOMAINS]; /* canonical, different */
	size_t n;
	bool more;     /* there are others over the limit */
	size_t fields; /* From fields there are */
};

/*
 * Reads the From fields; without a sample it is the subject's domain.  Says
 * author_domains, and what is wrong with them.  False: DMARC cannot be done.
 */
bool dmarc_authors(struct check_run *);

#endif
