#ifndef RULES_ASSUME_H
#define RULES_ASSUME_H

#include "rules/rules.h"

/* What expressions would be worth, were something mended. */

struct node; /* rules/ast.h: a part of an expression */

/*
 * The part that is false and alone makes the expression false: of "a and b"
 * that one of the two.  NULL: several are, or none.
 */
const struct node *expr_fault(const struct expr *, const json_t *facts);

/*
 * How little the expression says of what is to be done: nothing is vague about
 * one that is its fault; a part of it says less, and least an "or", which can
 * be mended in several ways, or several faults.
 */
enum vagueness { VAGUE_NOT, VAGUE_PART, VAGUE_CHOICE };
enum vagueness expr_vagueness(const struct expr *, const struct node *fault);

/* Whether both say the same of the same facts, in the same words. */
bool node_same(const struct node *, const struct node *);

/* What it is worth over the facts where each of those parts is true. */
enum truth expr_eval_if(const struct expr *, const json_t *facts,
    const struct node *const *held, size_t n);

#endif
