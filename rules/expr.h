#ifndef RULES_EXPR_H
#define RULES_EXPR_H

#include "rules/compile.h"
#include "rules/rules.h"

/*
 * Compiles all of text.  RC_INVALID: the compile says where and what.  What
 * it makes borrows text and lives in the compile's arena.
 */
enum rc expr_parse(struct compile *, struct slice text,
    const struct expr **out);

#endif
