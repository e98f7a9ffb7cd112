#ifndef RULES_KEY_TABLE_H
#define RULES_KEY_TABLE_H

#include "rules/pack.h"

/*
 * The keys of a kind of pack: which there are in a section, that none stands
 * there twice, and what was meant by one that is unknown.
 */
struct key_table {
	size_t n; /* rows: KEY_TABLE_MAX at most */
	/* The name of a row; NULL: the section being read has no such key. */
	const char *(*name)(const struct pack_reader *, size_t row);
	bool (*repeats)(size_t row); /* NULL: none may */
	const char *section; /* said of a key that stands before the first */
};

enum { KEY_TABLE_MAX = 32 }; /* rows: the bits of "seen" */

/* A key that was read. */
struct key_read {
	const struct key_table *table;
	struct spot spot;
	struct slice key;
	unsigned int *seen; /* rows of the section; NULL: there is none yet */
};

/* Its row.  RC_INVALID, RC_NOMEM. */
enum rc key_table_find(struct pack_reader *, const struct key_read *,
    size_t *row);

#endif
