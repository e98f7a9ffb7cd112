/*
 * The keys of a rule, and of [pack] what it gives to rules without their own:
 *
 *  date   = 4DIGIT "-" 2DIGIT "-" 2DIGIT
 *
 * since is the first day of a rule, until the first day without it.  A rule
 * that nobody outside can see has "attest" in place of "require": a question
 * that its sender answers.
 */
#include "rules/keys.h"

#include "base/civil.h"
#include "rules/codes.h"
#include "rules/expr.h"
#include "rules/mender.h"
#include "rules/record.h"
#include "rules/template.h"

/* It is still the day before in some places, and clocks differ. */
enum { DAY = 24 * 3600 };

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
	    arena_slicef(r->arena,
		"expected a date such as 2026-11-21; found \"%.*s\"",
		SLICE_FMT(compile_quote(v->text))));
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

size_t
keys_word_length(struct slice s)
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
	size_t n = keys_word_length(v->text);

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
	int64_t day = 0;
	enum rc rc = take_date(r, v, &day);

	if (rc)
		return rc;
	if (r->rules->now != 0 && day > r->rules->now + DAY)
		return value_fail(r, v, 0,
		    arena_slicef(r->arena,
			"expected the day on which the source was read; "
			"%.*s is still to come",
			SLICE_FMT(v->text)));
	return take_default(r, v, &r->section.rule->checked,
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

/* --- of another rule ------------------------------------------------------ */

static enum rc
take_extends(struct pack_reader *r, const struct value *v)
{
	r->section.rule->extends = v->text;
	r->section.extends_spot = v->parts[0].spot;
	return RC_OK;
}

static enum rc
take_disabled(struct pack_reader *r, const struct value *v)
{
	static const char *const yes[] = { "yes", NULL };
	size_t i;

	r->section.off = true;
	return take_name(r, v, yes, &i);
}

/* --- the table ------------------------------------------------------------ */

/* The members of a rule that a key sets. */
#define F(member) \
	offsetof(struct rule, member), sizeof(((struct rule *)NULL)->member)
#define FF(first, last) \
	offsetof(struct rule, first), \
	    offsetof(struct rule, last) + \
		sizeof(((struct rule *)NULL)->last) - \
		offsetof(struct rule, first)

const struct key_row rule_keys[] = {
	{ "title", true, true, false, take_title, F(title) },
	{ "provider", false, true, false, take_provider, 0, 0 },
	{ "requirement", false, false, false, take_requirement,
	    F(requirement) },
	{ "applies", false, false, false, take_applies, F(audience) },
	{ "class", false, false, false, take_class, F(class) },
	{ "level", true, false, false, take_level, F(level) },
	{ "consequence", true, false, false, take_consequence, F(consequence) },
	{ "since", false, false, false, take_since, F(since) },
	{ "until", false, false, false, take_until, F(until) },
	{ "checked", false, true, false, take_checked, F(checked) },
	{ "source", true, true, false, take_source, F(source) },
	{ "when", false, false, false, take_when, F(when) },
	{ "require", true, false, false, take_require, F(require) },
	{ "attest", false, false, false, take_attest, F(attest) },
	{ "notes", false, false, false, take_notes, F(notes) },
	{ "codes", false, false, false, take_codes, FF(codes, n_codes) },
	{ "pass", false, false, false, take_pass, F(pass) },
	{ "why", true, false, false, take_why, F(why) },
	{ "fix", true, false, false, take_fix, F(fix) },
	{ "record", false, false, true, take_record, FF(records, n_records) },
	{ "mended_by", false, false, true, mender_take, 0, 0 },
	{ "extends", false, false, false, take_extends, 0, 0 },
	{ "disabled", false, false, false, take_disabled, 0, 0 },
	{ .name = NULL },
};
