#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

#include "base/slice.h"

/*
 * Memory that is freed all at once.  It never grows over its ceiling: past
 * that every allocation fails with NULL, and arena_failed() stays true, so
 * a long piece of work may test once at its end.
 */
struct arena;

/*
 * limit: ceiling in bytes.  block: size of the first block in bytes (later
 * ones double up to ARENA_BLOCK_MAX); small for what holds little.  NULL when
 * out of memory.
 */
struct arena *arena_new(size_t limit, size_t block);
void arena_free(struct arena *);

/* Forgets everything, failures too, but keeps the first block. */
void arena_reset(struct arena *);

/* Where an arena stands; whatever is allocated after it can be forgotten. */
struct arena_mark {
	const void *block;
	size_t used;
};

struct arena_mark arena_mark(const struct arena *);
void arena_rewind(struct arena *, struct arena_mark);

/* Zeroed, aligned for any type; NULL past the ceiling. */
void *arena_alloc(struct arena *, size_t count, size_t size)
    __attribute__((malloc, alloc_size(2, 3), warn_unused_result));

#define arena_new_of(a, type, count) \
	((type *)arena_alloc((a), (count), sizeof(type)))

/*
 * Room for one more in an array of n elements, capacity *cap: grows it by
 * doubling.  Returns the array (moved or not), or NULL past the ceiling; the
 * old one stays valid.
 */
void *arena_grow(struct arena *, void *array, size_t n, size_t *cap,
    size_t size);

/* A copy, followed by a NUL that is not counted. */
struct slice arena_copy(struct arena *, struct slice);

/* A formatted string; NULL past the ceiling. */
char *arena_printf(struct arena *, const char *, ...)
    __attribute__((format(printf, 2, 3)));
struct slice arena_slicef(struct arena *, const char *, ...)
    __attribute__((format(printf, 2, 3)));

bool arena_failed(const struct arena *);

/* It failed because the system had no memory, not at its ceiling. */
bool arena_starved(const struct arena *);

/* Bytes taken from the system so far. */
size_t arena_size(const struct arena *);

#endif
