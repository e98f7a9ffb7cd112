#ifndef TESTS_UNIT_MAIL_SIGNER_H
#define TESTS_UNIT_MAIL_SIGNER_H

#include "base/arena.h"

/*
 * Signs messages to order.  It has canonical forms of its own, written as the
 * RFC has them and not to be fast, so that it does not share the mistakes of
 * what is tested.  Keys are made when they are first wanted.
 */

enum signer_key {
	SIGNER_RSA, /* 2048 bits */
	SIGNER_RSA_1024,
	SIGNER_RSA_512,
	SIGNER_OTHER, /* RSA, 2048 bits */
	SIGNER_ED25519,
	SIGNER_KEYS,
};

struct signing {
	enum signer_key key;
	const char *algorithm; /* NULL: rsa-sha256 or ed25519-sha256 */
	const char *canon;     /* NULL: "relaxed/relaxed" */
	const char *names;     /* h=; NULL: "From:To:Subject" */
	const char *domain;    /* NULL: example.com */
	const char *more;      /* further tags: " l=5; t=1;" */
	const char *body;      /* what is signed of it; NULL: all of it */
};

/* Header (each field with its CRLF) and body, with the signature on top. */
char *mail_sign(struct arena *, const struct signing *, const char *header,
    const char *body);

/* p= of the key; until signer_close(). */
const char *signer_public(enum signer_key);
/* The same of RSA, as a bare RSAPublicKey. */
const char *signer_bare(enum signer_key);
void signer_close(void);

/* The first of a text replaced by another; fails the test without it. */
char *mail_replace(struct arena *, const char *text, const char *from,
    const char *to);

/* "@rsa@", "@1024@", "@512@", "@other@", "@ed@" and "@bare@": p= of them. */
char *signer_expand(struct arena *, const char *text);

#endif
