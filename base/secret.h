#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include <jansson.h>

#include "base/slice.h"

/*
 * Memory for what nobody else may see: pages of their own, left out of core
 * dumps and, where the system lets it, never swapped out.  Zeroed.  NULL: out
 * of memory.
 */
void *secret_new(size_t size);

/* Wipes it first.  NULL is fine.  size: as for secret_new(). */
void secret_free(void *, size_t size);

/* Zeroes octets so that the compiler cannot leave it out.  NULL is fine. */
void secret_wipe(void *, size_t n);

/* The process leaves no core dump from here on. */
void secret_no_core(void);

/*
 * JSON that holds secrets: what the reader allocates is wiped as it is freed.
 * NULL: it is no JSON object.  To be ended before any other JSON is read.
 */
json_t *secret_json(struct slice text);
void secret_json_end(json_t *);

#endif
