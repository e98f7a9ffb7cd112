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
	b->lines = b->delivered = b->cut_records = 0;
	memset(b->of, 0, sizeof(b->of));
	memset(b->cut, 0, sizeof(b->cut));
	b->cutting = 0;
	b->first = b->seen = 0;
	b->more = b->failed = false;
}

void
batch_again(struct batch *b)
{
	uint64_t first = b->first + b->n;

	batch_reset(b);
	b->first = first;
}

const char *
cut_name(enum cut c)
{
	static const char *const names[CUTS] = {
		[CUT_LENGTH] = "length",
		[CUT_PARTS] = "parts",
		[CUT_TEXT] = "text",
		[CUT_STATUS] = "status",
		[CUT_RECIPIENTS] = "recipients",
		[CUT_ARCHIVE] = "archive",
		[CUT_VALUE] = "value",
	};

	return names[c];
}

void
batch_cut(struct batch *b, enum cut c)
{
	b->cutting |= 1U << c;
}

void
batch_end_record(struct batch *b)
{
	b->cut_records += b->cutting != 0;
	for (unsigned int i = 0; i < CUTS; i++)
		b->cut[i] += b->cutting >> i & 1;
	b->cutting = 0;
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

bool
batch_wants(struct batch *b)
{
	if (b->seen < b->first) {
		b->seen++;
		return false;
	}
	/* One at least is taken, so that there is an end. */
	b->more |= b->n == LIMIT_BATCH_ATTEMPTS ||
		   (b->n > 0 && arena_size(b->arena) > LIMIT_BATCH_TEXTS);
	return !b->more;
}

void
batch_add(struct batch *b, const struct attempt *a)
{
	if (!batch_wants(b))
		return;
	b->seen++;
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
