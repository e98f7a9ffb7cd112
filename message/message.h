#ifndef MESSAGE_MESSAGE_H
#define MESSAGE_MESSAGE_H

#include "base/arena.h"
#include "base/rc.h"
#include "base/slice.h"

/* One header field, as raw octets. */
struct field {
	struct slice name;  /* without the colon and space before it */
	struct slice value; /* after the colon, folding kept, last CRLF not */
	size_t line;        /* of its first line, from 1 */
	size_t lines;
};

/*
 * A message: borrowed octets and where its parts are.  Any octets at all are
 * a message; what is wrong with them is for the lint to say.
 */
struct message {
	struct slice octets; /* all, a leading mbox "From " line left out */
	struct slice header; /* through the last field's end of line */
	struct slice body;   /* after the blank line; nothing: there was none */
	const struct field *fields;
	size_t n_fields;
	size_t strays; /* header lines that are no field */
	bool too_many; /* LIMIT_HEADER_FIELDS: the rest was left out */
};

/* RC_NOMEM or RC_LIMIT (arena ceiling) only. */
enum rc message_parse(struct arena *, struct slice octets, struct message *);

/* The nth field (from 0) of a name, or NULL. */
const struct field *message_field(const struct message *, const char *name,
    size_t nth);
size_t message_count(const struct message *, const char *name);

/* Unfolded (RFC 5322 2.2.3), trimmed. */
struct slice field_unfolded(struct arena *, const struct field *);

/* Unfolded, encoded words decoded to UTF-8 where their charset is known. */
struct slice field_text(struct arena *, const struct field *);

#endif
