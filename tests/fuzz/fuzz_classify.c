/*
 * The built-in packs over any reply: a class that stays the same when the reply
 * has been seen, and an identity that is of its text.
 */
#include <stdint.h>

#include "bounces/classify.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
must(bool ok)
{
	if (!ok)
		__builtin_trap();
}

static const struct bounces *
packs(void)
{
	static struct bounces *set;
	const struct builtin_pack *p = builtin_bounces;
	struct pack_error e;

	if (set != NULL)
		return set;
	must(bounces_new(&set) == RC_OK);
	for (; p->name != NULL; p++)
		must(bounces_add_pack(set, slice_str(p->name),
			 slice_of(p->text, p->size), &e) == RC_OK);
	return set;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static unsigned char room[LIMIT_GIST];
	struct bounce_source from = { .given = NULL };
	struct bounce_class first, second;
	struct classifier *c = NULL;
	struct bounce_identity id;
	struct slice text;
	struct reply r;

	/* The first line is the host. */
	if (!slice_cut(slice_of(data, n), '\n', &from.host, &text)) {
		text = from.host;
		from.host = SLICE_NONE;
	}
	must(classifier_new(packs(), &c) == RC_OK);
	reply_parse(text, room, &r);
	classify(c, &r, &from, &first);
	classify(c, &r, &from, &second);
	must(first.pattern == second.pattern);
	must(first.provider == second.provider && first.by == second.by);
	must(first.reason == second.reason);
	must(first.pattern != NULL || first.reason == REASON_OTHER);
	bounce_identify(packs(), &first, r.text, &id);
	for (int i = 0; i < BOUNCE_IDENTITIES; i++) {
		struct slice v = id.values[i];

		must(v.n == 0 ||
		     (v.p >= r.text.p && v.p + v.n <= r.text.p + r.text.n));
	}
	classifier_close(&c);
	return 0;
}
