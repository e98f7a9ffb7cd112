#ifndef CHECKS_EXCHANGE_H
#define CHECKS_EXCHANGE_H

#include "checks/check.h"

/*
 * The hosts that take mail for a domain (RFC 5321 5.1), for the checks that
 * look at each of them: MX in order of preference, or the domain itself when
 * it has addresses and no MX.
 */
struct exchange {
	struct slice host; /* canonical */
	bool authentic;    /* DNSSEC proved the MX, or that there is none */
	struct addresses addresses;
};

struct exchanges {
	bool waiting;
	/* Of the MX, or of the addresses without MX; NULL: known. */
	const struct answer *unknown;
	bool null; /* RFC 7505 */
	const struct exchange *list;
	size_t n;
	bool cut; /* LIMIT_MX_HOSTS */
};

/* Asks for MX and all addresses. */
struct exchanges check_exchanges(struct check_run *, struct slice domain);

#endif
