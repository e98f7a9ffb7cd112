#ifndef MESSAGE_MAILBOX_H
#define MESSAGE_MAILBOX_H

#include "base/slice.h"

/* Whether a file begins with a From_ line: "From " sender asctime-date. */
bool mailbox_is_mbox(struct slice file);

/*
 * Takes the next message of an mbox file off *rest; false at the end.  It is
 * without its From_ line and the empty line that parts it from the next, and
 * as it was written: nothing is unquoted.
 *
 * A message ends before an empty line with a From_ line behind it, or at the
 * end of the file; Content-Length (mboxcl) goes before that where it leads to
 * such a place.  What comes before the first From_ line is passed over.
 */
bool mailbox_next(struct slice *rest, struct slice *message);

/*
 * Whether a message has lines of ">From " or ">>From ", which writing it to a
 * mailbox (mboxo, mboxrd) may have changed: its body hash may not verify.
 */
bool mailbox_is_quoted(struct slice message);

#endif
