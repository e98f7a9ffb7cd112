#ifndef MESSAGE_LINT_H
#define MESSAGE_LINT_H

#include "base/arena.h"
#include "base/rc.h"
#include "base/slice.h"

/*
 * What is wrong with a message.  Each parser of this room that judges is
 * handed a lint and says there what it finds; where it is NULL nothing is said.
 */

enum lint_severity {
	LINT_ERROR,   /* a standard's MUST is broken, or receivers refuse it */
	LINT_WARNING, /* a SHOULD, or what receivers hold against it */
};

/* One kind of problem: a const, in the file that finds it. */
struct lint_kind {
	const char *code; /* "format.bare-lf": stable */
	enum lint_severity severity;
	const char *clause; /* "RFC 5322 2.3" */
	const char *todo;   /* a sentence for people: what to do */
};

/* The first of its kind in its header field, or in the body. */
struct lint_problem {
	const struct lint_kind *kind;
	size_t line;         /* from 1, a From_ line counts; 0: all of it */
	size_t column;       /* from 1, in octets; 0: the whole line */
	struct slice header; /* field name as written; nothing: none */
	struct slice detail; /* a sentence for people, without a full stop */
	size_t count;        /* how many of that kind are there */
};

struct lint {
	struct arena *arena;
	struct lint_problem *problems; /* in the order found */
	size_t n;
	size_t cap;
	bool cut; /* LIMIT_PROBLEMS: kinds and fields after that are not said */
};

struct lint_place {
	size_t line, column;
	struct slice header;
};

/*
 * Says a problem.  When the last one of that kind and header is there already
 * it is counted, and detail is not looked at: so say it with lint_wants()
 * before making a detail that costs something.
 */
void lint_say(struct lint *, const struct lint_kind *, struct lint_place,
    struct slice detail);

/* The same for so many of them, of which this is the first. */
void lint_say_many(struct lint *, const struct lint_kind *, struct lint_place,
    struct slice detail, size_t count);

/* Whether a detail would be kept.  If not, lint_say() counts all the same. */
bool lint_wants(const struct lint *, const struct lint_kind *,
    struct slice header);

/* Every kind there is, for the manual and for tests; ends with NULL. */
extern const struct lint_kind *const lint_kinds[];

#endif
