#ifndef RULES_FACT_H
#define RULES_FACT_H

#include "base/arena.h"
#include "base/rc.h"
#include "base/slice.h"

/* What is known of the facts before there are any: that they are compared. */

enum fact_kind {
	FACT_ANY, /* nothing is said of it */
	FACT_BOOL,
	FACT_NUMBER,
	FACT_TEXT,
	FACT_LIST,
	FACT_GROUP, /* facts with names of their own */
};

/*
 * "dmarc.record", "text"; places in lists are "[]".  type: "bool", "number",
 * "text", "list", "object", or all words that a text may be: "pass|fail";
 * "spf.*" is any word that begins so.  NULL: anything.
 */
struct fact_row {
	const char *path;
	const char *type;
	bool sure; /* it is never null */
};

/* A fact, or a list or group above one. */
struct fact {
	struct slice path;
	enum fact_kind kind;
	struct slice words; /* "pass|fail"; nothing: any text */
	bool named;         /* it has a row; else only facts below it have */
	bool below;         /* of a group: facts of it have rows */
	bool sure;          /* it is never null */
	const struct fact *element; /* of a list: what is known of these */
};

struct facts;

/*
 * Makes them easy to find; rows end with a NULL path and are borrowed.
 * RC_NOMEM.
 */
enum rc facts_new(struct arena *, const struct fact_row *rows,
    const struct facts **);

/* NULL: there is none of that path. */
const struct fact *facts_find(const struct facts *, struct slice path);

/*
 * Whether it is below a list or a group of which nothing more is said: that may
 * be anything.
 */
bool facts_unsaid(const struct facts *, struct slice path);

/* ", did you mean "a.b"?", or nothing to add.  NULL: no memory. */
const char *facts_suggest(struct arena *, const struct facts *,
    struct slice path);

/* "a text", "yes or no", "a list". */
const char *fact_kind_text(enum fact_kind);

/* Whether that text may be the fact. */
bool fact_may_be(const struct fact *, struct slice text);

/* "pass, fail or none" for "pass|fail|none".  Nothing: no memory. */
struct slice fact_words_text(struct arena *, struct slice words);

#endif
