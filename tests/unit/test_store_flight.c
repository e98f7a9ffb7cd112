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
	store_give_up(s, &w.asker, CAUSE_DEADLINE, SLICE_LIT("out of time"));
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
	store_give_up(s, &w.asker, CAUSE_DEADLINE, SLICE_LIT("out of time"));
	entry_answer(e, &late);
	a = evidence_ask(&w.asker, &q);
	assert_non_null(a);
	assert_int_equal(a->seen, SEEN_NOT_ASKED);
	assert_int_equal(a->cause, CAUSE_DEADLINE);
	assert_true(slice_eq(a->detail, SLICE_LIT("out of time")));
	pins_release(s, &pins);
	store_free(s);
}

/* Counts what was observed. */
static void
observe(void *arg, const struct question *q, const struct answer *a)
{
	unsigned int *seen = arg;

	(void)q;
	seen[a->seen]++;
}

/* Two audits that ask the same. */
struct two {
	struct store *store;
	struct pins pins[2];
	struct woken asks[2];
	unsigned int seen[SEEN_NOT_ASKED + 1];
	struct question question;
};

static void
two_open(struct two *t)
{
	*t = (struct two){ .store = store_new() };
	assert_non_null(t->store);
	t->question = question_of("https://slow.example/");
	woken_init(&t->asks[0], t->store, &t->pins[0]);
	woken_init(&t->asks[1], t->store, &t->pins[1]);
	store_observe(t->store, observe, t->seen);
}

static void
two_close(struct two *t)
{
	pins_release(t->store, &t->pins[0]);
	pins_release(t->store, &t->pins[1]);
	store_free(t->store);
}

static const struct answer *
ask(struct two *t, int which)
{
	return evidence_ask(&t->asks[which].asker, &t->question);
}

static void
give_up(struct two *t, int which)
{
	store_give_up(t->store, &t->asks[which].asker, CAUSE_DEADLINE,
	    SLICE_LIT("out of time"));
}

static void
one_audits_deadline_is_not_anothers(void **state)
{
	struct answer late = { .seen = SEEN_ABSENT };
	struct entry *e;
	struct two t;

	(void)state;
	two_open(&t);
	assert_null(ask(&t, 0));
	assert_null(ask(&t, 1));
	e = store_next_wanted(t.store);
	give_up(&t, 0);
	assert_int_equal(t.asks[0].times, 1);
	assert_int_equal(t.asks[1].times, 0);
	assert_false(entry_answered(e));
	assert_int_equal(t.seen[SEEN_NOT_ASKED], 0);

	entry_answer(e, &late);
	assert_int_equal(t.asks[0].times, 1);
	assert_int_equal(t.asks[1].times, 1);
	assert_int_equal(ask(&t, 0)->cause, CAUSE_DEADLINE);
	assert_int_equal(ask(&t, 1)->seen, SEEN_ABSENT);
	assert_int_equal(t.seen[SEEN_ABSENT], 1);
	assert_int_equal(t.seen[SEEN_NOT_ASKED], 0);
	two_close(&t);
}

static void
a_deadline_is_observed_once_when_the_last_gives_up(void **state)
{
	struct two t;

	(void)state;
	two_open(&t);
	assert_null(ask(&t, 0));
	assert_null(ask(&t, 1));
	give_up(&t, 0);
	assert_int_equal(t.seen[SEEN_NOT_ASKED], 0);
	give_up(&t, 1);
	assert_int_equal(t.seen[SEEN_NOT_ASKED], 1);
	/* It never went out. */
	assert_null(store_next_wanted(t.store));
	assert_int_equal(ask(&t, 0)->cause, CAUSE_DEADLINE);
	assert_int_equal(ask(&t, 1)->cause, CAUSE_DEADLINE);
	two_close(&t);
}

static void
what_was_given_up_unsent_is_asked_for_the_next_audit(void **state)
{
	struct answer answer = { .seen = SEEN_ABSENT };
	struct two t;

	(void)state;
	two_open(&t);
	assert_null(ask(&t, 0));
	give_up(&t, 0);
	assert_null(ask(&t, 1));
	entry_answer(store_next_wanted(t.store), &answer);
	assert_int_equal(t.asks[1].times, 1);
	assert_int_equal(ask(&t, 1)->seen, SEEN_ABSENT);
	assert_int_equal(ask(&t, 0)->cause, CAUSE_DEADLINE);
	two_close(&t);
}

static void
what_was_given_up_in_flight_still_serves_the_next_audit(void **state)
{
	struct answer answer = { .seen = SEEN_ABSENT };
	struct entry *e;
	struct two t;

	(void)state;
	two_open(&t);
	assert_null(ask(&t, 0));
	e = store_next_wanted(t.store);
	give_up(&t, 0);
	pins_release(t.store, &t.pins[0]);
	assert_null(ask(&t, 1));
	assert_false(entry_answered(e));
	/* It is not sent twice. */
	assert_null(store_next_wanted(t.store));
	entry_answer(e, &answer);
	assert_int_equal(ask(&t, 1)->seen, SEEN_ABSENT);
	two_close(&t);
}

/* ---- what is sent once ------------------------------------------------- */

static struct question
post_of(const char *url)
{
	return (
	    struct question){ .kind = QUESTION_POST, .name = slice_str(url) };
}

static void
a_post_is_kept_for_all_who_ask(void **state)
{
	struct answer answer = { .seen = SEEN_ANSWERED };
	struct two t;

	(void)state;
	two_open(&t);
	t.question = post_of("https://list.example/");
	assert_null(ask(&t, 0));
	entry_answer(store_next_wanted(t.store), &answer);
	pins_release(t.store, &t.pins[0]);
	fill_idle(t.store);
	assert_non_null(ask(&t, 1));
	assert_int_equal(ask(&t, 1)->seen, SEEN_ANSWERED);
	assert_null(store_next_wanted(t.store));
	two_close(&t);
}

static void
a_post_is_not_repeated_if_it_gets_no_answer(void **state)
{
	struct two t;

	(void)state;
	two_open(&t);
	t.question = post_of("https://list.example/");
	assert_null(ask(&t, 0));
	entry_fail(store_next_wanted(t.store), SEEN_TEMPORARY, CAUSE_TIMEOUT,
	    NULL);
	pins_release(t.store, &t.pins[0]);
	assert_int_equal(ask(&t, 1)->cause, CAUSE_TIMEOUT);
	assert_null(store_next_wanted(t.store));
	two_close(&t);
}

static void
a_post_that_was_given_up_answers_later_and_is_not_repeated(void **state)
{
	struct answer late = { .seen = SEEN_ANSWERED };
	struct entry *e;
	struct two t;

	(void)state;
	two_open(&t);
	t.question = post_of("https://list.example/");
	assert_null(ask(&t, 0));
	e = store_next_wanted(t.store);
	give_up(&t, 0);
	assert_int_equal(ask(&t, 0)->cause, CAUSE_DEADLINE);
	pins_release(t.store, &t.pins[0]);
	fill_idle(t.store);
	entry_answer(e, &late);
	fill_idle(t.store);
	assert_non_null(ask(&t, 1));
	assert_int_equal(ask(&t, 1)->seen, SEEN_ANSWERED);
	assert_null(store_next_wanted(t.store));
	/* A recording has the answer too. */
	assert_int_equal(t.seen[SEEN_ANSWERED], 1);
	two_close(&t);
}

static void
a_post_that_was_never_sent_is_sent_for_the_next_audit(void **state)
{
	struct two t;

	(void)state;
	two_open(&t);
	t.question = post_of("https://list.example/");
	assert_null(ask(&t, 0));
	give_up(&t, 0);
	pins_release(t.store, &t.pins[0]);
	assert_null(ask(&t, 1));
	assert_non_null(store_next_wanted(t.store));
	assert_null(store_next_wanted(t.store));
	two_close(&t);
}

static void
a_post_is_another_question_than_a_get(void **state)
{
	struct two t;

	(void)state;
	two_open(&t);
	assert_null(ask(&t, 0));
	t.question = post_of("https://slow.example/");
	assert_null(ask(&t, 0));
	assert_non_null(store_next_wanted(t.store));
	assert_non_null(store_next_wanted(t.store));
	two_close(&t);
}

static void
checks_of_one_audit_give_up_together(void **state)
{
	struct store *s = store_new();
	struct question q = question_of("https://slow.example/");
	struct pins pins = { 0 };
	struct woken one, two;

	(void)state;
	woken_init(&one, s, &pins);
	woken_init(&two, s, &pins);
	assert_null(evidence_ask(&one.asker, &q));
	assert_null(evidence_ask(&two.asker, &q));
	store_give_up(s, &one.asker, CAUSE_DEADLINE, SLICE_LIT("late"));
	store_give_up(s, &two.asker, CAUSE_DEADLINE, SLICE_LIT("late"));
	assert_int_equal(one.times, 1);
	assert_int_equal(two.times, 1);
	assert_int_equal(evidence_ask(&two.asker, &q)->cause, CAUSE_DEADLINE);
	pins_release(s, &pins);
	store_free(s);
}

static void
what_is_forgotten_wakes_nobody(void **state)
{
	struct answer answer = { .seen = SEEN_ABSENT };
	struct two t;

	(void)state;
	two_open(&t);
	assert_null(ask(&t, 0));
	assert_null(ask(&t, 1));
	store_forget(t.store, &t.asks[0].asker);
	assert_int_equal(t.asks[0].asker.pending, 0);
	entry_answer(store_next_wanted(t.store), &answer);
	assert_int_equal(t.asks[0].times, 0);
	assert_int_equal(t.asks[1].times, 1);
	two_close(&t);
}

static void
a_recording_keeps_the_first_known_answer(void **state)
{
#define QUESTION \
	"{\"question\":{\"kind\":\"dns\",\"name\":\"a.example\"," \
	"\"type\":\"MX\"},\"seen\":"
	static const char text[] =
	    "{\"schema\":\"presend.evidence/1\","
	    "\"as_of\":\"2026-11-21T00:00:00Z\"}\n" QUESTION
	    "\"not-asked\",\"cause\":\"deadline\"}\n" QUESTION
	    "\"absent\",\"took_ms\":17,\"dns\":{\"rcode\":3}}\n" QUESTION
	    "\"temporary\",\"cause\":\"timeout\"}\n";
	struct question q = { QUESTION_DNS, SLICE_LIT("a.example"), DNS_MX,
		NULL, 0, SLICE_NONE };
	struct store *s = store_new();
	struct arena *a = arena_new(1 << 16, 1024);
	struct slice error = SLICE_NONE;
	struct pins pins = { 0 };
	struct woken w;
	int64_t as_of;

	(void)state;
	woken_init(&w, s, &pins);
	assert_int_equal(recording_load(s, slice_str(text), &as_of, a, &error),
	    RC_OK);
	assert_int_equal(evidence_ask(&w.asker, &q)->seen, SEEN_ABSENT);
	assert_int_equal(evidence_ask(&w.asker, &q)->took, 17);
	pins_release(s, &pins);
	store_free(s);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    an_entry_in_flight_outlives_the_audit_that_gave_it_up),
		cmocka_unit_test(what_was_given_up_keeps_that_answer),
		cmocka_unit_test(one_audits_deadline_is_not_anothers),
		cmocka_unit_test(
		    a_deadline_is_observed_once_when_the_last_gives_up),
		cmocka_unit_test(
		    what_was_given_up_unsent_is_asked_for_the_next_audit),
		cmocka_unit_test(
		    what_was_given_up_in_flight_still_serves_the_next_audit),
		cmocka_unit_test(a_post_is_kept_for_all_who_ask),
		cmocka_unit_test(a_post_is_not_repeated_if_it_gets_no_answer),
		cmocka_unit_test(
		    a_post_that_was_given_up_answers_later_and_is_not_repeated),
		cmocka_unit_test(
		    a_post_that_was_never_sent_is_sent_for_the_next_audit),
		cmocka_unit_test(a_post_is_another_question_than_a_get),
		cmocka_unit_test(checks_of_one_audit_give_up_together),
		cmocka_unit_test(what_is_forgotten_wakes_nobody),
		cmocka_unit_test(a_recording_keeps_the_first_known_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
