#ifndef MESSAGE_TRANSFER_H
#define MESSAGE_TRANSFER_H

#include "base/buf.h"
#include "message/mime.h"

/*
 * Quoted-printable and base64 (RFC 2045 6.7, 6.8), as receivers read them:
 * what is damaged is counted, with the place of the first, and got over.
 */

enum transfer_fault {
	QP_ESCAPE,     /* "=" and no two hexadecimal digits */
	QP_8BIT,       /* an octet over 127 */
	QP_LONG,       /* a line of more than 76 octets */
	QP_SPACE,      /* white space at the end of a line */
	QP_SOFT_END,   /* a soft line break, and nothing behind it */
	BASE64_OCTET,  /* what is no digit of it */
	BASE64_LONG,   /* a line of more than 76 octets */
	BASE64_INSIDE, /* padding, and more behind it */
	BASE64_SHORT,  /* the end is missing: no whole four digits */
	TRANSFER_FAULTS,
};

struct transfer {
	struct slice in;
	struct buf *out;  /* where it goes; NULL: it is only looked at */
	size_t max;       /* octets that go there */
	size_t wanted;    /* an octet of what comes out, */
	size_t wanted_at; /* and from which offset it comes, about */
	size_t n;         /* what comes out, all of it */

	struct {
		size_t count;
		size_t at; /* offset of the first */
	} faults[TRANSFER_FAULTS];
};

/* Adds to out, whose failure is the caller's to see. */
void transfer_decode(struct transfer *, enum mime_encoding);

/* Whether there is anything to decode. */
bool transfer_is_coded(enum mime_encoding);

/* Where the nth octet of what comes out comes from. */
size_t transfer_origin(struct slice in, enum mime_encoding, size_t n);

#endif
