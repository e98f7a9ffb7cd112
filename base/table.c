#include "base/table.h"

#include <stdlib.h>
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
	uint64_t seed;
};

enum { TABLE_FIRST_SIZE = 64 };

static uint64_t
table_hash(const struct table *t, struct slice key)
{
	/* FNV-1a from a random start, stirred: keys come from outside. */
	uint64_t h = t->seed ^ 0xcbf29ce484222325u;

	for (size_t i = 0; i < key.n; i++)
		h = (h ^ key.p[i]) * 0x100000001b3u;
	h ^= h >> 32;
	return h * 0x9e3779b97f4a7c15u;
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
	if (getrandom(&t->seed, sizeof(t->seed), GRND_NONBLOCK) < 0)
		t->seed = (uintptr_t)t;
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
