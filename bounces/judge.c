#include "bounces/judge.h"

static struct slice
domain_of(struct slice address)
{
	const unsigned char *at =
	    address.n > 0 ? memrchr(address.p, '@', address.n) : NULL;

	return at != NULL ? slice_from(address, (size_t)(at - address.p) + 1)
			  : SLICE_NONE;
}

/* "x.0.0" of a log says no more than the reply code does. */
static void
take_status(const struct reply *r, struct attempt *a)
{
	a->code = r->code;
	a->has_enhanced = r->has_status;
	memcpy(a->enhanced, r->status, sizeof(a->enhanced));
	if (a->has_enhanced || !reply_status_parse(a->status, a->enhanced))
		return;
	a->has_enhanced = a->enhanced[1] != 0 || a->enhanced[2] != 0;
}

/*
 * A reply may say no more than a code, and the notice around it why: "550
 * failed to deliver", "the mailbox is full".
 */
static void
ask_notice(struct classifier *c, const struct bounce_source *from,
    struct attempt *a)
{
	unsigned char room[LIMIT_GIST];
	struct bounce_class class;
	struct reply r;

	if (a->class.pattern != NULL && bounce_has_words(a->class.pattern))
		return;
	reply_parse(a->notice, room, &r);
	a->cut |= r.cut;
	r.code = a->code;
	r.has_status = a->has_enhanced;
	memcpy(r.status, a->enhanced, sizeof(r.status));
	classify(c, &r, from, &class);
	if (class.pattern != NULL && bounce_has_words(class.pattern))
		a->class = class;
}

static void
judge(struct classifier *c, const struct bounce_provider *receiver,
    struct attempt *a)
{
	unsigned char room[LIMIT_GIST];
	struct bounce_source from = { .given = receiver,
		.host = a->host,
		.domain = domain_of(a->recipient),
		.reporter = a->reporter };
	struct reply r;

	reply_parse(a->text, room, &r);
	a->cut |= r.cut;
	take_status(&r, a);
	r.has_status = a->has_enhanced;
	memcpy(r.status, a->enhanced, sizeof(r.status));
	if (from.host.n == 0)
		from.host = r.host;
	if (a->reporter.n > 0 || !ip_parse(a->ip, &from.ip))
		from.ip.family = 0;
	classify(c, &r, &from, &a->class);
	if (a->notice.n > 0)
		ask_notice(c, &from, a);
}

void
judge_batch(struct classifier *c, const struct bounce_provider *receiver,
    struct batch *b)
{
	for (size_t i = 0; i < b->n; i++) {
		if (b->attempts[i].kind != ATTEMPT_DELIVERED)
			judge(c, receiver, &b->attempts[i]);
	}
}
