#include "base/hash.h"

#include <sys/auxv.h>

/* Odd numbers with as many ones as zeros, of the digits of pi. */
#define K0 UINT64_C(0x9e3779b97f4a7c15)
#define K1 UINT64_C(0xc2b2ae3d27d4eb4f)

__extension__ typedef unsigned __int128 product;

static uint64_t
mix(uint64_t a, uint64_t b)
{
	product p = (product)a * b;

	return (uint64_t)p ^ (uint64_t)(p >> 64);
}

static uint64_t
word(const unsigned char *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

/* Up to eight octets. */
static uint64_t
short_word(struct slice s)
{
	uint64_t v = 0;

	if (s.n > 0)
		memcpy(&v, s.p, s.n < sizeof(v) ? s.n : sizeof(v));
	return v;
}

uint64_t
hash64(struct slice s, uint64_t seed)
{
	uint64_t h = seed ^ mix(K0 ^ s.n, K1);

	for (; s.n > 16; s = slice_from(s, 16))
		h = mix(word(s.p) ^ h ^ K0, word(s.p + 8) ^ K1);
	return mix(short_word(s) ^ h ^ K1, short_word(slice_from(s, 8)) ^ K0);
}

uint64_t
hash_seed(void)
{
	uintptr_t at = getauxval(AT_RANDOM);

	/* 16 octets that the kernel gave the process when it began. */
	return at != 0 ? word((const void *)at) : K0;
}
