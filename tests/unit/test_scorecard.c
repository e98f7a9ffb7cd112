#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "audit/scorecard.h"

#define RULE(id, level, more, require) \
	"[p." id "]\ntitle = T\nlevel = " level \
	"\nconsequence = reject\nsource = https://example.com/\n" more \
	"require = " require "\nwhy = because {spf.record|of nothing}\n" \
	"fix = do\npass = well\n\n"
#define PACK "[pack]\nprovider = p\nchecked = 2026-11-01\n\n"

struct world {
	struct rules *rules;
	struct audit *audit;
	struct slice provider;
	struct scorecard_settings settings;
	struct scorecard_counts counts;
	json_t *element;
};

static bool
all_selected(void *arg, const struct check *c)
{
	const char *left_out = arg;

	return left_out == NULL || strcmp(left_out, c->name) != 0;
}

static void
world_open(struct world *w, const char *pack, const char *facts,
    const char *gaps)
{
	struct pack_error error = { 0 };

	*w = (struct world){ .provider = SLICE_LIT("p") };
	assert_int_equal(rules_new(&w->rules), RC_OK);
	if (rules_add_pack(w->rules, SLICE_LIT("p.rules"), slice_str(pack),
		NULL, &error) != RC_OK)
		fail_msg("line %zu: %.*s", error.line, SLICE_FMT(error.what));
	assert_int_equal(audit_new(0, &w->audit), RC_OK);
	json_decref(w->audit->facts);
	json_decref(w->audit->gaps);
	w->audit->facts = json_loads(facts, 0, NULL);
	w->audit->gaps = json_loads(gaps, 0, NULL);
	w->audit->described = json_object();
	assert_non_null(w->audit->facts);
	assert_non_null(w->audit->gaps);
	w->settings = (struct scorecard_settings){ .rules = w->rules,
		.providers = &w->provider,
		.n_providers = 1,
		.audience = AUDIENCE_BULK,
		.class = CLASS_MARKETING,
		.as_of = 1795219200,
		.selected = all_selected };
	assert_int_equal(scorecard_open(&w->settings), RC_OK);
}

static void
world_judge(struct world *w)
{
	w->element = scorecard_make(&w->settings, w->audit, &w->counts);
	assert_non_null(w->element);
}

static void
world_close(struct world *w)
{
	json_decref(w->element);
	scorecard_close(&w->settings);
	audit_close(&w->audit);
	rules_close(&w->rules);
}

static const json_t *
result(const struct world *w, size_t i)
{
	return json_array_get(json_object_get(w->element, "results"), i);
}

static const char *
text(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s != NULL ? s : "";
}

/* ---- one rule ---------------------------------------------------------- */

#define FACTS \
	"{\"subject\":{\"domain\":\"a\"},\"spf\":{\"yes\":true,\"no\":false," \
	"\"gone\":null,\"hosts\":[{\"up\":true},{}]}}"

static void
outcomes_have_three_values(void **state)
{
	static const struct {
		const char *more, *require, *status, *why;
	} rows[] = {
		{ "", "spf.yes", "pass", "well" },
		{ "", "spf.no", "fail", "because of nothing" },
		{ "", "spf.lost", "unknown", "Not known: it took too long." },
		{ "", "spf.no and spf.lost", "fail", "because of nothing" },
		{ "", "spf.yes or spf.lost", "pass", "well" },
		{ "", "spf.yes and spf.lost", "unknown",
		    "Not known: it took too long." },
		{ "", "spf.gone exists", "fail", "because of nothing" },
		{ "", "all(spf.hosts, it.up)", "unknown",
		    "Not known: it took too long." },
		{ "", "any(spf.hosts, it.up)", "pass", "well" },
		{ "when = spf.no\n", "spf.no", "not-applicable",
		    "It is asked only when this holds: spf.no." },
		{ "when = spf.yes\n", "spf.no", "fail", "because of nothing" },
		{ "when = spf.lost\n", "spf.no", "unknown",
		    "Not known: it took too long." },
		{ "applies = bulk\n", "spf.no", "fail", "because of nothing" },
		{ "class = marketing\n", "spf.no", "fail",
		    "because of nothing" },
		{ "class = transactional\n", "spf.no", "not-applicable",
		    "It is asked of transactional mail only." },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char pack[1024];
		struct world w;

		(void)snprintf(pack, sizeof(pack),
		    PACK RULE("x", "must", "%s", "%s"), rows[i].more,
		    rows[i].require);
		world_open(&w, pack, FACTS,
		    "[{\"check\":\"spf\",\"fact\":\"\",\"cause\":\"timeout\","
		    "\"detail\":\"it took too long\"}]");
		world_judge(&w);
		assert_string_equal(text(result(&w, 0), "rule"), "p.x");
		if (strcmp(text(result(&w, 0), "status"), rows[i].status) !=
			0 ||
		    strcmp(text(result(&w, 0), "why"), rows[i].why) != 0)
			fail_msg("%s: %s, \"%s\"", rows[i].require,
			    text(result(&w, 0), "status"),
			    text(result(&w, 0), "why"));
		world_close(&w);
	}
}

static void
a_rule_for_bulk_senders_spares_the_others(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, PACK RULE("x", "must", "applies = bulk\n", "spf.no"),
	    FACTS, "[]");
	w.settings.audience = AUDIENCE_ALL;
	world_judge(&w);
	assert_string_equal(text(result(&w, 0), "status"), "not-applicable");
	world_close(&w);
}

/* ---- a rule that is switched off --------------------------------------- */

static void
a_disabled_rule_is_not_judged_and_said_to_be(void **state)
{
	struct pack_error error;
	const json_t *off;
	struct world w;

	(void)state;
	world_open(&w, PACK RULE("a", "must", "", "spf.no"), FACTS, "[]");
	scorecard_close(&w.settings);
	assert_int_equal(rules_add_pack(w.rules, SLICE_LIT("own.rules"),
			     SLICE_LIT("\n[p.a]\ndisabled = yes\n"
				       "why = Not at {subject.domain}.\n"),
			     NULL, &error),
	    RC_OK);
	assert_int_equal(scorecard_open(&w.settings), RC_OK);
	world_judge(&w);
	assert_string_equal(text(result(&w, 0), "status"), "not-applicable");
	assert_string_equal(text(result(&w, 0), "why"),
	    "It is disabled, in own.rules line 2: Not at a.");
	off = json_object_get(result(&w, 0), "disabled");
	assert_string_equal(text(off, "pack"), "own.rules");
	assert_int_equal(json_integer_value(json_object_get(off, "line")), 2);
	assert_int_equal(w.counts.failed[LEVEL_MUST], 0);
	world_close(&w);
}

/* ---- why it is not known ----------------------------------------------- */

static void
the_gap_of_the_fact_is_told_and_no_other(void **state)
{
	static const struct {
		const char *require, *gap, *cause;
	} rows[] = {
		{ "spf.lost", "lost", "timeout" },
		{ "spf.lost", "", "timeout" },
		{ "spf.lost.part", "lost", "timeout" },
		{ "spf.lost", "lost.part", "timeout" },
		{ "all(spf.hosts, it.up)", "hosts", "timeout" },
		{ "all(spf.hosts, it.up)", "hosts[]", "timeout" },
		{ "all(spf.hosts, it.up)", "hosts[].up", "timeout" },
		{ "all(spf.hosts, it.up)", "hosts[].down", "limit" },
		{ "spf.lost", "los", "limit" },
		{ "spf.lost", "lostness", "limit" },
		{ "dkim.lost", "lost", "skipped" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char pack[1024], gaps[256];
		const json_t *why;
		struct world w;

		(void)snprintf(pack, sizeof(pack),
		    PACK RULE("x", "must", "", "%s"), rows[i].require);
		(void)snprintf(gaps, sizeof(gaps),
		    "[{\"check\":\"spf\",\"fact\":\"%s\",\"cause\":"
		    "\"timeout\",\"detail\":\"d\"}]",
		    rows[i].gap);
		world_open(&w, pack, FACTS, gaps);
		world_judge(&w);
		why = json_array_get(json_object_get(result(&w, 0), "unknown"),
		    0);
		if (strcmp(text(why, "cause"), rows[i].cause) != 0)
			fail_msg("%s by %s: %s", rows[i].require, rows[i].gap,
			    text(why, "cause"));
		world_close(&w);
	}
}

/* ---- what only the sender can tell ------------------------------------- */

#define ASKED(more) \
	"[p.x]\ntitle = T\nlevel = must\nconsequence = reject\n" \
	"source = https://example.com/\nwhy = W\nfix = F\n" more

static void
a_question_is_unknown_till_it_is_answered(void **state)
{
	static const struct {
		const char *more, *status, *why, *causes;
	} rows[] = {
		{ "attest = Do you?\n", "unknown",
		    "Not known without your answer: Do you?",
		    "needs-attestation " },
		{ "when = spf.yes\nattest = Do you?\n", "unknown",
		    "Not known without your answer: Do you?",
		    "needs-attestation " },
		{ "when = spf.no\nattest = Do you?\n", "not-applicable",
		    "It is asked only when this holds: spf.no.", "" },
		{ "when = spf.lost\nattest = Do you?\n", "unknown",
		    "Not known: it took too long.", "timeout " },
		{ "require = spf.lost\nattest = Do you?\n", "unknown",
		    "Not known: it took too long.",
		    "timeout needs-attestation " },
		{ "require = spf.yes\nattest = Do you?\n", "pass", "", "" },
		{ "require = spf.no\nattest = Do you?\n", "fail", "W", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char pack[1024], causes[256] = "";
		const json_t *r, *reason;
		struct world w;
		size_t k;

		(void)snprintf(pack, sizeof(pack), PACK ASKED("%s"),
		    rows[i].more);
		world_open(&w, pack, FACTS,
		    "[{\"check\":\"spf\",\"fact\":\"\",\"cause\":\"timeout\","
		    "\"detail\":\"it took too long\"}]");
		world_judge(&w);
		r = result(&w, 0);
		assert_string_equal(text(r, "status"), rows[i].status);
		assert_string_equal(text(r, "why"), rows[i].why);
		assert_string_equal(text(r, "question"), "Do you?");
		json_array_foreach(json_object_get(r, "unknown"), k, reason)
		{
			(void)snprintf(causes + strlen(causes),
			    sizeof(causes) - strlen(causes), "%s ",
			    text(reason, "cause"));
		}
		assert_string_equal(causes, rows[i].causes);
		world_close(&w);
	}
}

static void
an_answer_settles_what_is_unknown_and_no_more(void **state)
{
	static const struct {
		const char *more, *answer, *status, *why, *fix;
	} rows[] = {
		{ "attest = Do you?\n", "yes", "pass",
		    "Attested by Ann on 2026-11-01, not measured.", "" },
		{ "attest = Do you?\n", "yes\nnote = So it is.", "pass",
		    "Attested by Ann on 2026-11-01, not measured: So it is.",
		    "" },
		{ "attest = Do you?\n", "no", "fail",
		    "W Attested by Ann on 2026-11-01, not measured.", "F" },
		{ "attest = Do you?\n", "?", "unknown",
		    "Not known without your answer: Do you?", NULL },
		{ "require = spf.lost\nattest = Do you?\n", "yes", "pass",
		    "Attested by Ann on 2026-11-01, not measured.", "" },
		{ "require = spf.yes\nattest = Do you?\n", "no", "pass", "",
		    "" },
		{ "require = spf.no\nattest = Do you?\n", "yes", "fail", "W",
		    "F" },
		{ "when = spf.no\nattest = Do you?\n", "no", "not-applicable",
		    "It is asked only when this holds: spf.no.", "" },
		{ "when = spf.lost\nattest = Do you?\n", "yes", "unknown",
		    "Not known: it took too long.", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char pack[1024], answers[256];
		struct attestations all = { .arena = arena_new(1 << 20, 4096) };
		struct pack_error e;
		bool settled;
		struct world w;

		(void)snprintf(pack, sizeof(pack), PACK ASKED("%s"),
		    rows[i].more);
		(void)snprintf(answers, sizeof(answers),
		    "[p.x]\nanswer = %s\nby = Ann\ndate = 2026-11-01\n",
		    rows[i].answer);
		world_open(&w, pack, FACTS,
		    "[{\"check\":\"spf\",\"fact\":\"\",\"cause\":\"timeout\","
		    "\"detail\":\"it took too long\"}]");
		assert_int_equal(attest_read(&all, w.rules, w.settings.as_of,
				     SLICE_LIT("a"), slice_str(answers), &e),
		    RC_OK);
		scorecard_close(&w.settings);
		w.settings.attested = &all;
		assert_int_equal(scorecard_open(&w.settings), RC_OK);
		world_judge(&w);
		assert_string_equal(text(result(&w, 0), "status"),
		    rows[i].status);
		assert_string_equal(text(result(&w, 0), "why"), rows[i].why);
		if (rows[i].fix != NULL)
			assert_string_equal(text(result(&w, 0), "fix"),
			    rows[i].fix);
		settled = strstr(rows[i].why, "Attested") != NULL;
		assert_int_equal(json_is_object(json_object_get(result(&w, 0),
				     "attested")),
		    settled);
		world_close(&w);
		arena_free(all.arena);
	}
}

static void
an_old_answer_is_said_to_be_old(void **state)
{
	struct attestations all = { .arena = arena_new(1 << 20, 4096) };
	const json_t *a;
	struct pack_error e;
	struct world w;

	(void)state;
	world_open(&w,
	    PACK ASKED("attest = Do you?\n")
		RULE("y", "must", "attest = Do you?\n", "spf.lost"),
	    FACTS, "[]");
	assert_int_equal(attest_read(&all, w.rules, w.settings.as_of,
			     SLICE_LIT("a"),
			     SLICE_LIT("[attest]\nby = Ann\ndate = 2026-05-24\n"
				       "[p.x]\nanswer = yes\n[p.y]\n"
				       "answer = yes\ndate = 2026-05-25\n"),
			     &e),
	    RC_OK);
	scorecard_close(&w.settings);
	w.settings.attested = &all;
	assert_int_equal(scorecard_open(&w.settings), RC_OK);
	world_judge(&w);
	a = json_object_get(result(&w, 0), "attested");
	assert_string_equal(text(a, "answer"), "yes");
	assert_string_equal(text(a, "by"), "Ann");
	assert_string_equal(text(a, "date"), "2026-05-24");
	assert_null(json_object_get(a, "note"));
	assert_true(json_is_true(json_object_get(a, "stale")));
	a = json_object_get(result(&w, 1), "attested");
	assert_true(json_is_false(json_object_get(a, "stale")));
	world_close(&w);
	arena_free(all.arena);
}

static void
questions_can_be_left_out(void **state)
{
	static char left_out[] = "attest";
	struct world w;

	(void)state;
	world_open(&w,
	    PACK ASKED("attest = Do you?\n") RULE("y", "must", "", "spf.yes"),
	    FACTS, "[]");
	w.settings.arg = left_out;
	world_judge(&w);
	assert_string_equal(text(result(&w, 0), "rule"), "p.y");
	assert_null(result(&w, 1));
	world_close(&w);
}

static void
notes_of_a_rule_are_in_its_results(void **state)
{
	struct world w;

	(void)state;
	world_open(&w,
	    PACK RULE("x", "must", "notes = One page says so.\n", "spf.yes")
		RULE("y", "must", "", "spf.yes"),
	    FACTS, "[]");
	world_judge(&w);
	assert_string_equal(text(result(&w, 0), "notes"), "One page says so.");
	assert_null(json_object_get(result(&w, 1), "notes"));
	assert_null(json_object_get(result(&w, 1), "question"));
	world_close(&w);
}

/* ---- consequences and stale rules -------------------------------------- */

#define FAILS(id, level, consequence) \
	"[p." id "]\ntitle = T\nlevel = " level "\nconsequence = " consequence \
	"\nsource = https://example.com/\nwhy = W\nfix = " id "\n" \
	"require = spf.no\n"

static json_int_t
number(const json_t *o, const char *a, const char *b)
{
	return json_integer_value(json_object_get(json_object_get(o, a), b));
}

static void
the_worst_of_what_fails_is_the_consequence(void **state)
{
	static const struct {
		const char *pack, *consequence, *verdict;
		int reject, spam, mitigation, advice; /* musts */
	} rows[] = {
		{ PACK RULE("a", "must", "", "spf.yes"), "", "compliant", 0, 0,
		    0, 0 },
		{ PACK FAILS("a", "must", "mitigation")
			RULE("b", "must", "", "spf.yes"),
		    "mitigation", "non-compliant", 0, 0, 1, 0 },
		{ PACK FAILS("a", "must", "mitigation")
			FAILS("b", "must", "spam") FAILS("c", "must", "advice"),
		    "spam", "non-compliant", 0, 1, 1, 1 },
		{ PACK FAILS("a", "must", "mitigation") FAILS("b", "must",
		      "reject") FAILS("c", "must", "reject"),
		    "reject", "non-compliant", 2, 0, 1, 0 },
		{ PACK FAILS("a", "should", "spam"), "", "compliant", 0, 0, 0,
		    0 },
		{ PACK FAILS("a", "should", "reject")
			FAILS("b", "must", "mitigation"),
		    "mitigation", "non-compliant", 0, 0, 1, 0 },
		{ PACK RULE("a", "must", "", "spf.lost"), "", "incomplete", 0,
		    0, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const json_t *v, *n;
		struct world w;

		world_open(&w, rows[i].pack, FACTS, "[]");
		world_judge(&w);
		v = json_array_get(json_object_get(w.element, "verdicts"), 0);
		n = json_object_get(v, "consequences");
		assert_string_equal(text(v, "verdict"), rows[i].verdict);
		assert_string_equal(text(v, "consequence"),
		    rows[i].consequence);
		assert_int_equal(json_is_null(
				     json_object_get(v, "consequence")),
		    *rows[i].consequence == '\0');
		assert_int_equal(number(n, "reject", "must"), rows[i].reject);
		assert_int_equal(number(n, "spam", "must"), rows[i].spam);
		assert_int_equal(number(n, "mitigation", "must"),
		    rows[i].mitigation);
		assert_int_equal(number(n, "advice", "must"), rows[i].advice);
		world_close(&w);
	}
}

/* 2026-11-21: 180 days after 2026-05-25. */
static void
rules_that_were_read_long_ago_are_said_to_be(void **state)
{
	static const struct {
		const char *pack, *of_rule;
		bool stale;
		int stale_rules, rules;
	} rows[] = {
		{ "2026-05-25", "", false, 0, 2 },
		{ "2026-05-24", "", true, 2, 2 },
		{ "2026-05-24", "checked = 2026-11-01\n", false, 1, 2 },
		{ "2026-11-01", "checked = 2025-01-01\n", true, 1, 2 },
		{ "2027-11-01", "", false, 0, 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const json_t *stale;
		struct world w;
		char pack[1024];

		(void)snprintf(pack, sizeof(pack),
		    "[pack]\nprovider = p\nchecked = %s\n\n" RULE("a", "must",
			"%s", "spf.yes") RULE("b", "must", "", "spf.yes"),
		    rows[i].pack, rows[i].of_rule);
		world_open(&w, pack, FACTS, "[]");
		world_judge(&w);
		assert_int_equal(json_is_true(
				     json_object_get(result(&w, 0), "stale")),
		    rows[i].stale);
		stale =
		    json_object_get(json_array_get(json_object_get(w.element,
						       "verdicts"),
					0),
			"stale");
		assert_int_equal(json_is_null(stale), rows[i].stale_rules == 0);
		if (rows[i].stale_rules > 0) {
			assert_int_equal(json_integer_value(
					     json_object_get(stale, "rules")),
			    rows[i].stale_rules);
			assert_int_equal(json_integer_value(
					     json_object_get(stale, "of")),
			    rows[i].rules);
		}
		world_close(&w);
	}
}

static void
the_oldest_of_what_is_stale_is_named(void **state)
{
	struct world w;
	const json_t *stale;

	(void)state;
	world_open(&w,
	    PACK RULE("a", "must", "checked = 2026-02-01\n", "spf.yes")
		RULE("b", "must", "checked = 2025-11-21\n", "spf.yes")
		    RULE("c", "must", "checked = 2026-01-01\n", "spf.yes"),
	    FACTS, "[]");
	world_judge(&w);
	stale = json_object_get(json_array_get(json_object_get(w.element,
						   "verdicts"),
				    0),
	    "stale");
	assert_string_equal(text(stale, "oldest"), "2025-11-21");
	assert_int_equal(json_integer_value(json_object_get(stale, "days")),
	    365);
	world_close(&w);
}

/* ---- verdicts ---------------------------------------------------------- */

static void
the_gravest_outcome_is_the_verdict(void **state)
{
	static const struct {
		const char *pack, *verdict;
		size_t failed_must, unknown_must, failed_should;
	} rows[] = {
		{ PACK RULE("a", "must", "", "spf.yes"), "compliant", 0, 0, 0 },
		{ PACK RULE("a", "must", "", "spf.yes")
			RULE("b", "should", "", "spf.no"),
		    "compliant", 0, 0, 1 },
		{ PACK RULE("a", "must", "", "spf.lost")
			RULE("b", "should", "", "spf.no"),
		    "incomplete", 0, 1, 1 },
		{ PACK RULE("a", "must", "", "spf.lost")
			RULE("b", "must", "", "spf.no"),
		    "non-compliant", 1, 1, 0 },
		{ PACK RULE("a", "may", "", "spf.no"), "compliant", 0, 0, 0 },
		{ PACK RULE("a", "must", "when = spf.no\n", "spf.no"),
		    "compliant", 0, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const json_t *v;
		struct world w;

		world_open(&w, rows[i].pack, FACTS, "[]");
		world_judge(&w);
		v = json_array_get(json_object_get(w.element, "verdicts"), 0);
		assert_string_equal(text(v, "verdict"), rows[i].verdict);
		assert_int_equal(w.counts.failed[LEVEL_MUST],
		    rows[i].failed_must);
		assert_int_equal(w.counts.unknown[LEVEL_MUST],
		    rows[i].unknown_must);
		assert_int_equal(w.counts.failed[LEVEL_SHOULD],
		    rows[i].failed_should);
		assert_int_equal(json_integer_value(
				     json_object_get(json_object_get(v, "must"),
					 "fail")),
		    (json_int_t)rows[i].failed_must);
		world_close(&w);
	}
}

static void
rules_not_in_force_or_left_out_are_not_judged(void **state)
{
	char left_out[] = "mx";
	struct world w;

	(void)state;
	world_open(&w,
	    PACK RULE("a", "must", "since = 2027-01-01\n", "spf.no")
		RULE("b", "must", "until = 2026-11-01\n", "spf.no")
		    RULE("c", "must", "", "mx.present")
			RULE("d", "must", "since = 2026-11-01\n", "spf.no"),
	    FACTS, "[]");
	w.settings.arg = left_out;
	world_judge(&w);
	assert_string_equal(text(result(&w, 0), "rule"), "p.d");
	assert_null(result(&w, 1));
	world_close(&w);
}

static void
what_could_not_be_read_has_an_error_and_no_verdict(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, PACK RULE("a", "must", "", "spf.no"), FACTS, "[]");
	w.audit->error = "a.eml: cannot be read";
	world_judge(&w);
	assert_string_equal(text(w.element, "error"), "a.eml: cannot be read");
	assert_null(result(&w, 0));
	assert_int_equal(w.counts.failed[LEVEL_MUST], 0);
	world_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_disabled_rule_is_not_judged_and_said_to_be),
		cmocka_unit_test(outcomes_have_three_values),
		cmocka_unit_test(a_rule_for_bulk_senders_spares_the_others),
		cmocka_unit_test(the_gap_of_the_fact_is_told_and_no_other),
		cmocka_unit_test(a_question_is_unknown_till_it_is_answered),
		cmocka_unit_test(an_answer_settles_what_is_unknown_and_no_more),
		cmocka_unit_test(an_old_answer_is_said_to_be_old),
		cmocka_unit_test(questions_can_be_left_out),
		cmocka_unit_test(notes_of_a_rule_are_in_its_results),
		cmocka_unit_test(the_worst_of_what_fails_is_the_consequence),
		cmocka_unit_test(rules_that_were_read_long_ago_are_said_to_be),
		cmocka_unit_test(the_oldest_of_what_is_stale_is_named),
		cmocka_unit_test(the_gravest_outcome_is_the_verdict),
		cmocka_unit_test(rules_not_in_force_or_left_out_are_not_judged),
		cmocka_unit_test(
		    what_could_not_be_read_has_an_error_and_no_verdict),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
