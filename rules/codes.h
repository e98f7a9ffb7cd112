#ifndef RULES_CODES_H
#define RULES_CODES_H

#include "base/arena.h"
#include "base/rc.h"
#include "base/slice.h"

/*
 * The codes of a list; they borrow text.  RC_INVALID: *at is where one that is
 * none begins.  RC_NOMEM.
 */
enum rc codes_parse(struct arena *, struct slice text, size_t *at,
    const struct slice **codes, size_t *n);

#endif
