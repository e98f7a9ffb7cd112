#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "arena_sweep.h"
#include "rules/fact.h"
#include "with_arena.h"

static const struct fact_row rows[] = {
	{ "yes", "bool", false },
	{ "record", "text", false },
	{ "result", "pass|fail|spf.*", false },
	{ "one", "only|", false },
	{ "bits", "number", false },
	{ "policy", "object", false },
	{ "policy.mode", "text", false },
	{ "hosts", "list", false },
	{ "hosts[].up", "bool", false },
	{ "hosts[].names", "list", false },
	{ "hosts[].names[]", "text", false },
	{ "bare", "list", false },
	{ "loose", "object", false },
	{ "deep.er[].est[].v", NULL, false },
	{ NULL, NULL, false },
};

WITH_ARENA(64 * 1024, 4096)

static const struct facts *
known(void)
{
	const struct facts *f = NULL;

	assert_int_equal(facts_new(arena, rows, &f), RC_OK);
	return f;
}

static void
each_fact_is_found_with_its_kind(void **state)
{
	static const struct {
		const char *path;
		enum fact_kind kind;
		bool named;
	} wanted[] = {
		{ "yes", FACT_BOOL, true },
		{ "record", FACT_TEXT, true },
		{ "result", FACT_TEXT, true },
		{ "bits", FACT_NUMBER, true },
		{ "policy", FACT_GROUP, true },
		{ "policy.mode", FACT_TEXT, true },
		{ "hosts", FACT_LIST, true },
		{ "hosts[]", FACT_GROUP, false },
		{ "hosts[].names", FACT_LIST, true },
		{ "hosts[].names[]", FACT_TEXT, true },
		{ "bare", FACT_LIST, true },
		{ "deep", FACT_GROUP, false },
		{ "deep.er", FACT_LIST, false },
		{ "deep.er[].est[]", FACT_GROUP, false },
		{ "deep.er[].est[].v", FACT_ANY, true },
	};
	const struct facts *all = known();

	(void)state;
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		const struct fact *f =
		    facts_find(all, slice_str(wanted[i].path));

		if (f == NULL || f->kind != wanted[i].kind ||
		    f->named != wanted[i].named)
			fail_msg("%s", wanted[i].path);
	}
	assert_true(slice_eq(facts_find(all, SLICE_LIT("hosts"))->element->path,
	    SLICE_LIT("hosts[]")));
	assert_null(facts_find(all, SLICE_LIT("bare"))->element);
	assert_null(facts_find(all, SLICE_LIT("host")));
	assert_null(facts_find(all, SLICE_LIT("hosts[].u")));
	assert_null(facts_find(all, SLICE_LIT("")));
}

static void
what_is_not_said_more_of_may_hold_anything(void **state)
{
	const struct facts *all = known();

	(void)state;
	assert_true(facts_unsaid(all, SLICE_LIT("bare[]")));
	assert_true(facts_unsaid(all, SLICE_LIT("bare[].x.y")));
	assert_true(facts_unsaid(all, SLICE_LIT("loose.x")));
	assert_false(facts_unsaid(all, SLICE_LIT("loose[]")));
	assert_false(facts_unsaid(all, SLICE_LIT("policy.x")));
	assert_false(facts_unsaid(all, SLICE_LIT("hosts[].x")));
	assert_false(facts_unsaid(all, SLICE_LIT("record[]")));
	assert_false(facts_unsaid(all, SLICE_LIT("deep.x")));
}

static bool
may(const char *fact, const char *text)
{
	return fact_may_be(facts_find(known(), slice_str(fact)),
	    slice_str(text));
}

static void
a_fact_of_words_is_one_of_them(void **state)
{
	(void)state;
	assert_true(may("result", "pass"));
	assert_true(may("result", "spf.none"));
	assert_true(may("result", "spf."));
	assert_false(may("result", "spf"));
	assert_false(may("result", "passed"));
	assert_false(may("result", ""));
	assert_true(may("one", "only"));
	assert_false(may("one", ""));
	assert_true(may("record", "whatever"));
	assert_true(slice_eq(fact_words_text(arena, SLICE_LIT("a|b|c")),
	    SLICE_LIT("a, b or c")));
	assert_true(slice_eq(fact_words_text(arena, SLICE_LIT("only|")),
	    SLICE_LIT("only")));
}

static void
the_nearest_fact_is_suggested(void **state)
{
	(void)state;
	assert_string_equal(facts_suggest(arena, known(),
				SLICE_LIT("hosts[].name")),
	    ", did you mean \"hosts[].names\"?");
	assert_string_equal(facts_suggest(arena, known(),
				SLICE_LIT("zzzzzzzzzzzz")),
	    "");
}

static enum rc
make(struct arena *a)
{
	const struct facts *f = NULL;

	return facts_new(a, rows, &f) == RC_NOMEM ? RC_LIMIT : RC_OK;
}

static void
every_allocation_may_fail(void **state)
{
	(void)state;
	arena_sweep(make);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_fact_is_found_with_its_kind),
		cmocka_unit_test(what_is_not_said_more_of_may_hold_anything),
		cmocka_unit_test(a_fact_of_words_is_one_of_them),
		cmocka_unit_test(the_nearest_fact_is_suggested),
		cmocka_unit_test(every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
