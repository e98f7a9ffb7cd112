#ifndef BOUNCES_DISTINCT_H
#define BOUNCES_DISTINCT_H

#include "base/rc.h"
#include "base/slice.h"

/*
 * How many different texts there were: exactly, as long as there is room for
 * them, and then by HyperLogLog (Flajolet et al., 2007) with 2^14 registers,
 * whose standard error is 0.8 %.
 */
struct distinct {
	uint64_t *hashes; /* 0: free; while it is exact */
	size_t size;      /* a power of two */
	size_t n;
	uint8_t *registers; /* NULL: exact */
};

/* Room for exact counts that many share. */
struct distinct_room {
	size_t used; /* slots, of LIMIT_DISTINCT_SLOTS */
};

/* RC_NOMEM: it is as it was. */
enum rc distinct_add(struct distinct *, struct distinct_room *, struct slice);
uint64_t distinct_count(const struct distinct *, bool *estimated);
void distinct_free(struct distinct *);

#endif
