#ifndef CHECKS_ZONE_ZONE_NEEDS_H
#define CHECKS_ZONE_ZONE_NEEDS_H

#include "checks/check.h"
#include "checks/zone/zone_file.h"

/* Which records of a zone file the sender's mail needs. */

enum zone_kind {
	ZONE_DKIM,
	ZONE_SPF,
	ZONE_DMARC,
	ZONE_MX,
	ZONE_HOST, /* addresses of an MX or of a sending host */
	ZONE_MTA_STS,
	ZONE_TLS_RPT,
	ZONE_BIMI,
};

/* "dkim": stable. */
const char *zone_kind_name(enum zone_kind);
/* "DKIM key" */
const char *zone_kind_title(enum zone_kind);

/* A name with all records of one type and kind. */
struct zone_need {
	enum zone_kind kind;
	struct slice owner;
	uint16_t type; /* TXT, MX, A, AAAA; or CNAME in place of one of them */
	const struct zone_record *first; /* of that owner */
};

struct zone_needs {
	const struct zone_need *all;
	size_t n;
	bool cut; /* LIMIT_ZONE_NEEDS */
};

/* Those of the subject's domain, in the order of the file. */
enum rc zone_needs_find(struct check_run *, const struct zone_file *,
    struct zone_needs *);

/*
 * Whether a TXT record's text is one of that kind, among others that may stand
 * at the same name.
 */
bool zone_kind_takes(enum zone_kind, struct slice text);

/* "sel" of "sel._domainkey.example.com"; or nothing. */
struct slice zone_selector(struct slice owner, struct slice domain);

#endif
