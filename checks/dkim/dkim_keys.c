#include "checks/dkim/dkim_keys.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/table.h"

enum { ED25519_OCTETS = 32, RSA_DER_MAX = 4096, SIGNATURE_MAX = 4096 };

struct dkim_public {
	enum dkim_key_type type;
	EVP_PKEY *key;       /* NULL: the octets are none */
	EVP_PKEY_CTX *rsa;   /* set up to verify; NULL for Ed25519 */
	EVP_MD_CTX *scratch; /* of the keys; for Ed25519 */
	unsigned int bits;
	bool bare;
	size_t n;
	unsigned char name[]; /* the type, and then its octets */
};

/* All of it but the struct is made at its first use, and OpenSSL loaded. */
struct dkim_keys {
	EVP_MD *sha256; /* NULL: not used yet */
	EVP_MD_CTX *hash, *copy;
	EVP_MD_CTX *ed25519;
	struct table *kept; /* struct dkim_public by name */
};

/* ---- all of them ------------------------------------------------------- */

static void
public_free(struct dkim_public *p)
{
	if (p == NULL)
		return;
	EVP_PKEY_CTX_free(p->rsa);
	EVP_PKEY_free(p->key);
	free(p);
}

static void
forget(struct dkim_keys *k)
{
	struct dkim_public *p;
	size_t at = 0;

	while (k->kept != NULL && (p = table_next(k->kept, &at)) != NULL)
		public_free(p);
	table_free(k->kept);
	k->kept = NULL;
}

static void
tear_down(struct dkim_keys *k)
{
	forget(k);
	EVP_MD_CTX_free(k->ed25519);
	EVP_MD_CTX_free(k->copy);
	EVP_MD_CTX_free(k->hash);
	EVP_MD_free(k->sha256);
	*k = (struct dkim_keys){ 0 };
}

struct dkim_keys *
dkim_keys_new(void)
{
	return calloc(1, sizeof(struct dkim_keys));
}

static bool
set_up(struct dkim_keys *k)
{
	if (k->sha256 != NULL)
		return true;
	k->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	k->hash = EVP_MD_CTX_new();
	k->copy = EVP_MD_CTX_new();
	k->ed25519 = EVP_MD_CTX_new();
	k->kept = table_new();
	if (k->sha256 != NULL && k->hash != NULL && k->copy != NULL &&
	    k->ed25519 != NULL && k->kept != NULL)
		return true;
	tear_down(k);
	return false;
}

void
dkim_keys_close(struct dkim_keys **kp)
{
	if (*kp != NULL && (*kp)->sha256 != NULL)
		tear_down(*kp);
	free(*kp);
	*kp = NULL;
}

/* ---- SHA-256 ----------------------------------------------------------- */

bool
dkim_hash_begin(struct dkim_keys *k)
{
	return set_up(k) && EVP_DigestInit_ex2(k->hash, k->sha256, NULL) == 1;
}

void
dkim_hash_take(void *keys, struct slice s)
{
	struct dkim_keys *k = keys;

	if (s.n > 0)
		(void)EVP_DigestUpdate(k->hash, s.p, s.n);
}

bool
dkim_hash_end(struct dkim_keys *k, struct dkim_digest *out)
{
	return EVP_DigestFinal_ex(k->hash, out->octets, NULL) == 1;
}

bool
dkim_fork_begin(struct dkim_keys *k)
{
	return EVP_MD_CTX_copy_ex(k->copy, k->hash) == 1;
}

void
dkim_fork_take(void *keys, struct slice s)
{
	struct dkim_keys *k = keys;

	if (s.n > 0)
		(void)EVP_DigestUpdate(k->copy, s.p, s.n);
}

bool
dkim_fork_end(struct dkim_keys *k, struct dkim_digest *out)
{
	return EVP_DigestFinal_ex(k->copy, out->octets, NULL) == 1;
}

bool
dkim_hash_peek(struct dkim_keys *k, struct dkim_digest *out)
{
	return dkim_fork_begin(k) && dkim_fork_end(k, out);
}

bool
dkim_digest_is(const struct dkim_digest *d, struct slice s)
{
	return slice_eq(slice_of(d->octets, sizeof(d->octets)), s);
}

/* ---- reading a key ----------------------------------------------------- */

/* All of the octets, and nothing behind them. */
static EVP_PKEY *
read_rsa(struct slice der, bool bare)
{
	const unsigned char *p = der.p;
	EVP_PKEY *key;

	if (bare)
		key = d2i_PublicKey(EVP_PKEY_RSA, NULL, &p, (long)der.n);
	else
		key = d2i_PUBKEY(NULL, &p, (long)der.n);
	if (key == NULL)
		return NULL;
	if ((size_t)(p - der.p) == der.n && EVP_PKEY_is_a(key, "RSA") == 1)
		return key;
	EVP_PKEY_free(key);
	return NULL;
}

static bool
set_up_rsa(struct dkim_public *p)
{
	p->rsa = EVP_PKEY_CTX_new(p->key, NULL);
	return p->rsa != NULL && EVP_PKEY_verify_init(p->rsa) == 1 &&
	       EVP_PKEY_CTX_set_rsa_padding(p->rsa, RSA_PKCS1_PADDING) == 1 &&
	       EVP_PKEY_CTX_set_signature_md(p->rsa, EVP_sha256()) == 1;
}

/*
 * RFC 6376 3.6.1 has an RSAPublicKey in its examples of the syntax and a
 * SubjectPublicKeyInfo in fact, as everybody has; both are in use.
 */
static void
read_key(struct dkim_public *p, struct slice octets)
{
	switch (p->type) {
	case DKIM_KEY_RSA:
		if (octets.n > RSA_DER_MAX)
			return;
		p->key = read_rsa(octets, false);
		p->bare = p->key == NULL;
		if (p->bare)
			p->key = read_rsa(octets, true);
		break;
	case DKIM_KEY_ED25519:
		if (octets.n == ED25519_OCTETS)
			p->key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519,
			    NULL, octets.p, octets.n);
		break;
	case DKIM_KEY_UNKNOWN:
		break;
	}
	if (p->key == NULL)
		return;
	p->bits = (unsigned int)EVP_PKEY_get_bits(p->key);
	if (p->type == DKIM_KEY_RSA && !set_up_rsa(p)) {
		EVP_PKEY_free(p->key);
		p->key = NULL;
	}
}

static struct slice
name_of(const struct dkim_public *p)
{
	return slice_of(p->name, p->n);
}

/* The type first, so that the same octets may be keys of both. */
static struct dkim_public *
public_new(struct dkim_keys *k, enum dkim_key_type type, struct slice octets)
{
	struct dkim_public *p = calloc(1, sizeof(*p) + 1 + octets.n);

	if (p == NULL)
		return NULL;
	p->type = type;
	p->scratch = k->ed25519;
	p->n = octets.n + 1;
	p->name[0] = (unsigned char)type;
	if (octets.n > 0)
		memcpy(p->name + 1, octets.p, octets.n);
	read_key(p, octets);
	ERR_clear_error();
	return p;
}

static bool
make_room(struct dkim_keys *k)
{
	if (k->kept != NULL && table_count(k->kept) < LIMIT_DKIM_KEYS)
		return true;
	forget(k);
	k->kept = table_new();
	return k->kept != NULL;
}

enum rc
dkim_public_read(struct dkim_keys *k, enum dkim_key_type type,
    struct slice octets, const struct dkim_public **out)
{
	unsigned char name[1 + RSA_DER_MAX];
	struct dkim_public *p;

	*out = NULL;
	if (octets.n > RSA_DER_MAX || octets.n == 0)
		return RC_OK;
	name[0] = (unsigned char)type;
	memcpy(name + 1, octets.p, octets.n);
	if (!set_up(k) || (k->kept == NULL && !make_room(k)))
		return RC_NOMEM;
	p = table_get(k->kept, slice_of(name, octets.n + 1));
	if (p == NULL) {
		if (!make_room(k))
			return RC_NOMEM;
		p = public_new(k, type, octets);
		if (p == NULL || !table_put(k->kept, name_of(p), p)) {
			public_free(p);
			return RC_NOMEM;
		}
	}
	if (p->key != NULL)
		*out = p;
	return RC_OK;
}

unsigned int
dkim_public_bits(const struct dkim_public *p)
{
	return p->bits;
}

bool
dkim_public_is_bare(const struct dkim_public *p)
{
	return p->bare;
}

/* ---- using it ---------------------------------------------------------- */

static bool
verify_ed25519(const struct dkim_public *p, const struct dkim_digest *d,
    struct slice signature)
{
	/* What was set up for a key stays with that key. */
	return EVP_MD_CTX_reset(p->scratch) == 1 &&
	       EVP_DigestVerifyInit(p->scratch, NULL, NULL, NULL, p->key) ==
		   1 &&
	       EVP_DigestVerify(p->scratch, signature.p, signature.n, d->octets,
		   sizeof(d->octets)) == 1;
}

bool
dkim_public_verify(const struct dkim_public *p, const struct dkim_digest *d,
    struct slice signature)
{
	bool good;

	if (p->type == DKIM_KEY_ED25519)
		good = verify_ed25519(p, d, signature);
	else
		good = EVP_PKEY_verify(p->rsa, signature.p, signature.n,
			   d->octets, sizeof(d->octets)) == 1;
	if (!good)
		ERR_clear_error();
	return good;
}

bool
dkim_public_recover(const struct dkim_public *p, struct slice signature,
    struct dkim_digest *out)
{
	unsigned char raw[SIGNATURE_MAX];
	size_t n = sizeof(raw);
	EVP_PKEY_CTX *c;
	bool good;

	if (p->type != DKIM_KEY_RSA)
		return false;
	c = EVP_PKEY_CTX_new(p->key, NULL);
	good = c != NULL && EVP_PKEY_verify_recover_init(c) == 1 &&
	       EVP_PKEY_CTX_set_rsa_padding(c, RSA_PKCS1_PADDING) == 1 &&
	       EVP_PKEY_CTX_set_signature_md(c, EVP_sha256()) == 1 &&
	       EVP_PKEY_verify_recover(c, raw, &n, signature.p, signature.n) ==
		   1 &&
	       n == sizeof(out->octets);
	if (good)
		memcpy(out->octets, raw, sizeof(out->octets));
	EVP_PKEY_CTX_free(c);
	ERR_clear_error();
	return good;
}
