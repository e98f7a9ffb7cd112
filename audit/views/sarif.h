#ifndef AUDIT_VIEWS_SARIF_H
#define AUDIT_VIEWS_SARIF_H

#include <jansson.h>

#include "base/buf.h"

/*
 * Objects of SARIF 2.1.0 (sections are those of the standard) from results of
 * the document.  Each that is made belongs to the caller; NULL: no memory.
 */
struct sarif {
	size_t results; /* so far */

	json_t *rules; /* 3.49, in order of their first result */
	json_t *rule_indices;
	json_t *artifacts; /* 3.24: messages */
	json_t *artifact_indices;
	json_t *notifications; /* 3.58: of what could not be audited */
	json_t *first, *last;  /* times of the evidence; NULL: none */

	/* The audit that its results are of. */
	const char *domain;
	const json_t *location; /* 3.4, of its message; NULL: none */
};

bool sarif_open(struct sarif *);
void sarif_free(struct sarif *);

/* The audit whose results follow. */
void sarif_subject(struct sarif *, const json_t *audit);

/* It could not be audited. */
void sarif_failed(struct sarif *, const json_t *audit);

/* 3.27, of a result that fails or is not known. */
json_t *sarif_result(struct sarif *, const json_t *result);

/* 3.27, of a problem of the message. */
json_t *sarif_problem(struct sarif *, const json_t *problem);

/* 3.49, of a result or a problem: its id, and the level that it has. */
json_t *sarif_rule(const char *id, const char *level, const json_t *of);

/* 3.18, with all rules. */
json_t *sarif_tool(const struct sarif *, const json_t *header);

/* 3.14.11 */
json_t *sarif_invocations(const struct sarif *);

/* 3.14.14: what relative names of files are relative to. */
json_t *sarif_bases(void);

/*
 * 3.11: {"text": ...} and "markdown", when that is not empty.  Both are taken
 * as they are, visible text, but for what has a meaning in messages.
 */
json_t *sarif_message(const struct buf *text, const struct buf *markdown);

/* A text of the document, visible, as a string by itself. */
json_t *sarif_shown(const char *text);

/* A message of one. */
json_t *sarif_text(const char *text);

#endif
