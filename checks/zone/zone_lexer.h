#ifndef CHECKS_ZONE_ZONE_LEXER_H
#define CHECKS_ZONE_ZONE_LEXER_H

#include "base/arena.h"
#include "base/cursor.h"

/*
 * A zone file (RFC 1035 5.1) as entries of words: comments, parentheses and
 * line ends are gone, escapes are as they were written.
 */

struct zone_place {
	size_t line; /* from 1 */
	size_t column;
};

struct zone_word {
	struct slice raw; /* without its quotes; escapes are not resolved */
	bool quoted;
	struct zone_place at;
};

struct zone_entry {
	const struct zone_word *words; /* until the next entry is taken */
	size_t n;                      /* at least 1, but for a fault */
	bool blank;                    /* it begins with white space */
	/*
	 * From a comment's semicolon that follows a word without a blank, to
	 * the end of that line: more of the word, if quotes were forgotten.
	 */
	struct slice tail;
	const char *fault; /* what breaks it: half a sentence; or NULL */
	struct zone_place fault_at;
};

struct zone_lexer {
	struct arena *arena;
	struct cursor c;
	size_t line;       /* from 1 */
	size_t line_start; /* offset */
	struct zone_word *words;
	size_t n, cap;
	size_t depth;    /* parentheses that are open */
	size_t unclosed; /* those that never were closed, so far */
	struct zone_place opened;
	size_t begun, second; /* where the entry and its second line begin */
};

void zone_lexer_init(struct zone_lexer *, struct arena *, struct slice text);

/* False at the end, or when the arena is full. */
bool zone_lexer_next(struct zone_lexer *, struct zone_entry *);

#endif
