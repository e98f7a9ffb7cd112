#include "rules/key_table.h"

#include "rules/keys.h"

static enum rc
unknown(struct pack_reader *r, const struct key_read *k)
{
	const struct key_table *t = k->table;
	const char *names[KEY_TABLE_MAX + 1], *suggestion;
	size_t n = 0;

	for (size_t i = 0; i < t->n && i < KEY_TABLE_MAX; i++) {
		const char *name = t->name(r, i);

		if (name != NULL)
			names[n++] = name;
	}
	names[n] = NULL;
	suggestion = compile_suggest(r->arena, k->key, names);
	if (suggestion == NULL)
		return RC_NOMEM;
	return pack_fail(r, k->spot,
	    arena_slicef(r->arena, "unknown key \"%.*s\"%s",
		SLICE_FMT(compile_quote(k->key)), suggestion));
}

static bool
is_row(const struct pack_reader *r, const struct key_read *k, size_t row)
{
	const char *name = k->table->name(r, row);

	return name != NULL && slice_eq(k->key, slice_str(name));
}

enum rc
key_table_find(struct pack_reader *r, const struct key_read *k, size_t *row)
{
	const struct key_table *t = k->table;
	size_t i = 0;

	if (k->seen == NULL)
		return pack_fail(r, k->spot, slice_str(t->section));
	while (i < t->n && !is_row(r, k, i))
		i++;
	if (i == t->n)
		return unknown(r, k);
	if ((*k->seen & 1u << i) != 0 && (t->repeats == NULL || !t->repeats(i)))
		return pack_fail(r, k->spot,
		    arena_slicef(r->arena, "the key \"%s\" stands here twice",
			t->name(r, i)));
	*k->seen |= 1u << i;
	*row = i;
	return RC_OK;
}

enum rc
pack_id(struct pack_reader *r, struct spot spot, struct slice id,
    const char *expected)
{
	size_t at = 0, n, words = 0;

	for (;; at++) {
		n = keys_word_length(slice_from(id, at));
		at += n;
		words++;
		if (n == 0 || at == id.n || id.p[at] != '.')
			break;
	}
	if (n > 0 && at == id.n && words > 1)
		return RC_OK;
	spot.octet += at;
	return pack_fail(r, spot, slice_str(expected));
}
