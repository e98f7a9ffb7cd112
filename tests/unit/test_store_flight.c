#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "probes/store.h"

struct woken {
	struct asker asker;
	unsigned int times;
};

static void
wake(struct asker *a)
{
	struct woken *w = a->owner;

	w->times++;
}

static void
woken_init(struct woken *w, struct store *s, struct pins *p)
{
	*w = (struct woken){ .asker = { s, p, wake, w, 0 } };
}

static struct question
question_of(const char *url)
{
	return (
	    struct question){ .kind = QUESTION_HTTP, .name = slice_str(url) };
}

/* Enough answers, held by nobody, to push out whatever is idle. */
static void
fill_idle(struct store *s)
{
	const size_t n = LIMIT_ANSWER_ARENA / 2;

	for (unsigned int i = 0; i < 2 + LIMIT_STORE_IDLE / n; i++) {
		char url[] = "https://filler.example/A";
		struct pins pins = { 0 };
		struct question q;
		struct woken w;
		struct entry *e;

		url[sizeof(url) - 2] = (char)('A' + i);
		q = question_of(url);
		woken_init(&w, s, &pins);
		assert_null(evidence_ask(&w.asker, &q));
		e = store_next_wanted(s);
		assert_non_null(arena_alloc(entry_arena(e), n, 1));
		entry_fail(e, SEEN_TEMPORARY, CAUSE_TIMEOUT, NULL);
		assert_int_equal(w.times, 1);
		pins_release(s, &pins);
	}
}

static void
an_entry_in_flight_outlives_the_audit_that_gave_it_up(void **state)
{
	struct store *s = store_new();
	struct question q = question_of("https://slow.example/");
	struct answer late = { .seen = SEEN_ANSWERED };
	struct pins pins = { 0 };
	struct woken w;
	struct entry *e;

	(void)state;
	woken_init(&w, s, &pins);
	assert_null(evidence_ask(&w.asker, &q));
	e = store_next_wanted(s);
	assert_non_null(e);
	store_give_up(s, &w.asker, CAUSE_DEADLINE, "out of time");
	assert_int_equal(w.times, 1);
	assert_true(entry_answered(e));
	pins_release(s, &pins);
	fill_idle(s);

	/* Its probe still may fill the answer, which comes too late. */
	late.detail = arena_copy(entry_arena(e), SLICE_LIT("late"));
	assert_true(
	    slice_eq(entry_key(e), SLICE_LIT("https https://slow.example/")));
	entry_answer(e, &late);
	assert_int_equal(w.times, 1);
	fill_idle(s);
	store_free(s);
}

static void
what_was_given_up_keeps_that_answer(void **state)
{
	struct store *s = store_new();
	struct question q = question_of("https://slow.example/");
	struct answer late = { .seen = SEEN_ANSWERED };
	const struct answer *a;
	struct pins pins = { 0 };
	struct woken w;
	struct entry *e;

	(void)state;
	woken_init(&w, s, &pins);
	assert_null(evidence_ask(&w.asker, &q));
	e = store_next_wanted(s);
	store_give_up(s, &w.asker, CAUSE_DEADLINE, "out of time");
	entry_answer(e, &late);
	a = evidence_ask(&w.asker, &q);
	assert_non_null(a);
	assert_int_equal(a->seen, SEEN_NOT_ASKED);
	assert_int_equal(a->cause, CAUSE_DEADLINE);
	assert_true(slice_eq(a->detail, SLICE_LIT("out of time")));
	pins_release(s, &pins);
	store_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    an_entry_in_flight_outlives_the_audit_that_gave_it_up),
		cmocka_unit_test(what_was_given_up_keeps_that_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
