#ifndef RULES_PHRASE_H
#define RULES_PHRASE_H

#include "rules/compile.h"

/*
 * What is looked for in the gist of a reply:
 *
 *  phrases = phrase *("|" phrase)
 *  phrase  = ["^"] piece *("..." piece) ["$"]
 *
 * Each piece, folded as rules/gist.h says, begins where a word does, and may
 * end within one; between two pieces there may be anything.  "^" is the begin
 * of the reply's text and "$" its end.
 */
enum { PHRASE_PIECES = 8 };

struct phrase {
	struct slice pieces[PHRASE_PIECES];
	size_t n;
	size_t length; /* of all pieces */
	bool begins;
	bool ends;
	uint16_t grams[2]; /* see struct grams */
	struct slice source;
};

struct phrases {
	const struct phrase *list;
	size_t n;
	size_t longest; /* length of that */
};

/*
 * Which groups of four octets a gist may hold: one bit a hash.  A phrase with a
 * group that is not there is not looked for.
 */
enum { GRAM_BITS = 4096 };

struct grams {
	uint64_t words[GRAM_BITS / 64];
};

/* The two that a piece is looked for by. */
void grams_choose(struct slice piece, uint16_t grams[2]);

void grams_of(struct slice gist, struct grams *);

static inline bool
grams_may(const struct grams *g, const uint16_t grams[2])
{
	return (g->words[grams[0] / 64] >> grams[0] % 64 &
		   g->words[grams[1] / 64] >> grams[1] % 64 & 1) != 0;
}

/* RC_INVALID: the compile says what is wrong and where. */
enum rc phrases_parse(struct compile *, struct slice text, struct phrases *);

bool phrase_found(const struct phrase *, struct slice gist);

/* The longest that is found, or NULL. */
const struct phrase *phrases_find(const struct phrases *, struct slice gist,
    const struct grams *);

#endif
