#ifndef AUDIT_SAVED_H
#define AUDIT_SAVED_H

#include <jansson.h>

#include "audit/document.h"
#include "base/arena.h"
#include "base/rc.h"
#include "base/slice.h"

/*
 * Documents that were saved: one JSON object with a list of audits, or a line
 * an audit.
 */

/* What is read, and what to say of it. */
struct saved_file {
	const char *name;
	struct slice text;
	struct arena *arena;
	struct slice *error; /* of RC_INVALID: "FILE: line N: what" */
};

/* One JSON value that is all of the text is a document; else lines. */
bool saved_is_lines(struct slice text);

/* RC_INVALID with a sentence; line 0: of the whole. */
enum rc saved_refuse(const struct saved_file *, size_t line, const char *what);

/* One object; line 0: JSON tells the line.  *out is the caller's. */
enum rc saved_object(const struct saved_file *, struct slice text, size_t line,
    json_t **out);

/* Moves what a line adds to its audit (schema, as_of) into a header. */
json_t *saved_split_header(json_t *audit);

struct saved {
	json_t *header; /* the document without its audits */
	json_t *audits; /* a list of objects; NULL: of bounces */
	bool bounces;   /* an analysis of them, all of it in header */
};

/* All of a document of presend audit or bounces.  RC_INVALID, RC_NOMEM. */
enum rc saved_read(const struct saved_file *, struct saved *);
void saved_close(struct saved *);

#endif
