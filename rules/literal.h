#ifndef RULES_LITERAL_H
#define RULES_LITERAL_H

#include "rules/ast.h"
#include "rules/compile.h"
#include "rules/lexer.h"

/* Whether the token is a text, a number, true, false or null. */
bool literal_is(const struct token *);

/* The value of such a token.  RC_INVALID: a number that is too long. */
enum rc literal_read(struct compile *, const struct token *, struct literal *);

/* Where in a text as it is written the octet at is of the decoded one. */
size_t literal_offset(struct slice quoted, size_t at);

#endif
