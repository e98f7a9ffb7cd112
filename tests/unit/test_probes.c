#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "probes/probes.h"

enum { TURNS = 100 };

struct audit {
	struct loop *loop;
	struct store *store;
	struct probes *probes;
	struct probe_settings settings;
	struct pins pins;
	struct asker asker;
	bool woken;
};

static void
wake(struct asker *a)
{
	struct audit *audit = a->owner;

	audit->woken = true;
}

static void
audit_start(struct audit *a)
{
	a->settings.timeout_ms = 1000;
	a->loop = loop_new();
	a->store = store_new();
	a->asker = (struct asker){ a->store, &a->pins, wake, a, 0 };
	assert_int_equal(probes_new(a->loop, a->store, &a->settings,
			     &a->probes),
	    RC_OK);
}

static void
audit_end(struct audit *a)
{
	probes_close(&a->probes);
	assert_null(a->probes);
	pins_release(a->store, &a->pins);
	store_free(a->store);
	loop_free(a->loop);
}

/* Loopback's discard port: nobody is there, and it is private. */
static const struct ip loopback = { 4, { 127, 0, 0, 1 } };

static const struct question questions[] = {
	{ QUESTION_DNS, { (const unsigned char *)"example", 7 }, DNS_TXT, NULL,
	    0, { NULL, 0 } },
	{ QUESTION_SMTP, { (const unsigned char *)"mx.example", 10 }, 9,
	    &loopback, 1, { NULL, 0 } },
	{ QUESTION_HTTP, { (const unsigned char *)"https://a.example:9/", 20 },
	    0, &loopback, 1, { NULL, 0 } },
	{ QUESTION_POST, { (const unsigned char *)"https://a.example:9/", 20 },
	    0, &loopback, 1, { NULL, 0 } },
};

enum { QUESTIONS = sizeof(questions) / sizeof(*questions) };

static void
offline_nothing_is_asked(void **state)
{
	struct audit a = { .settings.offline = true };

	(void)state;
	audit_start(&a);
	for (size_t i = 0; i < QUESTIONS; i++)
		assert_null(evidence_ask(&a.asker, &questions[i]));
	assert_int_equal(probes_send(a.probes), RC_OK);
	assert_true(a.woken);
	for (size_t i = 0; i < QUESTIONS; i++) {
		const struct answer *got =
		    evidence_ask(&a.asker, &questions[i]);

		assert_non_null(got);
		assert_int_equal(got->seen, SEEN_NOT_ASKED);
		assert_int_equal(got->cause, CAUSE_OFFLINE);
	}
	audit_end(&a);
}

static void
without_the_option_nothing_is_posted(void **state)
{
	struct audit a = { .settings.allow_private = true };
	const struct answer *got;

	(void)state;
	audit_start(&a);
	assert_null(evidence_ask(&a.asker, &questions[3]));
	assert_int_equal(probes_send(a.probes), RC_OK);
	assert_true(a.woken);
	got = evidence_ask(&a.asker, &questions[3]);
	assert_int_equal(questions[3].kind, QUESTION_POST);
	assert_int_equal(got->seen, SEEN_NOT_ASKED);
	assert_int_equal(got->cause, CAUSE_SKIPPED);
	audit_end(&a);
}

static void
without_credentials_google_is_not_asked(void **state)
{
	static const enum question_kind kinds[] = { QUESTION_TOKEN,
		QUESTION_POSTMASTER };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct audit a = { .settings.allow_private = true };
		struct question q = questions[2];
		const struct answer *got;

		q.kind = kinds[i];
		audit_start(&a);
		assert_null(evidence_ask(&a.asker, &q));
		assert_int_equal(probes_send(a.probes), RC_OK);
		assert_true(a.woken);
		got = evidence_ask(&a.asker, &q);
		assert_int_equal(got->seen, SEEN_NOT_ASKED);
		assert_int_equal(got->cause, CAUSE_NEEDS_POSTMASTER);
		audit_end(&a);
	}
}

static void
each_kind_goes_to_its_probe(void **state)
{
	/* DNS by a resolver that is not there, on the discard port. */
	static const struct resolver nobody = { { 4, { 127, 0, 0, 1 } }, 9 };
	struct audit a = {
		.settings.resolvers = &nobody,
		.settings.n_resolvers = 1,
		.settings.post = true,
	};

	(void)state;
	audit_start(&a);
	for (size_t i = 0; i < QUESTIONS; i++)
		assert_null(evidence_ask(&a.asker, &questions[i]));
	assert_int_equal(probes_send(a.probes), RC_OK);
	for (int i = 0; !a.woken && i < TURNS; i++)
		assert_int_equal(loop_turn(a.loop, 100), RC_OK);
	assert_true(a.woken);
	assert_int_equal(evidence_ask(&a.asker, &questions[0])->seen,
	    SEEN_TEMPORARY);
	for (size_t i = 1; i < QUESTIONS; i++) {
		const struct answer *got =
		    evidence_ask(&a.asker, &questions[i]);

		assert_int_equal(got->seen, SEEN_NOT_ASKED);
		assert_int_equal(got->cause, CAUSE_PRIVATE);
	}
	audit_end(&a);
}

static void
closing_what_asked_nothing_is_fine(void **state)
{
	struct audit a = { 0 };
	struct probes *none = NULL;

	(void)state;
	probes_close(&none);
	audit_start(&a);
	assert_int_equal(probes_send(a.probes), RC_OK);
	audit_end(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(offline_nothing_is_asked),
		cmocka_unit_test(without_the_option_nothing_is_posted),
		cmocka_unit_test(without_credentials_google_is_not_asked),
		cmocka_unit_test(each_kind_goes_to_its_probe),
		cmocka_unit_test(closing_what_asked_nothing_is_fine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
