#include <stdlib.h>

#include "base/limits.h"
#include "checks/table.h"
#include "message/message.h"
#include "probes/store.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* The input: the record, a line "--", a message that may have BIMI-Selector. */

struct world {
	struct arena *arena;
	struct store *store;
	struct slice record, octets;
	struct message message;
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
	w->octets = SLICE_LIT("");
	while (slice_line(&rest, &line)) {
		if (!slice_eq(line, SLICE_LIT("--")))
			continue;
		w->record = slice_sub(in, 0, (size_t)(line.p - in.p));
		w->octets = rest;
		return;
	}
}

static void
answer_dns(struct world *w, const struct question *q, struct answer *a)
{
	struct dns_record *r = arena_new_of(w->arena, struct dns_record, 1);
	struct slice *text = arena_new_of(w->arena, struct slice, 1);
	bool bimi = slice_find(q->name, SLICE_LIT("._bimi.")) != SIZE_MAX;

	a->seen = SEEN_ABSENT;
	if (r == NULL || text == NULL || q->type != DNS_TXT)
		return;
	*text = bimi ? w->record : SLICE_LIT("v=DMARC1; p=reject");
	a->seen = SEEN_ANSWERED;
	a->as.dns.records = r;
	a->as.dns.n_records = 1;
	r->type = DNS_TXT;
	r->as.text.strings = text;
	r->as.text.n = 1;
}

static void
answer_all(struct world *w)
{
	struct entry *e;

	while ((e = store_next_wanted(w->store)) != NULL) {
		struct answer a = { .seen = SEEN_ANSWERED };

		answer_dns(w, entry_question(e), &a);
		entry_answer(e, &a);
	}
}

/* ---- what holds of each run -------------------------------------------- */

static bool
has_error(const json_t *facts)
{
	const json_t *problem;
	size_t i;

	json_array_foreach(json_object_get(facts, "problems"), i, problem)
	{
		if (strcmp(json_string_value(
			       json_object_get(problem, "severity")),
			"error") == 0)
			return true;
	}
	return false;
}

/* A logo is shown by a right record alone; what is wrong has a reason. */
static void
check_facts(const json_t *facts)
{
	const json_t *ready = json_object_get(facts, "ready");
	const json_t *valid = json_object_get(facts, "valid");

	if (ready == NULL || valid == NULL)
		__builtin_trap();
	if (json_is_true(ready) &&
	    (!json_is_true(valid) || has_error(facts) ||
		!json_is_string(json_object_get(facts, "logo"))))
		__builtin_trap();
	if (json_is_false(valid) && !has_error(facts))
		__builtin_trap();
	if (json_is_null(valid) && !json_is_null(ready))
		__builtin_trap();
}

static void
run_check(struct world *w, struct arena *scratch, struct arena *kept)
{
	struct subject subject = { .domain = SLICE_LIT("example.com"),
		.message = &w->message };
	struct memos memos = { .arena = kept };
	struct pins pins = { 0 };
	struct asker asker = { w->store, &pins, no_wake, NULL, 0 };
	bool waiting = true;

	while (waiting) {
		struct check_run run = { &subject, &asker, scratch,
			json_object(), json_array(), false, &memos };
		enum rc rc;

		arena_reset(scratch);
		rc = check_bimi.run(&run);
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
	struct world w = { .arena = arena_new(1 << 22, 1024),
		.store = store_new() };
	struct arena *scratch = arena_new(LIMIT_AUDIT_ARENA, 8192);
	struct arena *kept = arena_new(LIMIT_AUDIT_ARENA, 1024);

	split(slice_of(data, size), &w);
	if (w.arena != NULL && w.store != NULL && scratch != NULL &&
	    kept != NULL &&
	    message_parse(w.arena, w.octets, &w.message) == RC_OK)
		run_check(&w, scratch, kept);
	store_free(w.store);
	arena_free(w.arena);
	arena_free(scratch);
	arena_free(kept);
	return 0;
}
