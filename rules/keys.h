#ifndef RULES_KEYS_H
#define RULES_KEYS_H

#include "rules/pack.h"

struct key_row {
	const char *name;
	bool needed;  /* of a rule; [pack] may give it */
	bool in_pack; /* may stand there */
	bool repeats;
	enum rc (*take)(struct pack_reader *, const struct value *);
	/* What it sets in struct rule, for a rule that extends it; or 0. */
	size_t at;
	size_t size;
};

/* Ends with a NULL name. */
extern const struct key_row rule_keys[];

enum { RULE_KEYS = 23 }; /* how many there are; a test counts them */

/* Octets at the start of s that may be a word of an id. */
size_t keys_word_length(struct slice);

#endif
