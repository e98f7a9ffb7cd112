#ifndef AUDIT_VIEWS_MARKDOWN_H
#define AUDIT_VIEWS_MARKDOWN_H

#include "audit/views/view.h"

/* What the kinds of documents share as Markdown. */

/* A heading ("#", "##") with what is audited. */
void markdown_title(struct buf *, const char *level, const json_t *subject);

/* All of one audit. */
void markdown_audit(struct view_run *, const json_t *audit);

/* A row: provider, verdict, what it rests on. */
void markdown_verdict(struct buf *, const json_t *verdict);

/* The label as it is, then the text and an empty line; nothing of none. */
void markdown_paragraph(struct buf *, const char *label, const char *text);

#endif
