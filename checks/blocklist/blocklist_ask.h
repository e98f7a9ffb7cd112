#ifndef CHECKS_BLOCKLIST_BLOCKLIST_ASK_H
#define CHECKS_BLOCKLIST_BLOCKLIST_ASK_H

#include "checks/blocklist/blocklist_zone.h"
#include "checks/check.h"

/* One question to one list, and what its answer says (RFC 5782 2.1, 5). */

enum blocklist_said {
	BLOCKLIST_WAITING,
	BLOCKLIST_NOTHING, /* not listed */
	BLOCKLIST_LISTED,
	BLOCKLIST_TYPO,    /* 127.255.255.252: the zone's name is wrong */
	BLOCKLIST_PUBLIC,  /* .254: asked by a public resolver */
	BLOCKLIST_RATE,    /* .255: asked too often */
	BLOCKLIST_REFUSED, /* another of these, or 127.0.0.1 */
	BLOCKLIST_OUTSIDE, /* nothing in 127.0.0.0/8: the zone is dead */
	BLOCKLIST_LOST,    /* no answer */
	BLOCKLIST_UNASKED, /* too long a name, or too many questions */
};

/* What is asked for: an address, or a name where family is 0. */
struct blocklist_subject {
	struct ip ip;
	struct slice name;
};

struct blocklist_lookup {
	struct slice name;  /* what is asked for; never to be shown */
	struct slice shown; /* the same, with the zone's label */
	enum blocklist_said said;
	const struct answer *answer; /* NULL: not here, or not asked */
};

enum rc blocklist_ask(struct check_run *, const struct blocklist_zone *,
    const struct blocklist_subject *, struct blocklist_lookup *out);

/* Why a zone tells nothing: cause, stable code and sentence part. */
enum cause blocklist_cause(enum blocklist_said);
const char *blocklist_said_code(enum blocklist_said);
const char *blocklist_said_text(enum blocklist_said);

#endif
