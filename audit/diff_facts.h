#ifndef AUDIT_DIFF_FACTS_H
#define AUDIT_DIFF_FACTS_H

#include <jansson.h>

#include "base/arena.h"
#include "base/rc.h"

/*
 * What differs between two trees of facts: {"path", "old", "new"} each, where a
 * side that is not known has no member.  Elements of lists are the same when
 * what they are about is the same ("spf.evaluations[ip=192.0.2.1].result"),
 * wherever they stand; a list of texts or numbers differs by what is in it, not
 * by its order; and lists of things that have no name differ as a whole.
 */
struct diff_facts {
	struct arena *arena; /* for what is gone when it is emptied */
	json_t *list;        /* appended to */
	size_t more;         /* over LIMIT_DIFF_FACTS */
};

/* Either may be NULL: not known.  RC_NOMEM, RC_LIMIT (arena ceiling). */
enum rc diff_facts(struct diff_facts *, const char *path, json_t *before,
    json_t *after);

#endif
