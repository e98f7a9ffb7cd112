#include <stdlib.h>

#include "base/limits.h"
#include "checks/mta_sts_policy.h"
#include "checks/table.h"
#include "probes/store.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* The input: the record, a line "--", the policy. */

struct world {
	struct arena *arena;
	struct store *store;
	struct slice record, policy;
};

static void
no_wake(struct asker *a)
{
	(void)a;
}

static void
split(struct slice in, struct world *w)
{
	struct slice rest = in, line;

	w->record = in;
	w->policy = SLICE_LIT("");
	while (slice_line(&rest, &line)) {
		if (!slice_eq(line, SLICE_LIT("--")))
			continue;
		w->record = slice_sub(in, 0, (size_t)(line.p - in.p));
		w->policy = rest;
		return;
	}
}

static void
answer_dns(struct world *w, const struct question *q, struct answer *a)
{
	struct dns_record *r = arena_new_of(w->arena, struct dns_record, 1);
	struct slice *text = arena_new_of(w->arena, struct slice, 1);

	a->seen = SEEN_ABSENT;
	if (r == NULL || text == NULL || q->type == DNS_AAAA)
		return;
	a->seen = SEEN_ANSWERED;
	a->as.dns.records = r;
	a->as.dns.n_records = 1;
	r->type = q->type;
	if (q->type == DNS_TXT) {
		*text = w->record;
		r->as.text.strings = text;
		r->as.text.n = 1;
	} else if (q->type == DNS_MX) {
		r->as.mx.host = SLICE_LIT("mx.example.com");
	} else {
		(void)ip_parse(SLICE_LIT("192.0.2.1"), &r->as.address);
	}
}

static void
answer_all(struct world *w)
{
	struct entry *e;

	while ((e = store_next_wanted(w->store)) != NULL) {
		const struct question *q = entry_question(e);
		struct answer a = { .seen = SEEN_ANSWERED };

		if (q->kind == QUESTION_DNS) {
			answer_dns(w, q, &a);
		} else {
			a.as.http.status = 200;
			a.as.http.content_type = SLICE_LIT("text/plain");
			a.as.http.body = w->policy;
		}
		entry_answer(e, &a);
	}
}

/* ---- what holds of each run -------------------------------------------- */

static bool
has_problem(const json_t *facts)
{
	return json_array_size(json_object_get(facts, "problems")) > 0;
}

static void
check_facts(const json_t *facts)
{
	const json_t *valid = json_object_get(facts, "valid");
	const json_t *record = json_object_get(facts, "record");
	const json_t *policy = json_object_get(facts, "policy");

	/* There is no certificate, so it is never right. */
	if (valid == NULL || json_is_true(valid))
		__builtin_trap();
	if (json_is_false(valid) && !has_problem(facts))
		__builtin_trap();
	if (record == NULL || (json_is_null(record) && !json_is_null(policy)))
		__builtin_trap();
	if (json_is_object(policy) && !json_is_string(record))
		__builtin_trap();
}

/* A pattern that senders would take covers no name of other length. */
static void
check_pattern(struct slice pattern)
{
	if (sts_mx_matches(pattern, SLICE_LIT("example.com")) &&
	    sts_mx_matches(pattern, SLICE_LIT("a.example.com")))
		__builtin_trap();
}

static void
run_check(struct world *w, struct arena *scratch)
{
	struct subject subject = { .domain = SLICE_LIT("example.com") };
	struct pins pins = { 0 };
	struct asker asker = { w->store, &pins, no_wake, NULL, 0 };
	bool waiting = true;

	while (waiting) {
		struct check_run run = { &subject, &asker, scratch,
			json_object(), json_array(), false, NULL };
		enum rc rc;

		arena_reset(scratch);
		rc = check_mta_sts.run(&run);
		if (rc != RC_OK && rc != RC_LIMIT && rc != RC_NOMEM)
			__builtin_trap();
		waiting = rc == RC_OK && run.waiting;
		if (rc == RC_OK && !waiting)
			check_facts(run.facts);
		json_decref(run.facts);
		json_decref(run.gaps);
		answer_all(w);
	}
	pins_release(w->store, &pins);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct world w = { .arena = arena_new(1 << 20, 1024),
		.store = store_new() };
	struct arena *scratch = arena_new(LIMIT_AUDIT_ARENA, 8192);
	struct sts_policy p = { 0 };

	split(slice_of(data, size), &w);
	if (w.arena != NULL && w.store != NULL && scratch != NULL) {
		run_check(&w, scratch);
		arena_reset(scratch);
		sts_policy_read(scratch, w.policy, &p);
		for (size_t i = 0; i < p.n_mx; i++)
			check_pattern(p.mx[i]);
	}
	store_free(w.store);
	arena_free(w.arena);
	arena_free(scratch);
	return 0;
}
