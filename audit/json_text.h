#ifndef AUDIT_JSON_TEXT_H
#define AUDIT_JSON_TEXT_H

#include <jansson.h>

#include "base/buf.h"

struct json_layout {
	unsigned int indent; /* spaces a level; 0: everything on one line */
	unsigned int depth;  /* the level that the value itself stands on */
};

/*
 * Adds the value as JSON (RFC 8259): UTF-8, but what a terminal would obey or
 * hide (C1, DEL, bidirectional controls and the like) as \uXXXX, since a report
 * is read with cat too.  Members come in the order they were set.
 */
void json_text(struct buf *, const json_t *value, struct json_layout);

#endif
