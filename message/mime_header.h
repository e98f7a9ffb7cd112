#ifndef MESSAGE_MIME_HEADER_H
#define MESSAGE_MIME_HEADER_H

#include "message/mime.h"
#include "message/mime_lint.h"

/* The header fields of MIME (RFC 2045 3, RFC 2183) of one part. */
enum mime_field {
	MIME_FIELD_VERSION,
	MIME_FIELD_TYPE,
	MIME_FIELD_ENCODING,
	MIME_FIELD_DISPOSITION,
	MIME_FIELD_ID,
	MIME_FIELDS,
};

struct mime_header {
	struct field first[MIME_FIELDS]; /* without a name: not there */
	bool any;                        /* one is there */
};

/* Keeps it if it is of MIME; says it when there is one already. */
void mime_header_add(struct mime_header *, const struct mime_lint *,
    const struct field *);

/*
 * Type, encoding, disposition and names of a part, and what is wrong with the
 * fields.  The part's parent's type is what it is by default.  The caller
 * looks at arena_failed().
 */
void mime_header_read(struct arena *, const struct mime_lint *,
    const struct mime_header *, bool in_digest, struct mime_part *);

/* RFC 2045 4, for the header of a message. */
void mime_header_version(const struct mime_lint *, const struct mime_header *);

#endif
