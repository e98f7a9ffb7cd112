#ifndef TESTS_UNIT_MAKE_CERTIFICATE_H
#define TESTS_UNIT_MAKE_CERTIFICATE_H

#include <openssl/x509.h>

#include "base/slice.h"

/* Certificates made to order, for tests that stand at one fixed time. */

enum {
	AS_OF = 1795219200, /* 2026-11-21T00:00:00Z */
	CERTIFICATES_MAX = 32,
};

struct certificate_plan {
	const char *name;        /* what the test calls it */
	const char *common_name; /* NULL: the empty subject */
	const char *alternative; /* "DNS:a.example,IP:192.0.2.1"; or NULL */
	const char *issuer; /* another plan, above this one; NULL: itself */
	const char *key;    /* "RSA", "EC", "ED25519"; NULL: EC */
	unsigned int bits;  /* of an RSA key */
	const char *digest; /* NULL: SHA256, or none for ED25519 */
	int from, until;    /* days from AS_OF; 0 and 0: -30 and 60 */
	bool authority;
};

struct certificates {
	const struct certificate_plan *plans;
	size_t n;
	X509 *made[CERTIFICATES_MAX];
	EVP_PKEY *keys[CERTIFICATES_MAX];
};

/* All plans, to the NULL name at the end. */
void certificates_make(struct certificates *, const struct certificate_plan *);
void certificates_free(struct certificates *);

/* Owned by the caller, who calls OPENSSL_free(). */
struct slice certificate_der(const struct certificates *, const char *name);

/* PEM of some, one after the other; malloc'd.  The list ends with NULL. */
char *certificates_pem(const struct certificates *, const char *const *names);

/*
 * The text with @name@ made PEM inside a JSON string, and @name/SM@ made the
 * hexadecimal data of a TLSA record with selector S and matching M; malloc'd.
 */
char *certificates_expand(const struct certificates *, const char *text);

#endif
