#include "bounces/batch.h"

#include <stdlib.h>

#include "base/limits.h"

enum { BATCH_ARENA_BLOCK = 64 * 1024 };

enum rc
batch_init(struct batch *b)
{
	*b = (struct batch){ .arena = arena_new(LIMIT_BATCH_ARENA,
				 BATCH_ARENA_BLOCK) };
	senders_init(&b->senders);
	return b->arena != NULL ? RC_OK : RC_NOMEM;
}

void
batch_free(struct batch *b)
{
	arena_free(b->arena);
	senders_free(&b->senders);
	free(b->attempts);
	*b = (struct batch){ 0 };
}

void
batch_reset(struct batch *b)
{
	arena_reset(b->arena);
	senders_reset(&b->senders);
	b->n = 0;
	b->program_at = 0;
	b->lines = b->delivered = 0;
	memset(b->of, 0, sizeof(b->of));
	b->failed = false;
}

static bool
grow(struct batch *b)
{
	size_t cap = b->cap > 0 ? b->cap * 2 : 64;
	struct attempt *bigger =
	    realloc(b->attempts, cap * sizeof(b->attempts[0]));

	if (bigger == NULL)
		return false;
	b->attempts = bigger;
	b->cap = cap;
	return true;
}

void
batch_add(struct batch *b, const struct attempt *a)
{
	if (b->n == b->cap && !grow(b)) {
		b->failed = true;
		return;
	}
	b->attempts[b->n] = *a;
	b->attempts[b->n++].line = b->lines;
}

void
batch_sender(const struct batch *b, struct attempt *a)
{
	a->sender_gone =
	    senders_get(&b->senders, sender_id(&b->senders, a->queue_id),
		&a->sender) == SENDER_GONE;
}
