#ifndef CHECKS_FORMAT_MIME_H
#define CHECKS_FORMAT_MIME_H

#include "checks/check.h"
#include "message/lint.h"

/* What the check "format" says of the parts of the sample. */

/* Adds what is wrong with them.  RC_LIMIT: they cannot be kept. */
enum rc format_mime_lint(struct check_run *, struct lint *);

/* parts, attachments, text_part, html_part and their octets, likewise. */
enum rc format_mime_facts(struct check_run *);

#endif
