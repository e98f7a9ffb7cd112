/*
 *  path    = segment *("." segment)
 *  segment = (ALPHA / "_") *(ALPHA / DIGIT / "_")
 *
 * The first segment "it" is the element of the innermost all() or any().
 * Known facts are written with "[]" behind a list: "ptr.ips[].confirmed".
 */
#include "rules/path.h"

/* How a path stands among the known facts. */
struct standing {
	bool exact;
	bool list;   /* something is known of its elements */
	bool texts;  /* its elements are known themselves */
	bool group;  /* something is known below it */
	size_t bare; /* length of a list above it that is only named itself */
};

static size_t
segment_length(struct slice s)
{
	size_t n = 0;

	if (s.n == 0 || (!ascii_is_alpha(s.p[0]) && s.p[0] != '_'))
		return 0;
	while (n < s.n && (ascii_is_alnum(s.p[n]) || s.p[n] == '_'))
		n++;
	return n;
}

size_t
path_length(struct slice s)
{
	size_t at = segment_length(s), more;

	while (at > 0 && at < s.n && s.p[at] == '.') {
		more = segment_length(slice_from(s, at + 1));
		if (more == 0)
			break;
		at += 1 + more;
	}
	return at;
}

static void
stand(struct standing *st, struct slice shown, struct slice known)
{
	struct slice rest;

	if (!slice_starts(known, shown)) {
		if (slice_starts(shown, known) &&
		    slice_starts(slice_from(shown, known.n), SLICE_LIT("[]")))
			st->bare = known.n;
		return;
	}
	rest = slice_from(known, shown.n);
	if (rest.n == 0)
		st->exact = true;
	else if (slice_starts(rest, SLICE_LIT("[]")))
		st->list = true;
	else if (rest.p[0] == '.')
		st->group = true;
	if (slice_eq(rest, SLICE_LIT("[]")))
		st->texts = true;
}

/*
 * A list that is known by its name alone: what its elements are is not said,
 * so they may be anything.
 */
static void
stand_in_bare_list(struct compile *c, struct standing *st, struct slice shown)
{
	struct slice element = slice_sub(shown, 0, st->bare + 2);

	for (const char *const *k = c->known; *k != NULL; k++) {
		if (slice_starts(slice_str(*k), element))
			return;
	}
	st->exact = true;
}

static bool
stands_for(const struct standing *st, enum path_use use)
{
	switch (use) {
	case PATH_VALUE:
		return st->exact && !st->list && !st->group;
	case PATH_TEXT:
		return st->texts || (st->exact && !st->list && !st->group);
	case PATH_LIST:
		return st->list || (st->exact && !st->group);
	case PATH_ANYTHING:
		break;
	}
	return true;
}

static struct slice
misuse(struct compile *c, struct slice shown, const struct standing *st,
    enum path_use use)
{
	const char *is = st->list ? "a list" : "a group of facts";

	if (use == PATH_LIST)
		return arena_slicef(c->arena,
		    "expected a list of facts; \"%.*s\" is %s",
		    SLICE_FMT(compile_quote(shown)),
		    st->exact && !st->group ? "one fact" : is);
	return arena_slicef(c->arena, "expected one fact; \"%.*s\" is %s",
	    SLICE_FMT(compile_quote(shown)), is);
}

static enum rc
check_known(struct compile *c, size_t at, struct slice shown, enum path_use use)
{
	struct standing st = { .exact = false };
	const char *suggestion;

	if (c->known == NULL)
		return RC_OK;
	for (const char *const *k = c->known; *k != NULL; k++)
		stand(&st, shown, slice_str(*k));
	if (st.bare > 0)
		stand_in_bare_list(c, &st, shown);
	if (!st.exact && !st.list && !st.group) {
		suggestion = compile_suggest(c->arena, shown, c->known);
		if (suggestion == NULL)
			return RC_NOMEM;
		return compile_fail(c, at,
		    arena_slicef(c->arena, "unknown fact \"%.*s\"%s",
			SLICE_FMT(compile_quote(shown)), suggestion));
	}
	if (!stands_for(&st, use))
		return compile_fail(c, at, misuse(c, shown, &st, use));
	return RC_OK;
}

static enum rc
split(struct compile *c, struct slice text, struct path *out)
{
	const char **keys;
	struct slice head, all = text;
	size_t n = 1;

	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == '.';
	keys = arena_new_of(c->arena, const char *, n);
	if (keys == NULL)
		return RC_NOMEM;
	for (size_t i = 0; i < n; i++) {
		(void)slice_cut(text, '.', &head, &text);
		keys[i] = (const char *)arena_copy(c->arena, head).p;
		if (keys[i] == NULL)
			return RC_NOMEM;
	}
	*out = (struct path){ .source = all, .keys = keys, .n = n };
	return RC_OK;
}

enum rc
path_compile(struct compile *c, size_t at, struct slice text, enum path_use use,
    struct path *out)
{
	enum rc rc = split(c, text, out);

	if (rc)
		return rc;
	out->it = strcmp(out->keys[0], "it") == 0;
	out->shown = text;
	if (out->it) {
		if (c->each.p == NULL)
			return compile_fail(c, at,
			    SLICE_LIT("\"it\" stands for an element: it means "
				      "something only inside all() or any()"));
		out->keys++;
		out->n--;
		out->shown = arena_slicef(c->arena, "%.*s[]%.*s",
		    SLICE_FMT(c->each), SLICE_FMT(slice_from(text, 2)));
		if (out->shown.p == NULL)
			return RC_NOMEM;
	}
	return check_known(c, at, out->shown, use);
}

const json_t *
path_find(const struct path *p, const json_t *facts, const json_t *it)
{
	const json_t *v = p->it ? it : facts;

	for (size_t i = 0; i < p->n && v != NULL; i++) {
		if (!json_is_object(v))
			return json_null();
		v = json_object_get(v, p->keys[i]);
	}
	return v;
}
