/*
 * The sections of a pack.  [pack], before any rule, gives title, provider,
 * checked and source to the rules that have none of their own; every other
 * section is a rule and its name is the rule's id:
 *
 *  id     = word 1*("." word)
 *  word   = 1*(%x61-7A / DIGIT / "_")
 *
 * The keys are those of keys.c.
 */
#include "rules/extend.h"
#include "rules/key_table.h"
#include "rules/keys.h"

static enum rc
begin_pack(struct pack_reader *r, struct spot spot, bool again)
{
	if (again)
		return pack_fail(r, spot,
		    SLICE_LIT("expected [pack] before the first rule, once"));
	r->section.is_pack = true;
	return RC_OK;
}

enum rc
section_begin(struct pack_reader *r, struct spot spot, struct slice id)
{
	enum rc rc = pack_forgive(r, section_end(r));
	bool again = r->section.open;
	struct rule *rule;

	if (rc)
		return rc;
	r->section = (struct section){ .open = true, .spot = spot };
	rule = arena_new_of(r->arena, struct rule, 1);
	if (rule == NULL)
		return RC_NOMEM;
	r->section.rule = rule;
	if (slice_eq(id, SLICE_LIT("pack")))
		return begin_pack(r, spot, again);
	rule->id = id;
	rule->since = INT64_MIN;
	rule->until = INT64_MAX;
	rule->file = r->file;
	rule->line = spot.line_no;
	return pack_id(r, spot, id,
	    "expected an id such as gmail.dns.ptr: words of a to z, 0 to 9 "
	    "and \"_\" with dots between");
}

static const char *
key_name(const struct pack_reader *r, size_t row)
{
	const struct key_row *key = &rule_keys[row];
	bool here = r->section.is_pack ? key->in_pack
				       /* but for "provider" */
				       : !key->in_pack || key->size > 0;

	return here ? key->name : NULL;
}

static bool
key_repeats(size_t row)
{
	return rule_keys[row].repeats;
}

enum rc
section_key(struct pack_reader *r, struct spot spot, struct slice key,
    size_t *row)
{
	static const struct key_table table = {
		.n = RULE_KEYS,
		.name = key_name,
		.repeats = key_repeats,
		.section = "expected a section such as [gmail.dns.ptr] before "
			   "the first key",
	};
	const struct key_read k = { &table, spot, key,
		r->section.open ? &r->section.seen : NULL };

	return key_table_find(r, &k, row);
}

enum rc
section_take(struct pack_reader *r, size_t row, const struct value *v)
{
	return rule_keys[row].take(r, v);
}

static void
fill_defaults(const struct pack_defaults *d, struct rule *rule)
{
	if (rule->title.p == NULL)
		rule->title = d->title;
	if (rule->checked.p == NULL)
		rule->checked = d->checked;
	if (rule->source.p == NULL)
		rule->source = d->source;
	if (rule->require == NULL)
		rule->check = SLICE_LIT("attest");
}

/* Whether the rule has the value of a key, wherever it is from. */
static bool
has_value(const struct rule *rule, const struct key_row *key, unsigned int seen)
{
	if (key->at == offsetof(struct rule, title))
		return rule->title.p != NULL;
	if (key->at == offsetof(struct rule, source))
		return rule->source.p != NULL;
	if (key->at == offsetof(struct rule, require))
		return rule->require != NULL || rule->attest.p != NULL;
	return (seen & 1u << (key - rule_keys)) != 0;
}

enum rc
section_finish(struct pack_reader *r, struct rule *rule, unsigned int seen,
    struct spot spot)
{
	fill_defaults(&r->defaults, rule);
	if (rule->since >= rule->until)
		return pack_fail(r, spot,
		    SLICE_LIT("expected \"until\" to be after \"since\""));
	for (size_t i = 0; i < RULE_KEYS; i++) {
		const struct key_row *key = &rule_keys[i];

		if (!key->needed || has_value(rule, key, seen))
			continue;
		return pack_fail(r, spot,
		    arena_slicef(r->arena, "the rule %.*s has no \"%s\"%s",
			SLICE_FMT(rule->id), key->name,
			key->at == offsetof(struct rule, require)
			    ? " and no \"attest\""
			    : ""));
	}
	return RC_OK;
}

static enum rc
end_rule(struct pack_reader *r)
{
	struct section *s = &r->section;
	struct rule *rule = s->rule;
	const struct rule *other = rules_find(r->rules, rule->id);
	struct slice rest;
	enum rc rc;

	if (other != NULL)
		return pack_fail(r, s->spot,
		    arena_slicef(r->arena,
			"there is a rule %.*s already, in %.*s line %zu",
			SLICE_FMT(rule->id), SLICE_FMT(other->file),
			other->line));
	rule->provider = r->defaults.provider;
	if (rule->provider.p == NULL)
		(void)slice_cut(rule->id, '.', &rule->provider, &rest);
	rc = rules_put(r->rules, rule);
	if (rc || s->wrong)
		return rc;
	if (rule->extends.p != NULL)
		return extend_later(r);
	return section_finish(r, rule, s->seen, s->spot);
}

enum rc
section_end(struct pack_reader *r)
{
	if (!r->section.open || r->section.is_pack ||
	    r->section.rule->id.p == NULL)
		return RC_OK;
	if (r->section.off)
		return r->section.wrong ? RC_OK : switch_off_later(r);
	return end_rule(r);
}
