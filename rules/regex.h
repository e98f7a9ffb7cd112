#ifndef RULES_REGEX_H
#define RULES_REGEX_H

#include "rules/compile.h"
#include "rules/rules.h"

/* A PCRE2 pattern with its limits; lives in the arena. */
struct regex;

/*
 * RC_INVALID: the compile says what, at the offset in the pattern itself.
 */
enum rc regex_compile(struct compile *, struct slice pattern,
    const struct regex **out);

/*
 * Whether it is found anywhere in the text.  Unknown when a limit was hit or
 * memory ran out.
 */
enum truth regex_match(const struct regex *, struct slice text);

#endif
