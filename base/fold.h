#ifndef BASE_FOLD_H
#define BASE_FOLD_H

#include "base/arena.h"
#include "base/slice.h"

/*
 * UTF-8 text as it is compared with words: in lower case, without accents and
 * other marks, whatever the language.  Latin, Greek, Cyrillic, Armenian and
 * Georgian letters are folded; German sz is ss, final sigma is sigma, Turkish
 * I, with or without dots, is i.  Hyphens and every run of white space are one
 * space, newlines stay.  What has no ink is left out; octets that are no UTF-8
 * stay as they are.  Nothing past the arena's ceiling.
 */
struct slice fold_text(struct arena *, struct slice utf8);

/* The same into room for as many octets as there are; how many it became. */
size_t fold_octets(struct slice utf8, unsigned char *out);

/* What stands on both sides of a whole word. */
enum fold_class {
	FOLD_OTHER,  /* no letter */
	FOLD_LETTER, /* or digit, of a script that has spaces between words */
	FOLD_SOLID,  /* a letter of one that has none, such as Thai */
};

enum fold_class fold_class(uint32_t code_point);

#endif
