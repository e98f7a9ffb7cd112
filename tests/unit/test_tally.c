#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "bounces/tally.h"
#include "with_arena.h"

WITH_ARENA(64 * 1024 * 1024, 4096)

static void
add(struct distinct *d, struct distinct_room *room, unsigned int n)
{
	char text[32];

	(void)snprintf(text, sizeof(text), "user%u@example.com", n);
	assert_int_equal(distinct_add(d, room, slice_str(text)), RC_OK);
}

static void
different_texts_are_counted_once(void **state)
{
	struct distinct_room room = { 0 };
	struct distinct d = { 0 };
	bool estimated;

	(void)state;
	assert_int_equal(distinct_count(&d, &estimated), 0);
	for (unsigned int n = 0; n < 10000; n++)
		add(&d, &room, n % 1000);
	assert_int_equal(distinct_count(&d, &estimated), 1000);
	assert_false(estimated);
	distinct_free(&d);
}

/* The error is 0.8 %; five times that is never seen. */
static void
beyond_the_room_they_are_estimated(void **state)
{
	static const unsigned int counts[] = { 3000, 20 * 1000, 300 * 1000 };
	struct distinct_room room;
	struct distinct d;
	bool estimated;

	(void)state;
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		uint64_t n;

		room = (struct distinct_room){ LIMIT_DISTINCT_SLOTS };
		d = (struct distinct){ 0 };
		for (unsigned int k = 0; k < counts[i]; k++)
			add(&d, &room, k);
		n = distinct_count(&d, &estimated);
		assert_true(estimated);
		assert_true(n > counts[i] - counts[i] / 25);
		assert_true(n < counts[i] + counts[i] / 25);
		distinct_free(&d);
		assert_int_equal(room.used, LIMIT_DISTINCT_SLOTS);
	}
}

static struct attempt
attempt_of(unsigned int code, const char *text, int64_t seconds)
{
	return (struct attempt){ .kind = ATTEMPT_BOUNCED,
		.time = { MOMENT_FULL, seconds },
		.sender = SLICE_LIT("s@x.example"),
		.recipient = SLICE_LIT("a@b.example"),
		.text = slice_str(text),
		.code = code,
		.class = { .reason = REASON_OTHER } };
}

static void
attempts_alike_are_one_cluster(void **state)
{
	struct attempt a = attempt_of(550, "550 no 1", 7200),
		       b = attempt_of(550, "550 no 2", 3600),
		       c = attempt_of(551, "551 no", 90000);
	const struct cluster **clusters;
	const struct unknown_text **unknown;
	const struct hour **hours;
	struct tally t;
	size_t n;

	(void)state;
	assert_int_equal(tally_init(&t, true), RC_OK);
	assert_int_equal(tally_add(&t, &a), RC_OK);
	assert_int_equal(tally_add(&t, &b), RC_OK);
	assert_int_equal(tally_add(&t, &c), RC_OK);
	assert_int_equal(t.counts[ATTEMPT_BOUNCED], 3);
	clusters = tally_clusters(&t, arena, &n);
	assert_int_equal(n, 2);
	assert_int_equal(clusters[0]->key.code, 550);
	assert_int_equal(clusters[0]->count, 2);
	assert_int_equal(clusters[0]->times.first, 3600);
	assert_int_equal(clusters[0]->times.last, 7200);
	assert_true(slice_eq(clusters[0]->sample, SLICE_LIT("550 no 1")));
	hours = tally_hours(&t, arena, &n);
	assert_int_equal(n, 3);
	hours = tally_days(&t, arena, &n);
	assert_int_equal(n, 2);
	assert_int_equal(hours[0]->count, 2);
	unknown = tally_unknown(&t, arena, &n);
	assert_int_equal(n, 2);
	assert_true(slice_eq(unknown[0]->gist, SLICE_LIT("no #")));
	tally_free(&t);
}

/* 29 February, 1 March and 1 January of the next year, without a year. */
static void
times_without_a_year_wait_for_the_end_of_the_input(void **state)
{
	static const int64_t days[] = { 366 + 31 + 28, 366 + 31 + 29, 2 * 366 };
	const struct cluster **clusters;
	const struct hour **hours;
	struct tally t;
	size_t n;

	(void)state;
	assert_int_equal(tally_init(&t, false), RC_OK);
	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		struct attempt a = attempt_of(550, "550 no", days[i] * 86400);

		a.time.kind = MOMENT_YEARLESS;
		assert_int_equal(tally_add(&t, &a), RC_OK);
	}
	(void)tally_hours(&t, arena, &n);
	assert_int_equal(n, 0);
	/* The first is of 2024. */
	assert_int_equal(tally_settle(&t, 2023), RC_OK);
	hours = tally_hours(&t, arena, &n);
	assert_int_equal(n, 3);
	assert_int_equal(hours[0]->key.hour, 1709164800 / 3600);
	assert_int_equal(hours[1]->key.hour, 1709251200 / 3600);
	assert_int_equal(hours[2]->key.hour, 1735689600 / 3600);
	clusters = tally_clusters(&t, arena, &n);
	assert_int_equal(clusters[0]->times.first, 1709164800);
	assert_int_equal(clusters[0]->times.last, 1735689600);
	/* Of another input they begin anew. */
	assert_int_equal(tally_settle(&t, 1999), RC_OK);
	assert_int_equal(clusters[0]->times.first, 1709164800);
	assert_int_equal(t.undated, 0);
	tally_free(&t);
}

/* However many kinds there are, what is counted adds up. */
static void
no_more_clusters_than_there_may_be(void **state)
{
	const struct cluster **clusters;
	uint64_t sum = 0;
	struct tally t;
	size_t n;

	(void)state;
	assert_int_equal(tally_init(&t, false), RC_OK);
	for (unsigned int i = 0; i < LIMIT_CLUSTERS + 500; i++) {
		struct attempt a = attempt_of(i, "x", 0);

		assert_int_equal(tally_add(&t, &a), RC_OK);
	}
	clusters = tally_clusters(&t, arena, &n);
	assert_int_equal(n, LIMIT_CLUSTERS + 1);
	for (size_t i = 0; i < n; i++)
		sum += clusters[i]->count;
	assert_int_equal(sum, LIMIT_CLUSTERS + 500);
	tally_free(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(different_texts_are_counted_once),
		cmocka_unit_test(beyond_the_room_they_are_estimated),
		cmocka_unit_test(attempts_alike_are_one_cluster),
		cmocka_unit_test(
		    times_without_a_year_wait_for_the_end_of_the_input),
		cmocka_unit_test(no_more_clusters_than_there_may_be),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
