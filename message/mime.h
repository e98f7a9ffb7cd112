#ifndef MESSAGE_MIME_H
#define MESSAGE_MIME_H

#include "base/arena.h"
#include "base/rc.h"
#include "base/slice.h"
#include "message/lint.h"
#include "message/message.h"

/* Content-Transfer-Encoding (RFC 2045 6). */
enum mime_encoding {
	MIME_7BIT, /* also without that field */
	MIME_8BIT,
	MIME_BINARY,
	MIME_QUOTED_PRINTABLE,
	MIME_BASE64,
	MIME_OTHER, /* not known, or not to be read: its octets as they are */
};

/* Content-Disposition (RFC 2183); what is not known is an attachment (2.8). */
enum mime_disposition {
	MIME_NO_DISPOSITION,
	MIME_INLINE,
	MIME_ATTACHMENT,
};

/*
 * One entity: the message itself, a part of a multipart, or the message in a
 * message/rfc822.  All octets are borrowed from the message; each of them is
 * of a known place: the octets of a part are its header, an empty line and
 * its body; the body of a multipart is its preamble, then delimiter lines and
 * parts in turn, then its epilogue.  The line end before a delimiter line is
 * the delimiter's (RFC 2046 5.1.1).
 */
struct mime_part {
	const struct mime_part *parent; /* NULL: the message itself */
	size_t depth;                   /* 0: the message itself */
	size_t parts;                   /* that it holds directly */

	struct slice octets;
	struct slice header; /* without the empty line */
	struct slice body;   /* still transfer-encoded; nothing: none */
	/* Of a multipart; nothing: none.  Without any parts all is preamble. */
	struct slice preamble, epilogue;

	/* Lower case.  Without a Content-Type that can be read: text, plain. */
	struct slice type, subtype;
	bool typed;            /* it says so itself, and it can be read */
	struct slice charset;  /* lower case; nothing: not given */
	struct slice boundary; /* nothing: none */
	/* File name in UTF-8 (RFC 2183 2.3, else name=); nothing: none. */
	struct slice name;
	struct slice id; /* Content-ID without its brackets; nothing: none */
	enum mime_disposition disposition;
	enum mime_encoding encoding;
	struct slice encoding_name; /* as written; nothing: not given */

	size_t line;      /* of its first octet; a From_ line counts */
	size_t body_line; /* of the first octet of its body */
	size_t decoded;   /* octets of its body once transfer-decoded */
};

struct mime {
	const struct mime_part *parts; /* depth first; [0] is the message */
	size_t n;
	/* LIMIT_MIME_PARTS: what follows is left in the last multipart. */
	bool too_many;
	/* LIMIT_MIME_DEPTH: what is deeper is left as the body of its part. */
	bool too_deep;
};

/*
 * Reads the parts as receivers do, which is forgiving, and says what is wrong
 * with their structure and their bodies: header fields, boundaries, transfer
 * encodings, charsets, text and HTML.  The lint may be NULL.  RC_LIMIT (arena
 * ceiling) or RC_NOMEM only.
 */
enum rc mime_parse(struct arena *, const struct message *, struct lint *,
    struct mime *);

/* subtype may be NULL: any. */
bool mime_is(const struct mime_part *, const char *type, const char *subtype);

/* A multipart or a message that was taken apart: it holds parts. */
bool mime_is_container(const struct mime_part *);

/* No container, and it says that it is an attachment or has a file name. */
bool mime_is_attachment(const struct mime_part *);

/* Of the message itself: no attachment, and not in a message within. */
bool mime_is_shown(const struct mime_part *);

/*
 * The first text of that subtype ("plain", "html") that readers show as the
 * message's own: no attachment, and not within a message/rfc822.  NULL: none.
 */
const struct mime_part *mime_body(const struct mime *, const char *subtype);

/*
 * Transfer decoding; what is damaged is read as far as it can be.  Borrowed
 * when there is nothing to decode.  At most max octets: *cut says that there
 * are more.  RC_LIMIT or RC_NOMEM.
 */
enum rc mime_decode(struct arena *, const struct mime_part *, size_t max,
    struct slice *octets, bool *cut);

/*
 * Decoded, and from its charset to UTF-8, always valid: what does not fit
 * becomes U+FFFD.  Without a charset that is known it is read as UTF-8.  At
 * most max octets before the conversion.
 */
enum rc mime_text(struct arena *, const struct mime_part *, size_t max,
    struct slice *utf8, bool *cut);

#endif
