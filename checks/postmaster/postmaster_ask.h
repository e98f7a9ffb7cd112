#ifndef CHECKS_POSTMASTER_POSTMASTER_ASK_H
#define CHECKS_POSTMASTER_POSTMASTER_ASK_H

#include "checks/check.h"

/* Asking the API: where it is, whether we may, and why there is no answer. */

struct postmaster_reply {
	bool waiting;      /* for the answer */
	struct slice body; /* nothing: there is none, because of cause */
	enum cause cause;
	struct slice detail;
};

struct postmaster_api {
	struct postmaster_reply signed_in; /* body: not nothing */
	struct addresses at;
};

/* Signs in. */
struct postmaster_api postmaster_open(struct check_run *);

/* GET of /v2/domains/DOMAIN/complianceStatus. */
struct postmaster_reply postmaster_ask_status(struct check_run *,
    const struct postmaster_api *, struct slice domain);

/* POST to /v2/domains/DOMAIN/domainStats:query. */
struct postmaster_reply postmaster_ask_stats(struct check_run *,
    const struct postmaster_api *, struct slice domain, struct slice query);

/* The reply to something that is not what was asked for. */
struct postmaster_reply postmaster_odd(struct check_run *, struct slice domain,
    const char *what);

#endif
