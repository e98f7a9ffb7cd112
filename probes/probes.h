#ifndef PROBES_PROBES_H
#define PROBES_PROBES_H

#include "probes/evidence.h"
#include "probes/loop.h"
#include "probes/store.h"

/* Reach host1:port1 at host2:port2 instead; as curl's --connect-to. */
struct connect_to {
	struct slice host1; /* empty: any host */
	uint16_t port1;     /* 0: any port */
	struct slice host2; /* address or "localhost"; empty: the same */
	uint16_t port2;     /* 0: the same port */
};

/*
 * "HOST1:PORT1:HOST2:PORT2", IPv6 in brackets; borrows from the text.  False
 * when it is not that, or when HOST2 is a name that had to be resolved.
 */
bool connect_to_parse(struct slice, struct connect_to *);

struct credentials;

struct resolver {
	struct ip ip;
	uint16_t port;
};

/* "127.0.0.1", "127.0.0.1:5353", "[::1]:5353", "::1". */
bool resolver_parse(struct slice, struct resolver *);

/* The system's, from the text of a resolv.conf; at most max of them. */
size_t resolver_system(struct slice resolv_conf, struct resolver *out,
    size_t max);

struct probe_settings {
	const struct resolver *resolvers; /* at least one, or offline */
	size_t n_resolvers;
	const struct connect_to *connect_to;
	size_t n_connect_to;
	int64_t timeout_ms;   /* one try of one question */
	unsigned int retries; /* further tries of a DNS question */
	bool offline;         /* ask nothing: CAUSE_OFFLINE */
	bool allow_private;   /* SMTP and HTTP to any address */
	bool post;            /* send what QUESTION_POST asks for */
	const char *ehlo;     /* what we say in EHLO; NULL: address literal */
	/* Of the Gmail Postmaster Tools; NULL: none are given. */
	struct credentials *credentials;
	/* PEM: whom to trust with them. */
	struct slice anchors;
	int64_t deadline_ms; /* of an audit: no try is put off for longer */
};

/*
 * The probes over one loop and one store.  The settings and what they point
 * to must outlive it.
 */
struct probes;

enum rc probes_new(struct loop *, struct store *, const struct probe_settings *,
    struct probes **);
void probes_close(struct probes **);

/* Sends every question that the store wants answered. */
enum rc probes_send(struct probes *);

/*
 * Where a connection to host:port at this address really goes, and whether
 * it may (public address, or allow_private, or HOST2 of --connect-to).
 * False: entry must be answered by CAUSE_PRIVATE.
 */
struct endpoint {
	struct ip ip;
	uint16_t port;
};

bool probes_endpoint(const struct probe_settings *, struct slice host,
    const struct ip *, uint16_t port, struct endpoint *);

#endif
