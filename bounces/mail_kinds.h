#ifndef BOUNCES_MAIL_KINDS_H
#define BOUNCES_MAIL_KINDS_H

#include "bounces/mail_parts.h"

/* What the kinds of bounce messages share: for bounces/mail*.c. */

/* What every attempt that one message tells of has. */
struct mail_context {
	const struct mail *mail;
	struct moment date;
	struct slice sender; /* of what came back */
	struct slice original_to;
	struct slice notice; /* its words for people, up to what came back */
};

/*
 * Groups of fields, one a recipient (RFC 3464 2).  False: there is no
 * recipient in them.
 */
bool mail_status(struct batch *, const struct mail_context *,
    struct slice fields);

/* What people are told: recipients, and what was said to each. */
bool mail_notice(struct batch *, const struct mail_context *);

/* RFC 5965 3. */
bool mail_feedback(struct batch *, const struct mail_context *,
    struct slice fields);

/* An automatic reply by a person's mailbox (RFC 3834). */
bool mail_is_automatic(const struct mail *);
bool mail_is_bounce(const struct mail *);

/* The file may be packed; false: it is no DMARC report. */
bool mail_report(struct batch *, const struct mail_part *);

/* RFC 5322 3.3; MOMENT_NONE when it cannot be read. */
struct moment mail_moment(struct slice date);

/* With the recipient's diagnosis at hand: puts it into the batch. */
void mail_add(struct batch *, const struct mail_context *, struct attempt *);

/* White space at the begin of lines gone; of the batch if there was any. */
struct slice mail_unfold(struct batch *, struct slice);

/* How much of a notice is in front of what came back. */
size_t mail_original_at(struct slice notice);

#endif
