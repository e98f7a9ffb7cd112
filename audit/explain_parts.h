#ifndef AUDIT_EXPLAIN_PARTS_H
#define AUDIT_EXPLAIN_PARTS_H

#include "audit/explain.h"

/* What explain.c and explain_meaning.c share. */

struct explaining {
	const struct explanation *what;
	struct arena *arena;
	struct reply reply;
	struct slice gist;
	struct bounce_class class;
	struct bounce_identity identity;
};

/* A pattern as a meaning of the document: with all that it tells, or short. */
json_t *explain_meaning(const struct bounce_pattern *);
json_t *explain_other(const struct bounce_pattern *);

/* "5.7.26". */
json_t *explain_status(const uint16_t status[3]);

#endif
