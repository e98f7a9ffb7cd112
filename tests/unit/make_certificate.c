#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "base/buf.h"
#include "make_certificate.h"

enum { DAY = 24 * 3600, TEXT_MAX = 1 << 20 };

static size_t
find(const struct certificates *c, struct slice name)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (slice_eq(slice_str(c->plans[i].name), name))
			return i;
	fail_msg("no certificate %.*s", SLICE_FMT(name));
	return 0;
}

/* ---- making ------------------------------------------------------------ */

static EVP_PKEY *
make_key(const struct certificate_plan *plan)
{
	EVP_PKEY *key = NULL;

	if (plan->key == NULL || strcmp(plan->key, "EC") == 0)
		key = EVP_EC_gen("P-256");
	else if (strcmp(plan->key, "RSA") == 0)
		key = EVP_RSA_gen(plan->bits);
	else
		key = EVP_PKEY_Q_keygen(NULL, NULL, plan->key);
	assert_non_null(key);
	return key;
}

static void
add_extension(X509 *x, int nid, const char *value)
{
	X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

	assert_non_null(e);
	assert_int_equal(X509_add_ext(x, e, -1), 1);
	X509_EXTENSION_free(e);
}

static void
fill(X509 *x, const struct certificate_plan *plan)
{
	bool own = plan->from != 0 || plan->until != 0;
	X509_NAME *name = X509_get_subject_name(x);

	assert_int_equal(X509_set_version(x, X509_VERSION_3), 1);
	assert_int_equal(ASN1_INTEGER_set(X509_get_serialNumber(x), 1), 1);
	assert_non_null(ASN1_TIME_set(X509_getm_notBefore(x),
	    AS_OF + (time_t)(own ? plan->from : -30) * DAY));
	assert_non_null(ASN1_TIME_set(X509_getm_notAfter(x),
	    AS_OF + (time_t)(own ? plan->until : 60) * DAY));
	if (plan->common_name != NULL)
		assert_int_equal(X509_NAME_add_entry_by_txt(name, "CN",
				     MBSTRING_UTF8,
				     (const unsigned char *)plan->common_name,
				     -1, -1, 0),
		    1);
	if (plan->authority)
		add_extension(x, NID_basic_constraints, "critical,CA:TRUE");
	if (plan->alternative != NULL)
		add_extension(x, NID_subject_alt_name, plan->alternative);
}

static void
make(struct certificates *c, size_t i)
{
	const struct certificate_plan *plan = &c->plans[i];
	size_t by = plan->issuer != NULL ? find(c, slice_str(plan->issuer)) : i;
	const EVP_MD *digest = plan->digest != NULL
				   ? EVP_get_digestbyname(plan->digest)
				   : EVP_sha256();
	X509 *x = X509_new();

	assert_non_null(x);
	c->made[i] = x;
	c->keys[i] = make_key(plan);
	if (EVP_PKEY_is_a(c->keys[by], "ED25519"))
		digest = NULL;
	fill(x, plan);
	assert_int_equal(X509_set_issuer_name(x,
			     X509_get_subject_name(c->made[by])),
	    1);
	assert_int_equal(X509_set_pubkey(x, c->keys[i]), 1);
	assert_true(X509_sign(x, c->keys[by], digest) > 0);
}

void
certificates_make(struct certificates *c, const struct certificate_plan *plans)
{
	*c = (struct certificates){ .plans = plans };
	for (; plans[c->n].name != NULL; c->n++) {
		assert_true(c->n < CERTIFICATES_MAX);
		make(c, c->n);
	}
}

void
certificates_free(struct certificates *c)
{
	size_t i;

	for (i = 0; i < c->n; i++) {
		X509_free(c->made[i]);
		EVP_PKEY_free(c->keys[i]);
	}
}

/* ---- writing ----------------------------------------------------------- */

struct slice
certificate_der(const struct certificates *c, const char *name)
{
	unsigned char *der = NULL;
	int n = i2d_X509(c->made[find(c, slice_str(name))], &der);

	assert_true(n > 0);
	return slice_of(der, (size_t)n);
}

static void
add_pem(struct buf *b, X509 *x, const char *newline)
{
	BIO *bio = BIO_new(BIO_s_mem());
	struct slice all, line;
	char *p = NULL;
	long n;

	assert_int_equal(PEM_write_bio_X509(bio, x), 1);
	n = BIO_get_mem_data(bio, &p);
	all = slice_of(p, (size_t)n);
	while (slice_line(&all, &line)) {
		buf_add(b, line);
		buf_add_str(b, newline);
	}
	BIO_free(bio);
}

/* The octets with a NUL behind. */
static char *
take(struct buf *b)
{
	buf_add_char(b, '\0');
	assert_false(b->failed);
	return (char *)b->p;
}

char *
certificates_pem(const struct certificates *c, const char *const *names)
{
	struct buf b;

	buf_init(&b, TEXT_MAX);
	for (; *names != NULL; names++)
		add_pem(&b, c->made[find(c, slice_str(*names))], "\n");
	return take(&b);
}

static void
add_hex(struct buf *b, const unsigned char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		buf_printf(b, "%02x", p[i]);
}

static void
add_tlsa(struct buf *b, X509 *x, struct slice kind)
{
	unsigned char *der = NULL, sum[EVP_MAX_MD_SIZE];
	unsigned int n = 0;
	int len = kind.p[0] == '0'
		      ? i2d_X509(x, &der)
		      : i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x), &der);

	assert_true(len > 0);
	if (kind.p[1] == '0') {
		add_hex(b, der, (size_t)len);
	} else {
		assert_int_equal(EVP_Digest(der, (size_t)len, sum, &n,
				     kind.p[1] == '1' ? EVP_sha256()
						      : EVP_sha512(),
				     NULL),
		    1);
		add_hex(b, sum, n);
	}
	OPENSSL_free(der);
}

char *
certificates_expand(const struct certificates *c, const char *text)
{
	struct slice rest = slice_str(text), head, name, kind;
	struct buf b;

	buf_init(&b, TEXT_MAX);
	while (slice_cut(rest, '@', &head, &rest)) {
		buf_add(&b, head);
		assert_true(slice_cut(rest, '@', &name, &rest));
		if (slice_cut(name, '/', &name, &kind))
			add_tlsa(&b, c->made[find(c, name)], kind);
		else
			add_pem(&b, c->made[find(c, name)], "\\n");
	}
	buf_add(&b, head);
	return take(&b);
}
