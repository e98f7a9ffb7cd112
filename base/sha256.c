#include "base/sha256.h"

#include <openssl/evp.h>
#include <stdlib.h>

struct sha256 {
	EVP_MD_CTX *made;
	bool failed;
};

struct sha256 *
sha256_new(void)
{
	struct sha256 *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->made = EVP_MD_CTX_new();
	if (s->made == NULL ||
	    EVP_DigestInit_ex2(s->made, EVP_sha256(), NULL) != 1)
		sha256_close(&s);
	return s;
}

void
sha256_close(struct sha256 **sp)
{
	if (*sp == NULL)
		return;
	EVP_MD_CTX_free((*sp)->made);
	free(*sp);
	*sp = NULL;
}

void
sha256_add(struct sha256 *s, struct slice octets)
{
	if (EVP_DigestUpdate(s->made, octets.p, octets.n) != 1)
		s->failed = true;
}

static void
format(const unsigned char *sum, unsigned int n, char out[SHA256_TEXT])
{
	static const char digits[] = "0123456789abcdef";

	for (unsigned int i = 0; i < n; i++) {
		out[2 * i] = digits[sum[i] >> 4];
		out[2 * i + 1] = digits[sum[i] & 15];
	}
	out[2 * (size_t)n] = '\0';
}

void
sha256_end(struct sha256 *s, char out[SHA256_TEXT])
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned int n = 0;

	if (EVP_DigestFinal_ex(s->made, sum, &n) != 1 || s->failed ||
	    n != (SHA256_TEXT - 1) / 2)
		n = 0;
	format(sum, n, out);
}

void
sha256_of(struct slice octets, char out[SHA256_TEXT])
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned int n = 0;

	if (EVP_Digest(octets.p, octets.n, sum, &n, EVP_sha256(), NULL) != 1 ||
	    n != (SHA256_TEXT - 1) / 2)
		n = 0;
	format(sum, n, out);
}
