#include "base/hash.h"

#include <sys/auxv.h>

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
	uint64_t h = seed ^ hash_mix(HASH_K0 ^ s.n, HASH_K1);

	for (; s.n > 16; s = slice_from(s, 16))
		h = hash_mix(hash_word(s.p) ^ h ^ HASH_K0,
		    hash_word(s.p + 8) ^ HASH_K1);
	return hash_mix(short_word(s) ^ h ^ HASH_K1,
	    short_word(slice_from(s, 8)) ^ HASH_K0);
}

uint64_t
hash_seed(void)
{
	uintptr_t at = getauxval(AT_RANDOM);

	/* 16 octets that the kernel gave the process when it began. */
	return at != 0 ? hash_word((const void *)at) : HASH_K0;
}
