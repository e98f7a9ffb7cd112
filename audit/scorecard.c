#include "audit/scorecard.h"

#include <stdlib.h>
#include <string.h>

#include "audit/beside.h"
#include "audit/settle.h"
#include "base/limits.h"

enum outcome {
	OUTCOME_PASS,
	OUTCOME_FAIL,
	OUTCOME_UNKNOWN,
	OUTCOME_NOT_APPLICABLE
};

enum { N_OUTCOMES = OUTCOME_NOT_APPLICABLE + 1 };

static const char *const outcome_names[N_OUTCOMES] = { "pass", "fail",
	"unknown", "not-applicable" };

/* The key of a status in "must": {"pass": 1, ...}. */
static const char *const outcome_keys[N_OUTCOMES] = { "pass", "fail", "unknown",
	"not_applicable" };

struct tally {
	size_t n[LEVEL_MUST + 1][N_OUTCOMES];
};

/* Results of a rule that are kept to be used again. */
enum { RESULTS_KEPT = 8 };

/*
 * What all results of one rule have in common.  Most of a result is the same
 * for every audit, so one that nobody holds any more is said anew, and one
 * that would say the same again is given again.
 */
struct scorecard_label {
	json_t *blank; /* all members in their order, with nothing said */
	json_t *none;  /* the records of who needs none */
	json_t *idle;  /* why it does not apply, when it does not */
	json_t *outcomes[N_OUTCOMES];
	json_t *kept[RESULTS_KEPT];
	json_t *last; /* one of them, or NULL */
	size_t next;  /* to be given up for another */
};

/* What is said of one audit by one rule; all owned. */
struct said {
	json_t *why;
	json_t *fix;
	json_t *records;
	json_t *unknown; /* NULL but for unknown outcomes */
};

/* One rule over one audit. */
struct judging {
	const struct rule *rule;
	struct scorecard_label *label;
	struct audit *audit;
	enum outcome outcome;
	json_t *absent; /* fact paths, when unknown */
};

/* ---- judging ----------------------------------------------------------- */

static bool
rule_applies(const struct scorecard_settings *s, const struct rule *r)
{
	if (r->audience == AUDIENCE_BULK && s->audience != AUDIENCE_BULK)
		return false;
	return r->class == CLASS_ANY || r->class == s->class;
}

static void
judge(const struct scorecard_settings *s, struct judging *j)
{
	const struct rule *r = j->rule;
	const json_t *facts = j->audit->facts;
	enum truth t = TRUTH_TRUE;

	j->outcome = OUTCOME_NOT_APPLICABLE;
	if (!rule_applies(s, r))
		return;
	if (r->when != NULL)
		t = expr_eval(r->when, facts, j->absent);
	if (t == TRUTH_FALSE)
		return;
	j->outcome = OUTCOME_UNKNOWN;
	if (t == TRUTH_UNKNOWN)
		return;
	t = expr_eval(r->require, facts, j->absent);
	if (t == TRUTH_TRUE)
		j->outcome = OUTCOME_PASS;
	else if (t == TRUTH_FALSE)
		j->outcome = OUTCOME_FAIL;
}

/* ---- why it is not known ----------------------------------------------- */

/*
 * Whether a gap of a check tells of a fact: the gap's path is the fact's, or
 * lies above or below it.  "hosts" covers "hosts[].starttls".
 */
static bool
gap_covers(const json_t *gap, struct slice fact)
{
	struct slice check =
	    slice_str(json_string_value(json_object_get(gap, "check")));
	struct slice path =
	    slice_str(json_string_value(json_object_get(gap, "fact")));
	struct slice head, rest, shorter, longer;

	(void)slice_cut(fact, '.', &head, &rest);
	if (!slice_eq(head, check))
		return false;
	shorter = path.n < rest.n ? path : rest;
	longer = path.n < rest.n ? rest : path;
	if (shorter.n == 0)
		return true;
	if (!slice_starts(longer, shorter))
		return false;
	return longer.n == shorter.n || longer.p[shorter.n] == '.' ||
	       longer.p[shorter.n] == '[';
}

static void
add_reason(json_t *list, const char *fact, const char *cause,
    const char *detail)
{
	json_t *o = json_object();
	const json_t *other;
	size_t i;

	(void)json_object_set_new(o, "fact", json_string(fact));
	(void)json_object_set_new(o, "cause", json_string(cause));
	(void)json_object_set_new(o, "detail", json_string(detail));
	json_array_foreach(list, i, other)
	{
		if (json_equal(other, o)) {
			json_decref(o);
			return;
		}
	}
	(void)json_array_append_new(list, o);
}

/*
 * No gap tells of the fact: its check was left out; or the rule's expression
 * came to one of its limits, such as that of a regular expression.
 */
static void
add_other_reason(const struct judging *j, json_t *list, const char *fact)
{
	struct slice check, rest;

	(void)slice_cut(slice_str(fact), '.', &check, &rest);
	if (check.n == 0 || json_object_getn(j->audit->facts,
				(const char *)check.p, check.n) != NULL)
		add_reason(list, fact, cause_name(CAUSE_LIMIT),
		    "the rule takes too much work to judge");
	else
		add_reason(list, fact, cause_name(CAUSE_SKIPPED),
		    "nothing was found out about it");
}

/* The gaps behind the absent facts; a check left out has none. */
static json_t *
reasons(const struct judging *j)
{
	json_t *list = json_array();
	const json_t *absent, *gap;
	size_t i, k;

	json_array_foreach(j->absent, i, absent)
	{
		const char *fact = json_string_value(absent);
		size_t before = json_array_size(list);

		json_array_foreach(j->audit->gaps, k, gap)
		{
			if (gap_covers(gap, slice_str(fact)))
				add_reason(list, fact,
				    json_string_value(
					json_object_get(gap, "cause")),
				    json_string_value(
					json_object_get(gap, "detail")));
		}
		if (json_array_size(list) == before)
			add_other_reason(j, list, fact);
	}
	if (json_array_size(list) == 0)
		add_other_reason(j, list, "");
	return list;
}

static void
say_unknown(struct said *said, const struct judging *j)
{
	const json_t *first;
	const char *detail;

	said->unknown = reasons(j);
	first = json_array_get(said->unknown, 0);
	detail = json_string_value(json_object_get(first, "detail"));
	said->why =
	    json_sprintf("Not known: %s.", detail != NULL ? detail : "");
	said->fix = json_string(settle_text(
	    slice_str(json_string_value(json_object_get(first, "cause")))));
}

/* ---- one result -------------------------------------------------------- */

static void
set_text(json_t *o, const char *key, struct slice s)
{
	(void)json_object_set_new(o, key,
	    json_stringn(s.n > 0 ? (const char *)s.p : "", s.n));
}

/* What is known not to be there is null, never "". */
static void
set_text_or_null(json_t *o, const char *key, struct slice s)
{
	if (s.n > 0)
		set_text(o, key, s);
	else
		(void)json_object_set_new(o, key, json_null());
}

static json_t *
expanded(const struct template *t, const json_t *facts)
{
	json_t *text = NULL;
	struct buf b;

	if (t == NULL)
		return json_null();
	buf_init(&b, LIMIT_EVIDENCE_LINE);
	template_expand(t, facts, &b);
	text = b.n > 0 ? json_stringn((const char *)b.p, b.n) : json_null();
	buf_free(&b);
	return text;
}

static void
add_record(json_t *list, const struct rule_record *r, const json_t *facts,
    size_t i)
{
	struct buf name, value;
	json_t *o = json_object();

	buf_init(&name, LIMIT_RENDERED);
	buf_init(&value, LIMIT_RENDERED);
	rule_record_expand(r, facts, i, &name, &value);
	set_text(o, "name", buf_slice(&name));
	set_text(o, "type", rule_record_type(r, buf_slice(&value)));
	set_text(o, "value", buf_slice(&value));
	(void)json_array_append_new(list, o);
	buf_free(&name);
	buf_free(&value);
}

static json_t *
records_json(const struct judging *j)
{
	const json_t *facts = j->audit->facts;
	json_t *list = json_array();

	for (size_t i = 0; i < j->rule->n_records; i++) {
		const struct rule_record *r = &j->rule->records[i];
		size_t n = rule_record_count(r, facts);

		for (size_t k = 0; k < n; k++)
			add_record(list, r, facts, k);
	}
	return list;
}

static void
say(struct said *said, const struct judging *j)
{
	const struct rule *r = j->rule;

	switch (j->outcome) {
	case OUTCOME_UNKNOWN:
		say_unknown(said, j);
		break;
	case OUTCOME_FAIL:
		said->why = expanded(r->why, j->audit->facts);
		said->fix = expanded(r->fix, j->audit->facts);
		said->records = records_json(j);
		break;
	case OUTCOME_PASS:
		said->why = expanded(r->pass, j->audit->facts);
		break;
	case OUTCOME_NOT_APPLICABLE:
		said->why = json_incref(j->label->idle);
		break;
	}
	if (said->fix == NULL)
		said->fix = json_null();
	if (said->records == NULL)
		said->records = json_incref(j->label->none);
}

static bool
says(const json_t *result, const char *key, const json_t *value)
{
	const json_t *there = json_object_get(result, key);

	if (there == NULL || value == NULL)
		return there == value;
	return there == value || json_equal(there, value);
}

/* Whether the result of an earlier audit says just that. */
static bool
said_before(const struct judging *j, const struct said *said)
{
	const json_t *last = j->label->last;

	return last != NULL &&
	       json_object_get(last, "status") ==
		   j->label->outcomes[j->outcome] &&
	       says(last, "why", said->why) && says(last, "fix", said->fix) &&
	       says(last, "records", said->records) &&
	       says(last, "unknown", said->unknown);
}

/* A result that only the label holds, to be said anew. */
static json_t *
result_blank(struct scorecard_label *l)
{
	size_t i = 0;

	while (
	    i < RESULTS_KEPT && l->kept[i] != NULL && l->kept[i]->refcount > 1)
		i++;
	if (i == RESULTS_KEPT) {
		i = l->next;
		l->next = (l->next + 1) % RESULTS_KEPT;
		json_decref(l->kept[i]);
		l->kept[i] = NULL;
	}
	if (l->kept[i] == NULL)
		l->kept[i] = json_copy(l->blank);
	return l->kept[i];
}

static json_t *
result_json(const struct judging *j)
{
	struct scorecard_label *l = j->label;
	struct said said = { 0 };

	say(&said, j);
	if (said_before(j, &said)) {
		json_decref(said.why);
		json_decref(said.fix);
		json_decref(said.records);
		json_decref(said.unknown);
		return json_incref(l->last);
	}
	l->last = result_blank(l);
	(void)json_object_set(l->last, "status", l->outcomes[j->outcome]);
	(void)json_object_set_new(l->last, "why", said.why);
	(void)json_object_set_new(l->last, "fix", said.fix);
	(void)json_object_set_new(l->last, "records", said.records);
	if (said.unknown != NULL)
		(void)json_object_set_new(l->last, "unknown", said.unknown);
	else
		(void)json_object_del(l->last, "unknown");
	return json_incref(l->last);
}

/* ---- labels ------------------------------------------------------------ */

/* Why the rule does not apply, when it does not. */
static json_t *
idle_json(const struct scorecard_settings *s, const struct rule *r)
{
	struct buf b;
	json_t *why;

	if (r->audience == AUDIENCE_BULK && s->audience != AUDIENCE_BULK)
		return json_string("It is asked of bulk senders only.");
	if (r->class != CLASS_ANY && r->class != s->class)
		return json_sprintf("It is asked of %s mail only.",
		    mail_class_name(r->class));
	if (r->when == NULL)
		return json_null();
	buf_init(&b, LIMIT_RENDERED);
	buf_add_str(&b, "It is asked only when this holds: ");
	expr_print(r->when, &b);
	buf_add_char(&b, '.');
	why = json_stringn((const char *)b.p, b.n);
	buf_free(&b);
	return why;
}

/* The order is that of the documents. */
static json_t *
blank_json(const struct rule *r, json_t *none)
{
	json_t *o = json_object(), *codes = json_array();

	for (size_t i = 0; i < r->n_codes; i++)
		(void)json_array_append_new(codes,
		    json_stringn((const char *)r->codes[i].p, r->codes[i].n));

	set_text(o, "rule", r->id);
	set_text(o, "provider", r->provider);
	set_text(o, "check", r->check);
	set_text_or_null(o, "requirement", r->requirement);
	(void)json_object_set_new(o, "audience",
	    json_string(audience_name(r->audience)));
	(void)json_object_set_new(o, "level",
	    json_string(level_name(r->level)));
	(void)json_object_set_new(o, "consequence",
	    json_string(consequence_name(r->consequence)));
	(void)json_object_set_new(o, "status", json_null());
	set_text(o, "title", r->title);
	(void)json_object_set_new(o, "why", json_null());
	(void)json_object_set_new(o, "fix", json_null());
	(void)json_object_set(o, "records", none);
	(void)json_object_set_new(o, "codes", codes);
	set_text_or_null(o, "source", r->source);
	set_text_or_null(o, "checked", r->checked);
	return o;
}

enum rc
scorecard_open(struct scorecard_settings *s)
{
	s->labels = calloc(s->rules->n + 1, sizeof(*s->labels));
	if (s->labels == NULL)
		return RC_NOMEM;
	for (size_t i = 0; i < s->rules->n; i++) {
		struct scorecard_label *l = &s->labels[i];

		l->none = json_array();
		l->blank = blank_json(s->rules->rules[i], l->none);
		l->idle = idle_json(s, s->rules->rules[i]);
		for (size_t k = 0; k < N_OUTCOMES; k++)
			l->outcomes[k] = json_string(outcome_names[k]);
	}
	return RC_OK;
}

void
scorecard_close(struct scorecard_settings *s)
{
	for (size_t i = 0; s->labels != NULL && i < s->rules->n; i++) {
		struct scorecard_label *l = &s->labels[i];

		json_decref(l->none);
		json_decref(l->blank);
		json_decref(l->idle);
		for (size_t k = 0; k < N_OUTCOMES; k++)
			json_decref(l->outcomes[k]);
		for (size_t k = 0; k < RESULTS_KEPT; k++)
			json_decref(l->kept[k]);
	}
	free(s->labels);
	s->labels = NULL;
}

/* ---- a provider -------------------------------------------------------- */

/* Whether the user left out the check that the rule is about. */
static bool
rule_selected(const struct scorecard_settings *s, const struct rule *r)
{
	for (size_t i = 0; checks[i] != NULL; i++) {
		if (slice_eq(r->check, slice_str(checks[i]->name)))
			return s->selected(s->arg, checks[i]);
	}
	return true;
}

static void
judge_provider(const struct scorecard_settings *s, struct audit *a,
    struct slice provider, json_t *results, struct tally *tally)
{
	json_t *absent = json_array();

	for (size_t i = 0; i < s->rules->n; i++) {
		struct judging j = {
			.rule = s->rules->rules[i],
			.label = &s->labels[i],
			.audit = a,
			.absent = absent,
		};

		if (!slice_eq(j.rule->provider, provider) ||
		    !rule_in_force(j.rule, s->as_of) ||
		    !rule_selected(s, j.rule))
			continue;
		(void)json_array_clear(absent);
		judge(s, &j);
		tally->n[j.rule->level][j.outcome]++;
		(void)json_array_append_new(results, result_json(&j));
	}
	json_decref(absent);
}

static json_t *
counts_json(const struct tally *t, enum level level)
{
	json_t *o = json_object();

	for (size_t i = 0; i < N_OUTCOMES; i++)
		(void)json_object_set_new(o, outcome_keys[i],
		    json_integer((json_int_t)t->n[level][i]));
	return o;
}

static json_t *
verdict_json(struct slice provider, const struct tally *t)
{
	const size_t *must = t->n[LEVEL_MUST];
	const char *verdict = must[OUTCOME_FAIL] > 0      ? "non-compliant"
			      : must[OUTCOME_UNKNOWN] > 0 ? "incomplete"
							  : "compliant";
	json_t *o = json_object();

	set_text(o, "provider", provider);
	(void)json_object_set_new(o, "verdict", json_string(verdict));
	for (int level = LEVEL_MUST; level >= LEVEL_MAY; level--)
		(void)json_object_set_new(o, level_name((enum level)level),
		    counts_json(t, (enum level)level));
	return o;
}

static void
count(struct scorecard_counts *c, const struct tally *t)
{
	for (size_t level = 0; level <= LEVEL_MUST; level++) {
		c->failed[level] += t->n[level][OUTCOME_FAIL];
		c->unknown[level] += t->n[level][OUTCOME_UNKNOWN];
	}
}

/* ---- the element ------------------------------------------------------- */

json_t *
scorecard_make(const struct scorecard_settings *s, struct audit *a,
    struct scorecard_counts *counts)
{
	json_t *o = json_object(), *verdicts = json_array();
	json_t *results = json_array(), *beside;

	(void)json_object_set(o, "subject", a->described);
	(void)json_object_set_new(o, "verdicts", verdicts);
	(void)json_object_set_new(o, "results", results);
	if (a->error != NULL) {
		(void)json_object_set_new(o, "error",
		    check_json(slice_str(a->error)));
		return o;
	}
	for (size_t i = 0; i < s->n_providers; i++) {
		struct tally t = { 0 };

		judge_provider(s, a, s->providers[i], results, &t);
		(void)json_array_append_new(verdicts,
		    verdict_json(s->providers[i], &t));
		count(counts, &t);
	}
	if (s->advice) {
		struct tally t = { 0 };

		judge_provider(s, a, SLICE_LIT("standards"), results, &t);
		count(counts, &t);
	}
	beside = beside_make(a->described, a->facts, results);
	if (beside != NULL)
		(void)json_object_set_new(o, "postmaster", beside);
	(void)json_object_del(a->facts, "subject");
	(void)json_object_set(o, "facts", a->facts);
	(void)json_object_set(o, "gaps", a->gaps);
	return o;
}
