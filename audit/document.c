#include "audit/document.h"

#include <string.h>

static const struct {
	const char *name, *schema;
} kinds[DOCUMENTS] = {
	[DOCUMENT_AUDIT] = { "an audit", AUDIT_SCHEMA },
	[DOCUMENT_DIFF] = { "a comparison", DIFF_SCHEMA },
	[DOCUMENT_BOUNCES] = { "an analysis of bounces", BOUNCES_SCHEMA },
	[DOCUMENT_EVENTS] = { "a list of events", EVENT_SCHEMA },
	[DOCUMENT_BOUNCES_DIFF] = { "a comparison of bounces",
	    BOUNCES_DIFF_SCHEMA },
	[DOCUMENT_EXPLAIN] = { "an explanation", EXPLAIN_SCHEMA },
};

const char *
document_name(enum document d)
{
	return kinds[d].name;
}

bool
document_of_schema(const char *schema, enum document *out)
{
	for (unsigned int i = 0; schema != NULL && i < DOCUMENTS; i++) {
		if (strcmp(kinds[i].schema, schema) == 0) {
			*out = (enum document)i;
			return true;
		}
	}
	return false;
}
