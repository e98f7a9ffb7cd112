#ifndef RULES_TYPE_H
#define RULES_TYPE_H

#include "rules/ast.h"
#include "rules/compile.h"

/*
 * Whether a test makes sense by what its facts and literals are: what can never
 * be true, or has no meaning, is RC_INVALID.
 */
enum rc type_check(struct compile *, const struct node *);

/* Whether the fact can be one of the words, of which the first is at "at". */
enum rc type_check_words(struct compile *, const struct fact *,
    struct slice words, size_t at);

#endif
