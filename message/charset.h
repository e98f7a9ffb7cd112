#ifndef MESSAGE_CHARSET_H
#define MESSAGE_CHARSET_H

#include <iconv.h>

#include "base/buf.h"
#include "base/slice.h"

/*
 * Character sets that mail is written in.  Only those of one table are known:
 * a name out of a message never reaches iconv(3).
 */
enum { CHARSETS_MAX = 64 };

/* Open converters, each opened when first wanted.  Zeroed is empty. */
struct charsets {
	iconv_t cd[CHARSETS_MAX];
	bool open[CHARSETS_MAX];
	size_t bad_at; /* of the last text: offset of the first that is none */
};

/* The number of a charset by its name or an alias, or -1 when not known. */
int charset_find(struct slice name);

/*
 * Adds text of that charset as UTF-8.  An octet that does not belong there
 * becomes U+FFFD.  Returns how many did (bad_at is where the first was); *known is false, and nothing added,
 * when the system's iconv(3) lacks the charset.
 */
size_t charset_to_utf8(struct charsets *, int charset, struct slice,
    struct buf *out, bool *known);

void charsets_close(struct charsets *);

#endif
