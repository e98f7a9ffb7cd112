#ifndef RULES_GIST_H
#define RULES_GIST_H

#include "base/limits.h"
#include "base/slice.h"

/*
 * What a reply says, without what differs from one to the next: lower case,
 * no accents, one space for any run of white space or controls, "@" for a mail
 * address and "#" for a number, an address of a host, a time or an id.
 *
 * An id is a word of letters and digits that has 12 or more of them, or 8 or
 * more that are all hexadecimal digits.  Shorter words with digits stay, as
 * TSS04, S3150 and LPN007_402 do; so does a word of letters, a hyphen and three
 * digits, as RP-001.  Numbers, ids, and words that begin with a digit or are of
 * hexadecimal digits, with dots, colons or hyphens between, are one "#".
 *
 * Patterns are folded by the same function and compared with the outcome: so
 * texts of one gist are of one kind, whatever stands behind a "#".
 *
 * Of a text longer than LIMIT_GIST only so much counts.
 */
struct slice gist_of(struct slice text, unsigned char out[LIMIT_GIST]);

#endif
