/*
 * What our verification says to the cases on its standard input: a line each,
 * of the result of each signature from the top, with "/" and the reason where
 * it is no pass, and commas between; and the details.
 */
#include <stdlib.h>

#include "base/limits.h"
#include "checks/dkim/dkim_keys.h"
#include "checks/dkim/dkim_verify.h"
#include "tests/differential/ours.h"

enum { ROUNDS = 20 };

static void
reply(const struct dkim_verdicts *verdicts)
{
	size_t i;

	for (i = 0; i < verdicts->n; i++) {
		const struct dkim_verdict *v = &verdicts->all[i];
		const char *reason = dkim_reason_name(v->reason);

		(void)printf("%s%s", i > 0 ? "," : "",
		    dkim_result_name(v->result));
		if (reason != NULL)
			(void)printf("/%s", reason);
	}
	(void)putchar('\t');
	for (i = 0; i < verdicts->n; i++) {
		struct slice detail = verdicts->all[i].detail;

		case_encode(stdout, detail.p, detail.n);
	}
	(void)putchar('\n');
	(void)fflush(stdout);
}

/* One round; true: a question is open. */
static bool
ask_once(struct zone_store *z, const struct subject *subject,
    struct arena *arena, struct memos *memos)
{
	struct check_run run = { subject, &z->asker, arena, json_object(),
		json_array(), false, memos };
	const struct dkim_verdicts *verdicts = NULL;

	if (dkim_verify(&run, &verdicts) != RC_OK)
		abort();
	if (!run.waiting)
		reply(verdicts);
	json_decref(run.facts);
	json_decref(run.gaps);
	zone_store_answer(z);
	return run.waiting;
}

static void
ask(struct test_case *c, struct dkim_keys *keys, struct arena *arena,
    struct memos *memos)
{
	struct message message;
	struct subject subject = { .domain = slice_str("example.com"),
		.message = &message,
		.dkim_keys = keys,
		.as_of = strtoll(case_value(c, "now"), NULL, 10) };
	struct zone_store z;
	int rounds = 0;

	if (message_parse(memos->arena, slice_str(case_value(c, "message")),
		&message) != RC_OK)
		abort();
	zone_store_open(&z, c);
	while (ask_once(&z, &subject, arena, memos) && ++rounds < ROUNDS)
		arena_reset(arena);
	zone_store_close(&z);
}

int
main(void)
{
	struct test_case *c = calloc(1, sizeof(*c));
	struct arena *arena = arena_new(LIMIT_AUDIT_ARENA, 64 * 1024);
	struct memos memos = { arena_new(LIMIT_AUDIT_ARENA, 64 * 1024),
		{ NULL } };
	struct dkim_keys *keys = dkim_keys_new();

	if (c == NULL || arena == NULL || memos.arena == NULL || keys == NULL)
		return 2;
	while (case_read(stdin, c)) {
		ask(c, keys, arena, &memos);
		arena_reset(arena);
		arena_reset(memos.arena);
		memos = (struct memos){ .arena = memos.arena };
	}
	case_clear(c);
	free(c);
	arena_free(arena);
	arena_free(memos.arena);
	dkim_keys_close(&keys);
	return 0;
}
