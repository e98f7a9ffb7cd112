#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <stdlib.h>

#include "audit/packs.h"
#include "base/civil.h"

/*
 * Every rule that is built in has cases in tests/cases/rules/PROVIDER.json:
 *
 *  {"gmail.auth.spf": {"pass": FACTS, "fail": FACTS, "unknown": FACTS,
 *     "not-applicable": FACTS, "as_of": "2026-11-21"}}
 *
 * FACTS are the few that the rule reads.  A rule with "when" has one that it
 * does not apply to; a rule with "until" an as_of, on which it still holds.
 * A rule without "require" is settled by {"attest": "yes"} or "no".
 */

enum { N_OUTCOMES = 4 };

static const char *const outcomes[N_OUTCOMES] = { "pass", "fail", "unknown",
	"not-applicable" };

struct pool {
	struct rules *rules;
	json_t *cases; /* of all providers, by rule */
};

/* So that one run names them all. */
static size_t faults;

static void
wrong(const struct rule *x, const char *what)
{
	print_error("%.*s: %s\n", SLICE_FMT(x->id), what);
	faults++;
}

/* ---- loading ----------------------------------------------------------- */

static void
load_cases(struct pool *p, struct slice provider)
{
	const char *top = getenv("top_srcdir");
	json_error_t error;
	json_t *more;
	char path[4096];

	(void)snprintf(path, sizeof(path), "%s/tests/cases/rules/%.*s.json",
	    top != NULL ? top : ".", SLICE_FMT(provider));
	more = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
	if (more == NULL)
		fail_msg("%s:%d: %s", path, error.line, error.text);
	if (json_object_update(p->cases, more) != 0)
		fail_msg("%s is no object", path);
	json_decref(more);
}

static int
load(void **state)
{
	static struct pool p;
	struct arena *arena = arena_new(1 << 20, 4096);
	struct slice provider = { 0 };
	struct pack_error e;

	p.cases = json_object();
	if (arena == NULL || rules_new(&p.rules) != RC_OK)
		return -1;
	for (const struct builtin_pack *b = builtin_packs; b->name != NULL;
	     b++) {
		struct slice text = slice_of(b->text, b->size);

		if (rules_add_pack(p.rules, slice_str(b->name), text,
			packs_known_facts(arena), &e) != RC_OK)
			fail_msg("%s:%zu:%zu: %.*s", b->name, e.line, e.column,
			    SLICE_FMT(e.what));
	}
	for (size_t i = 0; i < p.rules->n; i++) {
		if (slice_eq(p.rules->rules[i]->provider, provider))
			continue;
		provider = p.rules->rules[i]->provider;
		load_cases(&p, provider);
	}
	arena_free(arena);
	*state = &p;
	return 0;
}

static int
unload(void **state)
{
	struct pool *p = *state;

	rules_close(&p->rules);
	json_decref(p->cases);
	return 0;
}

/* ---- cases ------------------------------------------------------------- */

static const json_t *
cases_of(const struct pool *p, const struct rule *x)
{
	return json_object_getn(p->cases, (const char *)x->id.p, x->id.n);
}

/* As scorecard does, for an audit of that kind of mail. */
static const char *
outcome_of(const struct rule *x, const json_t *facts)
{
	static const char *const by_truth[] = {
		[TRUTH_TRUE] = "pass",
		[TRUTH_FALSE] = "fail",
		[TRUTH_UNKNOWN] = "unknown",
	};
	const char *answer =
	    json_string_value(json_object_get(facts, "attest"));
	enum truth when = TRUTH_TRUE;

	if (x->when != NULL)
		when = expr_eval(x->when, facts, NULL);
	if (when != TRUTH_TRUE)
		return when == TRUTH_FALSE ? "not-applicable" : "unknown";
	if (x->require != NULL)
		return by_truth[expr_eval(x->require, facts, NULL)];
	if (answer == NULL)
		return "unknown";
	return strcmp(answer, "yes") == 0 ? "pass" : "fail";
}

static void
check_case(const struct rule *x, const json_t *of, const char *name)
{
	const json_t *facts = json_object_get(of, name);
	char what[160];
	const char *got;

	if (!json_is_object(facts)) {
		(void)snprintf(what, sizeof(what), "has no case \"%s\"", name);
		wrong(x, what);
		return;
	}
	got = outcome_of(x, facts);
	if (strcmp(got, name) == 0)
		return;
	(void)snprintf(what, sizeof(what), "the case \"%s\" gives %s", name,
	    got);
	wrong(x, what);
}

static void
each_rule_passes_fails_and_is_unknown(void **state)
{
	const struct pool *p = *state;

	faults = 0;
	for (size_t i = 0; i < p->rules->n; i++) {
		const struct rule *x = p->rules->rules[i];
		const json_t *of = cases_of(p, x);

		for (size_t k = 0; k < N_OUTCOMES; k++) {
			if (strcmp(outcomes[k], "not-applicable") != 0 ||
			    x->when != NULL)
				check_case(x, of, outcomes[k]);
		}
	}
	assert_int_equal(faults, 0);
}

static bool
is_case_key(const char *key)
{
	for (size_t i = 0; i < N_OUTCOMES; i++) {
		if (strcmp(key, outcomes[i]) == 0)
			return true;
	}
	return strcmp(key, "as_of") == 0;
}

static void
each_case_is_of_a_rule(void **state)
{
	const struct pool *p = *state;
	const char *id, *key;
	json_t *of, *value;

	faults = 0;
	json_object_foreach(p->cases, id, of)
	{
		if (rules_find(p->rules, slice_str(id)) == NULL) {
			print_error("%s: there is no such rule\n", id);
			faults++;
		}
		json_object_foreach(of, key, value)
		{
			if (!is_case_key(key) || value == NULL) {
				print_error("%s: what is \"%s\"?\n", id, key);
				faults++;
			}
		}
	}
	assert_int_equal(faults, 0);
}

/* ---- dates ------------------------------------------------------------- */

/* The rule ended: on as_of it held, and on its last day, but not after. */
static void
check_end(const struct rule *x, const json_t *of)
{
	const char *as_of = json_string_value(json_object_get(of, "as_of"));
	int64_t t;

	if (as_of == NULL || !civil_rfc3339_parse(slice_str(as_of), &t))
		wrong(x, "has ended, and its cases have no as_of");
	else if (!rule_in_force(x, t))
		wrong(x, "is not in force at the as_of of its cases");
	if (!rule_in_force(x, x->until - 1) || rule_in_force(x, x->until))
		wrong(x, "does not end on the day that until gives");
}

static void
check_dates(const struct rule *x, const json_t *of)
{
	int64_t checked;

	if (x->checked.n != sizeof("2026-07-02") - 1 ||
	    !civil_rfc3339_parse(x->checked, &checked)) {
		wrong(x, "has no date on which its source was read");
		return;
	}
	if (x->since > checked)
		wrong(x, "begins after its source was read");
	if (x->until != INT64_MAX)
		check_end(x, of);
	else if (!rule_in_force(x, checked))
		wrong(x, "is not in force when its source was read");
}

static void
each_rule_has_dates_that_can_be(void **state)
{
	const struct pool *p = *state;

	faults = 0;
	for (size_t i = 0; i < p->rules->n; i++)
		check_dates(p->rules->rules[i],
		    cases_of(p, p->rules->rules[i]));
	assert_int_equal(faults, 0);
}

/* ---- sources and codes ------------------------------------------------- */

static bool
is_number(struct slice s, size_t most)
{
	uint64_t n;

	return s.n > 0 && s.n <= most && slice_number(s, 999, &n);
}

/* A reply code (RFC 5321 4.2) or an enhanced status code (RFC 3463 2). */
static bool
is_code(struct slice s)
{
	struct slice class, subject, detail;

	if (s.n == 0 || (s.p[0] != '4' && s.p[0] != '5'))
		return false;
	if (!slice_cut(s, '.', &class, &detail))
		return s.n == 3 && is_number(s, 3);
	return class.n == 1 && slice_cut(detail, '.', &subject, &detail) &&
	       is_number(subject, 3) && is_number(detail, 3);
}

static void
each_rule_has_a_source_and_codes_of_failures(void **state)
{
	const struct pool *p = *state;

	faults = 0;
	for (size_t i = 0; i < p->rules->n; i++) {
		const struct rule *x = p->rules->rules[i];

		if (!slice_starts(x->source, SLICE_LIT("https://")))
			wrong(x, "has no source");
		for (size_t k = 0; k < x->n_codes; k++) {
			if (!is_code(x->codes[k]))
				wrong(x, "has a code that is none");
			for (size_t m = 0; m < k; m++) {
				if (slice_eq(x->codes[k], x->codes[m]))
					wrong(x, "has a code twice");
			}
		}
	}
	assert_int_equal(faults, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_rule_passes_fails_and_is_unknown),
		cmocka_unit_test(each_case_is_of_a_rule),
		cmocka_unit_test(each_rule_has_dates_that_can_be),
		cmocka_unit_test(each_rule_has_a_source_and_codes_of_failures),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
