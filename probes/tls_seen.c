#include "probes/tls_seen.h"

#include <openssl/x509.h>

#include "base/limits.h"

static struct slice
der_of(struct arena *a, X509 *cert)
{
	int n = i2d_X509(cert, NULL);
	unsigned char *der, *end;

	if (n <= 0 || n > LIMIT_CERTIFICATE)
		return SLICE_NONE;
	der = arena_alloc(a, (size_t)n, 1);
	if (der == NULL)
		return SLICE_NONE;
	end = der;
	(void)i2d_X509(cert, &end);
	return slice_of(der, (size_t)n);
}

void
tls_seen_chain(const STACK_OF(X509) * certs, struct arena *a,
    struct tls_session *out)
{
	int n = certs != NULL ? sk_X509_num(certs) : 0;
	struct slice *chain;

	out->chain = NULL;
	out->n_chain = 0;
	if (n > LIMIT_CERTIFICATES)
		n = LIMIT_CERTIFICATES;
	if (n <= 0)
		return;
	chain = arena_new_of(a, struct slice, (size_t)n);
	if (chain == NULL)
		return;
	out->chain = chain;
	for (int i = 0; i < n; i++) {
		struct slice der = der_of(a, sk_X509_value(certs, i));

		if (der.p == NULL)
			break; /* without its issuer the rest says nothing */
		chain[out->n_chain++] = der;
	}
}

void
tls_seen(const SSL *ssl, struct arena *a, struct tls_session *out)
{
	const SSL_CIPHER *cipher = SSL_get_current_cipher(ssl);

	out->version = arena_copy(a, slice_str(SSL_get_version(ssl)));
	if (cipher != NULL) {
		out->cipher =
		    arena_copy(a, slice_str(SSL_CIPHER_get_name(cipher)));
		out->cipher_bits = SSL_CIPHER_get_bits(cipher, NULL);
	}
	tls_seen_chain(SSL_get_peer_cert_chain(ssl), a, out);
}
