#ifndef AUDIT_EXPLAIN_H
#define AUDIT_EXPLAIN_H

#include <jansson.h>

#include "audit/document.h"
#include "bounces/classify.h"

/* What is to be explained, and by what. */
struct explanation {
	const struct bounces *bounces;
	const struct bounce_provider *provider; /* given; or NULL */
	struct slice text;
};

/*
 * The document: see DOCUMENTS in the manual.  *known is false when the text is
 * neither a code nor a reply.  NULL: out of memory.
 */
json_t *explain(const struct explanation *, struct arena *, bool *known);

/* The first words of the rules that it points to, each once. */
const struct slice *explain_rule_packs(const json_t *document, struct arena *,
    size_t *n);

/* Says of its rules what they are called and what they ask to be done. */
void explain_rules(json_t *document, const struct rules *);

#endif
