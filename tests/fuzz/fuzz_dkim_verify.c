#include <stdlib.h>

#include "base/limits.h"
#include "checks/dkim/dkim_keys.h"
#include "checks/dkim/dkim_verify.h"
#include "checks/table.h"
#include "probes/store.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/*
 * The input: a line that is the key record of s._domainkey.example.com, and a
 * message.
 */
#define QUESTION \
	"{\"schema\":\"presend.evidence/1\",\"as_of\":\"2026-11-21T00:00:00Z\"}" \
	"\n{\"question\":{\"kind\":\"dns\",\"name\":" \
	"\"s._domainkey.example.com\",\"type\":\"TXT\"},\"seen\":\"answered\"," \
	"\"dns\":{\"records\":[{\"type\":\"TXT\",\"strings\":["

struct world {
	struct arena *arena, *scratch, *kept;
	struct store *store;
	struct pins pins;
	struct dkim_keys *keys;
	struct message message;
	struct subject subject;
};

static void
no_wake(struct asker *a)
{
	(void)a;
}

static bool
record_key(struct world *w, struct slice record)
{
	json_t *text = check_json(record);
	char *json = text != NULL ? json_dumps(text, JSON_ENCODE_ANY) : NULL;
	struct slice all, error;
	int64_t as_of;
	bool good = false;

	if (json != NULL) {
		all = arena_slicef(w->arena, QUESTION "%s]}]}}\n", json);
		good = all.p != NULL && recording_load(w->store, all, &as_of,
					    w->arena, &error) == RC_OK;
	}
	free(json);
	json_decref(text);
	return good;
}

static void
check_verdict(const struct world *w, const struct dkim_verdict *v)
{
	if (v->result != dkim_reason_result(v->reason) ||
	    v->signature == NULL || v->field != v->signature->field ||
	    (v->result == DKIM_PASS) != (v->detail.n == 0))
		__builtin_trap();
	/* RFC 6376 5.4: nothing passes that does not sign From. */
	if (v->result == DKIM_PASS &&
	    (v->key == NULL || v->domain.n == 0 ||
		dkim_signature_names(v->signature, SLICE_LIT("From")) == 0))
		__builtin_trap();
	if ((v->lost != NULL) != (v->result == DKIM_TEMPERROR))
		__builtin_trap();
	(void)dkim_covers(v, &w->message, "Subject");
	(void)dkim_oversigns(v, &w->message, "From");
}

static void
run(struct world *w)
{
	struct asker asker = { w->store, &w->pins, no_wake, NULL, 0 };
	struct memos memos = { .arena = w->kept };
	struct check_run r = { &w->subject, &asker, w->scratch, json_object(),
		json_array(), false, &memos };
	const struct dkim_verdicts *all;
	size_t i;

	if (dkim_verify(&r, &all) == RC_OK) {
		if (all == NULL || all->n > LIMIT_DKIM_SIGNATURES)
			__builtin_trap();
		for (i = 0; i < all->n; i++)
			check_verdict(w, &all->all[i]);
	}
	arena_reset(w->scratch);
	(void)check_dkim.run(&r);
	json_decref(r.facts);
	json_decref(r.gaps);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct world w = { .arena = arena_new(LIMIT_AUDIT_ARENA, 4096),
		.scratch = arena_new(LIMIT_AUDIT_ARENA, 4096),
		.kept = arena_new(LIMIT_AUDIT_ARENA, 4096),
		.store = store_new(),
		.keys = dkim_keys_new() };
	struct slice record, octets;

	(void)slice_cut(slice_of(data, size), '\n', &record, &octets);
	w.subject = (struct subject){ .domain = SLICE_LIT("example.com"),
		.message = &w.message,
		.as_of = 1795219200,
		.dkim_keys = w.keys };
	if (w.arena != NULL && w.scratch != NULL && w.kept != NULL &&
	    w.store != NULL && w.keys != NULL && record_key(&w, record) &&
	    message_parse(w.arena, octets, &w.message) == RC_OK)
		run(&w);
	if (w.store != NULL)
		pins_release(w.store, &w.pins);
	dkim_keys_close(&w.keys);
	store_free(w.store);
	arena_free(w.kept);
	arena_free(w.scratch);
	arena_free(w.arena);
	return 0;
}
