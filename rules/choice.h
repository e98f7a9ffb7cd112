#ifndef RULES_CHOICE_H
#define RULES_CHOICE_H

#include "rules/path.h"

/*
 * Some elements of a list, by a fact of theirs:
 *
 *  choice = [name "=" word *("," word)]
 *
 * White space around a word does not count.  A bool is the word yes or no.
 * Without anything it takes all.
 */
struct choice {
	struct path path;
	struct slice words; /* nothing: all */
};

/*
 * text stands at offset at; c->each is the list.  RC_INVALID: the compile says
 * where and what.
 */
enum rc choice_parse(struct compile *, struct slice text, size_t at,
    struct choice *out);

/* The path of a fact of an element. */
enum rc choice_path(struct compile *, struct slice name, size_t at,
    struct path *out);

bool choice_takes(const struct choice *, const json_t *item);

#endif
