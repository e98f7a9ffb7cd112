#ifndef CHECKS_DKIM_DKIM_SIGNATURE_H
#define CHECKS_DKIM_DKIM_SIGNATURE_H

#include "base/arena.h"
#include "checks/dkim/dkim_canon.h"
#include "checks/dkim/dkim_reason.h"
#include "checks/dkim/dkim_tags.h"

/* A DKIM-Signature field, taken apart (RFC 6376 3.5). */

enum dkim_algorithm {
	DKIM_NO_ALGORITHM, /* none that is known */
	DKIM_RSA_SHA1,
	DKIM_RSA_SHA256,
	DKIM_ED25519_SHA256,
};

/* Any case. */
enum dkim_algorithm dkim_algorithm_find(struct slice name);

struct dkim_signature {
	const struct field *field;
	/* The first fault; DKIM_VALID: it can be verified, as far as it goes */
	enum dkim_reason fault;
	struct dkim_place place; /* of the fault */
	struct slice detail;     /* of the fault: half a sentence */

	struct slice algorithm_text; /* a= as written; or nothing */
	enum dkim_algorithm algorithm;
	enum dkim_canon header_canon, body_canon;
	struct slice canon_text; /* c= as written; nothing: there is none */
	struct slice domain;     /* d=, canonical; nothing: unreadable */
	struct slice selector;   /* s=, likewise */
	struct slice identity;   /* i= as written; nothing: there is none */
	struct slice identity_domain; /* canonical; without i= the d= */
	struct slice key_name;     /* s._domainkey.d; nothing: there is none */
	struct slice value;        /* b=, decoded */
	struct slice hole;         /* b= in the field's value, to be left out */
	struct slice body_hash;    /* bh=, decoded */
	const struct slice *names; /* of h=, as written, without empty ones */
	size_t n_names;
	bool has_length, has_time, has_expiry;
	uint64_t length, time, expiry; /* l=, t=, x= */
	struct slice copied;           /* z= as written; or nothing */
};

/*
 * Reads what can be read, whatever is wrong.  For ARC-Message-Signature the
 * same tags hold but v=, which is then not wanted, and i=, which is not an
 * identity (RFC 8617 4.1.2); for ARC-Seal those that say what is signed do not
 * hold either (4.1.3).  Slices are of the field's octets or of the arena.
 * RC_LIMIT, RC_NOMEM.
 */
enum dkim_signature_kind {
	DKIM_SIGNATURE,
	DKIM_ARC_MESSAGE_SIGNATURE,
	DKIM_ARC_SEAL,
};

enum rc dkim_signature_read(struct arena *, const struct field *,
    enum dkim_signature_kind, struct dkim_signature *);

/* x= is past at that time (seconds since 1970). */
bool dkim_signature_is_expired(const struct dkim_signature *, int64_t as_of);

/* How many times h= names it, in any case. */
size_t dkim_signature_names(const struct dkim_signature *, struct slice name);

#endif
