#ifndef CHECKS_ZONE_AUTHORITY_H
#define CHECKS_ZONE_AUTHORITY_H

#include "checks/check.h"

/*
 * The authoritative name servers of the subject's zone, each asked by itself
 * (RFC 1034 4.3.1, without recursion).
 */

enum authority_state {
	AUTHORITY_WAITING,
	AUTHORITY_ANSWERS, /* for the zone, with AA */
	AUTHORITY_LAME,    /* it does not have the zone */
	AUTHORITY_UNKNOWN, /* no answer this time */
	AUTHORITY_NO_WAY,  /* no route from here by IPv6: it does not count */
};

struct authority {
	struct slice name; /* as the NS record has it */
	struct ip ip;
	enum authority_state state;
	uint32_t serial;          /* AUTHORITY_ANSWERS */
	const struct answer *soa; /* NULL: AUTHORITY_WAITING */
};

struct authorities {
	struct slice zone;         /* nothing: not known (yet) */
	const struct answer *lost; /* it is why the zone is not known */
	struct authority *all;
	size_t n;
	bool cut;     /* LIMIT_AUTHORITIES */
	bool missing; /* of some name server the address is not known */
};

/*
 * Says by check_gap() what is not known of "servers", and by check_problem()
 * what is wrong with a name in NS.  RC_LIMIT.
 */
enum rc authorities_find(struct check_run *, struct authorities *);

/* What they are asked for. */
struct authority_need {
	struct slice name;
	uint16_t type;
};

struct authority_needs {
	struct authority_need *all;
	size_t n;
	bool cut; /* LIMIT_AUTHORITY_NEEDS */
};

/* The records of that zone that the subject's mail needs. */
enum rc authority_needs_find(struct check_run *, struct slice zone,
    struct authority_needs *);

/* "ns1.example.net (192.0.2.1)" */
struct slice authority_text(struct arena *, const struct authority *);

#endif
