#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/slice.h"

/*
 * A fast hash of 64 bits.  With a seed that nobody outside knows it keeps a
 * table from being flooded by chance; who may choose the octets at leisure
 * wants base/table.h, whose hash is a keyed one.
 */
uint64_t hash64(struct slice, uint64_t seed);

/* A seed that differs from run to run. */
uint64_t hash_seed(void);

#endif
