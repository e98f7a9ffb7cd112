#ifndef MESSAGE_ENCODED_H
#define MESSAGE_ENCODED_H

#include "base/arena.h"
#include "base/rc.h"
#include "base/slice.h"

/* Text of a header field with its encoded words (RFC 2047) decoded. */
struct encoded_text {
	struct slice text;
	size_t words;     /* decoded */
	size_t malformed; /* begin like one, but are none; left as they are */
	size_t unknown;   /* of a charset that is not known; left likewise */
	bool bad_octets;  /* U+FFFD stands for what is not of the charset */
	bool loose;       /* a word not set off by white space or parentheses */
};

/*
 * Words are decoded wherever they stand, as receivers show them, even where
 * RFC 2047 5 has none (in the middle of a word, between quotes).  White space
 * between two words goes; neighbours of one charset are joined before they
 * are converted, so that a character may be split over them.  RC_NOMEM or
 * RC_LIMIT.
 */
enum rc encoded_decode(struct arena *, struct slice, struct encoded_text *);

/* One encoded word, as it stands: for the lint. */
enum encoded_kind {
	ENCODED_FINE,
	ENCODED_MALFORMED, /* begins like one; n is 2, or all of it */
	ENCODED_UNKNOWN,   /* of a charset that is not known */
};

struct encoded_word {
	enum encoded_kind kind;
	size_t at, n;
	struct slice charset; /* as written */
	struct slice text;    /* encoded */
	bool base64;
	bool loose; /* not set off by white space or parentheses */
};

/* The next at an offset or behind it; false: there is none. */
bool encoded_next(struct slice, size_t from, struct encoded_word *);

#endif
