#ifndef PROBES_DNS_CHANNEL_H
#define PROBES_DNS_CHANNEL_H

#include "base/rc.h"
#include "base/slice.h"
#include "probes/loop.h"
#include "probes/probes.h"

/*
 * One c-ares channel to one resolver, by UDP or by TCP, bound to the loop.
 * It makes one try of each query; what to do next is for its user.
 */
struct channel;

/* How a try ended; unless it was CHANNEL_ANSWER there is no packet. */
enum channel_end {
	CHANNEL_ANSWER,
	CHANNEL_TIMEOUT,
	CHANNEL_NETWORK, /* port closed, no route, connection lost */
	CHANNEL_NO_MEMORY,
	CHANNEL_CLOSED, /* by channel_close() */
};

/*
 * One query under way.  Owned by its user and in place until end() was called,
 * which happens exactly once: perhaps before channel_send() has returned.
 */
struct query {
	void (*end)(struct query *, enum channel_end, struct slice packet);
	struct channel *channel;
	int64_t sent; /* loop_now(); its time runs out timeout_ms later */
	bool unread;  /* perhaps still in the resolver's receive buffer */
	struct query *prev, *next; /* among those under way, oldest first */
};

struct channel_settings {
	struct loop *loop;
	const struct resolver *resolver;
	int64_t timeout_ms;
	bool tcp;
	/* Called once c-ares has handed over all that it had read. */
	void (*idle)(void *arg);
	void *arg;
};

enum rc channel_open(const struct channel_settings *, struct channel **);
void channel_close(struct channel **);

void channel_send(struct channel *, struct query *, struct slice message);

unsigned int channel_under_way(const struct channel *);

/*
 * Whether another query may be sent now: LIMIT_DNS_UNDER_WAY, LIMIT_DNS_BURST.
 * If not, then after an answer or DNS_UNREAD_MS.
 */
bool channel_has_room(struct channel *);

/* When the oldest query runs out of time; INT64_MAX when there is none. */
int64_t channel_deadline(const struct channel *);

/* Ends the queries that ran out of time, or all if they cannot be sent. */
void channel_expire(struct channel *);

/*
 * What channel_send() took by UDP goes now at the latest.  False: something
 * was left, or cannot be sent: let channel_expire() and this follow soon.
 */
bool channel_flush(struct channel *);

/*
 * Whether c-ares still reads more than 512 octets of a UDP answer.  It ceases
 * to for good once a server has answered FORMERR to EDNS.
 */
bool channel_has_edns(const struct channel *);

#endif
