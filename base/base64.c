#include "base/base64.h"

/*
 * base64string = ALPHADIGITPS *([FWS] ALPHADIGITPS)
 *                [ [FWS] "=" [ [FWS] "=" ] ]        (RFC 6376 2.10)
 */

enum { SPACE = 64, PAD = 65, NONE = 66 };

/* A value, or what else the octet is. */
static const unsigned char values[256] = {
#define N  NONE
#define N4 N, N, N, N
#define N8 N4, N4
	/* clang-format off */
	N8, N, SPACE, SPACE, N, N, SPACE, N, N, N8, N8,
	SPACE, N, N, N, N4, N, N, N, 62, N, N, N, 63,
	52, 53, 54, 55, 56, 57, 58, 59, 60, 61, N, N, N, PAD, N, N,
	N, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
	15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, N, N4,
	N, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
	41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, N, N4,
	N8, N8, N8, N8, N8, N8, N8, N8, N8, N8, N8, N8, N8, N8, N8, N8,
/* clang-format on */
#undef N
#undef N4
#undef N8
};

/* What stands behind the digits: white space and as many "=" as lack. */
static struct base64
finish(struct slice text, size_t at, size_t digits, struct base64 r)
{
	size_t want = (4 - digits % 4) % 4, pads = 0;

	for (; at < text.n; at++) {
		unsigned char v = values[text.p[at]];

		if (v == SPACE)
			continue;
		if (v != PAD || pads == want) {
			r.bad = at;
			return r;
		}
		pads++;
	}
	if (digits % 4 == 1 || (pads > 0 && pads < want)) {
		r.bad = text.n;
		return r;
	}
	r.valid = true;
	r.unpadded = pads < want;
	return r;
}

struct base64
base64_decode(struct slice text, unsigned char *out)
{
	struct base64 r = { 0 };
	uint32_t bits = 0;
	size_t digits = 0, at;

	for (at = 0; at < text.n; at++) {
		unsigned char v = values[text.p[at]];

		if (v == SPACE)
			continue;
		if (v > SPACE)
			break;
		bits = bits << 6 | v;
		if (++digits % 4 == 0) {
			out[r.n++] = (unsigned char)(bits >> 16);
			out[r.n++] = (unsigned char)(bits >> 8);
			out[r.n++] = (unsigned char)bits;
		}
	}
	if (digits % 4 == 3) {
		out[r.n++] = (unsigned char)(bits >> 10);
		out[r.n++] = (unsigned char)(bits >> 2);
	} else if (digits % 4 == 2) {
		out[r.n++] = (unsigned char)(bits >> 4);
	}
	return finish(text, at, digits, r);
}
