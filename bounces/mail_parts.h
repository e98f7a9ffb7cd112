#ifndef BOUNCES_MAIL_PARTS_H
#define BOUNCES_MAIL_PARTS_H

#include "bounces/batch.h"
#include "message/mime.h"

/*
 * The parts of a bounce message, found fast: no more of MIME is looked at than
 * tells where its text, its report and what it returns are.  message/mime.h
 * takes a message apart with all that may be wrong with it.
 */
enum mail_part_kind {
	PART_TEXT,     /* text/plain, or what says nothing */
	PART_HTML,     /* text/html */
	PART_STATUS,   /* message/delivery-status (RFC 3464) */
	PART_FEEDBACK, /* message/feedback-report (RFC 5965) */
	PART_ORIGINAL, /* the message that came back, or its header */
	PART_FILE,     /* a DMARC report may be in it */
	PART_OTHER,
};

struct mail_part {
	enum mail_part_kind kind;
	enum mime_encoding encoding;
	struct slice charset; /* or nothing */
	struct slice body;    /* still encoded */
};

struct mail {
	struct slice header, body;
	/* Fields of the header. */
	struct slice return_path, from, to, subject, date, content_type,
	    content_encoding, failed_recipients, auto_submitted, precedence,
	    auto_reply, auto_response;
	struct mail_part parts[LIMIT_BOUNCE_PARTS];
	size_t n_parts;
	bool parts_cut; /* there are more, or deeper ones */
};

/* Always finds something: a message without MIME is one text. */
void mail_parse(struct slice message, struct mail *);

/* The first of a kind, or NULL. */
const struct mail_part *mail_part(const struct mail *, enum mail_part_kind);

/*
 * A part as it was before it was encoded, and texts in UTF-8; LIMIT_BOUNCE_TEXT
 * of it, or LIMIT_BOUNCE_STATUS, of the batch or of the message.  *cut: there
 * is more.
 */
struct slice mail_text(struct batch *, const struct mail_part *, bool *cut);

#endif
