#ifndef CHECKS_DKIM_DKIM_KEY_H
#define CHECKS_DKIM_DKIM_KEY_H

#include "checks/check.h"
#include "checks/dkim/dkim_keys.h"

/* A key record (RFC 6376 3.6.1, RFC 8463 4), and which one it is. */

/* What is unusual about a record, though it can be used; bits. */
enum dkim_key_note {
	DKIM_NOTE_NO_VERSION = 1 << 0, /* v=DKIM1 is not there */
	DKIM_NOTE_UNPADDED = 1 << 1,   /* p= lacks "=" at its end */
	DKIM_NOTE_BARE = 1 << 2,       /* PKCS#1 without SubjectPublicKeyInfo */
	DKIM_NOTE_GRANULARITY = 1 << 3, /* g= of RFC 4871 that is not "*" */
	DKIM_NOTE_OTHER_TEXT = 1 << 4,  /* another TXT record stands by */
	DKIM_NOTE_SHA1_ONLY = 1 << 5,   /* h= without sha256 */
	DKIM_NOTE_ALIAS = 1 << 6,       /* found by way of a CNAME */
	DKIM_NOTE_G_OLD = 1 << 7,       /* g= at all */
};

struct dkim_key {
	/* DKIM_KEY_...: what is wrong with it; DKIM_VALID: it can be used */
	enum dkim_reason fault;
	struct slice detail; /* of the fault: half a sentence */
	struct slice text;   /* the record; of several the first */
	size_t records;      /* key records there are */
	unsigned int notes;  /* enum dkim_key_note */
	enum dkim_key_type type;
	struct slice type_text; /* k= as written; without it "rsa" */
	bool revoked;           /* p= is empty */
	bool testing;           /* t=y */
	bool strict;            /* t=s */
	struct slice hashes;    /* h= as written; nothing: any */
	struct slice services;  /* s= as written; nothing: any */
	struct slice note;      /* n= as written; or nothing */
	struct slice octets;    /* p=, decoded */
	unsigned int bits;      /* 0: it was not read */
};

/*
 * Reads one record's text and says what is wrong with it; what p= holds is not
 * looked at.  RC_LIMIT, RC_NOMEM.
 */
enum rc dkim_key_read(struct arena *, struct slice text, struct dkim_key *);

/*
 * The key among the answer's records, which must be known.  *out is NULL:
 * there is none at all.  Without keys, bits and what p= holds are not known.
 */
enum rc dkim_key_find(struct arena *, const struct answer *, struct dkim_keys *,
    struct dkim_key **out);

/*
 * The key as it verifies; NULL: the record cannot be used.
 */
const struct dkim_public *dkim_key_public(struct dkim_keys *,
    const struct dkim_key *);

/* Whether a signature of that kind may be verified with it. */
enum dkim_reason dkim_key_allows(const struct dkim_key *,
    const struct dkim_signature *);

#endif
