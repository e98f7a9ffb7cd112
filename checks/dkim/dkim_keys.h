#ifndef CHECKS_DKIM_DKIM_KEYS_H
#define CHECKS_DKIM_DKIM_KEYS_H

#include "base/rc.h"
#include "base/slice.h"
#include "checks/dkim/dkim_signature.h"

/*
 * Hashes and public keys (RFC 8301, RFC 8463).  OpenSSL takes longer to read a
 * key than to use it, so keys that were read are kept for the whole run, up to
 * LIMIT_DKIM_KEYS.  What is kept changes no result.
 */
struct dkim_keys;

/* NULL: out of memory. */
struct dkim_keys *dkim_keys_new(void);
void dkim_keys_close(struct dkim_keys **);

/* ---- SHA-256 ----------------------------------------------------------- */

enum { DKIM_DIGEST = 32 };

struct dkim_digest {
	unsigned char octets[DKIM_DIGEST];
};

/*
 * One hash at a time goes on in each of so many places: that of what is being
 * hashed, and one to try something on a copy of it.
 */
bool dkim_hash_begin(struct dkim_keys *);
void dkim_hash_take(void *keys, struct slice); /* fits struct dkim_sink */
bool dkim_hash_end(struct dkim_keys *, struct dkim_digest *);

/* What the end would be now; the hash goes on. */
bool dkim_hash_peek(struct dkim_keys *, struct dkim_digest *);

/* The same, with more behind it that the hash itself does not take. */
bool dkim_fork_begin(struct dkim_keys *);
void dkim_fork_take(void *keys, struct slice); /* fits struct dkim_sink */
bool dkim_fork_end(struct dkim_keys *, struct dkim_digest *);

bool dkim_digest_is(const struct dkim_digest *, struct slice);

/* ---- public keys ------------------------------------------------------- */

enum dkim_key_type { DKIM_KEY_RSA, DKIM_KEY_ED25519, DKIM_KEY_UNKNOWN };

struct dkim_public;

/* What it takes to read a key: octets of p=.  *out is NULL: they are none. */
enum rc dkim_public_read(struct dkim_keys *, enum dkim_key_type, struct slice,
    const struct dkim_public **out);

unsigned int dkim_public_bits(const struct dkim_public *);

/* RSA: RSAPublicKey of RFC 8017 without a SubjectPublicKeyInfo around. */
bool dkim_public_is_bare(const struct dkim_public *);

/*
 * The key made the signature over the digest: rsa-sha256 by PKCS#1 1.5,
 * ed25519-sha256 over the 32 octets (RFC 8463 3).
 */
bool dkim_public_verify(const struct dkim_public *, const struct dkim_digest *,
    struct slice signature);

/*
 * RSA: what the signature was made over, by this key.  False: it was not made
 * by this key (no PKCS#1 structure comes out), or the key is Ed25519.
 */
bool dkim_public_recover(const struct dkim_public *, struct slice signature,
    struct dkim_digest *);

#endif
