#ifndef PROBES_DNS_SERVER_H
#define PROBES_DNS_SERVER_H

#include "base/limits.h"
#include "probes/dns_channel.h"

/* One resolver with its channels, which are opened when first needed. */
struct server {
	char name[IP_TEXT_MAX + 8]; /* "127.0.0.1:53", "[::1]:53" */
	bool local;                 /* on this machine */
	unsigned int silent;        /* tries in a row that got no answer */
	unsigned int formerr;       /* channels that lost EDNS */
	struct channel_settings settings;
	struct channel *udp;
	struct channel *tcp;
	struct channel *old[LIMIT_DNS_FORMERR]; /* being drained */
	unsigned int n_old;
};

/* settings: without tcp, which is the server's to say. */
void server_init(struct server *, const struct channel_settings *);
void server_close(struct server *);

/* NULL when it cannot be opened. */
struct channel *server_channel(struct server *, bool tcp);

/* Whether it does not know EDNS: no OPT is to be sent to it by UDP. */
bool server_is_plain(const struct server *);

/*
 * To be called when an answer over UDP had no OPT.  One FORMERR makes c-ares
 * cut all later answers at 512 octets: then the channel is put aside to be
 * drained, and the next query opens another.
 */
void server_check_edns(struct server *, const struct channel *);

/* When the first of its queries runs out of time; or INT64_MAX. */
int64_t server_deadline(const struct server *);

/* Ends the queries that ran out of time. */
void server_expire(struct server *);

/* What is to go by UDP goes; false: not all of it, see channel_flush(). */
bool server_flush(struct server *);

/* Closes the channels that are drained.  Not from within a query's end(). */
void server_drain(struct server *);

#endif
