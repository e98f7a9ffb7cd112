#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include "base/slice.h"

enum { SHA256_TEXT = 64 + 1 };

/* A SHA-256 (FIPS 180-4) in the making, by OpenSSL; NULL: out of memory. */
struct sha256;

struct sha256 *sha256_new(void);
void sha256_close(struct sha256 **);

void sha256_add(struct sha256 *, struct slice);

/* In lower-case hex; "" when OpenSSL failed.  Nothing is added after that. */
void sha256_end(struct sha256 *, char out[SHA256_TEXT]);

/* Of all of it at once. */
void sha256_of(struct slice, char out[SHA256_TEXT]);

#endif
