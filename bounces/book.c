#include "bounces/book.h"

#include <stdlib.h>

#include "base/limits.h"

struct book_entry {
	uint64_t id;
	size_t n;
	unsigned char address[];
};

enum { BOOK_FIRST_SIZE = 1024 };

void
book_init(struct book *b)
{
	*b = (struct book){ .slots = NULL };
}

void
book_clear(struct book *b)
{
	for (size_t i = 0; b->n > 0 && i < b->size; i++) {
		if (b->slots[i] == NULL)
			continue;
		free(b->slots[i]);
		b->slots[i] = NULL;
		b->n--;
	}
}

void
book_free(struct book *b)
{
	book_clear(b);
	free(b->slots);
	b->slots = NULL;
	b->size = 0;
}

/*
 * The place of an id, or the free one where it would be.  An id is a hash under
 * a key of the run: it needs no other.
 */
static size_t
place_of(const struct book *b, uint64_t id)
{
	size_t at = senders_place(id, b->size);

	while (b->slots[at] != NULL && b->slots[at]->id != id)
		at = (at + 1) & (b->size - 1);
	return at;
}

static bool
grow(struct book *b)
{
	struct book bigger = { .n = b->n,
		.lost = b->lost,
		.size = b->size > 0 ? b->size * 2 : BOOK_FIRST_SIZE };

	bigger.slots = calloc(bigger.size, sizeof(bigger.slots[0]));
	if (bigger.slots == NULL)
		return false;
	for (size_t i = 0; i < b->size; i++) {
		if (b->slots[i] != NULL)
			bigger.slots[place_of(&bigger, b->slots[i]->id)] =
			    b->slots[i];
	}
	free(b->slots);
	*b = bigger;
	return true;
}

static void
drop(struct book *b, uint64_t id)
{
	size_t at = place_of(b, id);

	if (b->slots[at] == NULL)
		return;
	free(b->slots[at]);
	b->slots[at] = NULL;
	b->n--;
	/* Close the gap: what probed past it must still be found. */
	for (size_t i = (at + 1) & (b->size - 1); b->slots[i] != NULL;
	     i = (i + 1) & (b->size - 1)) {
		struct book_entry *moved = b->slots[i];

		b->slots[i] = NULL;
		b->slots[place_of(b, moved->id)] = moved;
	}
}

static enum rc
keep(struct book *b, uint64_t id, struct slice address)
{
	struct book_entry *e = malloc(sizeof(*e) + address.n);
	size_t at;

	if (e == NULL)
		return RC_NOMEM;
	e->id = id;
	e->n = address.n;
	if (address.n > 0)
		memcpy(e->address, address.p, address.n);
	at = place_of(b, id);
	b->n += b->slots[at] == NULL;
	free(b->slots[at]);
	b->slots[at] = e;
	return RC_OK;
}

enum rc
book_note(struct book *b, const struct senders *s)
{
	enum rc rc = s->failed ? RC_NOMEM : RC_OK;

	if (b->n >= LIMIT_SENDERS) {
		book_clear(b);
		b->lost = true;
	}
	for (size_t i = 0; s->n > 0 && i < s->size && rc == RC_OK; i++) {
		const struct sender_slot *slot = &s->slots[i];

		if (slot->id == 0)
			continue;
		/* At most half full. */
		if (b->n * 2 >= b->size && !grow(b))
			return RC_NOMEM;
		if (slot->p == NULL)
			drop(b, slot->id);
		else
			rc = keep(b, slot->id, slice_of(slot->p, slot->n));
	}
	return rc;
}

bool
book_find(const struct book *b, uint64_t id, struct slice *address)
{
	const struct book_entry *e =
	    b->size > 0 ? b->slots[place_of(b, id)] : NULL;

	if (e != NULL)
		*address = slice_of(e->address, e->n);
	return e != NULL;
}
