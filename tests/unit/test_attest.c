#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rules/attest.h"

/* 2026-11-26T00:00:00Z */
#define AS_OF 1795651200

static const char pack[] =
    "[p.asked]\ntitle = T\nlevel = must\nconsequence = reject\n"
    "source = https://example.com/\nwhy = W\nfix = F\nattest = Do you?\n"
    "[p.both]\ntitle = T\nlevel = must\nconsequence = reject\n"
    "source = https://example.com/\nwhy = W\nfix = F\nattest = Do you?\n"
    "require = spf.pass\n"
    "[p.measured]\ntitle = T\nlevel = must\nconsequence = reject\n"
    "source = https://example.com/\nwhy = W\nfix = F\nrequire = spf.pass\n";

struct world {
	struct rules *rules;
	struct attestations all;
};

static void
world_open(struct world *w)
{
	struct pack_error e;

	*w = (struct world){ .all.arena = arena_new(1 << 20, 4096) };
	assert_non_null(w->all.arena);
	assert_int_equal(rules_new(&w->rules), RC_OK);
	assert_int_equal(rules_add_pack(w->rules, SLICE_LIT("p.rules"),
			     slice_str(pack), NULL, &e),
	    RC_OK);
}

static void
world_close(struct world *w)
{
	arena_free(w->all.arena);
	rules_close(&w->rules);
}

static enum rc
read_text(struct world *w, const char *file, const char *text,
    struct pack_error *e)
{
	return attest_read(&w->all, w->rules, AS_OF, slice_str(file),
	    slice_str(text), e);
}

static void
must_read(struct world *w, const char *file, const char *text)
{
	struct pack_error e;

	if (read_text(w, file, text, &e) != RC_OK)
		fail_msg("%zu:%zu: %.*s", e.line, e.column, SLICE_FMT(e.what));
}

static const struct attestation *
answer_to(const struct world *w, const char *id)
{
	return attest_find(&w->all, rules_find(w->rules, slice_str(id)));
}

static void
an_answer_has_who_when_and_what(void **state)
{
	const struct attestation *a;
	struct world w;

	(void)state;
	world_open(&w);
	must_read(&w, "a",
	    "# ours\n[p.asked]\nanswer = yes\nby = Ann\n  Example\n"
	    "date = 2026-11-26\nnote = as agreed\n"
	    "[p.both]\ndate = 2020-02-29\nby = Bob\nanswer = no\n");
	assert_int_equal(w.all.n, 2);
	a = answer_to(&w, "p.asked");
	assert_non_null(a);
	assert_true(a->yes);
	assert_true(slice_eq(a->by, SLICE_LIT("Ann Example")));
	assert_true(slice_eq(a->date, SLICE_LIT("2026-11-26")));
	assert_true(slice_eq(a->note, SLICE_LIT("as agreed")));
	assert_int_equal(a->line, 2);
	a = answer_to(&w, "p.both");
	assert_false(a->yes);
	assert_null(a->note.p);
	assert_null(answer_to(&w, "p.measured"));
	world_close(&w);
}

static void
what_is_not_answered_yet_counts_for_nothing(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	must_read(&w, "a",
	    "[attest]\nby = ?\ndate = ?\n[p.asked]\nanswer = ?\n"
	    "[p.both]\nanswer = ?\nby = ?\ndate = ?\n");
	assert_int_equal(w.all.n, 0);
	must_read(&w, "b", "");
	assert_int_equal(w.all.n, 0);
	/* It may still be answered elsewhere. */
	must_read(&w, "c",
	    "[p.asked]\nanswer = yes\nby = A\ndate = 2026-01-01\n");
	assert_int_equal(w.all.n, 1);
	world_close(&w);
}

static void
who_and_when_may_stand_once_for_what_follows(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	must_read(&w, "a",
	    "[attest]\nby = Ann\ndate = 2026-11-01\n[p.asked]\nanswer = yes\n"
	    "[attest]\nby = Bob\ndate = 2026-11-02\n"
	    "[p.both]\nanswer = yes\ndate = 2026-11-03\n");
	assert_true(slice_eq(answer_to(&w, "p.asked")->by, SLICE_LIT("Ann")));
	assert_true(slice_eq(answer_to(&w, "p.both")->by, SLICE_LIT("Bob")));
	assert_true(
	    slice_eq(answer_to(&w, "p.both")->date, SLICE_LIT("2026-11-03")));
	world_close(&w);
}

static const struct {
	const char *text;
	size_t line, column;
	const char *what;
} errors[] = {
	{ "answer = yes\n", 1, 1,
	    "expected a section before the first key: the id of a rule in "
	    "brackets" },
	{ "\n[p.askd]\n", 2, 2,
	    "there is no rule \"p.askd\", did you mean \"p.asked\"?" },
	{ "[ other.rule_here ]\n", 1, 3,
	    "there is no rule \"other.rule_here\"" },
	{ "[p.measured]\nanswer = yes\n", 1, 2,
	    "the rule p.measured takes no answer: it is measured" },
	{ "[p.asked]\nanswer = maybe\n", 2, 10,
	    "expected yes, no or ? (not answered yet); found \"maybe\"" },
	{ "[p.asked]\nanswer = Yes\n", 2, 10,
	    "expected yes, no or ? (not answered yet); found \"Yes\"" },
	{ "[p.asked]\nanswer =\n", 2, 9, "expected a value behind \"=\"" },
	{ "[p.asked]\ndate = 2026-02-29\n", 2, 8,
	    "expected a date such as 2026-11-21; found \"2026-02-29\"" },
	{ "[p.asked]\ndate = 26.11.2026\n", 2, 8,
	    "expected a date such as 2026-11-21; found \"26.11.2026\"" },
	{ "[p.asked]\nanswer = yes\nby = A\ndate =\n  2026-11-27\n", 5, 3,
	    "expected a date that is not after that of the audit, "
	    "2026-11-26" },
	{ "[attest]\ndate = 2027-11-26\n", 2, 8,
	    "expected a date that is not after that of the audit, "
	    "2026-11-26" },
	{ "[p.asked]\nanswer = yes\nby = A\n", 1, 2,
	    "the answer to p.asked has no \"date\"" },
	{ "[p.asked]\nanswer = yes\nby = ?\ndate = 2026-01-01\n[p.both]\n", 1,
	    2, "the answer to p.asked has no \"by\"" },
	{ "[p.asked]\nby = A\n", 1, 2,
	    "the answer to p.asked has no \"answer\"" },
	{ "[p.asked]\nanswer = no\nanswer = no\n", 3, 1,
	    "the key \"answer\" stands here twice" },
	{ "[p.asked]\nanswr = no\n", 2, 1,
	    "unknown key \"answr\", did you mean \"answer\"?" },
	{ "[attest]\nanswer = yes\n", 2, 1, "unknown key \"answer\"" },
	{ "[p.asked]\nanswer = yes\nby = A\ndate = 2026-01-01\n"
	  "[p.asked]\nanswer = no\n",
	    5, 2, "the rule p.asked is answered already, in a line 1" },
	{ "[p.asked]\nby = A\xff\n", 2, 7, "expected UTF-8, found octet 0xff" },
};

static void
an_error_says_what_and_where(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		struct pack_error e = { .line = 0 };
		struct world w;

		world_open(&w);
		assert_int_equal(read_text(&w, "a", errors[i].text, &e),
		    RC_INVALID);
		if (e.line != errors[i].line || e.column != errors[i].column ||
		    !slice_eq(e.what, slice_str(errors[i].what)))
			fail_msg("%zu: %zu:%zu: %.*s", i, e.line, e.column,
			    SLICE_FMT(e.what));
		world_close(&w);
	}
}

static void
an_answer_in_another_file_is_a_second_one(void **state)
{
	static const char text[] =
	    "[p.asked]\nanswer = no\nby = A\ndate = 2026-01-01\n";
	struct pack_error e;
	struct world w;

	(void)state;
	world_open(&w);
	must_read(&w, "one", text);
	assert_int_equal(read_text(&w, "two", text, &e), RC_INVALID);
	assert_true(slice_eq(e.file, SLICE_LIT("two")));
	assert_true(slice_eq(e.what,
	    SLICE_LIT("the rule p.asked is answered already, in one line 1")));
	world_close(&w);
}

static void
every_allocation_may_fail(void **state)
{
	static const char text[] =
	    "[attest]\nby = Ann\ndate = 2026-11-01\n[p.asked]\nanswer = yes\n"
	    "note = a\n  b\n[p.both]\nanswer = no\n[p.nowhere]\n";
	bool done = false;

	(void)state;
	for (size_t size = 64; !done; size += 64) {
		struct pack_error e;
		struct world w;
		enum rc rc;

		world_open(&w);
		arena_free(w.all.arena);
		w.all.arena = arena_new(size, 64);
		if (w.all.arena == NULL) {
			rules_close(&w.rules);
			continue;
		}
		rc = read_text(&w, "a", text, &e);
		assert_true(rc == RC_NOMEM || rc == RC_INVALID);
		done = rc == RC_INVALID;
		world_close(&w);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_has_who_when_and_what),
		cmocka_unit_test(what_is_not_answered_yet_counts_for_nothing),
		cmocka_unit_test(who_and_when_may_stand_once_for_what_follows),
		cmocka_unit_test(an_error_says_what_and_where),
		cmocka_unit_test(an_answer_in_another_file_is_a_second_one),
		cmocka_unit_test(every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
