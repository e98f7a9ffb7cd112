#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/slice.h"

/*
 * The next code point of UTF-8 and its length in *n (1 for a bad octet);
 * UINT32_MAX when the octets there are not valid UTF-8 (RFC 3629: no
 * overlong forms, no surrogates).  s.n must not be 0.
 */
uint32_t utf8_next(struct slice s, size_t *n);
bool utf8_valid(struct slice);

/* Columns on a terminal: 0 for combining marks, 2 for wide East Asian. */
int utf8_width(uint32_t);

#endif
