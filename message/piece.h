#ifndef MESSAGE_PIECE_H
#define MESSAGE_PIECE_H

#include "message/message.h"

/* Walks over a header, of a message or of a part, one piece at a time. */

/* What stands next in a header. */
enum piece {
	PIECE_END,   /* nothing more */
	PIECE_BLANK, /* the empty line before the body */
	PIECE_FIELD,
	PIECE_STRAY, /* a line that is no field */
};

struct pieces {
	struct slice rest;
	size_t line; /* number of the last line taken */
};

/* Takes one piece, a field with all the lines folded under it. */
enum piece piece_take(struct pieces *, struct field *);

#endif
