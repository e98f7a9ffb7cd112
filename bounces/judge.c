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

static void
judge(struct classifier *c, const struct bounce_provider *receiver,
    struct attempt *a)
{
	unsigned char room[LIMIT_GIST];
	struct bounce_source from = { .given = receiver,
		.host = a->host,
		.domain = domain_of(a->recipient) };
	struct reply r;

	reply_parse(a->text, room, &r);
	take_status(&r, a);
	r.has_status = a->has_enhanced;
	memcpy(r.status, a->enhanced, sizeof(r.status));
	if (from.host.n == 0)
		from.host = r.host;
	if (!ip_parse(a->ip, &from.ip))
		from.ip.family = 0;
	classify(c, &r, &from, &a->class);
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
