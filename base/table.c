#include "base/table.h"

#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/random.h>

struct slot {
	struct slice key;
	void *value;
	uint64_t hash;
};

/* Open addressing, linear probing, at most half full; size a power of two. */
struct table {
	struct slot *slots;
	size_t size;
	size_t count;
	uint64_t seed[2];
};

enum { TABLE_FIRST_SIZE = 64 };

static uint64_t
rotate(uint64_t v, unsigned int bits)
{
	return v << bits | v >> (64 - bits);
}

static inline void
sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[2] += v[3];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] = rotate(v[0], 32);
	v[2] += v[1];
	v[0] += v[3];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] = rotate(v[2], 32);
}

/* Up to seven octets, the first the lowest. */
static uint64_t
sip_word(struct slice s)
{
	uint64_t w = 0;

	for (size_t i = 0; i < s.n; i++)
		w |= (uint64_t)s.p[i] << (8 * i);
	return w;
}

/*
 * SipHash-1-3 under a random key: the keys of the table come from outside, and
 * nobody shall be able to choose them so that they collide.
 */
static uint64_t
table_hash(const struct table *t, struct slice key)
{
	uint64_t v[4] = {
		t->seed[0] ^ 0x736f6d6570736575u,
		t->seed[1] ^ 0x646f72616e646f6du,
		t->seed[0] ^ 0x6c7967656e657261u,
		t->seed[1] ^ 0x7465646279746573u,
	};
	uint64_t last = (uint64_t)key.n << 56;

	for (; key.n >= 8; key = slice_from(key, 8)) {
		uint64_t w;

		/* As the machine has it: no hash leaves the process. */
		memcpy(&w, key.p, sizeof(w));
		v[3] ^= w;
		sip_round(v);
		v[0] ^= w;
	}
	last |= sip_word(key);
	v[3] ^= last;
	sip_round(v);
	v[0] ^= last;
	v[2] ^= 0xff;
	for (int i = 0; i < 3; i++)
		sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/*
 * The kernel gives each process 16 random octets: a system call for each table
 * would be most of what a small one costs.
 */
static void
table_seed(struct table *t)
{
	uintptr_t at = getauxval(AT_RANDOM);

	if (at != 0)
		memcpy(t->seed, (const void *)at, sizeof(t->seed));
	else if (getrandom(t->seed, sizeof(t->seed), GRND_NONBLOCK) < 0)
		t->seed[0] = (uintptr_t)t;
}

struct table *
table_new(void)
{
	struct table *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->size = TABLE_FIRST_SIZE;
	t->slots = calloc(t->size, sizeof(*t->slots));
	if (t->slots == NULL) {
		free(t);
		return NULL;
	}
	table_seed(t);
	return t;
}

void
table_free(struct table *t)
{
	if (t == NULL)
		return;
	free(t->slots);
	free(t);
}

/* The slot that holds the key, or the empty one where it would go. */
static struct slot *
table_slot(const struct table *t, struct slice key, uint64_t hash)
{
	size_t at = hash & (t->size - 1);

	while (t->slots[at].value != NULL &&
	       (t->slots[at].hash != hash || !slice_eq(t->slots[at].key, key)))
		at = (at + 1) & (t->size - 1);
	return &t->slots[at];
}

static bool
table_double(struct table *t)
{
	struct table bigger = *t;

	bigger.size = t->size * 2;
	bigger.slots = calloc(bigger.size, sizeof(*bigger.slots));
	if (bigger.slots == NULL)
		return false;
	for (size_t i = 0; i < t->size; i++) {
		const struct slot *s = &t->slots[i];

		if (s->value != NULL)
			*table_slot(&bigger, s->key, s->hash) = *s;
	}
	free(t->slots);
	*t = bigger;
	return true;
}

void *
table_get(const struct table *t, struct slice key)
{
	return table_slot(t, key, table_hash(t, key))->value;
}

bool
table_put(struct table *t, struct slice key, void *value)
{
	uint64_t hash = table_hash(t, key);
	struct slot *s = table_slot(t, key, hash);

	if (s->value == NULL) {
		if ((t->count + 1) * 2 > t->size) {
			if (!table_double(t))
				return false;
			s = table_slot(t, key, hash);
		}
		t->count++;
	}
	*s = (struct slot){ key, value, hash };
	return true;
}

void
table_remove(struct table *t, struct slice key)
{
	struct slot *s = table_slot(t, key, table_hash(t, key));
	size_t at = (size_t)(s - t->slots);

	if (s->value == NULL)
		return;
	t->count--;
	s->value = NULL;
	/* Close the gap: what probed past it must still be found. */
	for (size_t i = (at + 1) & (t->size - 1); t->slots[i].value != NULL;
	     i = (i + 1) & (t->size - 1)) {
		struct slot moved = t->slots[i];

		t->slots[i].value = NULL;
		*table_slot(t, moved.key, moved.hash) = moved;
	}
}

size_t
table_count(const struct table *t)
{
	return t->count;
}

void *
table_next(const struct table *t, size_t *at)
{
	while (*at < t->size) {
		void *value = t->slots[(*at)++].value;

		if (value != NULL)
			return value;
	}
	return NULL;
}
