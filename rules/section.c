/*
 * The sections of a pack.  [pack], before any rule, gives title, provider,
 * checked and source to the rules that have none of their own; every other
 * section is a rule and its name is the rule's id:
 *
 *  id     = word 1*("." word)
 *  word   = 1*(%x61-7A / DIGIT / "_")
 *  date   = 4DIGIT "-" 2DIGIT "-" 2DIGIT
 *
 * since is the first day of a rule, until the first day without it.  A rule
 * that nobody outside can see has "attest" in place of "require": a question
 * that its sender answers.
 */
#include "base/civil.h"
#include "rules/codes.h"
#include "rules/expr.h"
#include "rules/mender.h"
#include "rules/pack.h"
#include "rules/record.h"
#include "rules/template.h"

struct key_row {
	const char *name;
	bool needed;
	bool in_pack;
	bool repeats;
	enum rc (*take)(struct pack_reader *, const struct value *);
};

static const char *const requirements[] = { "SPF", "DKIM", "SPF_AND_DKIM",
	"DMARC_POLICY", "DMARC_ALIGNMENT", "MESSAGE_FORMATTING", "DNS_RECORDS",
	"ENCRYPTION", "USER_REPORTED_SPAM_RATE", "ONE_CLICK_UNSUBSCRIBE",
	"HONOR_UNSUBSCRIBE", "none", NULL };

static const char *const audiences[] = { "all", "bulk", NULL };
static const char *const classes[] = { "any", "marketing", "transactional",
	NULL };
static const char *const levels[] = { "may", "should", "must", NULL };
static const char *const consequences[] = { "advice", "mitigation", "spam",
	"reject", NULL };

const char *
audience_name(enum audience a)
{
	return audiences[a];
}

const char *
mail_class_name(enum mail_class c)
{
	return classes[c];
}

const char *
level_name(enum level l)
{
	return levels[l];
}

const char *
consequence_name(enum consequence c)
{
	return consequences[c];
}

/* --- kinds of value ------------------------------------------------------- */

static const char *
list_names(struct arena *a, const char *const *names)
{
	const char *s = names[0];

	for (size_t i = 1; s != NULL && names[i] != NULL; i++)
		s = arena_printf(a, "%s%s%s", s,
		    names[i + 1] != NULL ? ", " : " or ", names[i]);
	return s;
}

/* The value is one of the names. */
static enum rc
take_name(struct pack_reader *r, const struct value *v,
    const char *const *names, size_t *out)
{
	const char *allowed;

	for (size_t i = 0; names[i] != NULL; i++) {
		if (slice_eq(v->text, slice_str(names[i]))) {
			*out = i;
			return RC_OK;
		}
	}
	allowed = list_names(r->arena, names);
	if (allowed == NULL)
		return RC_NOMEM;
	return value_fail(r, v, 0,
	    arena_slicef(r->arena, "expected %s; found \"%.*s\"", allowed,
		SLICE_FMT(compile_quote(v->text))));
}

static enum rc
take_date(struct pack_reader *r, const struct value *v, int64_t *out)
{
	int64_t unused;

	if (v->text.n == sizeof("2026-11-21") - 1 &&
	    civil_rfc3339_parse(v->text, out != NULL ? out : &unused))
		return RC_OK;
	return value_fail(r, v, 0,
	    SLICE_LIT("expected a date such as 2026-11-21"));
}

/* Where a rule takes it from the pack's defaults, both have a place. */
static enum rc
take_default(struct pack_reader *r, const struct value *v,
    struct slice *of_rule, struct slice *of_pack)
{
	*(r->section.is_pack ? of_pack : of_rule) = v->text;
	return RC_OK;
}

static struct compile
compile_of(const struct pack_reader *r)
{
	return (struct compile){ .arena = r->arena, .known = r->known };
}

static enum rc
take_expr(struct pack_reader *r, const struct value *v, const struct expr **out)
{
	struct compile c = compile_of(r);
	enum rc rc = expr_parse(&c, v->text, out);

	return rc == RC_INVALID ? value_fail(r, v, c.at, c.what) : rc;
}

static enum rc
take_template(struct pack_reader *r, const struct value *v,
    const struct template **out)
{
	struct compile c = compile_of(r);
	enum rc rc = template_parse(&c, v->text, out);

	return rc == RC_INVALID ? value_fail(r, v, c.at, c.what) : rc;
}

static size_t
word_length(struct slice s)
{
	size_t n = 0;

	while (n < s.n && ((s.p[n] >= 'a' && s.p[n] <= 'z') ||
			      ascii_is_digit(s.p[n]) || s.p[n] == '_'))
		n++;
	return n;
}

/* --- keys ----------------------------------------------------------------- */

static enum rc
take_title(struct pack_reader *r, const struct value *v)
{
	return take_default(r, v, &r->section.rule->title, &r->defaults.title);
}

static enum rc
take_provider(struct pack_reader *r, const struct value *v)
{
	size_t n = word_length(v->text);

	if (n < v->text.n)
		return value_fail(r, v, n,
		    SLICE_LIT("expected a name of a to z, 0 to 9 and \"_\""));
	return take_default(r, v, &r->section.rule->provider,
	    &r->defaults.provider);
}

static enum rc
take_requirement(struct pack_reader *r, const struct value *v)
{
	size_t i = 0;
	enum rc rc = take_name(r, v, requirements, &i);

	if (rc == RC_OK && requirements[i + 1] != NULL)
		r->section.rule->requirement = v->text;
	return rc;
}

static enum rc
take_applies(struct pack_reader *r, const struct value *v)
{
	size_t i = 0;
	enum rc rc = take_name(r, v, audiences, &i);

	r->section.rule->audience = (enum audience)i;
	return rc;
}

static enum rc
take_class(struct pack_reader *r, const struct value *v)
{
	size_t i = 0;
	enum rc rc = take_name(r, v, classes, &i);

	r->section.rule->class = (enum mail_class)i;
	return rc;
}

static enum rc
take_level(struct pack_reader *r, const struct value *v)
{
	size_t i = 0;
	enum rc rc = take_name(r, v, levels, &i);

	r->section.rule->level = (enum level)i;
	return rc;
}

static enum rc
take_consequence(struct pack_reader *r, const struct value *v)
{
	size_t i = 0;
	enum rc rc = take_name(r, v, consequences, &i);

	r->section.rule->consequence = (enum consequence)i;
	return rc;
}

static enum rc
check_period(struct pack_reader *r, const struct value *v)
{
	const struct rule *rule = r->section.rule;

	if (rule->since < rule->until)
		return RC_OK;
	return value_fail(r, v, 0,
	    SLICE_LIT("expected \"until\" to be after \"since\""));
}

static enum rc
take_since(struct pack_reader *r, const struct value *v)
{
	enum rc rc = take_date(r, v, &r->section.rule->since);

	return rc ? rc : check_period(r, v);
}

static enum rc
take_until(struct pack_reader *r, const struct value *v)
{
	enum rc rc = take_date(r, v, &r->section.rule->until);

	return rc ? rc : check_period(r, v);
}

static enum rc
take_checked(struct pack_reader *r, const struct value *v)
{
	enum rc rc = take_date(r, v, NULL);

	return rc ? rc
		  : take_default(r, v, &r->section.rule->checked,
			&r->defaults.checked);
}

enum rc
value_date(struct pack_reader *r, const struct value *v)
{
	return take_date(r, v, NULL);
}

static enum rc
take_source(struct pack_reader *r, const struct value *v)
{
	enum rc rc = value_url(r, v);

	return rc ? rc
		  : take_default(r, v, &r->section.rule->source,
			&r->defaults.source);
}

static enum rc
take_when(struct pack_reader *r, const struct value *v)
{
	return take_expr(r, v, &r->section.rule->when);
}

static enum rc
take_require(struct pack_reader *r, const struct value *v)
{
	struct rule *rule = r->section.rule;
	const struct slice *paths;
	struct slice rest;
	size_t n;
	enum rc rc = take_expr(r, v, &rule->require);

	if (rc)
		return rc;
	paths = expr_paths(rule->require, &n);
	if (n == 0)
		return value_fail(r, v, 0,
		    SLICE_LIT("expected an expression that reads a fact"));
	(void)slice_cut(paths[0], '.', &rule->check, &rest);
	(void)slice_cut(rule->check, '[', &rule->check, &rest);
	return RC_OK;
}

/* One sentence to a person, to be answered by yes or no. */
static enum rc
take_attest(struct pack_reader *r, const struct value *v)
{
	if (v->text.p[v->text.n - 1] != '?')
		return value_fail(r, v, v->text.n,
		    SLICE_LIT("expected a question that ends with \"?\""));
	r->section.rule->attest = v->text;
	return RC_OK;
}

static enum rc
take_notes(struct pack_reader *r, const struct value *v)
{
	r->section.rule->notes = v->text;
	return RC_OK;
}

static enum rc
take_codes(struct pack_reader *r, const struct value *v)
{
	struct rule *rule = r->section.rule;
	size_t at = 0;
	enum rc rc =
	    codes_parse(r->arena, v->text, &at, &rule->codes, &rule->n_codes);

	return rc == RC_INVALID ? value_fail(r, v, at,
				      SLICE_LIT("expected codes such as 5.7.26 "
						"or 550 with spaces between"))
				: rc;
}

static enum rc
take_pass(struct pack_reader *r, const struct value *v)
{
	return take_template(r, v, &r->section.rule->pass);
}

static enum rc
take_why(struct pack_reader *r, const struct value *v)
{
	return take_template(r, v, &r->section.rule->why);
}

static enum rc
take_fix(struct pack_reader *r, const struct value *v)
{
	return take_template(r, v, &r->section.rule->fix);
}

/* --- record --------------------------------------------------------------- */

static enum rc
take_record(struct pack_reader *r, const struct value *v)
{
	struct compile c = compile_of(r);
	struct rule *rule = r->section.rule;
	struct rule_record record = { .each = NULL }, *more;
	enum rc rc = record_parse(&c, v->text, &record);

	if (rc)
		return rc == RC_INVALID ? value_fail(r, v, c.at, c.what) : rc;
	more = arena_grow(r->arena, r->section.records, rule->n_records,
	    &r->section.cap_records, sizeof(*more));
	if (more == NULL)
		return RC_NOMEM;
	more[rule->n_records++] = record;
	rule->records = r->section.records = more;
	return RC_OK;
}

/* --- sections ------------------------------------------------------------- */

static const struct key_row keys[] = {
	{ "title", true, true, false, take_title },
	{ "provider", false, true, false, take_provider },
	{ "requirement", false, false, false, take_requirement },
	{ "applies", false, false, false, take_applies },
	{ "class", false, false, false, take_class },
	{ "level", true, false, false, take_level },
	{ "consequence", true, false, false, take_consequence },
	{ "since", false, false, false, take_since },
	{ "until", false, false, false, take_until },
	{ "checked", false, true, false, take_checked },
	{ "source", true, true, false, take_source },
	{ "when", false, false, false, take_when },
	{ "require", true, false, false, take_require },
	{ "attest", false, false, false, take_attest },
	{ "notes", false, false, false, take_notes },
	{ "codes", false, false, false, take_codes },
	{ "pass", false, false, false, take_pass },
	{ "why", true, false, false, take_why },
	{ "fix", true, false, false, take_fix },
	{ "record", false, false, true, take_record },
	{ "mended_by", false, false, true, mender_take },
};

enum { KEYS = sizeof(keys) / sizeof(keys[0]) };

static enum rc
check_id(struct pack_reader *r, struct spot spot, struct slice id)
{
	size_t at = 0, n, words = 0;

	for (;; at++) {
		n = word_length(slice_from(id, at));
		at += n;
		words++;
		if (n == 0 || at == id.n || id.p[at] != '.')
			break;
	}
	if (n > 0 && at == id.n && words > 1)
		return RC_OK;
	spot.octet += at;
	return pack_fail(r, spot,
	    SLICE_LIT("expected an id such as gmail.dns.ptr: words of a to z, "
		      "0 to 9 and \"_\" with dots between"));
}

static enum rc
check_new(struct pack_reader *r, struct spot spot, struct slice id)
{
	const struct rule *other = rules_find(r->rules, id);

	if (other == NULL)
		return RC_OK;
	return pack_fail(r, spot,
	    arena_slicef(r->arena,
		"there is a rule %.*s already, in %.*s line %zu", SLICE_FMT(id),
		SLICE_FMT(other->file), other->line));
}

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
	enum rc rc = section_end(r);
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
	rc = check_id(r, spot, id);
	return rc ? rc : check_new(r, spot, id);
}

static bool
key_allowed(const struct pack_reader *r, const struct key_row *key)
{
	if (r->section.is_pack)
		return key->in_pack;
	return key->take != take_provider;
}

static enum rc
unknown_key(struct pack_reader *r, struct spot spot, struct slice key)
{
	const char *names[KEYS + 1], *suggestion;
	size_t n = 0;

	for (size_t i = 0; i < KEYS; i++) {
		if (key_allowed(r, &keys[i]))
			names[n++] = keys[i].name;
	}
	names[n] = NULL;
	suggestion = compile_suggest(r->arena, key, names);
	if (suggestion == NULL)
		return RC_NOMEM;
	return pack_fail(r, spot,
	    arena_slicef(r->arena, "unknown key \"%.*s\"%s",
		SLICE_FMT(compile_quote(key)), suggestion));
}

enum rc
section_key(struct pack_reader *r, struct spot spot, struct slice key,
    size_t *row)
{
	size_t i = 0;

	if (!r->section.open)
		return pack_fail(r, spot,
		    SLICE_LIT("expected a section such as [gmail.dns.ptr] "
			      "before the first key"));
	while (i < KEYS && (!slice_eq(key, slice_str(keys[i].name)) ||
			       !key_allowed(r, &keys[i])))
		i++;
	if (i == KEYS)
		return unknown_key(r, spot, key);
	if ((r->section.seen & 1u << i) != 0 && !keys[i].repeats)
		return pack_fail(r, spot,
		    arena_slicef(r->arena, "the key \"%s\" stands here twice",
			keys[i].name));
	r->section.seen |= 1u << i;
	*row = i;
	return RC_OK;
}

enum rc
section_take(struct pack_reader *r, size_t row, const struct value *v)
{
	return keys[row].take(r, v);
}

static void
fill_defaults(const struct pack_defaults *d, struct rule *rule)
{
	struct slice rest;

	if (rule->title.p == NULL)
		rule->title = d->title;
	if (rule->checked.p == NULL)
		rule->checked = d->checked;
	if (rule->source.p == NULL)
		rule->source = d->source;
	if (rule->require == NULL)
		rule->check = SLICE_LIT("attest");
	rule->provider = d->provider;
	if (rule->provider.p == NULL)
		(void)slice_cut(rule->id, '.', &rule->provider, &rest);
}

static enum rc
check_needed(struct pack_reader *r)
{
	const struct rule *rule = r->section.rule;
	unsigned int seen = r->section.seen;

	for (size_t i = 0; i < KEYS; i++) {
		if (!keys[i].needed || (seen & 1u << i) != 0 ||
		    (keys[i].take == take_title && rule->title.p != NULL) ||
		    (keys[i].take == take_source && rule->source.p != NULL) ||
		    (keys[i].take == take_require && rule->attest.p != NULL))
			continue;
		return pack_fail(r, r->section.spot,
		    arena_slicef(r->arena, "the rule %.*s has no \"%s\"%s",
			SLICE_FMT(rule->id), keys[i].name,
			keys[i].take == take_require ? " and no \"attest\""
						     : ""));
	}
	return RC_OK;
}

enum rc
section_end(struct pack_reader *r)
{
	struct rules *rules = r->rules;
	const struct rule **more;
	enum rc rc;

	if (!r->section.open || r->section.is_pack)
		return RC_OK;
	fill_defaults(&r->defaults, r->section.rule);
	rc = check_needed(r);
	if (rc)
		return rc;
	more = arena_grow(rules->arena, rules->rules, rules->n, &rules->cap,
	    sizeof(*more));
	if (more == NULL)
		return RC_NOMEM;
	rules->rules = more;
	rules->rules[rules->n++] = r->section.rule;
	return RC_OK;
}
