#ifndef CHECKS_DKIM_DKIM_VERIFY_H
#define CHECKS_DKIM_DKIM_VERIFY_H

#include "checks/check.h"
#include "message/message.h"

/* The signatures of the sample message, verified (RFC 6376 6, RFC 8601). */

struct dkim_key;
struct dkim_signature;

/* RFC 8601 2.7.1 */
enum dkim_result {
	DKIM_NONE,
	DKIM_PASS,
	DKIM_FAIL,
	DKIM_POLICY,
	DKIM_NEUTRAL,
	DKIM_TEMPERROR,
	DKIM_PERMERROR,
};

/* "permerror": as RFC 8601 spells it. */
const char *dkim_result_name(enum dkim_result);

/* Why it is no pass.  Each has a result and a stable name. */
enum dkim_reason {
	DKIM_VALID,
	/* The signature field. */
	DKIM_SYNTAX,        /* no tag list */
	DKIM_TAG_MISSING,   /* one that must be there */
	DKIM_TAG_TWICE,     /* one is there twice */
	DKIM_TAG_VALUE,     /* one has a value that it cannot have */
	DKIM_VERSION,       /* v= is not 1 */
	DKIM_ALGORITHM,     /* a= is none that is known */
	DKIM_SHA1,          /* rsa-sha1: RFC 8301 3.1 */
	DKIM_FROM_UNSIGNED, /* h= has no From */
	DKIM_IDENTITY,      /* i= is not under d= */
	DKIM_QUERY,         /* q= has no dns/txt */
	DKIM_EXPIRED,       /* x= is past */
	/* The key record. */
	DKIM_KEY_LOST,    /* no answer this time */
	DKIM_KEY_MISSING, /* NXDOMAIN, or no TXT record */
	DKIM_KEY_SEVERAL, /* undefined by RFC 6376 3.6.2.2 */
	DKIM_KEY_SYNTAX,  /* no key record, or a broken one */
	DKIM_KEY_REVOKED, /* p= is empty */
	DKIM_KEY_TYPE,    /* k= does not go with a= */
	DKIM_KEY_HASH,    /* h= does not have the hash of a= */
	DKIM_KEY_SERVICE, /* s= is not for email */
	DKIM_KEY_STRICT,  /* t=s, and i= is a subdomain of d= */
	DKIM_KEY_SHORT,   /* RSA under 1024 bits: RFC 8301 3.2 */
	DKIM_KEY_LONG,    /* over LIMIT_DKIM_KEY_BITS */
	/* The message. */
	DKIM_BODY_SHORT,     /* l= is more than there is */
	DKIM_BODY_CHANGED,   /* the hash of the body differs from bh= */
	DKIM_HEADER_CHANGED, /* the key is right, what it signed was other */
	DKIM_KEY_MISMATCH,   /* b= was not made with the key in DNS */
	DKIM_LIMIT,          /* more than is looked at */
	DKIM_REASONS,
};

/* "body-changed": stable; NULL for DKIM_VALID. */
const char *dkim_reason_name(enum dkim_reason);

/* What comes of it: RFC 6376 3.9 and 6.1, in the words of RFC 8601. */
enum dkim_result dkim_reason_result(enum dkim_reason);

struct dkim_verdict {
	const struct field *field; /* of the message */
	enum dkim_result result;
	enum dkim_reason reason;
	/*
	 * What the signature says (checks/dkim/dkim_signature.h); what could
	 * not be read of it is nothing.  Never NULL.
	 */
	const struct dkim_signature *signature;
	struct slice domain;   /* d=, canonical; nothing: unreadable */
	struct slice selector; /* s=, canonical; nothing: unreadable */
	/* checks/dkim/dkim_key.h; NULL: not looked for, lost or not there. */
	const struct dkim_key *key;
	bool testing; /* t=y of the key */
	/* temperror: the answer that is not known; else NULL. */
	const struct answer *lost;
	struct slice name;     /* where the key is; or nothing */
	struct slice detail;   /* a sentence for people; nothing: it passes */
	const char *diagnosis; /* finer than the reason, stable; or NULL */
	struct slice
	    changed; /* the header field that was changed; or nothing */
};

struct dkim_verdicts {
	const struct dkim_verdict *all; /* in the order of the message */
	size_t n;
	bool cut;     /* LIMIT_DKIM_SIGNATURES: the rest was not looked at */
	size_t there; /* signature fields that there are */
};

/*
 * All signatures of the subject's message, verified once an audit
 * (MEMO_DKIM).  *out is NULL while a question is open: then run->waiting is
 * set.  Without a message n is 0.  RC_NOMEM, RC_LIMIT.
 */
enum rc dkim_verify(struct check_run *, const struct dkim_verdicts **out);

/*
 * Whether every field of that name (any case) is under the signature, be it
 * good or bad: h= counts from the bottom up (RFC 6376 5.4.2).  False: there is
 * none of that name, or h= cannot be read.
 */
bool dkim_covers(const struct dkim_verdict *, const struct message *,
    const char *name);

/* Whether one more field of that name would break it (RFC 6376 8.15). */
bool dkim_oversigns(const struct dkim_verdict *, const struct message *,
    const char *name);

#endif
