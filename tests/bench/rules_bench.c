/*
 * rules_bench DOCUMENT [PACK...]
 *
 * Judges the facts of the document's first audit by all rules there are, those
 * of the built-in packs and of the files, again and again; and reads the packs.
 * Prints a line each: what, microseconds, and how many times what jansson needs
 * to read the same facts (or packs, as one JSON text) that is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "audit/packs.h"
#include "audit/scorecard.h"
#include "base/limits.h"

enum {
	ROUNDS = 7,
	JUDGED = 300,
	READ = 30,
	MICROSECONDS = 1000000,
	PACKS_MAX = 32,
	AS_OF = 1795219200
};

struct job {
	const struct settings *settings;
	struct rules *rules;
	const json_t *facts;
	json_t *absent;
	char *text; /* that jansson reads */
	size_t unknown;
	struct audit *audit;
	struct scorecard_settings scorecard;
};

static void
die(const char *why)
{
	(void)fprintf(stderr, "rules_bench: %s\n", why);
	exit(2);
}

static double
seconds_now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- what is measured -------------------------------------------------- */

static void
judge_all(struct job *j)
{
	for (size_t i = 0; i < j->rules->n; i++) {
		const struct rule *r = j->rules->rules[i];

		(void)json_array_clear(j->absent);
		if (r->when != NULL &&
		    expr_eval(r->when, j->facts, j->absent) == TRUTH_FALSE)
			continue;
		if (r->require != NULL)
			j->unknown += expr_eval(r->require, j->facts,
					  j->absent) == TRUTH_UNKNOWN;
	}
}

/* The results and verdicts too. */
static void
score_all(struct job *j)
{
	struct scorecard_counts counts = { 0 };
	json_t *element = scorecard_make(&j->scorecard, j->audit, &counts);

	if (element == NULL)
		die("out of memory");
	json_decref(element);
	/* It takes the subject off. */
	(void)json_object_set(j->audit->facts, "subject", j->audit->described);
}

static void
read_packs(struct job *j)
{
	struct arena *a = arena_new(LIMIT_COMMAND_ARENA, 64 * 1024);
	struct rules *rules = NULL;
	struct slice error;

	if (a == NULL || packs_load(j->settings, a, &rules, &error) != RC_OK)
		die("cannot read the packs");
	rules_close(&rules);
	arena_free(a);
}

static void
read_json(struct job *j)
{
	json_t *again = json_loads(j->text, JSON_DECODE_ANY, NULL);

	if (again == NULL)
		die("cannot read it again");
	json_decref(again);
}

/* The best of some rounds, in microseconds: what disturbs takes longer. */
static double
measure(struct job *j, size_t times, void (*what)(struct job *))
{
	double best = 0, start, each;

	for (int round = 0; round < ROUNDS; round++) {
		start = seconds_now();
		for (size_t i = 0; i < times; i++)
			what(j);
		each = (seconds_now() - start) / (double)times * MICROSECONDS;
		if (round == 0 || each < best)
			best = each;
	}
	return best;
}

/* ---- what it is measured by -------------------------------------------- */

/* The packs as JSON: a rule is an object, its keys are members. */
static char *
packs_json(const struct rules *rules)
{
	json_t *all = json_array();
	char *text;

	for (size_t i = 0; i < rules->n; i++) {
		const struct rule *r = rules->rules[i];
		struct buf b;

		buf_init(&b, LIMIT_RENDERED);
		if (r->require != NULL)
			expr_print(r->require, &b);
		(void)json_array_append_new(all,
		    json_pack("{s:s%, s:s%, s:s%, s:s%, s:s%, s:s%}", "id",
			r->id.p, r->id.n, "title", r->title.p, r->title.n,
			"source", r->source.p, r->source.n, "require",
			b.n > 0 ? (const char *)b.p : "", b.n, "why",
			template_source(r->why).p, template_source(r->why).n,
			"fix", template_source(r->fix).p,
			template_source(r->fix).n));
		buf_free(&b);
	}
	text = json_dumps(all, JSON_COMPACT);
	json_decref(all);
	return text;
}

static void
compare(struct job *j, const char *name, size_t times,
    void (*what)(struct job *))
{
	double ours = measure(j, times, what);
	double theirs = measure(j, times, read_json);

	(void)printf("%s %.1f %.2f\n", name, ours, ours / theirs);
	free(j->text);
}

static bool
every_check(void *arg, const struct check *c)
{
	return arg == NULL && c != NULL;
}

static void
job_open(struct job *j, const json_t *doc, struct arena *a)
{
	const json_t *audit = json_array_get(json_object_get(doc, "audits"), 0);
	struct slice error;
	enum rc rc = packs_load(j->settings, a, &j->rules, &error);

	if (audit == NULL || rc != RC_OK || audit_new(0, &j->audit) != RC_OK)
		die("a document is needed, and packs may follow");
	j->facts = j->audit->facts;
	(void)json_object_update(j->audit->facts,
	    json_object_get(audit, "facts"));
	j->audit->described = json_incref(json_object_get(audit, "subject"));
	(void)json_object_set(j->audit->facts, "subject", j->audit->described);
	(void)json_array_extend(j->audit->gaps, json_object_get(audit, "gaps"));
	j->absent = json_array();
	j->scorecard = (struct scorecard_settings){ .rules = j->rules,
		.audience = AUDIENCE_BULK,
		.class = CLASS_MARKETING,
		.as_of = AS_OF,
		.selected = every_check };
	if (packs_providers(j->settings, j->rules, a, &j->scorecard.providers,
		&j->scorecard.n_providers, &error) != RC_OK ||
	    scorecard_open(&j->scorecard) != RC_OK)
		die("cannot judge");
}

int
main(int argc, char **argv)
{
	json_t *doc = argc > 1 ? json_load_file(argv[1], 0, NULL) : NULL;
	struct arena *a = arena_new(LIMIT_COMMAND_ARENA, 64 * 1024);
	const char *packs[PACKS_MAX], *all = "all";
	struct settings s = { .providers = { &all, 1 } };
	struct job j = { .settings = &s };

	for (int i = 2; i < argc && i < PACKS_MAX; i++)
		packs[s.rule_dirs.n++] = argv[i];
	s.rule_dirs.items = packs;
	if (a == NULL)
		die("out of memory");
	job_open(&j, doc, a);
	j.text = json_dumps(j.facts, JSON_COMPACT);
	compare(&j, "judge", JUDGED, judge_all);
	j.text = json_dumps(j.facts, JSON_COMPACT);
	compare(&j, "score", JUDGED, score_all);
	j.text = packs_json(j.rules);
	compare(&j, "read", READ, read_packs);
	(void)printf("rules %zu\n", j.rules->n);
	scorecard_close(&j.scorecard);
	audit_close(&j.audit);
	rules_close(&j.rules);
	json_decref(j.absent);
	json_decref(doc);
	arena_free(a);
	return 0;
}
