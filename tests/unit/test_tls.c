#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "base/limits.h"
#include "probes/tls.h"

enum { ROUNDS = 20, DAY = 24 * 3600, PIPE_MAX = 1 << 20 };

/* The server at the other end, and what both say. */
struct pair {
	struct arena *arena;
	SSL_CTX *client_context;
	SSL_CTX *server_context;
	struct tls *client;
	SSL *server;
	BIO *in, *out; /* the server's */
	struct buf wire;
	size_t corrupt; /* octet from the end of the server's first flight */
	EVP_PKEY *key;
	X509 *certificate;
};

static X509 *
make_certificate(EVP_PKEY *key, long until)
{
	X509 *x = X509_new();
	X509_NAME *name = X509_get_subject_name(x);

	assert_int_equal(X509_set_version(x, X509_VERSION_3), 1);
	assert_int_equal(ASN1_INTEGER_set(X509_get_serialNumber(x), 1), 1);
	assert_non_null(X509_gmtime_adj(X509_getm_notBefore(x), -30 * DAY));
	assert_non_null(X509_gmtime_adj(X509_getm_notAfter(x), until));
	assert_int_equal(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
			     (const unsigned char *)"mx.example.com", -1, -1,
			     0),
	    1);
	assert_int_equal(X509_set_issuer_name(x, name), 1);
	assert_int_equal(X509_set_pubkey(x, key), 1);
	assert_true(X509_sign(x, key, EVP_sha256()) > 0);
	return x;
}

static void
pair_new(struct pair *p, unsigned int bits, long until)
{
	*p = (struct pair){ 0 };
	p->arena = arena_new(LIMIT_ANSWER_ARENA, 1024);
	p->client_context = tls_context_new();
	p->server_context = SSL_CTX_new(TLS_server_method());
	p->key = EVP_RSA_gen(bits);
	p->certificate = make_certificate(p->key, until);
	assert_non_null(p->arena);
	assert_non_null(p->client_context);
	SSL_CTX_set_security_level(p->server_context, 0);
	assert_int_equal(SSL_CTX_use_certificate(p->server_context,
			     p->certificate),
	    1);
	assert_int_equal(SSL_CTX_use_PrivateKey(p->server_context, p->key), 1);
	buf_init(&p->wire, PIPE_MAX);
}

static void
pair_free(struct pair *p)
{
	tls_close(&p->client);
	SSL_free(p->server);
	SSL_CTX_free(p->client_context);
	SSL_CTX_free(p->server_context);
	EVP_PKEY_free(p->key);
	X509_free(p->certificate);
	arena_free(p->arena);
	buf_free(&p->wire);
	ERR_clear_error();
}

static void
set_versions(struct pair *p, int least, int most)
{
	assert_int_equal(SSL_CTX_set_min_proto_version(p->server_context,
			     least),
	    1);
	assert_int_equal(SSL_CTX_set_max_proto_version(p->server_context, most),
	    1);
	assert_int_equal(SSL_CTX_set_cipher_list(p->server_context,
			     "ALL:@SECLEVEL=0"),
	    1);
}

static void
open_ends(struct pair *p, struct slice host)
{
	p->server = SSL_new(p->server_context);
	p->in = BIO_new(BIO_s_mem());
	p->out = BIO_new(BIO_s_mem());
	SSL_set_bio(p->server, p->in, p->out);
	SSL_set_accept_state(p->server);
	assert_int_equal(tls_new(p->client_context, host, &p->client), RC_OK);
}

static void
client_to_server(struct pair *p)
{
	buf_reset(&p->wire);
	tls_drain(p->client, &p->wire);
	if (p->wire.n > 0)
		(void)BIO_write(p->in, p->wire.p, (int)p->wire.n);
}

static void
server_to_client(struct pair *p)
{
	unsigned char chunk[4096];
	int n;

	buf_reset(&p->wire);
	while ((n = BIO_read(p->out, chunk, sizeof(chunk))) > 0)
		buf_add(&p->wire, slice_of(chunk, (size_t)n));
	if (p->corrupt > 0 && p->wire.n > p->corrupt) {
		p->wire.p[p->wire.n - p->corrupt] ^= 1;
		p->corrupt = 0;
	}
	assert_int_equal(tls_feed(p->client, buf_slice(&p->wire)), RC_OK);
}

static enum tls_step
shake_hands(struct pair *p, struct slice host)
{
	enum tls_step step = TLS_MORE;

	open_ends(p, host);
	for (int i = 0; i < ROUNDS && step == TLS_MORE; i++) {
		step = tls_handshake(p->client);
		client_to_server(p);
		(void)SSL_do_handshake(p->server);
		server_to_client(p);
	}
	return step;
}

static struct tls_session
session_of(const struct pair *p)
{
	struct tls_session session;

	(void)tls_session(p->client, p->arena, &session);
	return session;
}

static void
assert_text(struct slice got, const char *want)
{
	assert_int_equal(got.n, strlen(want));
	assert_memory_equal(got.p, want, got.n);
}

static void
assert_leaf(const struct pair *p, const struct tls_session *session)
{
	unsigned char *der = NULL;
	int n = i2d_X509(p->certificate, &der);

	assert_true(n > 0 && session->n_chain > 0);
	assert_int_equal(session->chain[0].n, n);
	assert_memory_equal(session->chain[0].p, der, (size_t)n);
	OPENSSL_free(der);
}

static void
session_is_seen_with_its_leaf(void **state)
{
	struct tls_session session;
	struct pair p;

	(void)state;
	pair_new(&p, 2048, DAY);
	assert_int_equal(shake_hands(&p, SLICE_LIT("mx.example.com")),
	    TLS_DONE);
	session = session_of(&p);
	assert_text(session.version, "TLSv1.3");
	assert_text(session.cipher, "TLS_AES_256_GCM_SHA384");
	assert_int_equal(session.cipher_bits, 256);
	assert_int_equal(session.error.n, 0);
	assert_int_equal(session.n_chain, 1);
	assert_leaf(&p, &session);
	pair_free(&p);
}

static void
old_versions_are_seen(void **state)
{
	static const struct {
		int version;
		const char *name;
	} old[] = {
		{ TLS1_VERSION, "TLSv1" },
		{ TLS1_1_VERSION, "TLSv1.1" },
		{ TLS1_2_VERSION, "TLSv1.2" },
	};
	struct tls_session session;
	struct pair p;

	(void)state;
	for (size_t i = 0; i < sizeof(old) / sizeof(old[0]); i++) {
		pair_new(&p, 2048, DAY);
		set_versions(&p, old[i].version, old[i].version);
		assert_int_equal(shake_hands(&p, SLICE_LIT("mx.example.com")),
		    TLS_DONE);
		session = session_of(&p);
		assert_text(session.version, old[i].name);
		assert_leaf(&p, &session);
		pair_free(&p);
	}
}

static void
weak_key_and_expired_certificate_are_seen(void **state)
{
	struct tls_session session;
	struct pair p;

	(void)state;
	pair_new(&p, 1024, -DAY);
	assert_int_equal(shake_hands(&p, SLICE_LIT("mx.example.com")),
	    TLS_DONE);
	session = session_of(&p);
	assert_int_equal(session.error.n, 0);
	assert_leaf(&p, &session);
	pair_free(&p);
}

static void
server_name_is_sent_for_names_only(void **state)
{
	static const struct {
		const char *host, *sni;
	} hosts[] = {
		{ "mx.example.com", "mx.example.com" },
		{ "192.0.2.1", NULL },
		{ "[192.0.2.1]", NULL },
		{ "2001:db8::1", NULL },
		{ "", NULL },
	};

	const char *got;
	struct pair p;

	(void)state;
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		pair_new(&p, 2048, DAY);
		assert_int_equal(shake_hands(&p, slice_str(hosts[i].host)),
		    TLS_DONE);
		got = SSL_get_servername(p.server, TLSEXT_NAMETYPE_host_name);
		if (hosts[i].sni == NULL)
			assert_null(got);
		else
			assert_string_equal(got, hosts[i].sni);
		pair_free(&p);
	}
}

static void
chain_is_cut_and_counted(void **state)
{
	struct tls_session session;
	struct pair p;

	(void)state;
	pair_new(&p, 2048, DAY);
	for (int i = 1; i < LIMIT_CERTIFICATES + 4; i++)
		assert_int_equal(SSL_CTX_add1_chain_cert(p.server_context,
				     p.certificate),
		    1);
	(void)SSL_CTX_set_mode(p.server_context, SSL_MODE_NO_AUTO_CHAIN);
	assert_int_equal(shake_hands(&p, SLICE_NONE), TLS_DONE);
	assert_int_equal(tls_session(p.client, p.arena, &session),
	    LIMIT_CERTIFICATES + 4);
	assert_int_equal(session.n_chain, LIMIT_CERTIFICATES);
	pair_free(&p);
}

/*
 * The server's flight ends with ServerHelloDone, nine octets; before them is
 * the signature of ServerKeyExchange.
 */
static void
chain_is_seen_when_the_handshake_fails_later(void **state)
{
	struct tls_session session;
	struct pair p;

	(void)state;
	pair_new(&p, 2048, DAY);
	set_versions(&p, TLS1_2_VERSION, TLS1_2_VERSION);
	p.corrupt = 20;
	assert_int_equal(shake_hands(&p, SLICE_NONE), TLS_FAILED);
	session = session_of(&p);
	assert_int_equal(session.version.n, 0);
	assert_true(session.error.n > 0);
	assert_string_equal(tls_error(p.client), "bad signature");
	assert_leaf(&p, &session);
	pair_free(&p);
}

static void
alert_of_the_server_is_the_error(void **state)
{
	struct tls_session session;
	struct pair p;

	(void)state;
	pair_new(&p, 2048, DAY);
	set_versions(&p, TLS1_2_VERSION, TLS1_2_VERSION);
	assert_int_equal(SSL_CTX_set_cipher_list(p.server_context,
			     "aNULL:@SECLEVEL=0"),
	    1);
	assert_int_equal(shake_hands(&p, SLICE_NONE), TLS_FAILED);
	session = session_of(&p);
	assert_int_equal(session.n_chain, 0);
	assert_true(slice_find(session.error, SLICE_LIT("handshake failure")) !=
		    SIZE_MAX);
	pair_free(&p);
}

static void
what_is_not_tls_fails(void **state)
{
	struct tls_session session;
	struct pair p;

	(void)state;
	pair_new(&p, 2048, DAY);
	open_ends(&p, SLICE_NONE);
	assert_int_equal(tls_handshake(p.client), TLS_MORE);
	assert_int_equal(tls_feed(p.client, SLICE_LIT("250 mx at ease\r\n")),
	    RC_OK);
	assert_int_equal(tls_handshake(p.client), TLS_FAILED);
	session = session_of(&p);
	assert_text(session.error, "wrong version number");
	pair_free(&p);
}

static void
data_goes_both_ways_until_closed(void **state)
{
	unsigned char got[64];
	struct pair p;
	size_t n;

	(void)state;
	pair_new(&p, 2048, DAY);
	assert_int_equal(shake_hands(&p, SLICE_NONE), TLS_DONE);
	client_to_server(&p);
	assert_int_equal(tls_read(p.client, got, sizeof(got), &n), TLS_MORE);
	assert_int_equal(tls_write(p.client, SLICE_LIT("EHLO a\r\n")),
	    TLS_DONE);
	client_to_server(&p);
	assert_int_equal(SSL_read(p.server, got, sizeof(got)), 8);
	assert_memory_equal(got, "EHLO a\r\n", 8);
	assert_int_equal(SSL_write(p.server, "250 b\r\n", 7), 7);
	(void)SSL_shutdown(p.server);
	server_to_client(&p);
	assert_int_equal(tls_read(p.client, got, sizeof(got), &n), TLS_DONE);
	assert_int_equal(n, 7);
	assert_int_equal(tls_read(p.client, got, sizeof(got), &n), TLS_CLOSED);
	pair_free(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(session_is_seen_with_its_leaf),
		cmocka_unit_test(old_versions_are_seen),
		cmocka_unit_test(weak_key_and_expired_certificate_are_seen),
		cmocka_unit_test(server_name_is_sent_for_names_only),
		cmocka_unit_test(chain_is_cut_and_counted),
		cmocka_unit_test(chain_is_seen_when_the_handshake_fails_later),
		cmocka_unit_test(alert_of_the_server_is_the_error),
		cmocka_unit_test(what_is_not_tls_fails),
		cmocka_unit_test(data_goes_both_ways_until_closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
