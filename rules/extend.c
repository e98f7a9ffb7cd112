#include "rules/extend.h"

#include "base/limits.h"
#include "rules/keys.h"

/* ", did you mean "gmail.tls"?", or nothing to add. */
static const char *
suggest(struct pack_reader *r, struct slice id)
{
	const struct rules *rules = r->rules;
	const char **ids = arena_new_of(r->arena, const char *, rules->n + 1);

	if (ids == NULL)
		return NULL;
	for (size_t i = 0; i < rules->n; i++)
		ids[i] =
		    (const char *)arena_copy(r->arena, rules->rules[i]->id).p;
	return arena_failed(r->arena) ? NULL
				      : compile_suggest(r->arena, id, ids);
}

static enum rc
no_such_rule(struct pack_reader *r, struct spot spot, struct slice id)
{
	const char *suggestion = suggest(r, id);

	if (suggestion == NULL)
		return RC_NOMEM;
	return pack_fail(r, spot,
	    arena_slicef(r->arena,
		"expected a rule of this pack or an earlier one; there is no "
		"\"%.*s\"%s",
		SLICE_FMT(compile_quote(id)), suggestion));
}

/* --- extends -------------------------------------------------------------- */

enum rc
extend_later(struct pack_reader *r)
{
	struct extensions *e = &r->extensions;
	const struct section *s = &r->section;
	struct extension *more =
	    arena_grow(r->arena, e->list, e->n, &e->cap, sizeof(*more));

	if (more == NULL)
		return RC_NOMEM;
	e->list = more;
	more[e->n++] = (struct extension){
		.rule = s->rule,
		.seen = s->seen,
		.spot = s->spot,
		.extends_spot = s->extends_spot,
	};
	s->rule->extension = e->n;
	return RC_OK;
}

static void
inherit(struct extension *e, const struct rule *base)
{
	unsigned char *to = (unsigned char *)e->rule;
	const unsigned char *from = (const unsigned char *)base;

	for (size_t i = 0; i < RULE_KEYS; i++) {
		const struct key_row *key = &rule_keys[i];

		if ((e->seen & 1u << i) == 0 && key->size > 0)
			memcpy(&to[key->at], &from[key->at], key->size);
	}
	if (e->rule->require == base->require)
		e->rule->check = base->check;
	e->seen = ~0u; /* the rule that it extends has what is needed */
}

/* The one that extends what it extends itself is the last of the chain. */
static enum rc
cycle(struct pack_reader *r, struct extension *const *chain, size_t n)
{
	const struct extension *e = chain[n - 1];
	struct slice ids = chain[0]->rule->id;

	for (size_t i = 1; i < n && ids.p != NULL; i++)
		ids = arena_slicef(r->arena, "%.*s, %.*s", SLICE_FMT(ids),
		    SLICE_FMT(chain[i]->rule->id));
	if (ids.p == NULL)
		return RC_NOMEM;
	return pack_fail(r, e->extends_spot,
	    arena_slicef(r->arena,
		"expected a rule that does not extend this one; %.*s go in a "
		"circle",
		SLICE_FMT(ids)));
}

static bool
is_in(struct extension *const *chain, size_t n, const struct extension *e)
{
	for (size_t i = 0; i < n; i++) {
		if (chain[i] == e)
			return true;
	}
	return false;
}

/*
 * The rules that one extends, up to one that is whole: *base.  Each of the
 * chain is done when the next one is.
 */
static enum rc
chain_of(struct pack_reader *r, struct extension **chain, size_t *n,
    const struct rule **base)
{
	struct extension *list = r->extensions.list, *next;

	for (*n = 1;; (*n)++) {
		const struct extension *e = chain[*n - 1];

		*base = rules_find(r->rules, e->rule->extends);
		if (*base == NULL)
			return no_such_rule(r, e->extends_spot,
			    e->rule->extends);
		if ((*base)->extension == 0)
			return RC_OK;
		next = &list[(*base)->extension - 1];
		if (next->done)
			return RC_OK;
		if (is_in(chain, *n, next))
			return cycle(r, chain, *n);
		if (*n == LIMIT_RULE_EXTENDS)
			return pack_fail(r, e->extends_spot,
			    arena_slicef(r->arena,
				"expected at most %d rules that extend each "
				"other",
				(int)LIMIT_RULE_EXTENDS));
		chain[*n] = next;
	}
}

static enum rc
extend_one(struct pack_reader *r, struct extension *e)
{
	struct extension *chain[LIMIT_RULE_EXTENDS] = { e };
	const struct rule *base;
	size_t n = 0;
	enum rc rc = chain_of(r, chain, &n, &base);

	/* Of a rule in a circle one error is enough. */
	for (size_t i = 0; rc == RC_INVALID && i < n; i++)
		chain[i]->done = true;
	while (rc == RC_OK && n > 0) {
		e = chain[--n];
		inherit(e, base);
		e->done = true;
		e->rule->extension = 0;
		rc = section_finish(r, e->rule, e->seen, e->spot);
		base = e->rule;
	}
	return rc;
}

enum rc
extend_all(struct pack_reader *r)
{
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < r->extensions.n; i++) {
		if (!r->extensions.list[i].done)
			rc = pack_forgive(r,
			    extend_one(r, &r->extensions.list[i]));
	}
	return rc == RC_OK && r->n_errors > 0 ? RC_INVALID : rc;
}

/* --- disabled ------------------------------------------------------------- */

/* "why" may say why; no other key may stand beside "disabled". */
static enum rc
check_keys(struct pack_reader *r)
{
	for (size_t i = 0; i < RULE_KEYS; i++) {
		const char *name = rule_keys[i].name;

		if ((r->section.seen & 1u << i) == 0 ||
		    strcmp(name, "disabled") == 0 || strcmp(name, "why") == 0)
			continue;
		return pack_fail(r, r->section.spot,
		    arena_slicef(r->arena,
			"expected nothing but \"why\" beside \"disabled\"; "
			"found \"%s\"",
			name));
	}
	return RC_OK;
}

/* Whether it is of a pack before this one, and is still on. */
static enum rc
check_other(struct pack_reader *r, const struct rule *other)
{
	if (other == NULL)
		return no_such_rule(r, r->section.spot, r->section.rule->id);
	if (slice_eq(other->file, r->file))
		return pack_fail(r, r->section.spot,
		    arena_slicef(r->arena,
			"expected a rule of an earlier pack; this one is in "
			"line %zu",
			other->line));
	for (size_t i = 0; i < r->n_switched_off; i++) {
		if (slice_eq(r->switched_off[i]->id, other->id))
			other = r->switched_off[i];
	}
	if (other->off == NULL)
		return RC_OK;
	return pack_fail(r, r->section.spot,
	    arena_slicef(r->arena,
		"the rule is disabled already, in %.*s line %zu",
		SLICE_FMT(other->off->file), other->off->line));
}

enum rc
switch_off_later(struct pack_reader *r)
{
	const struct rule *other = rules_find(r->rules, r->section.rule->id);
	const struct rule **more;
	struct rule *copy;
	struct rule_off *off;
	enum rc rc = check_keys(r);

	if (rc == RC_OK)
		rc = check_other(r, other);
	if (rc)
		return rc;
	copy = arena_new_of(r->arena, struct rule, 1);
	off = arena_new_of(r->arena, struct rule_off, 1);
	more = arena_grow(r->arena, r->switched_off, r->n_switched_off,
	    &r->cap_switched_off, sizeof(*more));
	if (copy == NULL || off == NULL || more == NULL)
		return RC_NOMEM;
	*off = (struct rule_off){ r->section.rule->why, r->file,
		r->section.spot.line_no };
	*copy = *other;
	copy->off = off;
	r->switched_off = more;
	more[r->n_switched_off++] = copy;
	return RC_OK;
}

void
switch_off_all(struct pack_reader *r)
{
	for (size_t i = 0; i < r->n_switched_off; i++)
		rules_replace(r->rules, r->switched_off[i]);
	r->rules->n_off += r->n_switched_off;
}
