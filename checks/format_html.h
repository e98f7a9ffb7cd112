#ifndef CHECKS_FORMAT_HTML_H
#define CHECKS_FORMAT_HTML_H

#include "checks/check.h"

/* What the check "format" says of the HTML: hidden text and its links. */

/* hidden_text, preheader and unclear_links.  RC_LIMIT: it cannot be kept. */
enum rc format_html_facts(struct check_run *);

#endif
