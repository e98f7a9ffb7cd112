#ifndef AUDIT_DOCUMENT_H
#define AUDIT_DOCUMENT_H

#include <stdbool.h>

/* The JSON documents that presend writes (DOCUMENTS in the manual). */

#define AUDIT_SCHEMA        "presend.audit/1"
#define DIFF_SCHEMA         "presend.diff/1"
#define BOUNCES_SCHEMA      "presend.bounces/1"
#define BOUNCES_DIFF_SCHEMA "presend.bounces-diff/1"
#define EVENT_SCHEMA        "presend.event/1"
#define EXPLAIN_SCHEMA      "presend.explain/1"
#define EVIDENCE_SCHEMA     "presend.evidence/1"

/* What can be looked at. */
enum document {
	DOCUMENT_AUDIT,        /* a header and items: "audits" */
	DOCUMENT_DIFF,         /* the same, of two compared */
	DOCUMENT_BOUNCES,      /* one object */
	DOCUMENT_EVENTS,       /* no header, and an item for each line */
	DOCUMENT_EXPLAIN,      /* one object */
	DOCUMENT_BOUNCES_DIFF, /* one object: two of bounces compared */
};

enum { DOCUMENTS = DOCUMENT_BOUNCES_DIFF + 1 };

/* "an audit": what people call one. */
const char *document_name(enum document);

/* False when the schema, NULL too, is of none of them. */
bool document_of_schema(const char *schema, enum document *);

#endif
