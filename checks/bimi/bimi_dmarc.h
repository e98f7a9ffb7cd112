#ifndef CHECKS_BIMI_BIMI_DMARC_H
#define CHECKS_BIMI_BIMI_DMARC_H

#include "checks/dmarc/dmarc_walk.h"

enum bimi_enforced {
	BIMI_ENFORCED,
	BIMI_NOT_ENFORCED,
	BIMI_MAY_BE_ENFORCED, /* the walk's lost answer would tell */
};

/*
 * Whether the DMARC policy is one by which receivers show a logo: quarantine or
 * reject, of all mail, for subdomains too, and at the Organizational Domain as
 * well.  No question of the walk is open.  tell: say what is wrong, as a
 * problem.
 */
enum bimi_enforced bimi_dmarc(struct check_run *, const struct dmarc_walk *,
    bool tell);

/* An SPF record ends with +all; then no logo is shown. */
bool bimi_spf_lets_all(struct arena *, const struct answer *txt);

#endif
