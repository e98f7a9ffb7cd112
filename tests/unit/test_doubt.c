#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rules/doubt.h"
#include "rules/fact.h"
#include "with_arena.h"

static const struct fact_row facts_known[] = {
	{ "s.yes", "bool", true },
	{ "s.maybe", "bool", false },
	{ "s.text", "text", false },
	{ "s.word", "a|b|c", false },
	{ "s.sure", "a|b", true },
	{ "s.bits", "number", true },
	{ "s.none", "number", false },
	{ "s.list", "list", true },
	{ "s.list[].up", "bool", true },
	{ "s.gone", "list", false },
	{ "g", "object", false },
	{ "g.mode", "on|off", true },
	{ NULL, NULL, false },
};

WITH_ARENA(16 * 1024 * 1024, 64 * 1024)

#define FAIL  "it can never fail: \"require\" is never false"
#define PASS  "it can never pass: \"require\" is never true"
#define APPLY "it never applies: \"when\" is never true"
#define PLACE(place) \
	"{" place \
	"} in \"why\" may be \"nothing\" when it fails: write {" place "|...}"

static const struct {
	const char *when; /* NULL: none */
	const char *require;
	const char *why;
	const char *doubt; /* NULL: none */
} rows[] = {
	{ NULL, "s.yes", "W", NULL },
	{ NULL, "not s.maybe", "W", NULL },
	{ NULL, "s.word == \"a\"", "W", NULL },
	{ NULL, "s.bits >= 5 and s.bits < 6", "W", NULL },
	{ NULL, "s.bits > 5 and s.bits < 5.5", "W", NULL },
	{ NULL, "s.text exists", "W", NULL },
	{ NULL, "g == null", "W", NULL },
	{ NULL, "g.mode == \"on\" and g exists", "W", NULL },
	{ NULL, "g exists and g.mode == \"on\"", "W", NULL },
	{ NULL, "g.mode == \"on\" or g == null", "W", NULL },
	{ NULL, "any(s.list, it.up)", "W", NULL },
	{ NULL, "all(s.gone, true)", "W", NULL },
	{ NULL, "s.text matches \"x\" or s.yes", "W", NULL },
	{ NULL, "count(s.list) >= 3", "W", NULL },
	{ NULL, "s.text == s.word", "W", NULL },
	{ NULL, "s.text >= \"TLSv1.2\"", "W", NULL },
	{ "s.yes", "s.word == \"a\" or not s.yes", "W", NULL },
	{ "s.maybe == null", "s.yes", "W", NULL },

	{ NULL, "s.yes or not s.yes", "W", FAIL },
	{ NULL, "s.text exists or s.text == null", "W", FAIL },
	{ NULL, "s.sure in [\"a\", \"b\"]", "W", FAIL },
	{ NULL, "s.bits exists", "W", FAIL },
	{ NULL, "s.word == \"a\" or s.word != \"a\"", "W", FAIL },
	{ NULL, "s.bits <= 5 or s.bits > 5", "W", FAIL },
	{ NULL, "all(s.list, true) and s.bits exists", "W", FAIL },
	{ NULL, "s.text matches \"x\" or not s.text matches \"x\"", "W", FAIL },
	{ "s.yes", "s.yes and s.bits exists", "W", FAIL },
	{ NULL, "s.yes and not s.yes", "W", PASS },
	{ NULL, "s.word == \"a\" and s.word == \"b\"", "W", PASS },
	{ NULL, "s.bits > 5 and s.bits < 5", "W", PASS },
	{ NULL, "s.sure == null", "W", PASS },
	{ NULL, "g == null and g.mode == \"on\"", "W", PASS },
	{ NULL, "any(s.list, false) and s.yes", "W", PASS },
	{ "s.word == \"b\"", "s.word == \"a\"", "W", PASS },
	{ "s.yes and not s.yes", "s.word == \"a\"", "W", APPLY },
	{ "s.sure == null", "s.yes", "W", APPLY },

	{ NULL, "s.word == \"a\"", "It is {s.word}.", PLACE("s.word") },
	{ NULL, "s.word == \"a\"", "It is {s.word|not there}.", NULL },
	{ NULL, "s.word == \"a\"", "It is {s.text}.", NULL },
	{ NULL, "s.none <= 10", "It is {s.none}.", PLACE("s.none") },
	{ NULL, "s.bits <= 10", "It is {s.bits}.", NULL },
	{ NULL, "s.none == null or s.none <= 10", "It is {s.none}.", NULL },
	{ "s.word exists", "s.word == \"a\"", "It is {s.word}.", NULL },
};

static void
each_rule_is_doubted_or_not(void **state)
{
	const struct facts *known = NULL;

	(void)state;
	assert_int_equal(facts_new(arena, facts_known, &known), RC_OK);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct slice doubts[DOUBTS_MAX], text;
		struct rules *r = NULL;
		struct pack_error e;
		size_t n;

		text = arena_slicef(arena,
		    "[a.b]\ntitle = T\nlevel = may\nconsequence = advice\n"
		    "source = https://example.com/\nfix = F\nwhy = %s\n"
		    "require = %s\n%s%s\n",
		    rows[i].why, rows[i].require,
		    rows[i].when != NULL ? "when = " : "",
		    rows[i].when != NULL ? rows[i].when : "");
		assert_int_equal(rules_new(&r), RC_OK);
		if (rules_add_pack(r, SLICE_LIT("x"), text, known, &e))
			fail_msg("%s: %.*s", rows[i].require,
			    SLICE_FMT(e.what));
		assert_int_equal(rule_doubts(arena, r->rules[0], doubts, &n),
		    RC_OK);
		if (n != (rows[i].doubt != NULL) ||
		    (n > 0 && !slice_eq(doubts[0], slice_str(rows[i].doubt))))
			fail_msg("%s; %s: %.*s", rows[i].require, rows[i].when,
			    n > 0 ? (int)doubts[0].n : 4,
			    n > 0 ? (const char *)doubts[0].p : "none");
		rules_close(&r);
	}
}

static void
of_a_rule_with_too_much_to_try_nothing_is_said(void **state)
{
	struct slice doubts[DOUBTS_MAX];
	struct rules *r = NULL;
	struct pack_error e;
	struct buf b;
	size_t n;

	(void)state;
	buf_init(&b, 64 * 1024);
	buf_add_str(&b,
	    "[a.b]\ntitle = T\nlevel = may\nconsequence = advice\nfix = F\n"
	    "source = https://example.com/\nwhy = W\nrequire = x.y == 1");
	for (int i = 0; i < 100; i++)
		buf_printf(&b, " and a.b%d != \"x\"", i);
	buf_add_str(&b, " and x.y == 2\n");
	assert_int_equal(rules_new(&r), RC_OK);
	assert_int_equal(rules_add_pack(r, SLICE_LIT("x"), buf_slice(&b), NULL,
			     &e),
	    RC_OK);
	assert_int_equal(rule_doubts(arena, r->rules[0], doubts, &n), RC_OK);
	assert_int_equal(n, 0);
	rules_close(&r);
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_rule_is_doubted_or_not),
		cmocka_unit_test(
		    of_a_rule_with_too_much_to_try_nothing_is_said),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
