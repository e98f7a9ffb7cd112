#include "audit/diff_facts.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/table.h"

enum {
	DEPTH_MAX = 32, /* facts have 5; what is deeper differs as a whole */
	KEYS_MAX = 8,
};

/*
 * What things in lists are about, by members that may tell.  Of these the first
 * counts of which every element has the first member, and none of them twice.
 */
static const char *const naturals[][KEYS_MAX] = {
	{ "ip" },
	{ "ip", "identity", "domain" },
	{ "subject", "zone" },
	{ "domain", "selector" },
	{ "domain", "role" },
	{ "code" },
	{ "code", "header", "name", "domain", "zone", "term", "instance" },
	{ "name" },
	{ "name", "kind" },
	{ "host" },
	{ "host", "address" },
	{ "target" },
	{ "target", "tag" },
	{ "instance" },
	{ "address" },
	{ "domain", "identity" },
};

enum { N_NATURALS = sizeof(naturals) / sizeof(naturals[0]) };

static void walk(struct diff_facts *, struct slice path, json_t *before,
    json_t *after, size_t depth);

/* ---- what is said ------------------------------------------------------ */

static void
tell(struct diff_facts *d, struct slice path, json_t *before, json_t *after)
{
	json_t *o;

	if (json_array_size(d->list) >= LIMIT_DIFF_FACTS) {
		d->more++;
		return;
	}
	o = json_object();
	(void)json_object_set_new(o, "path",
	    json_stringn_nocheck((const char *)path.p, path.n));
	if (before != NULL)
		(void)json_object_set(o, "old", before);
	if (after != NULL)
		(void)json_object_set(o, "new", after);
	(void)json_array_append_new(d->list, o);
}

/* ---- lists of texts and numbers ---------------------------------------- */

static struct slice
dumped(struct arena *a, const json_t *value)
{
	char *text =
	    json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_SORT_KEYS);
	struct slice copy = arena_copy(a, slice_str(text));

	free(text);
	return copy;
}

static int
by_text(const void *a, const void *b)
{
	return slice_cmp(*(const struct slice *)a, *(const struct slice *)b);
}

static struct slice *
sorted(struct arena *a, const json_t *list)
{
	size_t n = json_array_size(list);
	struct slice *texts = arena_new_of(a, struct slice, n + 1);

	for (size_t i = 0; texts != NULL && i < n; i++)
		texts[i] = dumped(a, json_array_get(list, i));
	if (texts != NULL)
		qsort(texts, n, sizeof(*texts), by_text);
	return texts;
}

static bool
same_elements(struct diff_facts *d, const json_t *before, const json_t *after)
{
	size_t n = json_array_size(before);
	const struct slice *a, *b;
	bool same = n == json_array_size(after);

	if (!same)
		return false;
	a = sorted(d->arena, before);
	b = sorted(d->arena, after);
	for (size_t i = 0; a != NULL && b != NULL && same && i < n; i++)
		same = slice_eq(a[i], b[i]);
	return same;
}

/* ---- lists of things --------------------------------------------------- */

struct keyed {
	struct slice *keys;  /* by place in the list */
	struct table *table; /* from key to element */
};

static void
keyed_free(struct keyed *k)
{
	table_free(k->table);
	k->table = NULL;
}

static bool
is_scalar(const json_t *value)
{
	return json_is_string(value) || json_is_number(value);
}

/* "ip=192.0.2.1,identity=helo"; nothing: it has no first member. */
static struct slice
key_of(struct arena *a, const char *const *members, const json_t *element)
{
	struct slice key = SLICE_LIT("");

	if (!is_scalar(json_object_get(element, members[0])))
		return SLICE_NONE;
	for (size_t i = 0; i < KEYS_MAX && members[i] != NULL; i++) {
		const json_t *value = json_object_get(element, members[i]);
		struct slice text;

		if (!is_scalar(value))
			continue;
		text = json_is_string(value)
			   ? slice_str(json_string_value(value))
			   : dumped(a, value);
		key = arena_slicef(a, "%.*s%s%s=%.*s", SLICE_FMT(key),
		    key.n > 0 ? "," : "", members[i], SLICE_FMT(text));
	}
	return key;
}

/* False: an element has no key, or two have the same. */
static bool
keyed_make(struct arena *a, const char *const *members, json_t *list,
    struct keyed *out)
{
	size_t n = json_array_size(list);
	bool good = true;

	out->keys = arena_new_of(a, struct slice, n + 1);
	out->table = table_new();
	if (out->keys == NULL || out->table == NULL)
		return false;
	for (size_t i = 0; good && i < n; i++) {
		json_t *element = json_array_get(list, i);

		out->keys[i] = key_of(a, members, element);
		good = out->keys[i].n > 0 &&
		       table_get(out->table, out->keys[i]) == NULL &&
		       table_put(out->table, out->keys[i], element);
	}
	return good;
}

static struct slice
element_path(struct diff_facts *d, struct slice path, struct slice key)
{
	return arena_slicef(d->arena, "%.*s[%.*s]", SLICE_FMT(path),
	    SLICE_FMT(key));
}

/* What is gone, in the old order; then the rest, in the new one. */
static void
walk_keyed(struct diff_facts *d, struct slice path, json_t *lists[2],
    const struct keyed keyed[2], size_t depth)
{
	size_t n;

	n = json_array_size(lists[0]);
	for (size_t i = 0; i < n; i++) {
		struct slice key = keyed[0].keys[i];

		if (table_get(keyed[1].table, key) == NULL)
			tell(d, element_path(d, path, key),
			    json_array_get(lists[0], i), NULL);
	}
	n = json_array_size(lists[1]);
	for (size_t i = 0; i < n; i++) {
		struct slice key = keyed[1].keys[i];

		walk(d, element_path(d, path, key),
		    table_get(keyed[0].table, key), json_array_get(lists[1], i),
		    depth + 1);
	}
}

static bool
all_objects(const json_t *list)
{
	const json_t *element;
	size_t i;

	json_array_foreach(list, i, element)
	{
		if (!json_is_object(element))
			return false;
	}
	return true;
}

/* False: they have no key by which they could be told apart. */
static bool
walk_things(struct diff_facts *d, struct slice path, json_t *lists[2],
    size_t depth)
{
	bool good = false;

	if (!all_objects(lists[0]) || !all_objects(lists[1]))
		return false;
	for (size_t i = 0; i < N_NATURALS && !good; i++) {
		struct keyed keyed[2] = { { NULL, NULL }, { NULL, NULL } };

		good = keyed_make(d->arena, naturals[i], lists[0], &keyed[0]) &&
		       keyed_make(d->arena, naturals[i], lists[1], &keyed[1]);
		if (good)
			walk_keyed(d, path, lists, keyed, depth);
		keyed_free(&keyed[0]);
		keyed_free(&keyed[1]);
	}
	return good;
}

/* ---- the walk ---------------------------------------------------------- */

static void
walk_list(struct diff_facts *d, struct slice path, json_t *lists[2],
    size_t depth)
{
	if (!walk_things(d, path, lists, depth) &&
	    !same_elements(d, lists[0], lists[1]))
		tell(d, path, lists[0], lists[1]);
}

static void
walk_object(struct diff_facts *d, struct slice path, json_t *objects[2],
    size_t depth)
{
	const char *key;
	json_t *value;

	json_object_foreach(objects[0], key, value)
	{
		walk(d, arena_slicef(d->arena, "%.*s.%s", SLICE_FMT(path), key),
		    value, json_object_get(objects[1], key), depth + 1);
	}
	json_object_foreach(objects[1], key, value)
	{
		if (json_object_get(objects[0], key) == NULL)
			walk(d,
			    arena_slicef(d->arena, "%.*s.%s", SLICE_FMT(path),
				key),
			    NULL, value, depth + 1);
	}
}

static void
walk(struct diff_facts *d, struct slice path, json_t *before, json_t *after,
    size_t depth)
{
	json_t *both[2] = { before, after };

	if (arena_failed(d->arena) || json_equal(before, after) ||
	    (before == NULL && after == NULL))
		return;
	if (depth < DEPTH_MAX && json_is_object(before) &&
	    json_is_object(after))
		walk_object(d, path, both, depth);
	else if (depth < DEPTH_MAX && json_is_array(before) &&
		 json_is_array(after))
		walk_list(d, path, both, depth);
	else
		tell(d, path, before, after);
}

enum rc
diff_facts(struct diff_facts *d, const char *path, json_t *before,
    json_t *after)
{
	walk(d, slice_str(path), before, after, 0);
	if (!arena_failed(d->arena))
		return RC_OK;
	return arena_starved(d->arena) ? RC_NOMEM : RC_LIMIT;
}
