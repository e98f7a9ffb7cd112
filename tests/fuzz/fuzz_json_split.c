#include <stdlib.h>

#include "audit/json_split.h"
#include "base/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* The first octet: how many are read at a time; the rest is JSON, or not. */

struct octets {
	struct slice rest;
	size_t step;
};

static size_t
read_octets(void *ctx, unsigned char *to, size_t n)
{
	struct octets *o = ctx;
	struct slice some = slice_sub(o->rest, 0, o->step < n ? o->step : n);

	if (some.n > 0)
		memcpy(to, some.p, some.n);
	o->rest = slice_from(o->rest, some.n);
	return some.n;
}

/* What jansson takes is taken, unless it is deeper than we go. */
static bool
is_deep(struct slice text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == '[' || text.p[i] == '{';
	return n >= LIMIT_JSON_DEPTH - 2;
}

static bool
add(json_t *whole, json_t *items, const struct json_piece *piece)
{
	switch (piece->kind) {
	case JSON_PIECE_MEMBER:
		return json_object_get(whole, piece->name) == NULL &&
		       json_object_set(whole, piece->name, piece->value) == 0;
	case JSON_PIECE_ITEM:
		return json_array_append(items, piece->value) == 0;
	case JSON_PIECE_END:
		break;
	}
	return true;
}

/* The object put together again; NULL: it is none. */
static json_t *
join(struct json_split *s)
{
	json_t *whole = json_object(), *items = json_array();
	struct json_piece piece = { .kind = JSON_PIECE_MEMBER };
	bool more, good = json_split_enter(s, &more) == RC_OK && more;

	while (good && piece.kind != JSON_PIECE_END) {
		good = json_split_next(s, &piece) == RC_OK &&
		       add(whole, items, &piece);
		json_decref(piece.value);
		piece.value = NULL;
	}
	/* Nothing but space may follow. */
	good = good && json_split_next(s, &piece) == RC_OK &&
	       piece.kind == JSON_PIECE_END;
	json_decref(piece.value);
	if (good && s->listed && json_object_get(whole, "audits") == NULL)
		(void)json_object_set(whole, "audits", items);
	json_decref(items);
	if (good)
		return whole;
	json_decref(whole);
	return NULL;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct slice text = slice_from(slice_of(data, n), 1);
	struct octets octets = { text, n > 0 && data[0] > 0 ? data[0] : 1 };
	struct json_split *s = calloc(1, sizeof(*s));
	json_t *got, *want;

	if (s == NULL)
		return 0;
	json_split_init(s,
	    (struct json_source){ .read = read_octets, .ctx = &octets },
	    "audits", 1 << 24);
	got = join(s);
	want = json_loadb((const char *)text.p, text.n, JSON_REJECT_DUPLICATES,
	    NULL);
	if (json_is_object(want) && got == NULL && !is_deep(text))
		__builtin_trap();
	if (got != NULL && (want == NULL || !json_equal(got, want)))
		__builtin_trap();
	/* A reason, wherever there is a fault. */
	if (got == NULL && s->why[0] == '\0' && want != NULL && text.n > 0 &&
	    json_is_object(want))
		__builtin_trap();
	json_decref(want);
	json_decref(got);
	json_split_free(s);
	free(s);
	return 0;
}
