#ifndef BOUNCES_MAIL_KINDS_H
#define BOUNCES_MAIL_KINDS_H

#include "bounces/mail_parts.h"

/* What the kinds of bounce messages share: for bounces/mail*.c. */

/* One recipient of a notice, and what it says was said. */
struct told {
	struct slice address;
	struct slice reply; /* lines with a reply code */
	struct slice words; /* others, behind the address */
	struct slice host, ip;
	bool words_end;
};

struct notice {
	struct told list[LIMIT_BOUNCE_RECIPIENTS];
	size_t n;
	struct told any; /* what was told before any address */
	/* What many recipients may share, in the batch. */
	struct slice any_text, words_text;
	bool read;
	bool cut; /* there are more than LIMIT_BOUNCE_RECIPIENTS */
};

/* What every attempt that one message tells of has. */
struct mail_context {
	const struct mail *mail;
	struct moment date;
	struct slice sender; /* of what came back */
	struct slice original_to;
	struct slice text;   /* the first part with text, all of it */
	struct slice words;  /* of that, up to what came back */
	bool returned;       /* something came back */
	struct notice *told; /* by the words; read when it is needed */
};

/*
 * Groups of fields, one a recipient (RFC 3464 2).  False: there is no
 * recipient in them.
 */
bool mail_status(struct batch *, const struct mail_context *,
    struct slice fields);

/* Reads the words for people, once. */
const struct notice *mail_notice_read(const struct mail_context *);

/*
 * The text of an attempt: what they say of its recipient, or of none in
 * particular; where that is nothing it stays.
 */
void mail_notice_of(struct batch *, const struct mail_context *,
    struct attempt *);

/* Who is named there. */
bool mail_notice_add(struct batch *, const struct mail_context *);

/* Nobody is: who the header says, or to whom that was which came back. */
bool mail_notice_unnamed(struct batch *, const struct mail_context *);

/* Words that one finds in bounces whatever the header is like. */
bool mail_notice_tells(const struct mail_context *);

/* RFC 5965 3. */
bool mail_feedback(struct batch *, const struct mail_context *,
    struct slice fields);

/* An automatic reply by a person's mailbox (RFC 3834). */
bool mail_is_automatic(const struct mail *);
bool mail_is_bounce(const struct mail *);

/* It was not given up yet. */
bool mail_is_delayed(const struct mail_context *);

/*
 * The file may be packed; false: it is no DMARC report.  *room: octets that may
 * still be unpacked.
 */
bool mail_report(struct batch *, const struct mail_part *, uint64_t *room);

/* RFC 5322 3.3; MOMENT_NONE when it cannot be read. */
struct moment mail_moment(struct slice date);

/* With the recipient's diagnosis at hand: puts it into the batch. */
void mail_add(struct batch *, const struct mail_context *, struct attempt *);

/* White space at the begin of lines gone; of the batch if there was any. */
struct slice mail_unfold(struct batch *, struct slice);

/* How much of a notice is in front of what came back. */
size_t mail_original_at(struct slice notice);

#endif
