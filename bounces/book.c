#include "bounces/book.h"

#include <stdlib.h>

#include "base/limits.h"

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
		b->n -= b->slots[i].id != 0;
		free(b->slots[i].address);
		b->slots[i] = (struct book_slot){ 0 };
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

	while (b->slots[at].id != 0 && b->slots[at].id != id)
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
		if (b->slots[i].id != 0)
			bigger.slots[place_of(&bigger, b->slots[i].id)] =
			    b->slots[i];
	}
	free(b->slots);
	*b = bigger;
	return true;
}

static void
drop(struct book *b, uint64_t id)
{
	const struct book_slot none = { 0 };
	size_t at = place_of(b, id);

	if (b->slots[at].id == 0)
		return;
	free(b->slots[at].address);
	b->slots[at] = none;
	b->n--;
	/* Close the gap: what probed past it must still be found. */
	for (size_t i = (at + 1) & (b->size - 1); b->slots[i].id != 0;
	     i = (i + 1) & (b->size - 1)) {
		struct book_slot moved = b->slots[i];

		b->slots[i] = none;
		b->slots[place_of(b, moved.id)] = moved;
	}
}

static enum rc
keep(struct book *b, const struct sender_slot *told)
{
	struct book_slot *s = &b->slots[place_of(b, told->id)];

	b->n += s->id == 0;
	free(s->address);
	s->id = told->id;
	s->n = told->n;
	s->address = malloc(told->n + 1);
	if (s->address == NULL)
		return RC_NOMEM;
	memcpy(s->address, told->p, told->n);
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
		if (s->slots[i].id == 0)
			continue;
		/* At most half full. */
		if (b->n * 2 >= b->size && !grow(b))
			return RC_NOMEM;
		if (s->slots[i].p == NULL)
			drop(b, s->slots[i].id);
		else
			rc = keep(b, &s->slots[i]);
	}
	return rc;
}

bool
book_find(const struct book *b, uint64_t id, struct slice *address)
{
	const struct book_slot *s =
	    b->size > 0 ? &b->slots[place_of(b, id)] : NULL;

	if (s == NULL || s->id == 0)
		return false;
	*address = slice_of(s->address, s->n);
	return true;
}
