#include "bounces/tally.h"

#include <stdlib.h>

#include "base/limits.h"
#include "bounces/years.h"
#include "rules/gist.h"

/* Blocks of it; and what may still be needed when it is full. */
enum { TALLY_BLOCK = 64 * 1024, TALLY_RESERVE = 256 * 1024 };

enum rc
tally_init(struct tally *t, bool unknown)
{
	*t = (struct tally){ .arena = arena_new(LIMIT_TALLY_ARENA, TALLY_BLOCK),
		.open_arena = arena_new(LIMIT_OPEN_HOURS_ARENA, TALLY_BLOCK),
		.clusters = table_new(),
		.hours = table_new(),
		.open = table_new() };
	if (unknown)
		t->unknown = table_new();
	if (t->arena == NULL || t->open_arena == NULL || t->clusters == NULL ||
	    t->hours == NULL || t->open == NULL ||
	    (unknown && t->unknown == NULL))
		return RC_NOMEM;
	return RC_OK;
}

static void
cluster_free(struct cluster *c)
{
	if (c == NULL)
		return;
	distinct_free(&c->recipients);
	table_free(c->domains);
}

void
tally_free(struct tally *t)
{
	struct cluster *c;
	size_t at = 0;

	while (
	    t->clusters != NULL && (c = table_next(t->clusters, &at)) != NULL)
		cluster_free(c);
	cluster_free(t->rest);
	table_free(t->clusters);
	table_free(t->hours);
	table_free(t->open);
	table_free(t->unknown);
	arena_free(t->open_arena);
	arena_free(t->arena);
	*t = (struct tally){ 0 };
}

/* There is room for nothing new, but for the rest of the clusters. */
static bool
is_full(const struct tally *t)
{
	return arena_size(t->arena) > LIMIT_TALLY_ARENA - TALLY_RESERVE;
}

/* ---- clusters ---------------------------------------------------------- */

static void
key_of(const struct attempt *a, struct cluster_key *key)
{
	/* No octet of it may be left to chance: it is compared as octets. */
	memset(key, 0, sizeof(*key));
	key->provider = a->class.provider;
	key->pattern = a->class.pattern;
	key->code = a->code;
	key->kind = a->kind;
	if (!a->has_enhanced)
		return;
	key->has_enhanced = 1;
	memcpy(key->enhanced, a->enhanced, sizeof(key->enhanced));
}

static struct cluster *
new_cluster(struct tally *t, const struct cluster_key *key,
    const struct attempt *a)
{
	struct cluster *c = arena_new_of(t->arena, struct cluster, 1);
	unsigned char room[LIMIT_GIST];
	struct reply r;

	if (c == NULL)
		return NULL;
	c->key = *key;
	reply_parse(a->text, room, &r);
	c->text = arena_copy(t->arena, slice_sub(r.text, 0, LIMIT_SAMPLE));
	c->sample = arena_copy(t->arena, slice_sub(a->text, 0, LIMIT_SAMPLE));
	c->sample_cut = a->text.n > LIMIT_SAMPLE;
	c->domains = table_new();
	return c->sample.p != NULL && c->domains != NULL ? c : NULL;
}

static struct cluster *
cluster_for(struct tally *t, const struct attempt *a)
{
	const struct cluster_key any = { .kind = a->kind };
	struct cluster_key key;
	struct cluster *c;

	key_of(a, &key);
	c = table_get(t->clusters, slice_of(&key, sizeof(key)));
	if (c != NULL)
		return c;
	if (table_count(t->clusters) >= LIMIT_CLUSTERS || is_full(t)) {
		if (t->rest == NULL)
			t->rest = new_cluster(t, &any, a);
		return t->rest;
	}
	c = new_cluster(t, &key, a);
	if (c == NULL ||
	    !table_put(t->clusters, slice_of(&c->key, sizeof(c->key)), c))
		return NULL;
	return c;
}

static struct slice
domain_of(const struct attempt *a)
{
	const unsigned char *at =
	    a->sender.n > 0 ? memrchr(a->sender.p, '@', a->sender.n) : NULL;

	return at != NULL
		   ? slice_from(a->sender, (size_t)(at - a->sender.p) + 1)
		   : a->sender_domain;
}

static enum rc
add_domain(struct tally *t, struct cluster *c, const struct attempt *a)
{
	struct slice domain = domain_of(a);
	struct domain_count *d;

	if (domain.n == 0)
		return RC_OK;
	d = table_get(c->domains, domain);
	if (d == NULL &&
	    (domain.n > LIMIT_DOMAIN_TEXT || is_full(t) ||
		table_count(c->domains) >= LIMIT_CLUSTER_DOMAINS)) {
		c->other_domains += attempt_count(a);
		return RC_OK;
	}
	if (d == NULL) {
		d = arena_new_of(t->arena, struct domain_count, 1);
		if (d == NULL)
			return RC_LIMIT;
		d->domain = arena_copy(t->arena, domain);
		if (d->domain.p == NULL)
			return RC_LIMIT;
		if (!table_put(c->domains, d->domain, d))
			return RC_NOMEM;
	}
	d->count += attempt_count(a);
	return RC_OK;
}

/* ---- time -------------------------------------------------------------- */

enum { HOUR = 3600 };

static void
add_moment(struct span *s, int64_t seconds)
{
	if (!s->dated || seconds < s->first)
		s->first = seconds;
	if (!s->dated || seconds > s->last)
		s->last = seconds;
	s->dated = true;
}

/* Hours in a table and its arena, of which there are more elsewhere. */
struct hours {
	struct table *table;
	struct arena *arena;
	size_t others;
	struct hour **last; /* that was counted: so is the next, mostly */
};

static enum rc
add_hour(struct tally *t, const struct hours *to, const struct hour_key *key,
    uint64_t count)
{
	struct hour *h = *to->last;

	if (h == NULL || memcmp(&h->key, key, sizeof(*key)) != 0)
		h = table_get(to->table, slice_of(key, sizeof(*key)));
	if (h == NULL && (is_full(t) || table_count(to->table) + to->others >=
					    LIMIT_HOURS)) {
		t->hours_lost += count;
		return RC_OK;
	}
	if (h == NULL) {
		h = arena_new_of(to->arena, struct hour, 1);
		if (h == NULL)
			return RC_LIMIT;
		h->key = *key;
		if (!table_put(to->table, slice_of(&h->key, sizeof(*key)), h))
			return RC_NOMEM;
	}
	h->count += count;
	*to->last = h;
	return RC_OK;
}

static enum rc
add_time(struct tally *t, struct cluster *c, const struct attempt *a)
{
	const struct hours full = { t->hours, t->arena, table_count(t->open),
		&c->times.hour };
	const struct hours open = { t->open, t->open_arena,
		table_count(t->hours), &c->open.hour };
	struct hour_key key;

	/* No octet of it may be left to chance. */
	memset(&key, 0, sizeof(key));
	key.hour = a->time.seconds / HOUR;
	key.provider = a->class.provider;
	key.reason = a->class.reason;
	switch (a->time.kind) {
	case MOMENT_FULL:
		add_moment(&c->times, a->time.seconds);
		return add_hour(t, &full, &key, attempt_count(a));
	case MOMENT_YEARLESS:
		add_moment(&c->open, a->time.seconds);
		return add_hour(t, &open, &key, attempt_count(a));
	case MOMENT_NONE:
		break;
	}
	t->undated += attempt_count(a);
	return RC_OK;
}

static void
settle_cluster(struct cluster *c, int zero)
{
	if (c == NULL || !c->open.dated)
		return;
	add_moment(&c->times, years_full(zero, c->open.first));
	add_moment(&c->times, years_full(zero, c->open.last));
	c->open = (struct span){ .dated = false };
}

/* In order: which are beyond LIMIT_HOURS may not be left to chance. */
static enum rc
settle_hours(struct tally *t, int zero)
{
	const struct tally open = { .hours = t->open };
	struct hour *last = NULL;
	const struct hours full = { t->hours, t->arena, 0, &last };
	enum rc rc = RC_OK;
	size_t n;
	const struct hour **all = tally_hours(&open, t->open_arena, &n);

	if (all == NULL)
		return RC_LIMIT;
	for (size_t i = 0; i < n && rc == RC_OK; i++) {
		struct hour_key key = all[i]->key;

		key.hour = years_full(zero, key.hour * HOUR) / HOUR;
		rc = add_hour(t, &full, &key, all[i]->count);
	}
	return rc;
}

enum rc
tally_settle(struct tally *t, int zero)
{
	struct cluster *c;
	size_t at = 0;
	enum rc rc;

	while ((c = table_next(t->clusters, &at)) != NULL)
		settle_cluster(c, zero);
	settle_cluster(t->rest, zero);
	rc = settle_hours(t, zero);
	table_free(t->open);
	arena_reset(t->open_arena);
	t->open = table_new();
	return rc == RC_OK && t->open == NULL ? RC_NOMEM : rc;
}

/* ---- the rest ---------------------------------------------------------- */

static enum rc
add_unknown(struct tally *t, const struct attempt *a)
{
	unsigned char clean[LIMIT_GIST], room[LIMIT_GIST];
	struct unknown_text *u;
	struct slice gist;
	struct reply r;

	reply_parse(a->text, clean, &r);
	gist = gist_of(r.text, room);
	u = table_get(t->unknown, gist);

	if (u == NULL &&
	    (is_full(t) || table_count(t->unknown) >= LIMIT_UNKNOWN_TEXTS)) {
		t->unknown_lost += attempt_count(a);
		return RC_OK;
	}
	if (u == NULL) {
		u = arena_new_of(t->arena, struct unknown_text, 1);
		if (u == NULL)
			return RC_LIMIT;
		u->gist = arena_copy(t->arena, gist);
		u->sample =
		    arena_copy(t->arena, slice_sub(a->text, 0, LIMIT_SAMPLE));
		u->sample_cut = a->text.n > LIMIT_SAMPLE;
		u->provider = a->class.provider;
		u->code = a->code;
		if (u->gist.p == NULL || u->sample.p == NULL)
			return RC_LIMIT;
		if (!table_put(t->unknown, u->gist, u))
			return RC_NOMEM;
	}
	u->count += attempt_count(a);
	return RC_OK;
}

enum rc
tally_add(struct tally *t, const struct attempt *a)
{
	struct cluster *c;
	enum rc rc = RC_OK;

	t->counts[a->kind] += attempt_count(a);
	if (a->kind == ATTEMPT_DELIVERED)
		return RC_OK;
	c = cluster_for(t, a);
	if (c == NULL)
		return arena_failed(t->arena) ? RC_LIMIT : RC_NOMEM;
	c->count += attempt_count(a);
	if (a->recipient.n > 0)
		rc = distinct_add(&c->recipients, &t->room, a->recipient);
	if (rc == RC_OK)
		rc = add_domain(t, c, a);
	if (rc == RC_OK)
		rc = add_time(t, c, a);
	if (rc == RC_OK && t->unknown != NULL && a->class.pattern == NULL)
		rc = add_unknown(t, a);
	return rc;
}
