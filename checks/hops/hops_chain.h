#ifndef CHECKS_HOPS_HOPS_CHAIN_H
#define CHECKS_HOPS_HOPS_CHAIN_H

#include "checks/check.h"
#include "message/message.h"
#include "message/trace.h"

/* The Received fields of a message, from the sender's side on. */

enum hop_side {
	HOP_UNKNOWN,  /* no hop into a receiver was found */
	HOP_SENDER,   /* below it: of the sender, or of whom it sent through */
	HOP_DELIVERY, /* the hop into the receiver */
	HOP_RECEIVER, /* above it: within the receiver */
};

/* "sender"; "unknown" is NULL. */
const char *hop_side_name(enum hop_side);

struct hop {
	struct received received;
	size_t number; /* from 1, the first host that took the message */
	enum hop_side side;
	bool too_long; /* LIMIT_TRACE_FIELD: not read */
	bool has_delay;
	int64_t delay; /* seconds since the nearest hop below with a time */
	size_t before; /* has_delay: the index of that one */
};

enum { HOPS_NONE = -1 };

struct hops {
	struct hop *list; /* the newest last */
	size_t n;
	size_t count; /* Received fields that there are */
	bool cut;     /* LIMIT_RECEIVED: the lowest are not in the list */
	int delivery; /* index, or HOPS_NONE */
	struct last_hop last;
};

/* RC_NOMEM or RC_LIMIT. */
enum rc hops_read(struct arena *, const struct message *, struct hops *);

/*
 * One house hands it to another, by SMTP between servers: neither is an
 * address, a bare name, or a name of no public use (.local).
 */
bool hop_is_handover(const struct received *);

/* The address is one of the Internet, or for documentation. */
bool hop_is_public(const struct ip *);

/* A name that only its own network knows: no dot, .local, .lan, ... */
bool hop_is_inner_name(struct slice);

/* The client by its best name: reverse, else HELO; nothing: neither. */
struct slice hop_client(const struct received *);

/* For facts and sentences: at most LIMIT_HOP_TEXT octets, and how many. */
struct slice hop_shown(struct arena *, struct slice);

/* "4 min 10 s", "2 h 5 min", "3 d"; of a magnitude, not its sign. */
struct slice hop_duration(struct arena *, int64_t seconds);

#endif
