#ifndef CHECKS_POSTMASTER_POSTMASTER_READ_H
#define CHECKS_POSTMASTER_POSTMASTER_READ_H

#include "base/arena.h"

/*
 * What the Gmail Postmaster Tools API v2 answers (discovery document
 * gmailpostmastertools:v2 of 2026-05-12).  Words that are new to us stay as
 * they are, members too; what has another shape is not believed.
 */

/* The names of requirements, as Google and the rule packs spell them. */
enum { POSTMASTER_REQUIREMENTS = 11 };

extern const char *const postmaster_requirements[POSTMASTER_REQUIREMENTS];

/* ---- complianceStatus -------------------------------------------------- */

struct postmaster_verdict {
	struct slice status; /* "COMPLIANT"; nothing: it is not said */
	struct slice reason; /* "NOT_HONORING"; nothing: none */
};

struct postmaster_block {
	bool there;
	struct slice domain;
	struct slice requirements[POSTMASTER_REQUIREMENTS];
	struct postmaster_verdict one_click, honor_unsubscribe, deliverability;
};

struct postmaster_status {
	struct postmaster_block registrable;
	struct postmaster_block subdomain;
};

/* False: it is not that. */
bool postmaster_status_read(struct arena *, struct slice body,
    struct postmaster_status *);

/* ---- domainStats:query ------------------------------------------------- */

struct postmaster_row {
	struct slice metric; /* the name it was asked by */
	int64_t day;         /* since 1970-01-01 */
	double rate;         /* 0 to 1 */
};

struct postmaster_page {
	const struct postmaster_row *rows;
	size_t n;
	size_t odd;        /* rows that are none */
	struct slice next; /* the token of the next page; nothing: the last */
};

/* False: it is not that. */
bool postmaster_page_read(struct arena *, struct slice body,
    struct postmaster_page *);

/* ---- errors (google.rpc.Status) ---------------------------------------- */

struct postmaster_error {
	struct slice status;  /* "PERMISSION_DENIED"; or nothing */
	struct slice message; /* or nothing */
	struct slice reason;  /* "SERVICE_DISABLED"; or nothing */
};

/* False: the API has not said it, but something on the way. */
bool postmaster_error_read(struct arena *, struct slice body,
    struct postmaster_error *);

#endif
