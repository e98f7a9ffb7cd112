#ifndef CHECKS_BLOCKLIST_BLOCKLIST_NAMES_H
#define CHECKS_BLOCKLIST_BLOCKLIST_NAMES_H

#include "base/limits.h"
#include "checks/check.h"

/* The domains of one audit that domain lists are asked for. */

enum blocklist_role {
	BLOCKLIST_FROM,
	BLOCKLIST_MAIL_FROM, /* what SPF is about */
	BLOCKLIST_HELO,
	BLOCKLIST_DKIM,
	BLOCKLIST_LINK, /* in the body */
	BLOCKLIST_ROLES,
};

/* "from", "mail_from", ...: stable. */
const char *blocklist_role_name(enum blocklist_role);

struct blocklist_name {
	struct slice name; /* canonical */
	bool roles[BLOCKLIST_ROLES];
};

struct blocklist_names {
	struct blocklist_name *list; /* LIMIT_BLOCKLIST_NAMES of them */
	size_t n;
	/* Why there may be more; or NULL. */
	const char *cut;
	enum cause cause; /* of that */
};

/*
 * Each domain and its organizational domain, as some lists hold only that.
 * Without all answers run->waiting is set, and some may lack.  RC_NOMEM,
 * RC_LIMIT.
 */
enum rc blocklist_names(struct check_run *, struct blocklist_names *);

#endif
