#ifndef RULES_DOUBT_H
#define RULES_DOUBT_H

#include "rules/rules.h"

enum { DOUBTS_MAX = 8 };

/*
 * What is odd about a rule that is well formed: that it can never fail, pass or
 * apply, by what its facts can be; that its "why" has a place for which there
 * is nothing when it fails.  Sentences, at most DOUBTS_MAX; none does not mean
 * that all is well.  The facts that the rule was read with must still be there.
 * RC_NOMEM.
 */
enum rc rule_doubts(struct arena *, const struct rule *, struct slice *doubts,
    size_t *n);

#endif
