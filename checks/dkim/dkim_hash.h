#ifndef CHECKS_DKIM_DKIM_HASH_H
#define CHECKS_DKIM_DKIM_HASH_H

#include "checks/check.h"
#include "checks/dkim/dkim_headers.h"
#include "checks/dkim/dkim_keys.h"

/* What is hashed of a message (RFC 6376 3.7), for DKIM and for ARC. */

struct dkim_hasher {
	struct dkim_keys *keys;
	const struct message *message;
	struct dkim_headers *headers;
	bool bare; /* dkim_lines_are_bare() */
	/* Where body hashes are kept for others; NULL, as at first: nowhere. */
	struct memos *memos;
};

/* The headers are dkim_hasher_close()'s to free.  RC_LIMIT, RC_NOMEM. */
enum rc dkim_hasher_init(struct arena *, struct dkim_keys *,
    const struct message *, struct dkim_hasher *);
void dkim_hasher_close(struct dkim_hasher *);

/*
 * The hash of the header fields that the signature names, and of itself with
 * an empty b=.
 */
bool dkim_hash_header(struct dkim_hasher *, const struct dkim_signature *,
    struct dkim_digest *);

/* The same of a header that might have been: with one field otherwise. */
struct dkim_change {
	enum dkim_canon canon;
	const struct field *field; /* NULL: none */
	struct slice value;        /* what it had; nothing: it was not there */
};

bool dkim_hash_changed(struct dkim_hasher *, const struct dkim_signature *,
    const struct dkim_change *, struct dkim_digest *);

/* The hash of just these fields, in this order (RFC 8617 5.1.1). */
bool dkim_hash_fields(struct dkim_hasher *, enum dkim_canon,
    const struct dkim_field *, size_t n, struct dkim_digest *);

/* A body hash that is wanted, of all of it or of so many octets (l=). */
struct dkim_body {
	enum dkim_canon canon;
	bool limited;
	uint64_t length;
	/* What comes of it. */
	bool known;
	bool too_short; /* there are fewer octets */
	struct dkim_digest digest;
};

/*
 * All of them, by one walk over the body for each canonicalization, but for
 * those that were hashed in this audit before (MEMO_DKIM_BODIES): ARC mostly
 * signs the body that DKIM does.
 */
bool dkim_hash_bodies(struct dkim_hasher *, struct dkim_body *, size_t n);

#endif
