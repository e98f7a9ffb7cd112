#ifndef PROBES_DNS_RDATA_H
#define PROBES_DNS_RDATA_H

#include "probes/dns_name.h"
#include "probes/evidence.h"

/* A resource record in its message (RFC 1035 4.1.3). */
struct dns_rr {
	struct cursor owner; /* over the whole message */
	uint16_t type;
	uint16_t class;
	uint32_t ttl;
	struct cursor rdata; /* over the message up to the end of this rdata */
	size_t size;
};

/* Takes the next record; false at a broken frame. */
bool dns_rr_take(struct cursor *, struct dns_rr *);

/*
 * Fills type, ttl, and rdata or as.  The owner is for the caller.  False: not
 * what the type's RFC says, or left-over octets; or out of memory.
 */
bool dns_rdata_decode(struct arena *, const struct dns_rr *,
    struct dns_record *);

#endif
