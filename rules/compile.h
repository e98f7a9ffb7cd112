#ifndef RULES_COMPILE_H
#define RULES_COMPILE_H

#include "base/arena.h"
#include "base/rc.h"
#include "base/slice.h"
#include "rules/fact.h"

/* What an expression or a template is compiled against. */
struct compile {
	struct arena *arena;
	const struct facts *known; /* facts that may be named; NULL: any */
	struct slice each; /* the list whose element is "it"; or nothing */
	size_t base;       /* added to every position */
	size_t depth;      /* templates inside templates */

	/* Of a failure with RC_INVALID: */
	size_t at; /* offset in the text */
	struct slice what;
};

/* Notes what is wrong.  RC_INVALID; RC_NOMEM when what is nothing. */
enum rc compile_fail(struct compile *, size_t at, struct slice what);

/* The part of s that a message quotes: its start, cut between characters. */
struct slice compile_quote(struct slice s);

/* The name that s may be a slip of the pen for; NULL when none is near. */
const char *compile_nearest(struct slice s, const char *const *names);

/* ", did you mean "name"?", or nothing to add. */
const char *compile_suggest(struct arena *, struct slice s,
    const char *const *names);

#endif
