#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/slice.h"

/* Odd numbers with as many ones as zeros, of the digits of pi. */
#define HASH_K0 UINT64_C(0x9e3779b97f4a7c15)
#define HASH_K1 UINT64_C(0xc2b2ae3d27d4eb4f)

__extension__ typedef unsigned __int128 hash_product;

static inline uint64_t
hash_mix(uint64_t a, uint64_t b)
{
	hash_product p = (hash_product)a * b;

	return (uint64_t)p ^ (uint64_t)(p >> 64);
}

static inline uint64_t
hash_word(const unsigned char *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

/*
 * A fast hash of 64 bits.  With a seed that nobody outside knows it keeps a
 * table from being flooded by chance; who may choose the octets at leisure
 * wants base/table.h, whose hash is a keyed one.
 */
uint64_t hash64(struct slice, uint64_t seed);

/* A seed that differs from run to run. */
uint64_t hash_seed(void);

#endif
