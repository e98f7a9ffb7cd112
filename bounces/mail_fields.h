#ifndef BOUNCES_MAIL_FIELDS_H
#define BOUNCES_MAIL_FIELDS_H

#include "base/slice.h"

/*
 * Header fields, and fields of reports, which have the same form (RFC 5322
 * 2.2, RFC 3464 2.1).  All slices are of what is read.
 */

/* A field that is wanted: the first of that name is put at an offset. */
struct field_row {
	struct slice name;
	size_t at; /* of a struct slice */
};

#define FIELD_ROW(type, member, text) \
	{ \
		.name = { (const unsigned char *)("" text), \
			sizeof(text) - 1 }, \
		.at = offsetof(type, member) \
	}

/*
 * Up to the empty line, which is taken, or to the end.  False when a line is
 * neither a field nor the rest of one; what came before it counts.
 */
bool fields_take(struct slice *in, const struct field_row *rows, size_t n,
    void *out);

/* Where the header ends: *body is behind the empty line. */
void fields_split(struct slice in, struct slice *header, struct slice *body);

/* Whether a text begins with fields, as a message does. */
bool fields_begin(struct slice head);

/* A parameter of a field (RFC 2045 5.1), without its quotes; or nothing. */
struct slice field_parameter(struct slice value, struct slice name);

/* "<a@b.example>" or "a@b.example" in any words; or nothing. */
struct slice field_address(struct slice value);

/*
 * The address that a text begins with, and what is behind it; *rest is left
 * alone when there is none.
 */
struct slice address_take(struct slice s, struct slice *rest);

#endif
