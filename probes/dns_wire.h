#ifndef PROBES_DNS_WIRE_H
#define PROBES_DNS_WIRE_H

#include "probes/dns_name.h"
#include "probes/evidence.h"

/* DNS messages: a question out, an answer in.  No I/O. */

/* Header, name, type and class, OPT. */
enum { DNS_QUERY_MAX = 12 + DNS_NAME_MAX + 4 + 11 };

struct dns_query {
	size_t n;
	unsigned char wire[DNS_QUERY_MAX];
};

/*
 * The question as a message that asks a resolver for recursion and for AD
 * (RFC 6840 5.7), and a name server for neither; with edns also for answers of up to DNS_EDNS_SIZE octets.  False when
 * its name cannot be a DNS name.
 */
bool dns_query_make(const struct question *, uint16_t id, bool edns,
    struct dns_query *);

/* A message of which the frame has been read.  Borrows the octets. */
struct dns_message {
	struct slice packet;
	const char *fault; /* what is wrong with the frame; or NULL */
	uint16_t flags;
	uint16_t rcode; /* with the upper bits of OPT */
	bool truncated; /* TC */
	bool has_opt;
	bool has_question;
	struct dns_name name; /* of the question, with its type and class */
	uint16_t type;
	uint16_t class;
	uint16_t n_answers;
	uint16_t n_authority;
	struct cursor answers; /* at the first record of the section */
	struct cursor authority;
};

/* Never fails: what cannot be read is in fault. */
void dns_message_open(struct slice packet, struct dns_message *);

/*
 * What the message says to the question.  Fills seen, cause, detail and
 * as.dns; nothing in it borrows from the message.  as.dns.authentic is the AD
 * bit alone: whether the resolver is to be trusted is for the caller.  Only
 * records on the way from the question's name are looked into, so a bad
 * record elsewhere spoils nothing.  Fails only with the arena.
 */
enum rc dns_decode(struct arena *, const struct dns_message *,
    const struct question *, struct answer *);

#endif
