#ifndef MESSAGE_MIME_LINT_H
#define MESSAGE_MIME_LINT_H

#include "message/lint.h"
#include "message/message.h"
#include "message/mime_kinds.h"

/* How the parsers of parts say what is wrong: where is an octet's place. */
struct mime_lint {
	struct lint *lint; /* NULL: nobody wants to know */
	const struct message *message;
};

/* Whether a detail would be kept. */
bool mime_wants(const struct mime_lint *, const struct lint_kind *,
    struct slice header);

/*
 * Says a problem at an octet, which is a part of the message's.  header: the
 * name of its field, or nothing.
 */
void mime_say(const struct mime_lint *, const struct lint_kind *,
    struct slice header, struct slice octet, struct slice detail);

/* The same for so many of them in bodies, of which this is the first. */
void mime_say_many(const struct mime_lint *, const struct lint_kind *,
    struct slice octet, struct slice detail, size_t count);

/* Octets of the message in a sentence: not too many. */
struct slice mime_shown(struct slice);

#endif
