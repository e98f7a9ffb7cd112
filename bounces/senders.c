#include "bounces/senders.h"

#include <stdlib.h>

enum { SENDERS_FIRST_SIZE = 256 };

void
senders_init(struct senders *s)
{
	*s = (struct senders){ .seed = hash_seed() };
}

void
senders_free(struct senders *s)
{
	free(s->slots);
	s->slots = NULL;
	s->size = s->n = 0;
}

void
senders_reset(struct senders *s)
{
	if (s->n > 0)
		memset(s->slots, 0, s->size * sizeof(s->slots[0]));
	s->n = 0;
	s->failed = false;
}

/* The slot of an id, or the free one where it would be. */
static struct sender_slot *
slot_of(const struct senders *s, uint64_t id)
{
	size_t i = senders_place(id, s->size);

	while (s->slots[i].id != 0 && s->slots[i].id != id)
		i = (i + 1) & (s->size - 1);
	return &s->slots[i];
}

static bool
grow(struct senders *s)
{
	struct senders bigger = { .n = s->n,
		.seed = s->seed,
		.size = s->size > 0 ? s->size * 2 : SENDERS_FIRST_SIZE };

	bigger.slots = calloc(bigger.size, sizeof(bigger.slots[0]));
	if (bigger.slots == NULL)
		return false;
	for (size_t i = 0; i < s->size; i++) {
		if (s->slots[i].id != 0)
			*slot_of(&bigger, s->slots[i].id) = s->slots[i];
	}
	free(s->slots);
	*s = bigger;
	return true;
}

static void
put(struct senders *s, const struct sender_slot *what)
{
	struct sender_slot *slot;

	/* At most half full. */
	if (s->n * 2 >= s->size && !grow(s)) {
		s->failed = true;
		return;
	}
	slot = slot_of(s, what->id);
	if (slot->id == 0)
		s->n++;
	*slot = *what;
}

void
senders_put(struct senders *s, uint64_t id, struct slice address)
{
	put(s, &(struct sender_slot){ id, address.p, address.n });
}

void
senders_gone(struct senders *s, uint64_t id)
{
	put(s, &(struct sender_slot){ id, NULL, 0 });
}

enum sender_known
senders_get(const struct senders *s, uint64_t id, struct slice *address)
{
	const struct sender_slot *slot;

	if (s->size == 0 || (slot = slot_of(s, id))->id == 0)
		return SENDER_NOT_TOLD;
	if (slot->p == NULL)
		return SENDER_GONE;
	*address = slice_of(slot->p, slot->n);
	return SENDER_TOLD;
}
