/*
 * An attest file has the form of a rule pack (pack.c).  A section is the id of
 * a rule that asks something:
 *
 *  answer = "yes" / "no" / "?"
 *  by     = name
 *  date   = 4DIGIT "-" 2DIGIT "-" 2DIGIT
 *  note   = text
 *
 * "?" is not answered yet, and the section counts for nothing.  The section
 * [attest] gives by and date to those behind it that have none of their own.
 */
#include "rules/attest.h"

#include "base/civil.h"
#include "base/limits.h"
#include "rules/key_table.h"

/* Where the day begins first, it is 14 hours ahead of UTC. */
enum { DAY_AHEAD = 14 * 3600 };

struct state {
	struct attestations *all;
	const struct rules *rules;
	int64_t as_of;
	struct attestation now; /* rule NULL: [attest] */
	struct spot spot;
	bool open;
	bool answered;
	unsigned int seen;
	struct slice by, date; /* of [attest] */
};

struct attest_key {
	const char *name;
	bool for_all; /* [attest] has it too */
	enum rc (
	    *take)(struct pack_reader *, struct state *, const struct value *);
};

static bool
is_open(struct slice s)
{
	return slice_eq(s, SLICE_LIT("?"));
}

/* --- keys ----------------------------------------------------------------- */

static enum rc
take_answer(struct pack_reader *r, struct state *s, const struct value *v)
{
	s->now.yes = slice_eq(v->text, SLICE_LIT("yes"));
	s->answered = s->now.yes || slice_eq(v->text, SLICE_LIT("no"));
	if (s->answered || is_open(v->text))
		return RC_OK;
	return value_fail(r, v, 0,
	    arena_slicef(r->arena,
		"expected yes, no or ? (not answered yet); found \"%.*s\"",
		SLICE_FMT(compile_quote(v->text))));
}

static enum rc
take_by(struct pack_reader *r, struct state *s, const struct value *v)
{
	(void)r;
	s->now.by = is_open(v->text) ? SLICE_NONE : v->text;
	return RC_OK;
}

static enum rc
take_date(struct pack_reader *r, struct state *s, const struct value *v)
{
	char as_of[CIVIL_TEXT_MAX];
	int64_t day = 0;
	enum rc rc;

	s->now.date = SLICE_NONE;
	if (is_open(v->text))
		return RC_OK;
	rc = value_date(r, v);
	if (rc)
		return rc;
	(void)civil_rfc3339_parse(v->text, &day);
	if (day <= s->as_of + DAY_AHEAD) {
		s->now.date = v->text;
		return RC_OK;
	}
	civil_rfc3339_format(s->as_of, as_of);
	return value_fail(r, v, 0,
	    arena_slicef(r->arena,
		"expected a date that is not after that of the audit, %.10s",
		as_of));
}

static enum rc
take_note(struct pack_reader *r, struct state *s, const struct value *v)
{
	(void)r;
	s->now.note = v->text;
	return RC_OK;
}

static const struct attest_key keys[] = {
	{ "answer", false, take_answer },
	{ "by", true, take_by },
	{ "date", true, take_date },
	{ "note", false, take_note },
};

enum { KEYS = sizeof(keys) / sizeof(keys[0]) };

/* --- sections ------------------------------------------------------------- */

static enum rc
missing(struct pack_reader *r, const struct state *s, const char *key)
{
	return pack_fail(r, s->spot,
	    arena_slicef(r->arena, "the answer to %.*s has no \"%s\"",
		SLICE_FMT(s->now.rule->id), key));
}

static enum rc
end(struct pack_reader *r)
{
	struct state *s = r->more;
	struct attestations *all = s->all;
	struct attestation *more;

	if (!s->open)
		return RC_OK;
	if (s->now.rule == NULL) {
		s->by = s->now.by;
		s->date = s->now.date;
		return RC_OK;
	}
	if ((s->seen & 1u) == 0)
		return missing(r, s, keys[0].name);
	if (!s->answered)
		return RC_OK;
	if (s->now.by.n == 0)
		s->now.by = s->by;
	if (s->now.date.n == 0)
		s->now.date = s->date;
	if (s->now.by.n == 0 || s->now.date.n == 0)
		return missing(r, s, s->now.by.n == 0 ? "by" : "date");
	more =
	    arena_grow(all->arena, all->list, all->n, &all->cap, sizeof(*more));
	if (more == NULL)
		return RC_NOMEM;
	all->list = more;
	all->list[all->n++] = s->now;
	return RC_OK;
}

static enum rc
no_such_rule(struct pack_reader *r, const struct state *s, struct spot spot,
    struct slice id)
{
	const char **names =
	    arena_new_of(r->arena, const char *, s->rules->n + 2);
	const char *suggestion;
	size_t n = 0;

	if (names == NULL)
		return RC_NOMEM;
	names[n++] = "attest";
	for (size_t i = 0; i < s->rules->n; i++) {
		if (s->rules->rules[i]->attest.p != NULL)
			names[n++] = arena_printf(r->arena, "%.*s",
			    SLICE_FMT(s->rules->rules[i]->id));
	}
	names[n] = NULL;
	if (arena_failed(r->arena))
		return RC_NOMEM;
	suggestion = compile_suggest(r->arena, id, names);
	if (suggestion == NULL)
		return RC_NOMEM;
	return pack_fail(r, spot,
	    arena_slicef(r->arena, "there is no rule \"%.*s\"%s",
		SLICE_FMT(compile_quote(id)), suggestion));
}

static enum rc
check_rule(struct pack_reader *r, const struct state *s, struct spot spot,
    struct slice id)
{
	const struct rule *rule = s->now.rule;
	const struct attestation *other;

	if (rule == NULL)
		return no_such_rule(r, s, spot, id);
	if (rule->attest.p == NULL)
		return pack_fail(r, spot,
		    arena_slicef(r->arena,
			"the rule %.*s takes no answer: it is measured",
			SLICE_FMT(id)));
	other = attest_find(s->all, rule);
	if (other == NULL)
		return RC_OK;
	return pack_fail(r, spot,
	    arena_slicef(r->arena,
		"the rule %.*s is answered already, in %.*s line %zu",
		SLICE_FMT(id), SLICE_FMT(other->file), other->line));
}

static enum rc
begin(struct pack_reader *r, struct spot spot, struct slice id)
{
	struct state *s = r->more;
	enum rc rc = end(r);

	if (rc)
		return rc;
	s->now = (struct attestation){
		.file = r->file,
		.line = spot.line_no,
	};
	s->open = true;
	s->answered = false;
	s->seen = 0;
	s->spot = spot;
	if (slice_eq(id, SLICE_LIT("attest")))
		return RC_OK;
	s->now.rule = rules_find(s->rules, id);
	return check_rule(r, s, spot, id);
}

static const char *
key_name(const struct pack_reader *r, size_t row)
{
	const struct state *s = r->more;

	return keys[row].for_all || s->now.rule != NULL ? keys[row].name : NULL;
}

static enum rc
key(struct pack_reader *r, struct spot spot, struct slice name, size_t *row)
{
	static const struct key_table table = {
		.n = KEYS,
		.name = key_name,
		.section =
		    "expected a section before the first key: the id of a "
		    "rule in brackets",
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

enum rc
attest_read(struct attestations *all, const struct rules *rules, int64_t as_of,
    struct slice file, struct slice text, struct pack_error *error)
{
	static const struct pack_grammar grammar = { begin, key, take, end };
	struct state s = { .all = all, .rules = rules, .as_of = as_of };
	struct pack_reader r = {
		.grammar = &grammar,
		.more = &s,
		.arena = all->arena,
		.error = error,
		.file = arena_copy(all->arena, file),
	};

	/* What is longer is refused before it is looked at. */
	if (text.n <= LIMIT_PACK)
		text = arena_copy(r.arena, text);
	if (r.file.p == NULL || text.p == NULL)
		return RC_NOMEM;
	return pack_read(&r, text);
}

const struct attestation *
attest_find(const struct attestations *all, const struct rule *rule)
{
	for (size_t i = 0; all != NULL && i < all->n; i++) {
		if (all->list[i].rule == rule)
			return &all->list[i];
	}
	return NULL;
}
