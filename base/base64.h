#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "base/slice.h"

/* Octets that n digits and spaces of base64 stand for, at most. */
#define BASE64_OCTETS(n) ((n) / 4 * 3 + 3)

struct base64 {
	size_t n;      /* octets that came out */
	bool valid;    /* all of it is base64 */
	bool unpadded; /* valid, but for "=" at its end (RFC 4648 3.2) */
	size_t bad;    /* not valid: offset of the first octet that is wrong */
};

/*
 * Strict but for white space, which may be anywhere (RFC 6376 2.10), and for
 * the padding, which may be missing.  out has room for BASE64_OCTETS(text.n).
 */
struct base64 base64_decode(struct slice text, unsigned char *out);

#endif
