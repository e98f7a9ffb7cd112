#include <stdlib.h>

#include "base/limits.h"
#include "checks/arc/arc_set.h"
#include "checks/dkim/dkim_keys.h"
#include "checks/table.h"
#include "probes/store.h"
#include "tests/unit/arc_fields.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* The input: a message.  Every key is that of tests/unit/arc_fields.h. */

struct world {
	struct arena *arena;   /* of the answers */
	struct arena *scratch; /* of the check */
	struct memos memos;
	struct store *store;
	struct message message;
	struct dkim_keys *keys;
};

static void
no_wake(struct asker *a)
{
	(void)a;
}

static void
answer_all(struct world *w)
{
	static const struct slice key = { (const unsigned char *)ARC_KEY,
		sizeof(ARC_KEY) - 1 };
	static const struct dns_record record = { .type = DNS_TXT,
		.as.text = { &key, 1 } };
	static const struct answer answer = { .seen = SEEN_ANSWERED,
		.as.dns = { .records = &record, .n_records = 1 } };
	struct entry *e;

	while ((e = store_next_wanted(w->store)) != NULL)
		entry_answer(e, &answer);
}

/* ---- what holds of each run -------------------------------------------- */

static bool
is(const json_t *o, const char *key, const char *text)
{
	const json_t *value = json_object_get(o, key);

	return value != NULL && json_is_string(value) &&
	       strcmp(json_string_value(value), text) == 0;
}

static void
must(bool holds)
{
	if (!holds)
		__builtin_trap();
}

/* All seals, and the newest signature. */
static void
check_pass(const json_t *facts)
{
	const json_t *sets = json_object_get(facts, "sets");
	const json_t *oldest = json_object_get(facts, "oldest_pass");
	size_t n = json_array_size(sets), i;

	must(n > 0 && n <= LIMIT_ARC_SETS);
	must(json_is_integer(oldest) && json_integer_value(oldest) >= 0 &&
	     json_integer_value(oldest) <= (json_int_t)n &&
	     json_integer_value(oldest) != 1);
	must(is(json_array_get(sets, n - 1), "message_signature", "pass"));
	for (i = 0; i < n; i++) {
		const json_t *set = json_array_get(sets, i);

		must(is(set, "seal", "pass"));
		must(is(set, "cv", i == 0 ? "none" : "pass"));
	}
}

static void
check_facts(const struct world *w, const json_t *facts)
{
	size_t problems = json_array_size(json_object_get(facts, "problems"));
	bool fails = is(facts, "result", "fail");
	struct arc_chain chain;

	arc_chain_read(&w->message, &chain);
	must(is(facts, "result", "none") == !chain.there);
	must(fails == (problems > 0));
	must(fails == json_is_string(json_object_get(facts, "reason")));
	if (is(facts, "result", "pass"))
		check_pass(facts);
	else
		must(json_is_null(json_object_get(facts, "oldest_pass")));
}

static void
run_check(struct world *w)
{
	struct subject subject = { .domain = SLICE_LIT("example.com"),
		.message = &w->message,
		.dkim_keys = w->keys };
	struct pins pins = { 0 };
	struct asker asker = { w->store, &pins, no_wake, NULL, 0 };
	bool waiting = true;

	while (waiting) {
		struct check_run run = { &subject, &asker, w->scratch,
			json_object(), json_array(), false, &w->memos };
		enum rc rc;

		arena_reset(w->scratch);
		rc = check_arc.run(&run);
		must(rc == RC_OK || rc == RC_LIMIT || rc == RC_NOMEM);
		waiting = rc == RC_OK && run.waiting;
		if (rc == RC_OK && !waiting)
			check_facts(w, run.facts);
		json_decref(run.facts);
		json_decref(run.gaps);
		answer_all(w);
	}
	pins_release(w->store, &pins);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct world w = { .arena = arena_new(LIMIT_AUDIT_ARENA, 8192),
		.scratch = arena_new(LIMIT_AUDIT_ARENA, 8192),
		.store = store_new(),
		.keys = dkim_keys_new() };

	w.memos.arena = w.arena;
	if (w.arena != NULL && w.scratch != NULL && w.store != NULL &&
	    w.keys != NULL &&
	    message_parse(w.arena, slice_of(data, size), &w.message) == RC_OK)
		run_check(&w);
	dkim_keys_close(&w.keys);
	store_free(w.store);
	arena_free(w.arena);
	arena_free(w.scratch);
	return 0;
}
