#ifndef AUDIT_VIEWS_MARK_H
#define AUDIT_VIEWS_MARK_H

#include <jansson.h>

#include "base/buf.h"

/* Pieces of GitHub-flavoured Markdown, for tickets and for SARIF's messages. */

/* A text of the document: escape_markdown(). */
void mark_text(struct buf *, const char *text);

/*
 * Lines as they are, in a fence that is longer than any run of backticks in
 * them: visible text alone, as of record_print() or escape_terminal().
 */
void mark_fenced(struct buf *, struct slice lines);

/* The records of a result, to be copied; nothing of none. */
void mark_records(struct buf *, const json_t *records);

/* <https://...>, when the text is such a URI and no more; else mark_text(). */
void mark_link(struct buf *, const char *uri);

/* Whether it is an https URI of RFC 3986's characters. */
bool mark_is_link(const char *uri);

#endif
