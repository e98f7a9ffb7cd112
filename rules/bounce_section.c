/*
 * The sections of a bounce pack.  [pack], before any other, gives provider,
 * source and checked to the patterns that have none of their own;
 * [provider.NAME] tells how a receiver is known; every other section is a
 * pattern and its name is the pattern's id: words of a to z, 0 to 9 and "_"
 * with dots between.
 */
#include "base/limits.h"
#include "rules/bounce_values.h"
#include "rules/key_table.h"
#include "rules/keys.h"
#include "rules/regex.h"

enum kind { KIND_PACK = 1, KIND_PROVIDER = 2, KIND_PATTERN = 4 };

struct state {
	struct bounces *set;
	enum kind kind;
	struct spot spot;
	unsigned int seen;
	bool open;
	struct slice provider; /* of [pack]; or nothing */
	struct slice source;
	struct slice checked;
	struct slice own_provider; /* of the pattern; or nothing */
	struct spot own_spot;
	struct bounce_provider *of;
	struct bounce_pattern *pattern;
};

struct bounce_key {
	const char *name;
	unsigned int kinds;
	bool needed; /* of a pattern */
	enum rc (
	    *take)(struct pack_reader *, struct state *, const struct value *);
};

/* ---- keys -------------------------------------------------------------- */

static enum rc
take_provider(struct pack_reader *r, struct state *s, const struct value *v)
{
	if (s->kind == KIND_PACK) {
		s->provider = v->text;
		return RC_OK;
	}
	s->own_provider = v->text;
	s->own_spot = v->parts[0].spot;
	(void)r;
	return RC_OK;
}

static enum rc
take_title(struct pack_reader *r, struct state *s, const struct value *v)
{
	(void)r;
	if (s->kind == KIND_PATTERN)
		s->pattern->title = v->text;
	else if (s->kind == KIND_PROVIDER)
		s->of->title = v->text;
	return RC_OK;
}

static enum rc
take_source(struct pack_reader *r, struct state *s, const struct value *v)
{
	if (s->kind == KIND_PATTERN)
		s->pattern->source = v->text;
	else if (s->kind == KIND_PACK)
		s->source = v->text;
	return value_url(r, v);
}

static enum rc
take_checked(struct pack_reader *r, struct state *s, const struct value *v)
{
	if (s->kind == KIND_PATTERN)
		s->pattern->checked = v->text;
	else if (s->kind == KIND_PACK)
		s->checked = v->text;
	return value_date(r, v);
}

static enum rc
take_as(struct pack_reader *r, struct state *s, const struct value *v)
{
	s->of->as = bounces_provider(s->set, v->text);
	if (s->of->as != NULL && s->of->as->as == NULL && s->of->as != s->of)
		return RC_OK;
	return value_fail(r, v, 0,
	    SLICE_LIT("expected a provider of an earlier section that is like "
		      "no other itself"));
}

static enum rc
take_hosts(struct pack_reader *r, struct state *s, const struct value *v)
{
	return bounce_take_words(r, v, &s->of->hosts, &s->of->n_hosts);
}

static enum rc
take_networks(struct pack_reader *r, struct state *s, const struct value *v)
{
	return bounce_take_networks(r, v, s->of);
}

static enum rc
take_domains(struct pack_reader *r, struct state *s, const struct value *v)
{
	return bounce_take_words(r, v, &s->of->domains, &s->of->n_domains);
}

static enum rc
take_texts(struct pack_reader *r, struct state *s, const struct value *v)
{
	return bounce_take_phrases(r, v, &s->of->texts);
}

static enum rc
take_identity(struct pack_reader *r, struct state *s, const struct value *v)
{
	return bounce_take_captures(r, v,
	    s->kind == KIND_PATTERN ? &s->pattern->identity : &s->of->identity);
}

static enum rc
take_reply(struct pack_reader *r, struct state *s, const struct value *v)
{
	return bounce_take_replies(r, v, s->pattern);
}

static enum rc
take_status(struct pack_reader *r, struct state *s, const struct value *v)
{
	return bounce_take_statuses(r, v, s->pattern);
}

static enum rc
take_tags(struct pack_reader *r, struct state *s, const struct value *v)
{
	return bounce_take_tags(r, v, s->pattern);
}

static enum rc
take_text(struct pack_reader *r, struct state *s, const struct value *v)
{
	return bounce_take_phrases(r, v, &s->pattern->text);
}

static enum rc
take_not_text(struct pack_reader *r, struct state *s, const struct value *v)
{
	return bounce_take_phrases(r, v, &s->pattern->not_text);
}

static enum rc
take_matches(struct pack_reader *r, struct state *s, const struct value *v)
{
	struct compile c = { .arena = r->arena };
	enum rc rc = regex_compile(&c, v->text, &s->pattern->matches);

	return rc == RC_INVALID ? value_fail(r, v, c.at, c.what) : rc;
}

static enum rc
take_bool(struct pack_reader *r, const struct value *v, bool *out)
{
	*out = slice_eq(v->text, SLICE_LIT("yes"));
	if (*out || slice_eq(v->text, SLICE_LIT("no")))
		return RC_OK;
	return value_fail(r, v, 0, SLICE_LIT("expected yes or no"));
}

static enum rc
take_common(struct pack_reader *r, struct state *s, const struct value *v)
{
	return take_bool(r, v, &s->pattern->common);
}

static enum rc
take_weak(struct pack_reader *r, struct state *s, const struct value *v)
{
	return take_bool(r, v, &s->pattern->weak);
}

static enum rc
take_reason(struct pack_reader *r, struct state *s, const struct value *v)
{
	return bounce_take_reason(r, v, &s->pattern->reason);
}

static enum rc
take_rules(struct pack_reader *r, struct state *s, const struct value *v)
{
	return bounce_take_words(r, v, &s->pattern->rules,
	    &s->pattern->n_rules);
}

static enum rc
take_fix(struct pack_reader *r, struct state *s, const struct value *v)
{
	(void)r;
	s->pattern->fix = v->text;
	return RC_OK;
}

static const struct bounce_key keys[] = {
	{ "provider", KIND_PACK | KIND_PATTERN, false, take_provider },
	{ "title", KIND_PACK | KIND_PROVIDER | KIND_PATTERN, true, take_title },
	{ "source", KIND_PACK | KIND_PROVIDER | KIND_PATTERN, false,
	    take_source },
	{ "checked", KIND_PACK | KIND_PROVIDER | KIND_PATTERN, false,
	    take_checked },
	{ "as", KIND_PROVIDER, false, take_as },
	{ "hosts", KIND_PROVIDER, false, take_hosts },
	{ "networks", KIND_PROVIDER, false, take_networks },
	{ "domains", KIND_PROVIDER, false, take_domains },
	{ "texts", KIND_PROVIDER, false, take_texts },
	{ "identity", KIND_PROVIDER | KIND_PATTERN, false, take_identity },
	{ "reply", KIND_PATTERN, false, take_reply },
	{ "status", KIND_PATTERN, false, take_status },
	{ "tags", KIND_PATTERN, false, take_tags },
	{ "text", KIND_PATTERN, false, take_text },
	{ "not_text", KIND_PATTERN, false, take_not_text },
	{ "matches", KIND_PATTERN, false, take_matches },
	{ "common", KIND_PATTERN, false, take_common },
	{ "weak", KIND_PATTERN, false, take_weak },
	{ "reason", KIND_PATTERN, true, take_reason },
	{ "rules", KIND_PATTERN, false, take_rules },
	{ "fix", KIND_PATTERN, true, take_fix },
};

enum { KEYS = sizeof(keys) / sizeof(keys[0]) };

/* ---- sections ---------------------------------------------------------- */

static enum rc
begin_provider(struct pack_reader *r, struct state *s, struct slice name)
{
	struct bounces *set = s->set;
	struct bounce_provider *p = bounces_provider(set, name);
	struct bounce_provider **more;

	s->kind = KIND_PROVIDER;
	s->of = p;
	if (p != NULL)
		return RC_OK;
	p = arena_new_of(r->arena, struct bounce_provider, 1);
	more = arena_grow(set->arena, set->providers, set->n_providers,
	    &set->cap_providers, sizeof(struct bounce_provider *));
	if (p == NULL || more == NULL)
		return RC_NOMEM;
	p->name = p->title = name;
	p->place = set->n_providers;
	set->providers = more;
	set->providers[set->n_providers++] = p;
	s->of = p;
	return RC_OK;
}

static enum rc
begin_pattern(struct pack_reader *r, struct state *s, struct slice id)
{
	const struct bounce_pattern *other = bounces_find(s->set, id);

	if (other != NULL)
		return pack_fail(r, s->spot,
		    arena_slicef(r->arena,
			"there is a pattern %.*s already, in %.*s line %zu",
			SLICE_FMT(id), SLICE_FMT(other->file), other->line));
	s->kind = KIND_PATTERN;
	s->own_provider = SLICE_NONE;
	s->pattern = arena_new_of(r->arena, struct bounce_pattern, 1);
	if (s->pattern == NULL)
		return RC_NOMEM;
	s->pattern->id = id;
	s->pattern->file = r->file;
	s->pattern->line = s->spot.line_no;
	s->pattern->pack = s->set->packs;
	return RC_OK;
}

static enum rc end(struct pack_reader *);

static enum rc
begin(struct pack_reader *r, struct spot spot, struct slice id)
{
	const struct slice provider = SLICE_LIT("provider.");
	struct state *s = r->more;
	bool again = s->open;
	enum rc rc = end(r);

	if (rc)
		return rc;
	s->open = true;
	s->spot = spot;
	s->seen = 0;
	if (slice_eq(id, SLICE_LIT("pack"))) {
		s->kind = KIND_PACK;
		return again ? pack_fail(r, spot,
				   SLICE_LIT("expected [pack] before all other "
					     "sections, once"))
			     : RC_OK;
	}
	rc = pack_id(r, spot, id,
	    "expected [pack], [provider.NAME] or an id such as "
	    "gmail.550.5.7.26.unauthenticated: words of a to z, 0 to 9 and "
	    "\"_\" with dots between");
	if (rc)
		return rc;
	if (!slice_starts(id, provider))
		return begin_pattern(r, s, id);
	id = slice_from(id, provider.n);
	if (keys_word_length(id) == id.n)
		return begin_provider(r, s, id);
	spot.octet += provider.n + keys_word_length(id);
	return pack_fail(r, spot,
	    SLICE_LIT("a provider's name is one word: [provider.gmail]"));
}

static const char *
key_name(const struct pack_reader *r, size_t row)
{
	const struct state *s = r->more;

	return (keys[row].kinds & (unsigned int)s->kind) != 0 ? keys[row].name
							      : NULL;
}

static enum rc
key(struct pack_reader *r, struct spot spot, struct slice name, size_t *row)
{
	static const struct key_table table = {
		.n = KEYS,
		.name = key_name,
		.section = "expected a section such as [provider.gmail] before "
			   "the first key",
	};
	struct state *s = r->more;
	const struct key_read k = { &table, spot, name,
		s->open ? &s->seen : NULL };

	return key_table_find(r, &k, row);
}

static enum rc
take(struct pack_reader *r, size_t row, const struct value *v)
{
	return keys[row].take(r, r->more, v);
}

/* ---- a finished pattern ------------------------------------------------ */

static enum rc
find_provider(struct pack_reader *r, struct state *s)
{
	struct slice name = s->own_provider, rest;
	struct spot spot = s->own_spot;

	if (name.p == NULL) {
		name = s->provider;
		spot = s->spot;
	}
	if (name.p == NULL)
		(void)slice_cut(s->pattern->id, '.', &name, &rest);
	s->of = bounces_provider(s->set, name);
	if (s->of != NULL)
		return RC_OK;
	return pack_fail(r, spot,
	    arena_slicef(r->arena,
		"there is no section [provider.%.*s] before this one",
		SLICE_FMT(compile_quote(name))));
}

static enum rc
check_whole(struct pack_reader *r, const struct state *s)
{
	const struct bounce_pattern *p = s->pattern;
	const char *missing = NULL;

	for (size_t i = 0; i < KEYS && missing == NULL; i++) {
		if (keys[i].needed && (s->seen & 1u << i) == 0)
			missing = keys[i].name;
	}
	if (missing == NULL && p->source.p == NULL)
		missing = "source";
	if (missing == NULL && p->checked.p == NULL)
		missing = "checked";
	if (missing != NULL)
		return pack_fail(r, s->spot,
		    arena_slicef(r->arena, "the pattern %.*s has no \"%s\"",
			SLICE_FMT(p->id), missing));
	if (p->n_replies + p->n_statuses + p->n_tags + p->text.n > 0 ||
	    p->matches != NULL)
		return RC_OK;
	return pack_fail(r, s->spot,
	    SLICE_LIT("a pattern needs \"reply\", \"status\", \"tags\", "
		      "\"text\" or \"matches\""));
}

static enum rc
add_pattern(struct state *s)
{
	struct bounces *set = s->set;
	const struct bounce_pattern **all, **own;

	all = arena_grow(set->arena, set->patterns, set->n_patterns,
	    &set->cap_patterns, sizeof(struct bounce_pattern *));
	own = arena_grow(set->arena, s->of->patterns, s->of->n_patterns,
	    &s->of->cap_patterns, sizeof(struct bounce_pattern *));
	if (all == NULL || own == NULL)
		return RC_NOMEM;
	set->patterns = all;
	s->of->patterns = own;
	s->pattern->place = set->n_patterns;
	s->pattern->provider = s->of;
	all[set->n_patterns++] = s->pattern;
	own[s->of->n_patterns++] = s->pattern;
	return RC_OK;
}

static enum rc
end(struct pack_reader *r)
{
	struct state *s = r->more;
	enum rc rc;

	if (!s->open || s->kind != KIND_PATTERN)
		return RC_OK;
	if (s->pattern->source.p == NULL)
		s->pattern->source = s->source;
	if (s->pattern->checked.p == NULL)
		s->pattern->checked = s->checked;
	rc = check_whole(r, s);
	if (rc == RC_OK)
		rc = find_provider(r, s);
	return rc == RC_OK ? add_pattern(s) : rc;
}

/* ---- the pack ---------------------------------------------------------- */

/* What the set was before a pack that is refused. */
static void
undo(struct bounces *set, size_t providers, size_t patterns)
{
	set->n_patterns = patterns;
	set->n_providers = providers;
	for (size_t i = 0; i < providers; i++) {
		struct bounce_provider *p = set->providers[i];

		while (p->n_patterns > 0 &&
		       p->patterns[p->n_patterns - 1]->pack == set->packs)
			p->n_patterns--;
	}
}

enum rc
bounces_add_pack(struct bounces *set, struct slice file, struct slice text,
    struct pack_error *error)
{
	static const struct pack_grammar grammar = { begin, key, take, end };
	size_t providers = set->n_providers, patterns = set->n_patterns;
	struct state s = { .set = set };
	struct pack_reader r = {
		.grammar = &grammar,
		.more = &s,
		.arena = set->arena,
		.error = error,
	};
	enum rc rc = RC_NOMEM;

	r.file = arena_copy(r.arena, file);
	if (text.n <= LIMIT_PACK)
		text = arena_copy(r.arena, text);
	if (r.file.p != NULL && text.p != NULL)
		rc = pack_read(&r, text);
	if (rc)
		undo(set, providers, patterns);
	set->packs++;
	return rc;
}
