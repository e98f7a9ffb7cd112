#ifndef MESSAGE_WORDS_H
#define MESSAGE_WORDS_H

#include "base/arena.h"
#include "base/slice.h"

/*
 * The words by which mail says where to unsubscribe, in many languages
 * (message/unsubscribe.words, which is built in).
 */

/* The smaller says more. */
enum words_kind {
	WORDS_UNSUBSCRIBE, /* leads away from the list */
	WORDS_PREFERENCES, /* to a page where one may choose */
	WORDS_NONE,
};

struct words;

/* NULL past the arena's ceiling. */
const struct words *words_new(struct arena *);

/* In text that fold_text() made; the smallest kind that is in it. */
enum words_kind words_find(const struct words *, struct slice folded);

struct words_file {
	const char *name;
	const char *text;
	size_t size;
};

/* The files that are built in; ends with a NULL name. */
extern const struct words_file words_files[];

#endif
