#ifndef CHECKS_POSTMASTER_POSTMASTER_FACTS_H
#define CHECKS_POSTMASTER_POSTMASTER_FACTS_H

#include "checks/postmaster/postmaster_days.h"
#include "checks/postmaster/postmaster_read.h"

/* From what Google said to facts. */

extern const struct fact_doc postmaster_fact_docs[];

/* domain: the one that was asked for. */
void postmaster_put_status(struct check_run *, const struct postmaster_status *,
    struct slice domain);

/* What of the status is not known, and why. */
void postmaster_lost_status(struct check_run *,
    const struct postmaster_reply *);

void postmaster_put_rates(struct check_run *, const struct postmaster_days *);
void postmaster_lost_rates(struct check_run *, const struct postmaster_reply *);

void postmaster_put_errors(struct check_run *, const struct postmaster_days *);
void postmaster_lost_errors(struct check_run *,
    const struct postmaster_reply *);

#endif
