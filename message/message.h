#ifndef MESSAGE_MESSAGE_H
#define MESSAGE_MESSAGE_H

#include "base/arena.h"
#include "base/rc.h"
#include "base/slice.h"

/* One header field, as raw octets. */
struct field {
	struct slice name;  /* without the colon and space before it */
	struct slice value; /* after the colon, folding kept, last CRLF not */
	size_t line;        /* of its first line, from 1; a From_ line counts */
	size_t lines;
};

/*
 * A message: borrowed octets and where its parts are.  Any octets at all are
 * a message; what is wrong with them is for the lint to say.  Lines end with
 * LF or CRLF; a CR alone is an octet like any other.
 */
struct message {
	struct slice octets; /* all, a leading mbox "From " line left out */
	size_t line;         /* of its first octet: 2 with a From_ line */
	struct slice header; /* all before the empty line, strays too */
	struct slice body;   /* after the blank line; nothing: there was none */
	const struct field *fields;
	size_t n_fields;
	size_t strays; /* header lines that are no field */
	bool too_many; /* LIMIT_HEADER_FIELDS: the rest was left out */
};

/* RC_NOMEM or RC_LIMIT (arena ceiling) only. */
enum rc message_parse(struct arena *, struct slice octets, struct message *);

/* The nth field (from 0) of a name (any case), or NULL. */
const struct field *message_field(const struct message *, const char *name,
    size_t nth);
size_t message_count(const struct message *, const char *name);

/* The next of a name below a field (NULL: from the top), or NULL. */
const struct field *message_next(const struct message *, const char *name,
    const struct field *after);

/*
 * Where an octet of it stands: its line, a From_ line counted, and its column,
 * both from 1.  A walk over all that is before it.
 */
void message_place(const struct message *, size_t offset, size_t *line,
    size_t *column);

/* Unfolded (RFC 5322 2.2.3), trimmed.  SLICE_NONE: arena_failed(). */
struct slice field_unfolded(struct arena *, const struct field *);

/*
 * Unfolded, encoded words decoded to UTF-8 where their charset is known; what
 * is outside them stays as it is, UTF-8 or not.  SLICE_NONE: arena_failed().
 */
struct slice field_text(struct arena *, const struct field *);

#endif
