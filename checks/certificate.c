#include "checks/certificate.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#include "base/civil.h"
#include "base/limits.h"
#include "checks/anchors.h"

enum {
	CERTIFICATE_NAMES = 256,
	RSA_BITS_MIN = 2048,
	EC_BITS_MIN = 224,
	SIGNATURE_BITS_MIN = 80, /* OpenSSL has SHA-1 at 63, SHA-256 at 128 */
};

/* ---- reading ----------------------------------------------------------- */

static X509 *
read_der(struct slice der)
{
	const unsigned char *p = der.p;
	X509 *x = NULL;

	if (der.n > 0 && der.n <= LIMIT_CERTIFICATE)
		x = d2i_X509(NULL, &p, (long)der.n);
	ERR_clear_error();
	return x;
}

/* What can be read of it; nothing without the leaf.  NULL: out of memory. */
static STACK_OF(X509) * read_chain(const struct tls_session *tls)
{
	STACK_OF(X509) *chain = sk_X509_new_null();

	for (size_t i = 0; chain != NULL && i < tls->n_chain; i++) {
		X509 *x = read_der(tls->chain[i]);

		if (x == NULL && i == 0)
			break;
		if (x == NULL || sk_X509_push(chain, x) > 0)
			continue;
		X509_free(x);
		sk_X509_pop_free(chain, X509_free);
		return NULL;
	}
	return chain;
}

static struct slice
name_text(struct arena *a, const X509_NAME *name)
{
	BIO *bio = BIO_new(BIO_s_mem());
	struct slice s = SLICE_NONE;
	char *p = NULL;
	long n;

	if (bio == NULL)
		return SLICE_NONE;
	if (X509_NAME_print_ex(bio, name, 0,
		XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) >= 0 &&
	    (n = BIO_get_mem_data(bio, &p)) >= 0)
		s = arena_copy(a, slice_of(p, (size_t)n));
	BIO_free(bio);
	return s;
}

static int64_t
asn1_unix(const ASN1_TIME *t)
{
	struct tm tm;
	struct civil c;

	if (t == NULL || ASN1_TIME_to_tm(t, &tm) != 1)
		return 0;
	c = (struct civil){ .year = tm.tm_year + 1900,
		.month = tm.tm_mon + 1,
		.day = tm.tm_mday,
		.hour = tm.tm_hour,
		.minute = tm.tm_min,
		.second = tm.tm_sec };
	return civil_to_unix(&c);
}

static void
read_names(struct arena *a, const X509 *x, struct certificate *c)
{
	GENERAL_NAMES *san =
	    X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);
	struct slice *names = arena_new_of(a, struct slice, CERTIFICATE_NAMES);
	int n = san != NULL ? sk_GENERAL_NAME_num(san) : 0;

	c->names = names;
	for (int i = 0; names != NULL && i < n; i++) {
		const GENERAL_NAME *g = sk_GENERAL_NAME_value(san, i);
		struct ip ip;

		if (c->n_names == CERTIFICATE_NAMES)
			break;
		if (g->type == GEN_DNS)
			names[c->n_names++] = arena_copy(a,
			    slice_of(ASN1_STRING_get0_data(g->d.dNSName),
				(size_t)ASN1_STRING_length(g->d.dNSName)));
		else if (g->type == GEN_IPADD &&
			 ip_from_octets(slice_of(ASN1_STRING_get0_data(
						     g->d.iPAddress),
					    (size_t)ASN1_STRING_length(
						g->d.iPAddress)),
			     &ip))
			names[c->n_names++] = ip_text(a, &ip);
	}
	GENERAL_NAMES_free(san);
}

static bool
host_matches(X509 *x, struct slice host, unsigned int flags)
{
	flags |= X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS;
	/* OpenSSL takes ".example.com" for anything below it. */
	return host.n > 0 && host.p[0] != '.' &&
	       X509_check_host(x, (const char *)host.p, host.n, flags, NULL) ==
		   1;
}

/* RFC 9325 4.5; integer factoring and finite fields need the longer keys. */
static bool
key_is_weak(const EVP_PKEY *key)
{
	bool curve = EVP_PKEY_is_a(key, "EC") ||
		     EVP_PKEY_is_a(key, "ED25519") ||
		     EVP_PKEY_is_a(key, "ED448");

	return EVP_PKEY_get_bits(key) < (curve ? EC_BITS_MIN : RSA_BITS_MIN);
}

static void
read_key(struct arena *a, X509 *x, struct certificate *c)
{
	EVP_PKEY *key = X509_get0_pubkey(x);
	int strength = 0;

	if (key != NULL) {
		const char *type = EVP_PKEY_get0_type_name(key);

		c->key_bits = EVP_PKEY_get_bits(key);
		if (type != NULL)
			c->key_type = arena_copy(a, slice_str(type));
		c->weak = key_is_weak(key);
	}
	c->signature =
	    arena_copy(a, slice_str(OBJ_nid2sn(X509_get_signature_nid(x))));
	/* The signature of a self-signed certificate proves nothing. */
	if (!c->self_signed &&
	    X509_get_signature_info(x, NULL, NULL, &strength, NULL) == 1 &&
	    strength < SIGNATURE_BITS_MIN)
		c->weak = true;
}

/* ---- believing --------------------------------------------------------- */

/* What verification came to besides the leaf's own dates. */
struct verify_note {
	int error;
};

static int
verify_callback(int ok, X509_STORE_CTX *ctx)
{
	struct verify_note *note = X509_STORE_CTX_get_app_data(ctx);
	int error = X509_STORE_CTX_get_error(ctx);

	if (ok)
		return 1;
	if (X509_STORE_CTX_get_error_depth(ctx) == 0 &&
	    (error == X509_V_ERR_CERT_HAS_EXPIRED ||
		error == X509_V_ERR_CERT_NOT_YET_VALID)) {
		X509_STORE_CTX_set_error(ctx, X509_V_OK);
		return 1;
	}
	note->error = error;
	return 0;
}

static int
verify(X509_STORE *store, X509 *leaf, STACK_OF(X509) * chain, int64_t as_of)
{
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	struct verify_note note = { X509_V_OK };
	int error = X509_V_ERR_OUT_OF_MEM;
	X509_VERIFY_PARAM *param;

	if (ctx == NULL || X509_STORE_CTX_init(ctx, store, leaf, chain) != 1)
		goto out;
	param = X509_STORE_CTX_get0_param(ctx);
	X509_VERIFY_PARAM_set_time(param, (time_t)as_of);
	/* Strength is judged apart from trust. */
	X509_VERIFY_PARAM_set_auth_level(param, 0);
	(void)X509_VERIFY_PARAM_set_flags(param,
	    X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_TRUSTED_FIRST);
	(void)X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_SSL_SERVER);
	(void)X509_STORE_CTX_set_app_data(ctx, &note);
	X509_STORE_CTX_set_verify_cb(ctx, verify_callback);
	error = X509_V_OK;
	if (X509_verify_cert(ctx) != 1)
		/* Not every failure comes by the callback. */
		error = note.error != X509_V_OK ? note.error
						: X509_V_ERR_UNSPECIFIED;
out:
	X509_STORE_CTX_free(ctx);
	ERR_clear_error();
	return error;
}

static void
judge_trust(struct check_run *run, X509 *leaf, STACK_OF(X509) * chain,
    struct certificate *c)
{
	struct trust_anchors *anchors = run->subject->anchors;
	int error;

	c->trust_known = trust_anchors_any(anchors);
	if (!c->trust_known)
		return;
	anchors_load_for(anchors, leaf);
	for (int i = 0; i < sk_X509_num(chain); i++)
		anchors_load_for(anchors, sk_X509_value(chain, i));
	error =
	    verify(anchors_store(anchors), leaf, chain, run->subject->as_of);
	c->trusted = error == X509_V_OK;
	if (!c->trusted)
		c->error = arena_copy(run->arena,
		    slice_str(X509_verify_cert_error_string(error)));
}

enum rc
certificate_read(struct check_run *run, const struct tls_session *tls,
    struct slice host, struct certificate *c)
{
	int64_t now = run->subject->as_of;
	STACK_OF(X509) *chain = read_chain(tls);
	X509 *leaf;

	*c = (struct certificate){ 0 };
	if (chain == NULL)
		return RC_NOMEM;
	leaf = sk_X509_value(chain, 0);
	c->readable = leaf != NULL;
	if (leaf == NULL)
		goto out;
	c->subject = name_text(run->arena, X509_get_subject_name(leaf));
	c->issuer = name_text(run->arena, X509_get_issuer_name(leaf));
	c->not_before = asn1_unix(X509_get0_notBefore(leaf));
	c->not_after = asn1_unix(X509_get0_notAfter(leaf));
	c->not_yet_valid = now < c->not_before;
	c->expired = now > c->not_after;
	c->self_signed = X509_self_signed(leaf, 1) == 1;
	read_names(run->arena, leaf, c);
	read_key(run->arena, leaf, c);
	c->matches_host = host_matches(leaf, host, 0);
	c->matches_san =
	    host_matches(leaf, host, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
	judge_trust(run, leaf, chain, c);
out:
	sk_X509_pop_free(chain, X509_free);
	ERR_clear_error();
	return arena_failed(run->arena) ? RC_LIMIT : RC_OK;
}

static void
put_time(json_t *o, const char *key, int64_t when)
{
	char text[CIVIL_TEXT_MAX];

	civil_rfc3339_format(when, text);
	(void)json_object_set_new(o, key, json_string(text));
}

json_t *
certificate_json(const struct certificate *c)
{
	json_t *o = json_object(), *names = json_array();

	check_fact_text(o, "subject", c->subject);
	for (size_t i = 0; i < c->n_names; i++)
		(void)json_array_append_new(names, check_json(c->names[i]));
	(void)json_object_set_new(o, "names", names);
	check_fact_text(o, "issuer", c->issuer);
	put_time(o, "not_before", c->not_before);
	put_time(o, "not_after", c->not_after);
	check_fact_bool(o, "expired", c->expired);
	check_fact_bool(o, "not_yet_valid", c->not_yet_valid);
	check_fact_bool(o, "self_signed", c->self_signed);
	if (c->trust_known)
		check_fact_bool(o, "trusted", c->trusted);
	check_fact_bool(o, "matches_host", c->matches_host);
	if (c->key_type.n > 0) {
		check_fact_text(o, "key_type", c->key_type);
		(void)json_object_set_new(o, "key_bits",
		    json_integer(c->key_bits));
	} else {
		check_fact_null(o, "key_type");
		check_fact_null(o, "key_bits");
	}
	check_fact_text(o, "signature", c->signature);
	if (c->error.n > 0)
		check_fact_text(o, "error", c->error);
	else
		check_fact_null(o, "error");
	return o;
}

/* ---- DANE -------------------------------------------------------------- */

/* RFC 6698 2.1.2 and 2.1.3: what is compared; in the arena. */
static struct slice
dane_data(struct arena *a, X509 *x, const struct dns_record *r)
{
	unsigned char *der = NULL, sum[EVP_MAX_MD_SIZE];
	struct slice out = SLICE_NONE;
	unsigned int n = 0;
	int len;

	len = r->as.tlsa.selector == 0
		  ? i2d_X509(x, &der)
		  : i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x), &der);
	if (len <= 0)
		return SLICE_NONE;
	if (r->as.tlsa.matching == 0)
		out = arena_copy(a, slice_of(der, (size_t)len));
	else if (EVP_Digest(der, (size_t)len, sum, &n,
		     r->as.tlsa.matching == 1 ? EVP_sha256() : EVP_sha512(),
		     NULL) == 1)
		out = arena_copy(a, slice_of(sum, n));
	OPENSSL_free(der);
	return out;
}

/*
 * RFC 7672 3.1.3: an unknown parameter or data of another length than the
 * digest's make it unusable; PKIX-TA and PKIX-EE are not for SMTP.
 */
static bool
is_usable(const struct dns_record *r)
{
	static const size_t lengths[] = { 0, 32, 64 };

	if (r->as.tlsa.usage < 2 || r->as.tlsa.usage > 3 ||
	    r->as.tlsa.selector > 1 || r->as.tlsa.matching > 2 ||
	    r->as.tlsa.data.n == 0)
		return false;
	return r->as.tlsa.matching == 0 ||
	       r->as.tlsa.data.n == lengths[r->as.tlsa.matching];
}

/*
 * RFC 7671 5.2: the leaf is good under this anchor, now and for the host; or
 * for the domain, whose MX is proven where any of this counts (RFC 7672
 * 3.2.2).
 */
static bool
good_under(struct check_run *run, X509 *anchor, STACK_OF(X509) * chain,
    struct slice host)
{
	X509_STORE *store = X509_STORE_new();
	X509 *leaf = sk_X509_value(chain, 0);
	int64_t now = run->subject->as_of;
	bool good;

	good = store != NULL && X509_STORE_add_cert(store, anchor) == 1 &&
	       verify(store, leaf, chain, now) == X509_V_OK &&
	       now >= asn1_unix(X509_get0_notBefore(leaf)) &&
	       now <= asn1_unix(X509_get0_notAfter(leaf)) &&
	       (host_matches(leaf, host, 0) ||
		   host_matches(leaf, run->subject->domain, 0));
	X509_STORE_free(store);
	return good;
}

enum dane_match
certificate_dane(struct check_run *run, const struct tls_session *tls,
    const struct dns_record *r, struct slice host)
{
	enum dane_match found = DANE_MISMATCH;
	STACK_OF(X509) * chain;
	int first, n;

	if (!is_usable(r))
		return DANE_UNUSABLE;
	chain = read_chain(tls);
	n = chain != NULL ? sk_X509_num(chain) : 0;
	first = r->as.tlsa.usage == 3 ? 0 : 1;
	if (r->as.tlsa.usage == 3 && n > 1)
		n = 1;
	for (int i = first; i < n && found != DANE_MATCH; i++) {
		X509 *x = sk_X509_value(chain, i);

		if (slice_eq(dane_data(run->arena, x, r), r->as.tlsa.data) &&
		    (r->as.tlsa.usage == 3 || good_under(run, x, chain, host)))
			found = DANE_MATCH;
	}
	sk_X509_pop_free(chain, X509_free);
	ERR_clear_error();
	return found;
}
