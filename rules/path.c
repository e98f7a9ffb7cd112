/*
 *  path    = segment *("." segment)
 *  segment = (ALPHA / "_") *(ALPHA / DIGIT / "_")
 *
 * The first segment "it" is the element of the innermost all() or any().
 * What a fact is called in fact.c has "[]" behind a list: "ptr.ips[].confirmed".
 */
#include "rules/path.h"

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

static bool
stands_for(const struct fact *f, enum path_use use)
{
	switch (use) {
	case PATH_VALUE:
		return f->kind != FACT_LIST && f->kind != FACT_GROUP;
	case PATH_TEXT:
		return f->kind == FACT_LIST
			   ? f->element == NULL || f->element->named
			   : f->kind != FACT_GROUP;
	case PATH_LIST:
		return f->kind == FACT_LIST || f->kind == FACT_ANY;
	case PATH_ANYTHING:
		break;
	}
	return true;
}

static enum rc
misuse(struct compile *c, size_t at, const struct fact *f, enum path_use use)
{
	return compile_fail(c, at,
	    arena_slicef(c->arena, "expected %s; \"%.*s\" is %s",
		use == PATH_LIST ? "a list of facts" : "one fact",
		SLICE_FMT(compile_quote(f->path)), fact_kind_text(f->kind)));
}

static enum rc
check_known(struct compile *c, size_t at, enum path_use use, struct path *out)
{
	const char *suggestion;

	if (c->known == NULL)
		return RC_OK;
	out->fact = facts_find(c->known, out->shown);
	if (out->fact != NULL)
		return stands_for(out->fact, use)
			   ? RC_OK
			   : misuse(c, at, out->fact, use);
	if (facts_unsaid(c->known, out->shown))
		return RC_OK;
	suggestion = facts_suggest(c->arena, c->known, out->shown);
	if (suggestion == NULL)
		return RC_NOMEM;
	return compile_fail(c, at,
	    arena_slicef(c->arena, "unknown fact \"%.*s\"%s",
		SLICE_FMT(compile_quote(out->shown)), suggestion));
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
	return check_known(c, at, use, out);
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
