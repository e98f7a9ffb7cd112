#include "audit/scorecard.h"

#include <stdlib.h>
#include <string.h>

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

/*
 * The members of a result that are not of the audit, and in their places those
 * that are: head is copied, then status and reasons are set, tail follows.
 */
struct scorecard_label {
	json_t *head;
	json_t *tail;
	json_t *said;   /* of the last audit: status, why, fix, ... */
	json_t *result; /* which that made */
	json_t *idle;   /* why it does not apply, when it does not */
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
set_unknown(json_t *result, const struct judging *j)
{
	json_t *list = reasons(j);
	const json_t *first = json_array_get(list, 0);
	struct slice cause =
	    slice_str(json_string_value(json_object_get(first, "cause")));
	const char *detail =
	    json_string_value(json_object_get(first, "detail"));

	(void)json_object_set_new(result, "why",
	    json_sprintf("Not known: %s.", detail != NULL ? detail : ""));
	(void)json_object_set_new(result, "fix",
	    json_string(settle_text(cause)));
	(void)json_object_set_new(result, "unknown", list);
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

static void
set_template(json_t *o, const char *key, const struct template *t,
    const json_t *facts)
{
	struct buf b;

	buf_init(&b, LIMIT_EVIDENCE_LINE);
	if (t != NULL)
		template_expand(t, facts, &b);
	set_text_or_null(o, key, buf_slice(&b));
	buf_free(&b);
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

static void
set_records(json_t *result, const struct judging *j)
{
	const json_t *facts = j->audit->facts;
	json_t *list = json_array();

	for (size_t i = 0; i < j->rule->n_records; i++) {
		const struct rule_record *r = &j->rule->records[i];
		size_t n = rule_record_count(r, facts);

		for (size_t k = 0; k < n; k++)
			add_record(list, r, facts, k);
	}
	(void)json_object_set_new(result, "records", list);
}

static void
set_explanation(json_t *result, const struct judging *j)
{
	const struct rule *r = j->rule;

	switch (j->outcome) {
	case OUTCOME_UNKNOWN:
		set_unknown(result, j);
		return;
	case OUTCOME_FAIL:
		set_template(result, "why", r->why, j->audit->facts);
		set_template(result, "fix", r->fix, j->audit->facts);
		set_records(result, j);
		return;
	case OUTCOME_PASS:
		set_template(result, "why", r->pass, j->audit->facts);
		return;
	case OUTCOME_NOT_APPLICABLE:
		(void)json_object_set(result, "why", j->label->idle);
		return;
	}
}

/* Nothing changes a result: what was said of the one before is it again. */
static json_t *
result_json(const struct judging *j)
{
	struct scorecard_label *l = j->label;
	json_t *said = json_object();

	(void)json_object_set_new(said, "status",
	    json_string(outcome_names[j->outcome]));
	set_explanation(said, j);
	if (l->said != NULL && json_equal(said, l->said)) {
		json_decref(said);
		return json_incref(l->result);
	}
	json_decref(l->said);
	json_decref(l->result);
	l->said = said;
	l->result = json_copy(l->head);
	(void)json_object_update(l->result, said);
	(void)json_object_update(l->result, l->tail);
	return json_incref(l->result);
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

static json_t *
head_json(const struct rule *r)
{
	json_t *o = json_object();

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
	(void)json_object_set_new(o, "records", json_array());
	return o;
}

static json_t *
tail_json(const struct rule *r)
{
	json_t *o = json_object(), *codes = json_array();

	for (size_t i = 0; i < r->n_codes; i++)
		(void)json_array_append_new(codes,
		    json_stringn((const char *)r->codes[i].p, r->codes[i].n));
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
		s->labels[i].head = head_json(s->rules->rules[i]);
		s->labels[i].tail = tail_json(s->rules->rules[i]);
		s->labels[i].idle = idle_json(s, s->rules->rules[i]);
	}
	return RC_OK;
}

void
scorecard_close(struct scorecard_settings *s)
{
	for (size_t i = 0; s->labels != NULL && i < s->rules->n; i++) {
		json_decref(s->labels[i].head);
		json_decref(s->labels[i].tail);
		json_decref(s->labels[i].said);
		json_decref(s->labels[i].result);
		json_decref(s->labels[i].idle);
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
	json_t *results = json_array();

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
	(void)json_object_del(a->facts, "subject");
	(void)json_object_set(o, "facts", a->facts);
	(void)json_object_set(o, "gaps", a->gaps);
	return o;
}
