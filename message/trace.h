#ifndef MESSAGE_TRACE_H
#define MESSAGE_TRACE_H

#include "base/ip.h"
#include "message/message.h"

/* One Received field, as far as it can be read.  Nothing: not there. */
struct received {
	struct slice from;    /* the HELO name, a literal in brackets */
	struct slice reverse; /* name the receiver looked up, in its comment */
	struct ip ip;         /* family 0: not there */
	struct slice by;
	struct slice with; /* protocol: SMTP, ESMTPS, Microsoft SMTP Server */
	struct slice tls_version; /* "TLSv1.3", as the receiver wrote it */
	struct slice tls_cipher;
	bool over_tls;  /* by protocol (RFC 3848, RFC 6531) or TLS text */
	bool tls_known; /* false: neither TLS text nor a protocol that says */
	bool submitted; /* by an authenticated client, or not by SMTP but LMTP,
			   HTTP, ...: no hop between servers */
	struct slice date; /* as written, behind the last ";" */
	int64_t when;      /* seconds since 1970; INT64_MIN: unreadable */
	size_t line;
};

/*
 * All nothing on a field over LIMIT_TRACE_FIELD, and on arena_failed().
 * Where the receiver writes the name it looked up first and the HELO name in
 * the comment (Exim, qmail), or the address first (Yahoo), each still goes
 * where it belongs.  A reverse name without a dot ("unknown") is none.
 */
void received_parse(struct arena *, const struct field *, struct received *);

/* What the receiving side noted about the last hop into it. */
struct last_hop {
	bool found;
	struct received hop;    /* the Received that the receiver wrote */
	struct slice mail_from; /* local@domain, the local part unquoted */
	bool domain_only;       /* the local part is not known: postmaster */
	bool null_sender;       /* Return-Path: <> */
	bool has_mail_from;     /* mail_from or null_sender */
	/* Its house, see below; nothing: "by" is an address. */
	struct slice receiver;
	/* Rule 4: hop leads into it, and this from it to the mailbox. */
	bool has_gateway;
	struct received gateway;
	/* Lines between which what the receiver wrote of the hop stands. */
	size_t notes_begin, notes_end;
};

/*
 * The hop into the receiving provider.
 *
 * Whose a host is: the row of the table of receivers (receiver.c) one of
 * whose suffixes its name is under; for any other name its last two labels.
 * That takes all of co.uk for one house, and then finds no hop rather than a
 * wrong one.
 *
 * From the top, the first Received of the first LIMIT_RECEIVED that
 *  1. was not submitted (ESMTPA, LMTP, HTTP, local, ...) and has a "by";
 *  2. comes from outside: the client's name (reverse name; without one the
 *     HELO name) is of another house than "by", or there is no name, or "by"
 *     is an address (Yahoo).  A "by" that is a provider's edge (mx.google.com,
 *     mail.protection.outlook.com) is always entered from outside: customers
 *     of one provider write to each other;
 *  3. has a public address (or one for documentation).  When it has none at
 *     all, but a HELO name, and "by" is of a receiver in the table, it is the
 *     hop all the same.
 *  4. When its client is of a house that filters mail for others (Proofpoint,
 *     Microsoft 365), which took the message from outside further below and
 *     noted there what SPF says of it, that house is the receiver's own way
 *     in, and the lower hop counts.  So not when the envelope sender was
 *     rewritten (SRS): then it is a mailbox there that forwards.
 *
 * Notes are Authentication-Results and Received-SPF fields above the next
 * Received below the hop whose server is of the house of "by", or is of none
 * (left out by Outlook.com, a name without a dot), or any when "by" is of
 * none; LIMIT_RECEIVED of each.  An address that the hop
 * lacks is client-ip of Received-SPF, else policy.iprev or smtp.remote-ip;
 * a HELO name that it lacks is helo of Received-SPF, else smtp.helo.
 *
 * mail_from, also when no hop was found: the topmost Return-Path that is a
 * path; else, with a hop, the first smtp.mailfrom of an spf result in those
 * notes (Gmail an address, Outlook.com a domain: then with the local part
 * "postmaster", as RFC 7208 4.3 fills it in), else envelope-from of
 * Received-SPF.  RC_NOMEM or RC_LIMIT.
 */
enum rc last_hop_find(struct arena *, const struct message *,
    struct last_hop *);

/*
 * Whether what stands at a line of the header, and names this server as its
 * author (nothing: none), are notes of the hop.  Only the receiver's own care
 * for foreign fields of that name keeps a sender from writing some.
 */
bool last_hop_wrote(const struct last_hop *, size_t line, struct slice server);

/* An envelope sender that was rewritten to forward mail (SRS, Gmail's +caf_). */
bool mail_from_is_rewritten(struct slice mail_from);

/* One result of an Authentication-Results field (RFC 8601). */
struct auth_property {
	struct slice ptype, name, value; /* no ptype: "action=none" */
};

struct auth_result {
	struct slice method, result, reason;
	const struct auth_property *properties;
	size_t n_properties;
};

struct auth_results {
	struct slice server; /* authserv-id; nothing: left out */
	const struct auth_result *results;
	size_t n;
	bool malformed; /* what can be read is there all the same */
};

/*
 * The value of an Authentication-Results field, folding and all.  Comments
 * are dropped, quotes removed.  Between semicolons that hold no result the
 * text is skipped (malformed).  A version other than 1 leaves no results.
 * RC_NOMEM or RC_LIMIT.
 */
enum rc auth_results_parse(struct arena *, struct slice, struct auth_results *);

#endif
