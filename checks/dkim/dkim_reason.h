#ifndef CHECKS_DKIM_DKIM_REASON_H
#define CHECKS_DKIM_DKIM_REASON_H

/* How a signature came out, and why. */

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

#endif
