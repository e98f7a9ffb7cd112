#include "bounces/book.h"

#include <stdlib.h>

#include "base/limits.h"

struct entry {
	uint64_t id;
	size_t n;
	unsigned char address[];
};

static struct slice
key_of(const uint64_t *id)
{
	return slice_of(id, sizeof(*id));
}

enum rc
book_init(struct book *b)
{
	*b = (struct book){ .by_id = table_new() };
	return b->by_id != NULL ? RC_OK : RC_NOMEM;
}

static void
free_all(struct book *b)
{
	struct entry *e;
	size_t at = 0;

	while (b->by_id != NULL && (e = table_next(b->by_id, &at)) != NULL)
		free(e);
	table_free(b->by_id);
	b->by_id = NULL;
}

void
book_free(struct book *b)
{
	free_all(b);
}

void
book_clear(struct book *b)
{
	if (table_count(b->by_id) == 0)
		return;
	free_all(b);
	b->by_id = table_new();
}

static void
drop(struct book *b, uint64_t id)
{
	struct entry *e = table_get(b->by_id, key_of(&id));

	table_remove(b->by_id, key_of(&id));
	free(e);
}

static enum rc
keep(struct book *b, uint64_t id, struct slice address)
{
	struct entry *e = malloc(sizeof(*e) + address.n);

	if (e == NULL)
		return RC_NOMEM;
	e->id = id;
	e->n = address.n;
	if (address.n > 0)
		memcpy(e->address, address.p, address.n);
	drop(b, id);
	if (!table_put(b->by_id, key_of(&e->id), e)) {
		free(e);
		return RC_NOMEM;
	}
	return RC_OK;
}

enum rc
book_note(struct book *b, const struct senders *s)
{
	enum rc rc = s->failed ? RC_NOMEM : RC_OK;

	if (table_count(b->by_id) >= LIMIT_SENDERS) {
		book_clear(b);
		b->lost = true;
	}
	if (b->by_id == NULL)
		return RC_NOMEM;
	for (size_t i = 0; s->n > 0 && i < s->size && rc == RC_OK; i++) {
		if (s->slots[i].id == 0)
			continue;
		if (s->slots[i].p == NULL)
			drop(b, s->slots[i].id);
		else
			rc = keep(b, s->slots[i].id,
			    slice_of(s->slots[i].p, s->slots[i].n));
	}
	return rc;
}

bool
book_find(const struct book *b, uint64_t id, struct slice *address)
{
	const struct entry *e = table_get(b->by_id, key_of(&id));

	if (e != NULL)
		*address = slice_of(e->address, e->n);
	return e != NULL;
}
