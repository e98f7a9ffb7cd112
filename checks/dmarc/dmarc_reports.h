#ifndef CHECKS_DMARC_DMARC_REPORTS_H
#define CHECKS_DMARC_DMARC_REPORTS_H

#include "checks/dmarc/dmarc_walk.h"

/*
 * Whether those to whom reports go have agreed to take them (RFC 9990 4, RFC
 * 7489 7.1): asks them, and once no question is open fills
 * facts["external_reports"] and tells who has not.
 */
void dmarc_reports(struct check_run *, const struct dmarc_walk *from);

#endif
