#include "audit/scorecard.h"

#include <stdlib.h>
#include <string.h>

#include "audit/beside.h"
#include "audit/changes.h"
#include "audit/result.h"
#include "audit/stale.h"

/* The key of a status in "must": {"pass": 1, ...}. */
static const char *const outcome_keys[N_OUTCOMES] = { "pass", "fail", "unknown",
	"not_applicable" };

struct tally {
	size_t n[LEVEL_MUST + 1][N_OUTCOMES];
	size_t failed[CONSEQUENCE_REJECT + 1][LEVEL_MUST + 1];
	size_t judged;
	size_t stale;        /* of those */
	struct slice oldest; /* checked */
};

enum rc
scorecard_open(struct scorecard_settings *s)
{
	s->labels = calloc(s->rules->n + 1, sizeof(*s->labels));
	if (s->labels == NULL)
		return RC_NOMEM;
	for (size_t i = 0; i < s->rules->n; i++)
		result_label_open(&s->labels[i], s, s->rules->rules[i]);
	return RC_OK;
}

void
scorecard_close(struct scorecard_settings *s)
{
	for (size_t i = 0; s->labels != NULL && i < s->rules->n; i++)
		result_label_close(&s->labels[i]);
	free(s->labels);
	s->labels = NULL;
}

/* ---- a provider -------------------------------------------------------- */

/* What only its sender can tell is left out as a check by this name is. */
static const struct check by_attestation = { .name = "attest" };

/* Whether the user left out the check that the rule is about. */
static bool
rule_selected(const struct scorecard_settings *s, const struct rule *r)
{
	for (size_t i = 0; checks[i] != NULL; i++) {
		if (slice_eq(r->check, slice_str(checks[i]->name)))
			return s->selected(s->arg, checks[i]);
	}
	if (slice_eq(r->check, slice_str(by_attestation.name)))
		return s->selected(s->arg, &by_attestation);
	return true;
}

static void
tally_add(struct tally *t, const struct scorecard_settings *s,
    const struct judging *j)
{
	const struct rule *r = j->rule;

	t->n[r->level][j->outcome]++;
	if (j->outcome == OUTCOME_FAIL)
		t->failed[r->consequence][r->level]++;
	t->judged++;
	if (!stale_is(r->checked, s->as_of))
		return;
	t->stale++;
	if (t->oldest.n == 0 || slice_cmp(r->checked, t->oldest) < 0)
		t->oldest = r->checked;
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
			.attested = s->labels[i].attested,
			.audit = a,
			.absent = absent,
		};

		if (!slice_eq(j.rule->provider, provider) ||
		    !rule_in_force(j.rule, s->as_of) ||
		    !rule_selected(s, j.rule))
			continue;
		(void)json_array_clear(absent);
		judge(s, &j);
		tally_add(tally, s, &j);
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
levels_json(const size_t *n)
{
	json_t *o = json_object();

	for (int level = LEVEL_MUST; level >= LEVEL_MAY; level--)
		(void)json_object_set_new(o, level_name((enum level)level),
		    json_integer((json_int_t)n[level]));
	return o;
}

/* The worst of failed musts, and how many fail of each consequence. */
static void
set_consequences(json_t *verdict, const struct tally *t)
{
	json_t *o = json_object(), *worst = json_null();

	for (int c = CONSEQUENCE_REJECT; c >= CONSEQUENCE_ADVICE; c--) {
		const char *name = consequence_name((enum consequence)c);

		if (t->failed[c][LEVEL_MUST] > 0 && json_is_null(worst))
			worst = json_string(name);
		(void)json_object_set_new(o, name, levels_json(t->failed[c]));
	}
	(void)json_object_set_new(verdict, "consequence", worst);
	(void)json_object_set_new(verdict, "consequences", o);
}

static json_t *
stale_json(const struct tally *t, int64_t as_of)
{
	if (t->stale == 0)
		return json_null();
	return json_pack("{s:I, s:I, s:s%, s:I}", "rules", (json_int_t)t->stale,
	    "of", (json_int_t)t->judged, "oldest", (const char *)t->oldest.p,
	    (size_t)t->oldest.n, "days",
	    (json_int_t)stale_days(t->oldest, as_of));
}

static json_t *
verdict_json(const struct scorecard_settings *s, struct slice provider,
    const struct tally *t)
{
	const size_t *must = t->n[LEVEL_MUST];
	const char *verdict = must[OUTCOME_FAIL] > 0      ? "non-compliant"
			      : must[OUTCOME_UNKNOWN] > 0 ? "incomplete"
							  : "compliant";
	json_t *o = json_object();

	(void)json_object_set_new(o, "provider",
	    json_stringn((const char *)provider.p, provider.n));
	(void)json_object_set_new(o, "verdict", json_string(verdict));
	for (int level = LEVEL_MUST; level >= LEVEL_MAY; level--)
		(void)json_object_set_new(o, level_name((enum level)level),
		    counts_json(t, (enum level)level));
	set_consequences(o, t);
	(void)json_object_set_new(o, "stale", stale_json(t, s->as_of));
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
	(void)json_object_set_new(o, "changes", json_array());
	(void)json_object_set_new(o, "recommended", json_array());
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
		    verdict_json(s, s->providers[i], &t));
		count(counts, &t);
	}
	if (s->advice) {
		struct tally t = { 0 };

		judge_provider(s, a, SLICE_LIT("standards"), results, &t);
		count(counts, &t);
	}
	if (changes_set(o, s->rules, a->facts) != RC_OK) {
		json_decref(o);
		return NULL;
	}
	beside = beside_make(a->described, a->facts, results);
	if (beside != NULL)
		(void)json_object_set_new(o, "postmaster", beside);
	(void)json_object_del(a->facts, "subject");
	(void)json_object_set(o, "facts", a->facts);
	(void)json_object_set(o, "gaps", a->gaps);
	if (a->evidence != NULL)
		(void)json_object_set(o, "evidence", a->evidence);
	return o;
}
