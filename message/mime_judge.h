#ifndef MESSAGE_MIME_JUDGE_H
#define MESSAGE_MIME_JUDGE_H

#include "base/buf.h"
#include "message/charset.h"
#include "message/mime.h"
#include "message/mime_lint.h"

/* What is wrong with the bodies of a message that has been taken apart. */

struct judge {
	struct arena *arena;
	const struct mime_lint *lint;
	const struct mime *mime;
	struct buf decoded;   /* of one part at a time */
	struct buf converted; /* likewise */
	struct charsets charsets;
	const struct mime_part *plain; /* mime_body() */
	size_t plain_seen;             /* octets of it that are seen */
};

/* A text as it is once decoded. */
struct judged_text {
	struct slice text; /* at most LIMIT_MIME_TEXT */
	bool cut;          /* there is more of it */
};

/* Sets what each part decodes to.  RC_NOMEM or RC_LIMIT. */
enum rc mime_judge(struct arena *, const struct mime_lint *,
    const struct mime *, struct mime_part *parts);

/* Says a problem at an octet of a decoded text. */
void mime_judge_say(const struct judge *, const struct lint_kind *,
    const struct mime_part *, size_t at, struct slice detail);

/* What text/plain and text/html hold: message/mime_content.c. */
void mime_judge_content(struct judge *, const struct mime_part *,
    const struct judged_text *);

/* How texts stand together: message/mime_shape.c. */
void mime_judge_shape(const struct judge *);

#endif
