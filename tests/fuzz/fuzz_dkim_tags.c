#include <stdlib.h>

#include "checks/dkim/dkim_key.h"
#include "checks/dkim/dkim_signature.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* The input is a tag list: of a signature field, and of a key record. */

enum { ARENA = 4 << 20 };

#define NAME SLICE_LIT("DKIM-Signature:")

static bool
is_within(struct slice part, struct slice all)
{
	return part.p >= all.p && part.n <= all.n &&
	       (size_t)(part.p - all.p) <= all.n - part.n;
}

static void
check_tags(struct slice text)
{
	struct dkim_tags t;
	bool good = dkim_tags_read(text, &t);
	size_t i;

	if (good != (t.fault == DKIM_TAGS_FINE) || t.at > text.n ||
	    t.n > LIMIT_DKIM_TAGS || (good && t.n == 0))
		__builtin_trap();
	for (i = 0; i < t.n; i++)
		if (t.tags[i].name.n == 0 || !is_within(t.tags[i].name, text) ||
		    !is_within(t.tags[i].whole, text) ||
		    !is_within(t.tags[i].value, t.tags[i].whole) ||
		    t.tags[i].at >= text.n)
			__builtin_trap();
}

/* What is told of a fault, and what a signature has that can be used. */
static void
check_fault(const struct dkim_signature *s)
{
	if (s->fault != DKIM_VALID &&
	    (s->detail.n == 0 || s->place.line == 0 || s->place.column == 0))
		__builtin_trap();
	if (s->fault == DKIM_VALID &&
	    (s->key_name.n == 0 || s->n_names == 0 || s->value.n == 0 ||
		s->hole.n == 0 || s->body_hash.n == 0))
		__builtin_trap();
}

static void
check_signature(struct arena *arena, struct slice all)
{
	struct field f = { .name = slice_sub(all, 0, NAME.n - 1),
		.value = slice_from(all, NAME.n),
		.line = 1 };
	struct dkim_signature s;
	size_t i;

	if (dkim_signature_read(arena, &f, DKIM_SIGNATURE, &s) != RC_OK)
		return;
	check_fault(&s);
	if (s.hole.p != NULL && !is_within(s.hole, f.value))
		__builtin_trap();
	for (i = 0; i < s.n_names; i++)
		if (s.names[i].n == 0 || !is_within(s.names[i], f.value))
			__builtin_trap();
}

static void
check_key(struct arena *arena, struct slice text)
{
	struct dkim_key k;

	if (dkim_key_read(arena, text, &k) != RC_OK)
		return;
	if ((k.fault != DKIM_VALID && k.detail.n == 0) ||
	    (k.fault == DKIM_VALID && (k.octets.n == 0 || k.revoked)))
		__builtin_trap();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_of(data, size), all;
	struct arena *arena = arena_new(ARENA, 8192);
	unsigned char *copy =
	    arena != NULL ? arena_alloc(arena, NAME.n + size, 1) : NULL;

	if (copy != NULL) {
		memcpy(copy, NAME.p, NAME.n);
		if (size > 0)
			memcpy(copy + NAME.n, data, size);
		all = slice_of(copy, NAME.n + size);
		check_tags(text);
		check_signature(arena, all);
		check_key(arena, text);
	}
	arena_free(arena);
	return 0;
}
