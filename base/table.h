#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include "base/slice.h"

/* A hash table from bytes to pointers.  Keys and values are borrowed. */
struct table;

struct table *table_new(void);
void table_free(struct table *);

/* The value of a key, or NULL. */
void *table_get(const struct table *, struct slice key);

/*
 * Adds, or replaces value and key both; false when out of memory, and the table
 * is as it was.  value must not be NULL.
 */
bool table_put(struct table *, struct slice key, void *value);

void table_remove(struct table *, struct slice key);
size_t table_count(const struct table *);

/*
 * The next value from *at on (0 to begin), in no order; NULL at the end.
 * Adding or removing moves things: begin again after it.
 */
void *table_next(const struct table *, size_t *at);

#endif
