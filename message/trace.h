#ifndef MESSAGE_TRACE_H
#define MESSAGE_TRACE_H

#include "base/ip.h"
#include "message/message.h"

/* One Received field, as far as it can be read.  Nothing: not there. */
struct received {
	struct slice from;    /* the HELO name */
	struct slice reverse; /* name the receiver looked up, in its comment */
	struct ip ip;         /* family 0: not there */
	struct slice by;
	struct slice with;        /* protocol: SMTP, ESMTPS, ... */
	struct slice tls_version; /* "TLSv1.3", as the receiver wrote it */
	struct slice tls_cipher;
	bool over_tls;  /* by protocol (RFC 3848, RFC 6531) or TLS text */
	bool tls_known; /* false: "with" is there neither */
	int64_t when;   /* seconds since 1970; INT64_MIN: unreadable */
	size_t line;
};

void received_parse(struct arena *, const struct field *, struct received *);

/* What the receiving side noted about the last hop into it. */
struct last_hop {
	bool found;
	struct received hop; /* the Received that the receiver wrote */
	struct slice
	    mail_from;    /* Return-Path, then smtp.mailfrom; or nothing */
	bool null_sender; /* Return-Path: <> */
	bool has_mail_from;
};

/*
 * The hop into the receiving provider: going down from the top, the first
 * Received that a host outside the receiver handed in (the "from" is not of
 * the domain of "by", has an address, and that address is public), joined
 * with Return-Path and, where the address is missing, Authentication-Results
 * and Received-SPF of the same receiver.
 */
enum rc last_hop_find(struct arena *, const struct message *,
    struct last_hop *);

/* One result of an Authentication-Results field (RFC 8601). */
struct auth_property {
	struct slice ptype, name, value;
};

struct auth_result {
	struct slice method, result, reason;
	const struct auth_property *properties;
	size_t n_properties;
};

struct auth_results {
	struct slice server; /* authserv-id */
	const struct auth_result *results;
	size_t n;
	bool malformed;
};
enum rc auth_results_parse(struct arena *, struct slice, struct auth_results *);

#endif
