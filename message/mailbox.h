#ifndef MESSAGE_MAILBOX_H
#define MESSAGE_MAILBOX_H

#include "base/slice.h"

/* One message of an mbox file. */
struct mbox_item {
	struct slice octets; /* without its From_ line and the blank after */
	struct slice from_line;
	size_t offset; /* of octets in the file */
	size_t line;   /* number of its first line in the file, from 1 */
	bool quoted;   /* has lines of ">From ", left as they are */
};

/* Where mbox_next() is in a file. */
struct mbox {
	struct slice all;
	size_t at;
	size_t line; /* lines before at */
};

/* Whether a file begins with a From_ line: "From " sender asctime-date. */
bool is_mbox(struct slice file);

struct mbox mbox_of(struct slice file);

/*
 * The next message; false at the end.  A message ends before an empty line
 * with a From_ line behind it, or at the end of the file; Content-Length
 * (mboxcl) goes before that where it leads to such a place.  What comes before
 * the first From_ line is passed over.
 */
bool mbox_next(struct mbox *, struct mbox_item *);

#endif
