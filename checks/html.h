#ifndef CHECKS_HTML_H
#define CHECKS_HTML_H

#include "checks/check.h"
#include "message/html.h"

/* The HTML of the sample that readers show. */
struct body_html {
	struct html html;
	const char *cut;  /* why not all of it was looked at; or NULL */
	enum cause cause; /* of that */
};

/*
 * Read once an audit (MEMO_HTML).  *out NULL: there is none.  RC_NOMEM, or
 * RC_LIMIT: it cannot be kept.
 */
enum rc check_html(struct check_run *, const struct body_html **out);

#endif
