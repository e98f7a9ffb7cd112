#ifndef CHECKS_CONTENT_H
#define CHECKS_CONTENT_H

#include "checks/check.h"
#include "message/lint.h"
#include "message/mime.h"

/* The sample taken apart, and what is wrong with its parts. */
struct content {
	struct mime mime;
	struct lint lint;
};

/*
 * Made once an audit (MEMO_MIME).  NULL: there is no sample, or it cannot be
 * kept, and then the check returns RC_LIMIT.
 */
const struct content *check_content(struct check_run *);

/* The parts alone, likewise. */
const struct mime *check_mime(struct check_run *);

#endif
