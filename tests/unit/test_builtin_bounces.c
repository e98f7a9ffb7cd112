#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "bounces/classify.h"

static struct bounces *set;
static struct rules *rules;

static int
load(void **state)
{
	const struct builtin_pack *p;
	struct pack_error e;

	(void)state;
	if (bounces_new(&set) != RC_OK || rules_new(&rules) != RC_OK)
		return -1;
	for (p = builtin_bounces; p->name != NULL; p++) {
		if (bounces_add_pack(set, slice_str(p->name),
			slice_of(p->text, p->size), &e) != RC_OK)
			fail_msg("%s:%zu:%zu: %.*s", p->name, e.line, e.column,
			    SLICE_FMT(e.what));
	}
	for (p = builtin_packs; p->name != NULL; p++) {
		if (rules_add_pack(rules, slice_str(p->name),
			slice_of(p->text, p->size), NULL, &e) != RC_OK)
			return -1;
	}
	return 0;
}

static int
unload(void **state)
{
	(void)state;
	bounces_close(&set);
	rules_close(&rules);
	return 0;
}

/* Whether any rule is of the provider that the id begins with. */
static bool
has_pack(struct slice id)
{
	struct slice first, rest;

	(void)slice_cut(id, '.', &first, &rest);
	for (size_t i = 0; i < rules->n; i++) {
		if (slice_eq(rules->rules[i]->provider, first))
			return true;
	}
	return false;
}

static void
every_rule_that_a_pattern_points_to_is_there(void **state)
{
	size_t missing = 0;

	(void)state;
	for (size_t i = 0; i < set->n_patterns; i++) {
		const struct bounce_pattern *p = set->patterns[i];

		for (size_t k = 0; k < p->n_rules; k++) {
			struct slice id = p->rules[k];

			if (rules_find(rules, id) != NULL || !has_pack(id))
				continue;
			print_error("%.*s: there is no rule %.*s\n",
			    SLICE_FMT(p->id), SLICE_FMT(id));
			missing++;
		}
	}
	assert_int_equal(missing, 0);
}

/* A reply of the pattern's first codes and one of its phrases. */
static void
reply_of(const struct bounce_pattern *p, const struct phrase *f,
    char text[2048])
{
	int n = 0;

	text[0] = '\0';
	if (p->n_replies > 0)
		n = snprintf(text, 2048, "%d ", p->replies[0].from);
	if (p->n_statuses > 0)
		n += snprintf(text + n, 2048 - (size_t)n, "%d.%d.%d ",
		    p->statuses[0].class < 0 ? 5 : p->statuses[0].class,
		    p->statuses[0].subject, p->statuses[0].from);
	for (size_t i = 0; i < f->n; i++)
		n += snprintf(text + n, 2048 - (size_t)n, "%s%.*s",
		    i > 0 ? " x " : "", SLICE_FMT(f->pieces[i]));
}

/* A pattern is worth its place if each of its phrases leads to its reason. */
static void
each_phrase_is_known_for_what_it_is(void **state)
{
	struct classifier *c = NULL;
	unsigned char room[LIMIT_GIST];
	size_t bad = 0;

	(void)state;
	assert_int_equal(classifier_new(set, &c), RC_OK);
	for (size_t i = 0; i < set->n_patterns; i++) {
		const struct bounce_pattern *p = set->patterns[i];
		struct bounce_source from = { .given = p->provider };

		for (size_t k = 0; !p->weak && k < p->text.n; k++) {
			struct bounce_class class;
			char text[2048];
			struct reply r;

			reply_of(p, &p->text.list[k], text);
			reply_parse(slice_str(text), room, &r);
			classify(c, &r, &from, &class);
			if (class.pattern == NULL ||
			    class.pattern->reason != p->reason) {
				print_error("%.*s: \"%s\" is %.*s\n",
				    SLICE_FMT(p->id), text,
				    class.pattern != NULL
					? (int)class.pattern->id.n
					: 0,
				    class.pattern != NULL
					? (const char *)class.pattern->id.p
					: "");
				bad++;
			}
		}
	}
	classifier_close(&c);
	assert_int_equal(bad, 0);
}

static void
sources_and_dates_are_those_of_a_page(void **state)
{
	(void)state;
	assert_true(set->n_patterns > 300);
	for (size_t i = 0; i < set->n_patterns; i++) {
		const struct bounce_pattern *p = set->patterns[i];

		assert_int_equal(p->checked.n, sizeof("2026-01-02") - 1);
		assert_true(slice_starts(p->source, SLICE_LIT("https://")));
		assert_true(p->title.n > 0 && p->title.n <= 120);
		if (strchr("./)", p->fix.p[p->fix.n - 1]) == NULL)
			fail_msg("%.*s: the fix is no sentence",
			    SLICE_FMT(p->id));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_rule_that_a_pattern_points_to_is_there),
		cmocka_unit_test(each_phrase_is_known_for_what_it_is),
		cmocka_unit_test(sources_and_dates_are_those_of_a_page),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
