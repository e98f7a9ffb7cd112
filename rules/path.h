#ifndef RULES_PATH_H
#define RULES_PATH_H

#include <jansson.h>

#include "rules/compile.h"

/* The way to a fact: "dmarc.record", or "it.confirmed" inside all() or any(). */
struct path {
	struct slice source;     /* as it is written */
	struct slice shown;      /* from the top: "ptr.ips[].confirmed" */
	const char *const *keys; /* without "it" */
	size_t n;
	bool it;                 /* starts at the element of the list */
	const struct fact *fact; /* what is known of it; NULL: nothing */
};

/* What a path is used for, and so what it may name. */
enum path_use {
	PATH_VALUE, /* one text, number or bool */
	PATH_TEXT,  /* the same, or a list of them: for a template */
	PATH_LIST,
	PATH_ANYTHING, /* a group of facts too: for "exists" */
};

/* How many octets at the start of s are a path; 0: none. */
size_t path_length(struct slice s);

/* text is a path.  RC_INVALID when it names no fact or not of that use. */
enum rc path_compile(struct compile *, size_t at, struct slice text,
    enum path_use, struct path *out);

/*
 * The fact; NULL when it is absent.  A way through null, or through what has
 * no parts, ends at null.
 */
const json_t *path_find(const struct path *, const json_t *facts,
    const json_t *it);

#endif
