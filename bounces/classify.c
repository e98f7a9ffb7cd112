#include "bounces/classify.h"

#include <stdlib.h>

#include "base/hash.h"
#include "rules/gist.h"
#include "rules/regex.h"

/* Slots for replies and for receivers: powers of two. */
enum { SEEN = 1 << 14, RECEIVERS = 1 << 11 };

struct seen {
	uint64_t key; /* 0: free */
	const struct bounce_pattern *pattern;
	const struct bounce_provider *provider;
	enum provider_by by;
};

/* By the name of its host, by its address, or by the recipient's domain. */
struct receiver {
	uint64_t key;
	const struct bounce_provider *provider;
};

struct classifier {
	const struct bounces *bounces;
	uint64_t seed;
	struct receiver receivers[RECEIVERS];
	struct seen seen[SEEN];
};

/* One reply on its way. */
struct search {
	const struct bounces *bounces;
	const struct reply *reply;
	struct slice gist;
	struct grams grams;
	const struct bounce_pattern *best;
	uint64_t rank;
};

enum rc
classifier_new(const struct bounces *b, struct classifier **out)
{
	struct classifier *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return RC_NOMEM;
	c->bounces = b;
	c->seed = hash_seed();
	*out = c;
	return RC_OK;
}

void
classifier_close(struct classifier **c)
{
	free(*c);
	*c = NULL;
}

bool
bounce_has_words(const struct bounce_pattern *p)
{
	return p->n_tags > 0 || p->text.n > 0 || p->matches != NULL;
}

/* ---- codes ------------------------------------------------------------- */

enum fit { FIT_NOT, FIT_ANY, FIT_MISSING, FIT_SOME, FIT_EXACT };

static enum fit
fit_reply(const struct bounce_pattern *p, const struct reply *r)
{
	enum fit fit = FIT_NOT;

	if (p->n_replies == 0)
		return FIT_ANY;
	if (r->code == 0)
		return FIT_MISSING;
	for (size_t i = 0; i < p->n_replies; i++) {
		const struct bounce_reply *x = &p->replies[i];

		if (x->from == r->code && x->to == r->code)
			return FIT_EXACT;
		if (x->from <= r->code && r->code <= x->to)
			fit = FIT_SOME;
	}
	return fit;
}

static enum fit
fit_status(const struct bounce_pattern *p, const struct reply *r)
{
	enum fit fit = FIT_NOT;

	if (p->n_statuses == 0)
		return FIT_ANY;
	if (!r->has_status)
		return FIT_MISSING;
	for (size_t i = 0; i < p->n_statuses; i++) {
		const struct bounce_status *x = &p->statuses[i];

		if (!bounce_status_in(x, r->status))
			continue;
		if (x->class >= 0 && x->subject >= 0 && x->from == x->to)
			return FIT_EXACT;
		fit = FIT_SOME;
	}
	return fit;
}

/* ---- words ------------------------------------------------------------- */

static bool
is_tag_octet(unsigned char c)
{
	return ascii_is_alnum(c) || c == '_' || c == '-';
}

static bool
find_tag(const struct bounce_tag *tag, struct slice gist)
{
	size_t at = 0, n;

	while (at < gist.n) {
		for (n = 0; at + n < gist.n && is_tag_octet(gist.p[at + n]);)
			n++;
		if (n > 0 && bounce_tag_is(tag, slice_sub(gist, at, n)))
			return true;
		at += n + 1;
	}
	return false;
}

static bool
has_tag(const struct bounce_pattern *p, const struct search *s)
{
	for (size_t i = 0; i < p->n_tags; i++) {
		if (grams_may(&s->grams, p->tags[i].grams) &&
		    find_tag(&p->tags[i], s->gist))
			return true;
	}
	return false;
}

/* How much of the text it knows: 0 when none. */
static size_t
found_words(const struct bounce_pattern *p, const struct search *s, bool *tag)
{
	const struct phrase *f;

	*tag = has_tag(p, s);
	f = phrases_find(&p->text, s->gist, &s->grams);
	if (f != NULL)
		return f->length;
	if (p->matches != NULL &&
	    regex_match(p->matches, s->reply->text) == TRUTH_TRUE)
		return 1;
	return *tag ? 1 : 0;
}

/* ---- the best ---------------------------------------------------------- */

enum { RANK_WORD_BITS = 13, RANK_WORDS = (1 << RANK_WORD_BITS) - 1 };

/* The order that classify.h tells. */
static uint64_t
rank(size_t words, bool weak, bool tag, unsigned int near)
{
	uint64_t r = words == 0 ? 0 : weak ? 1 : 2;

	r = r << 2 | near;
	r = r << 1 | tag;
	r = r << RANK_WORD_BITS | words;
	return r << 8;
}

static uint64_t
rank_codes(enum fit status, enum fit reply)
{
	return (uint64_t)status << 4 | (uint64_t)reply;
}

static bool
is_before(const struct bounce_pattern *a, const struct bounce_pattern *b)
{
	if (a->pack != b->pack)
		return a->pack > b->pack;
	return a->place < b->place;
}

/*
 * Whether anything can still be the best that has so many words at most and
 * fits exactly: to look for words is what takes time.
 */
static bool
may_win(const struct search *s, uint64_t most)
{
	const uint64_t codes = rank_codes(FIT_EXACT, FIT_EXACT);

	return s->best == NULL || (most | codes) >= s->rank;
}

/* The rank of a pattern if its longest words are found. */
static uint64_t
most_of(const struct bounce_pattern *p, unsigned int near)
{
	size_t words = p->text.longest > 0 ? p->text.longest : 1;

	return rank(words, p->weak, p->n_tags > 0, near);
}

static void
consider(struct search *s, const struct bounce_pattern *p, unsigned int near)
{
	enum fit reply = fit_reply(p, s->reply);
	enum fit status = fit_status(p, s->reply);
	bool words = bounce_has_words(p), tag = false;
	size_t found = 0;
	uint64_t r;

	if (reply == FIT_NOT || status == FIT_NOT ||
	    (!words && (reply == FIT_MISSING || status == FIT_MISSING)))
		return;
	if (words) {
		if (!may_win(s, most_of(p, near)))
			return;
		found = found_words(p, s, &tag);
		if (found == 0)
			return;
	}
	r = rank(found, p->weak, tag, near) | rank_codes(status, reply);
	if (s->best != NULL &&
	    (r < s->rank || (r == s->rank && !is_before(p, s->best))))
		return;
	if (phrases_find(&p->not_text, s->gist, &s->grams) != NULL)
		return;
	s->best = p;
	s->rank = r;
}

enum { NEAR_ANY, NEAR_LIKE, NEAR_OWN };

static void
consider_all(struct search *s, const struct bounce_provider *p,
    unsigned int near)
{
	if (!may_win(s, rank(RANK_WORDS, false, true, near)))
		return;
	for (size_t i = 0; i < p->n_patterns; i++)
		consider(s, p->patterns[i], near);
}

/* Words that one provider alone says tell who it is. */
static void
consider_own_words(struct search *s)
{
	for (size_t i = 1; i < s->bounces->n_providers; i++) {
		const struct bounce_provider *p = s->bounces->providers[i];

		for (size_t k = 0; k < p->n_patterns; k++) {
			const struct bounce_pattern *x = p->patterns[k];

			if (bounce_has_words(x) && !x->common)
				consider(s, x, NEAR_OWN);
		}
	}
}

static void
look_with(struct search *s, struct bounce_class *out)
{
	const struct bounce_provider *generic = bounces_generic(s->bounces);

	grams_of(s->gist, &s->grams);
	if (out->provider == NULL || out->by == PROVIDER_BY_DOMAIN) {
		const struct bounce_provider *p =
		    provider_of_text(s->bounces, s->gist, &s->grams);

		if (p != NULL) {
			out->provider = p;
			out->by = PROVIDER_BY_TEXT;
		}
	}
	if (out->provider == NULL) {
		consider_own_words(s);
	} else {
		consider_all(s, out->provider, NEAR_OWN);
		if (out->provider->as != NULL)
			consider_all(s, out->provider->as, NEAR_LIKE);
	}
	if (out->provider != generic)
		consider_all(s, generic, NEAR_ANY);
	out->pattern = s->best;
	if (out->provider == NULL && s->best != NULL &&
	    s->best->provider != generic) {
		out->provider = s->best->provider;
		out->by = PROVIDER_BY_TEXT;
	}
}

/* Not in classify(), which mostly has no need of the room for it. */
__attribute__((noinline)) static void
look(const struct classifier *c, const struct reply *r, struct slice gist,
    struct bounce_class *out)
{
	struct search s = { .bounces = c->bounces, .reply = r, .gist = gist };

	look_with(&s, out);
}

/* ---- what was seen ----------------------------------------------------- */

/* The place of a name or an address of that kind; what it was asked last. */
static struct receiver *
receiver_of(struct classifier *c, struct slice name, enum provider_by by,
    bool *known)
{
	uint64_t key = hash64(name, c->seed + by) | 1;
	struct receiver *r = &c->receivers[key >> 32 & (RECEIVERS - 1)];

	*known = r->key == key;
	r->key = key;
	return r;
}

static const struct bounce_provider *
of_host(struct classifier *c, struct slice host)
{
	bool known;
	struct receiver *r = receiver_of(c, host, PROVIDER_BY_HOST, &known);

	if (!known)
		r->provider = provider_of_host(c->bounces, host);
	return r->provider;
}

static const struct bounce_provider *
of_ip(struct classifier *c, const struct ip *ip)
{
	bool known;
	struct receiver *r =
	    receiver_of(c, slice_of(ip, sizeof(*ip)), PROVIDER_BY_IP, &known);

	if (!known)
		r->provider = provider_of_ip(c->bounces, ip);
	return r->provider;
}

static const struct bounce_provider *
of_domain(struct classifier *c, struct slice domain)
{
	bool known;
	struct receiver *r = receiver_of(c, domain, PROVIDER_BY_DOMAIN, &known);

	if (!known)
		r->provider = provider_of_domain(c->bounces, domain);
	return r->provider;
}

static void
of_source(struct classifier *c, const struct bounce_source *from,
    struct bounce_class *out)
{
	*out = (struct bounce_class){ .provider = from->given,
		.by = PROVIDER_GIVEN,
		.reason = REASON_OTHER };
	if (out->provider == NULL && from->host.n > 0) {
		out->provider = of_host(c, from->host);
		out->by = PROVIDER_BY_HOST;
	}
	if (out->provider == NULL && from->ip.family != 0) {
		out->provider = of_ip(c, &from->ip);
		out->by = PROVIDER_BY_IP;
	}
	if (out->provider == NULL && from->domain.n > 0) {
		out->provider = of_domain(c, from->domain);
		out->by = PROVIDER_BY_DOMAIN;
	}
	if (out->provider == NULL && from->reporter.n > 0) {
		out->provider = provider_of_name(c->bounces, from->reporter);
		out->by = PROVIDER_BY_NAME;
	}
	if (out->provider == NULL)
		out->by = PROVIDER_UNKNOWN;
}

static uint64_t
key_of(const struct classifier *c, struct slice gist, const struct reply *r,
    const struct bounce_class *known)
{
	uint64_t codes = r->code;

	for (size_t i = 0; i < 3; i++)
		codes = codes << 10 | r->status[i];
	codes = codes << 8 |
		(known->provider != NULL ? known->provider->place + 1 : 0);
	codes = codes << 1 | (known->by == PROVIDER_BY_DOMAIN);
	return hash64(gist, c->seed ^ codes * UINT64_C(0x9e3779b97f4a7c15)) | 1;
}

void
classify(struct classifier *c, const struct reply *r,
    const struct bounce_source *from, struct bounce_class *out)
{
	unsigned char room[LIMIT_GIST];
	struct seen *seen;
	struct slice gist;
	uint64_t key;

	of_source(c, from, out);
	gist = gist_of(r->text, room);
	key = key_of(c, gist, r, out);
	seen = &c->seen[key >> 32 & (SEEN - 1)];
	if (seen->key != key) {
		look(c, r, gist, out);
		*seen =
		    (struct seen){ key, out->pattern, out->provider, out->by };
	}
	out->pattern = seen->pattern;
	out->provider = seen->provider;
	if (seen->by == PROVIDER_BY_TEXT)
		out->by = seen->by;
	if (out->pattern != NULL)
		out->reason = out->pattern->reason;
}
