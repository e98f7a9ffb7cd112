#ifndef BOUNCES_MAIL_H
#define BOUNCES_MAIL_H

#include "bounces/batch.h"

/*
 * Messages that tell of a delivery: reports of RFC 3464, what mail servers
 * write instead, complaints (RFC 5965), automatic replies, and messages with a
 * DMARC report.  In the batch each counts as a line; one that is none of these
 * counts as not recognised.
 */

/* Whether a file is one message, or an mbox of them. */
bool mail_recognise(struct slice head);
bool mbox_recognise(struct slice head);

/*
 * Up to the last message, which may go on: a message of an mbox begins with a
 * line "From ADDRESS ... 12:34..." behind an empty one (RFC 4155 A).
 */
size_t mbox_cut(struct slice block);

void mail_read(struct batch *, struct slice message);
void mbox_read(struct batch *, struct slice block);

#endif
