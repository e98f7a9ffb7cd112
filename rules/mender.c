/*
 * mended_by: what mends any of these rules mends this one too.
 *
 *  mended_by = id *(1*WSP id) [1*WSP "if" 1*WSP expression]
 *
 * With an expression, only where that is true.
 */
#include "rules/mender.h"

#include "rules/expr.h"

/* Where the next word begins, and how long it is; 0: no more. */
static size_t
next_word(struct slice text, size_t *at)
{
	size_t n = 0;

	while (*at < text.n && ascii_is_space(text.p[*at]))
		(*at)++;
	while (*at + n < text.n && !ascii_is_space(text.p[*at + n]))
		n++;
	return n;
}

static enum rc
add(struct pack_reader *r, const struct value *v, size_t at, struct slice id)
{
	struct rule *rule = r->section.rule;
	struct spot *spot = arena_new_of(r->arena, struct spot, 1);
	struct rule_mender *more = arena_grow(r->arena, r->section.menders,
	    rule->n_menders, &r->section.cap_menders, sizeof(*more));

	if (spot == NULL || more == NULL)
		return RC_NOMEM;
	*spot = value_spot(v, at);
	more[rule->n_menders++] =
	    (struct rule_mender){ .id = id, .spot = spot };
	rule->menders = r->section.menders = more;
	return RC_OK;
}

static enum rc
take_condition(struct pack_reader *r, const struct value *v, size_t at,
    size_t first)
{
	struct compile c = { .arena = r->arena, .known = r->known };
	const struct expr *when = NULL;
	enum rc rc = expr_parse(&c, slice_from(v->text, at), &when);

	if (rc)
		return rc == RC_INVALID ? value_fail(r, v, at + c.at, c.what)
					: rc;
	for (size_t i = first; i < r->section.rule->n_menders; i++)
		r->section.menders[i].when = when;
	return RC_OK;
}

enum rc
mender_take(struct pack_reader *r, const struct value *v)
{
	size_t first = r->section.rule->n_menders, at = 0, n;
	enum rc rc = RC_OK;

	while (rc == RC_OK && (n = next_word(v->text, &at)) > 0) {
		struct slice word = slice_sub(v->text, at, n);

		if (slice_eq(word, SLICE_LIT("if")) &&
		    first == r->section.rule->n_menders)
			return value_fail(r, v, at,
			    SLICE_LIT("expected the id of a rule"));
		if (slice_eq(word, SLICE_LIT("if")))
			return take_condition(r, v, at + n, first);
		rc = add(r, v, at, word);
		at += n;
	}
	return rc;
}

enum rc
mender_check(struct pack_reader *r, const struct rule *rule)
{
	for (size_t i = 0; i < rule->n_menders; i++) {
		const struct rule_mender *m = &rule->menders[i];
		const struct rule *other = rules_find(r->rules, m->id);

		if (other == rule)
			return pack_fail(r, *m->spot,
			    SLICE_LIT("expected another rule than this one"));
		if (other == NULL)
			return pack_fail(r, *m->spot,
			    arena_slicef(r->arena,
				"there is no rule \"%.*s\" up to the end of "
				"this pack",
				SLICE_FMT(compile_quote(m->id))));
	}
	return RC_OK;
}
