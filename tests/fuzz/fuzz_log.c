#include "base/limits.h"
#include "bounces/judge.h"
#include "bounces/log.h"
#include "rules/bounce.h"

/* A log: each line by the format that knows it, each reply by the packs. */

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check(bool fine)
{
	if (!fine)
		__builtin_trap();
}

static const struct bounces *
packs(void)
{
	static struct bounces *all;
	struct pack_error error;

	if (all != NULL)
		return all;
	check(bounces_new(&all) == RC_OK);
	for (const struct builtin_pack *p = builtin_bounces; p->name != NULL;
	     p++)
		check(bounces_add_pack(all, slice_str(p->name),
			  slice_of(p->text, p->size), &error) == RC_OK);
	return all;
}

static void
check_attempt(const struct attempt *a)
{
	check(a->kind == ATTEMPT_DELIVERED || a->kind == ATTEMPT_DEFERRED ||
	      a->kind == ATTEMPT_BOUNCED);
	check(a->code < 1000 && a->line > 0);
	check(a->class.pattern == NULL ||
	      a->class.reason == a->class.pattern->reason);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct classifier *c = NULL;
	uint64_t lines = 0;
	struct batch b;

	if (batch_init(&b) != RC_OK)
		return 0;
	b.all = size % 2 == 1;
	log_read(&b, slice_of(data, size));
	for (size_t i = 0; i < LOG_FORMATS; i++)
		lines += b.of[i];
	/* Each line is somebody's, or nobody's. */
	check(lines == b.lines);
	check(!b.all || b.delivered == 0);
	if (b.n > 0 && classifier_new(packs(), &c) == RC_OK) {
		judge_batch(c, NULL, &b);
		for (size_t i = 0; i < b.n; i++)
			check_attempt(&b.attempts[i]);
	}
	classifier_close(&c);
	batch_free(&b);
	return 0;
}
