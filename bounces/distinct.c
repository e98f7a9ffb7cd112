#include "bounces/distinct.h"

#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/limits.h"

enum { FIRST_SIZE = 16, BITS = 14, REGISTERS = 1 << BITS };

/* The number must not differ from run to run. */
#define SEED UINT64_C(0x5bd1e995)

void
distinct_free(struct distinct *d)
{
	free(d->hashes);
	free(d->registers);
	*d = (struct distinct){ 0 };
}

/* False when it was there. */
static bool
insert(struct distinct *d, uint64_t hash)
{
	size_t i = hash & (d->size - 1);

	for (; d->hashes[i] != 0; i = (i + 1) & (d->size - 1)) {
		if (d->hashes[i] == hash)
			return false;
	}
	d->hashes[i] = hash;
	d->n++;
	return true;
}

/* Twice the room for it, if there is that. */
static enum rc
grow(struct distinct *d, struct distinct_room *room)
{
	struct distinct bigger = { .size =
				       d->size > 0 ? d->size * 2 : FIRST_SIZE };

	bigger.hashes = calloc(bigger.size, sizeof(bigger.hashes[0]));
	if (bigger.hashes == NULL)
		return RC_NOMEM;
	for (size_t i = 0; i < d->size; i++) {
		if (d->hashes[i] != 0)
			(void)insert(&bigger, d->hashes[i]);
	}
	room->used += bigger.size - d->size;
	free(d->hashes);
	*d = bigger;
	return RC_OK;
}

static void
estimate(uint8_t *registers, uint64_t hash)
{
	uint64_t rest = hash << BITS | (UINT64_C(1) << (BITS - 1));
	uint8_t rank = (uint8_t)(__builtin_clzll(rest) + 1);
	uint8_t *r = &registers[hash >> (64 - BITS)];

	if (rank > *r)
		*r = rank;
}

static enum rc
begin_estimating(struct distinct *d, struct distinct_room *room)
{
	d->registers = calloc(REGISTERS, 1);
	if (d->registers == NULL)
		return RC_NOMEM;
	for (size_t i = 0; i < d->size; i++) {
		if (d->hashes[i] != 0)
			estimate(d->registers, d->hashes[i]);
	}
	room->used -= d->size;
	free(d->hashes);
	d->hashes = NULL;
	return RC_OK;
}

enum rc
distinct_add(struct distinct *d, struct distinct_room *room, struct slice s)
{
	uint64_t hash = hash64(s, SEED);
	bool full = d->registers == NULL && d->n * 2 >= d->size;
	enum rc rc = RC_OK;

	if (hash == 0)
		hash = 1;
	/* As small as the registers would be, it may grow in any case. */
	if (full && d->size * sizeof(d->hashes[0]) >= REGISTERS &&
	    room->used + d->size > LIMIT_DISTINCT_SLOTS)
		rc = begin_estimating(d, room);
	else if (full)
		rc = grow(d, room);
	if (rc != RC_OK)
		return rc;
	if (d->registers != NULL)
		estimate(d->registers, hash);
	else
		(void)insert(d, hash);
	return RC_OK;
}

uint64_t
distinct_count(const struct distinct *d, bool *estimated)
{
	double sum = 0, m = REGISTERS, count;
	size_t empty = 0;

	*estimated = d->registers != NULL;
	if (d->registers == NULL)
		return d->n;
	for (size_t i = 0; i < REGISTERS; i++) {
		sum += ldexp(1, -d->registers[i]);
		empty += d->registers[i] == 0;
	}
	count = 0.7213 / (1 + 1.079 / m) * m * m / sum;
	/* Few of them: by the registers that nothing fell into. */
	if (count <= 2.5 * m && empty > 0)
		count = m * log(m / (double)empty);
	return (uint64_t)(count + 0.5);
}
