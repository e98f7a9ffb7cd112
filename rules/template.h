#ifndef RULES_TEMPLATE_H
#define RULES_TEMPLATE_H

#include "rules/path.h"
#include "rules/rules.h"

/*
 * Compiles all of text.  Inside c->each "it" is the element.  RC_INVALID: the
 * compile says where and what.  Borrows text; lives in the compile's arena.
 */
enum rc template_parse(struct compile *, struct slice text,
    const struct template **out);

/* template_expand() with an element for "it". */
void template_expand_it(const struct template *, const json_t *facts,
    const json_t *it, struct buf *);

/*
 * Whether there is something for each place: no "nothing", no "(not known)".
 * it: as above; or NULL.
 */
bool template_is_filled(const struct template *, const json_t *facts,
    const json_t *it);

/*
 * The fact of the next place without a fallback, from *at on (0 to begin), but
 * for those of list elements; NULL: no more.
 */
const struct path *template_bare_place(const struct template *, size_t *at);

#endif
