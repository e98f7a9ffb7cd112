#include "audit/judging.h"

/* ---- judging ----------------------------------------------------------- */

static bool
rule_applies(const struct scorecard_settings *s, const struct rule *r)
{
	if (r->audience == AUDIENCE_BULK && s->audience != AUDIENCE_BULK)
		return false;
	return r->class == CLASS_ANY || r->class == s->class;
}

static enum outcome
outcome_of(enum truth t)
{
	switch (t) {
	case TRUTH_TRUE:
		return OUTCOME_PASS;
	case TRUTH_FALSE:
		return OUTCOME_FAIL;
	case TRUTH_UNKNOWN:
		break;
	}
	return OUTCOME_UNKNOWN;
}

/* What was measured wins; an answer settles only what is unknown. */
static void
judge_answer(struct judging *j)
{
	if (j->outcome != OUTCOME_UNKNOWN || j->attested == NULL)
		return;
	j->outcome = j->attested->yes ? OUTCOME_PASS : OUTCOME_FAIL;
	j->answered = true;
}

void
judge(const struct scorecard_settings *s, struct judging *j)
{
	const struct rule *r = j->rule;
	const json_t *facts = j->audit->facts;
	enum truth t = TRUTH_TRUE;

	j->outcome = OUTCOME_NOT_APPLICABLE;
	if (r->off != NULL || !rule_applies(s, r))
		return;
	if (r->when != NULL)
		t = expr_eval(r->when, facts, j->absent);
	if (t == TRUTH_FALSE)
		return;
	j->outcome = OUTCOME_UNKNOWN;
	if (t == TRUTH_UNKNOWN)
		return;
	j->applies = true;
	if (r->require != NULL)
		j->outcome =
		    outcome_of(expr_eval(r->require, facts, j->absent));
	judge_answer(j);
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

/* The gaps behind an absent fact; a check left out has none. */
static void
add_gaps(const struct judging *j, json_t *list, const char *fact)
{
	size_t before = json_array_size(list), i;
	const json_t *gap;

	json_array_foreach(j->audit->gaps, i, gap)
	{
		if (gap_covers(gap, slice_str(fact)))
			add_reason(list, fact,
			    json_string_value(json_object_get(gap, "cause")),
			    json_string_value(json_object_get(gap, "detail")));
	}
	if (json_array_size(list) == before)
		add_other_reason(j, list, fact);
}

/* What a person may answer, beside or in place of facts. */
static void
add_question(const struct rule *r, json_t *list)
{
	json_t *o = json_object();

	(void)json_object_set_new(o, "cause",
	    json_string(cause_name(CAUSE_NEEDS_ATTESTATION)));
	(void)json_object_set_new(o, "detail",
	    json_stringn((const char *)r->attest.p, r->attest.n));
	(void)json_array_append_new(list, o);
}

json_t *
judging_reasons(const struct judging *j)
{
	json_t *list = json_array();
	const json_t *absent;
	size_t i;

	json_array_foreach(j->absent, i, absent)
	{
		add_gaps(j, list, json_string_value(absent));
	}
	if (j->applies && j->rule->attest.p != NULL)
		add_question(j->rule, list);
	if (json_array_size(list) == 0)
		add_other_reason(j, list, "");
	return list;
}
