#ifndef AUDIT_JSON_TEXT_H
#define AUDIT_JSON_TEXT_H

#include <jansson.h>

#include "base/buf.h"

struct json_layout {
	unsigned int indent; /* spaces a level; 0: everything on one line */
	unsigned int depth;  /* the level that the value itself stands on */
};

/*
 * Adds the value as JSON (RFC 8259), its strings through escape_json().
 * Members come in the order they were set.
 */
void json_text(struct buf *, const json_t *value, struct json_layout);

#endif
