#include "probes/tls.h"

#include <stdlib.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#include "base/ip.h"
#include "probes/tls_seen.h"

enum { TLS_CHUNK = 4096, TLS_ERROR_MAX = 120, TLS_HOST_MAX = 254 };

struct tls {
	SSL *ssl;
	BIO *in;  /* from the network; the SSL owns both */
	BIO *out; /* to the network */
	STACK_OF(X509) * chain;
	bool up;
	char error[TLS_ERROR_MAX];
};

/*
 * Takes the place of verification.  The chain is kept here and not asked for
 * at the end, as OpenSSL forgets it when it does not like what follows.
 */
static int
see_chain(X509_STORE_CTX *store, void *arg)
{
	STACK_OF(X509) *chain = X509_STORE_CTX_get0_untrusted(store);
	SSL *ssl = X509_STORE_CTX_get_ex_data(store,
	    SSL_get_ex_data_X509_STORE_CTX_idx());
	struct tls *t = ssl != NULL ? SSL_get_app_data(ssl) : NULL;

	(void)arg;
	if (t != NULL && t->chain == NULL && chain != NULL)
		t->chain = X509_chain_up_ref(chain);
	return 1;
}

SSL_CTX *
tls_context_new(void)
{
	SSL_CTX *c;

	ERR_clear_error();
	c = SSL_CTX_new(TLS_client_method());
	if (c == NULL)
		return NULL;
	SSL_CTX_set_security_level(c, 0);
	/* Without anonymous ciphers: they would hide the certificate. */
	if (SSL_CTX_set_min_proto_version(c, TLS1_VERSION) != 1 ||
	    SSL_CTX_set_max_proto_version(c, 0) != 1 ||
	    SSL_CTX_set_cipher_list(c, "ALL:!aNULL:!eNULL:@SECLEVEL=0") != 1) {
		SSL_CTX_free(c);
		return NULL;
	}
	(void)SSL_CTX_set_options(c,
	    SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_NO_TICKET);
	(void)SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_verify(c, SSL_VERIFY_NONE, NULL);
	SSL_CTX_set_cert_verify_callback(c, see_chain, NULL);
	return c;
}

static bool
set_server_name(struct tls *t, struct slice host)
{
	char name[TLS_HOST_MAX];
	struct ip ip;

	/* RFC 6066 3: no literal addresses. */
	if (host.n == 0 || host.p[0] == '[' || ip_parse(host, &ip))
		return true;
	if (host.n >= sizeof(name) || memchr(host.p, '\0', host.n) != NULL)
		return true; /* no host's name */
	memcpy(name, host.p, host.n);
	name[host.n] = '\0';
	return SSL_set_tlsext_host_name(t->ssl, name) == 1;
}

enum rc
tls_new(SSL_CTX *context, struct slice host, struct tls **out)
{
	struct tls *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return RC_NOMEM;
	ERR_clear_error();
	t->ssl = SSL_new(context);
	t->in = BIO_new(BIO_s_mem());
	t->out = BIO_new(BIO_s_mem());
	if (t->ssl == NULL || t->in == NULL || t->out == NULL) {
		BIO_free(t->in);
		BIO_free(t->out);
		t->in = t->out = NULL;
		goto fail;
	}
	SSL_set_bio(t->ssl, t->in, t->out);
	SSL_set_connect_state(t->ssl);
	if (SSL_set_app_data(t->ssl, t) != 1 || !set_server_name(t, host))
		goto fail;
	*out = t;
	return RC_OK;
fail:
	tls_close(&t);
	return RC_NOMEM;
}

void
tls_close(struct tls **tp)
{
	struct tls *t = *tp;

	*tp = NULL;
	if (t == NULL)
		return;
	SSL_free(t->ssl);
	sk_X509_pop_free(t->chain, X509_free);
	free(t);
}

enum rc
tls_feed(struct tls *t, struct slice octets)
{
	while (octets.n > 0) {
		int n = octets.n > TLS_CHUNK ? TLS_CHUNK : (int)octets.n;

		n = BIO_write(t->in, octets.p, n);
		if (n <= 0)
			return RC_NOMEM;
		octets = slice_from(octets, (size_t)n);
	}
	return RC_OK;
}

void
tls_drain(struct tls *t, struct buf *out)
{
	unsigned char chunk[TLS_CHUNK];
	int n;

	while ((n = BIO_read(t->out, chunk, sizeof(chunk))) > 0)
		buf_add(out, slice_of(chunk, (size_t)n));
}

/*
 * Of the queue the first error of TLS itself, as "last octet invalid" says
 * less than the "bad signature" that it led to; and its reason alone, as the
 * rest of OpenSSL's text names its own source.
 */
static void
keep_error(struct tls *t)
{
	unsigned long first = ERR_peek_error(), code = first;
	const char *reason;
	size_t n;

	while (code != 0 && ERR_GET_LIB(code) != ERR_LIB_SSL) {
		(void)ERR_get_error();
		code = ERR_peek_error();
	}
	reason = ERR_reason_error_string(code != 0 ? code : first);
	ERR_clear_error();
	if (t->error[0] != '\0')
		return;
	reason = reason != NULL ? reason : "unknown error";
	n = strlen(reason);
	n = n < sizeof(t->error) ? n : sizeof(t->error) - 1;
	memcpy(t->error, reason, n);
	t->error[n] = '\0';
}

static enum tls_step
step_of(struct tls *t, int result)
{
	if (result > 0)
		return TLS_DONE;
	switch (SSL_get_error(t->ssl, result)) {
	case SSL_ERROR_WANT_READ:
	case SSL_ERROR_WANT_WRITE:
		return TLS_MORE;
	case SSL_ERROR_ZERO_RETURN:
		return TLS_CLOSED;
	default:
		keep_error(t);
		return TLS_FAILED;
	}
}

enum tls_step
tls_handshake(struct tls *t)
{
	enum tls_step step;

	ERR_clear_error();
	step = step_of(t, SSL_do_handshake(t->ssl));
	t->up = t->up || step == TLS_DONE;
	if (step == TLS_CLOSED) {
		keep_error(t);
		step = TLS_FAILED;
	}
	return step;
}

enum tls_step
tls_read(struct tls *t, unsigned char *data, size_t room, size_t *n)
{
	ERR_clear_error();
	return step_of(t, SSL_read_ex(t->ssl, data, room, n));
}

enum tls_step
tls_write(struct tls *t, struct slice data)
{
	size_t n;

	ERR_clear_error();
	return step_of(t, SSL_write_ex(t->ssl, data.p, data.n, &n));
}

size_t
tls_session(const struct tls *t, struct arena *a, struct tls_session *out)
{
	*out = (struct tls_session){ 0 };
	if (t->error[0] != '\0')
		out->error = arena_copy(a, slice_str(t->error));
	if (t->up)
		tls_seen(t->ssl, a, out);
	else
		tls_seen_chain(t->chain, a, out);
	return t->chain != NULL ? (size_t)sk_X509_num(t->chain) : 0;
}

const char *
tls_error(const struct tls *t)
{
	return t->error;
}
