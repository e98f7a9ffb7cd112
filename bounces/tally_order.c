#include <stdlib.h>

#include "base/limits.h"
#include "bounces/tally.h"

/* All values of a table, in no order; NULL when there is no memory. */
static const void **
values(const struct table *t, struct arena *a, size_t more, size_t *n)
{
	const void **all =
	    arena_alloc(a, table_count(t) + more + 1, sizeof(*all));
	const void *value;
	size_t at = 0;

	*n = 0;
	while (all != NULL && (value = table_next(t, &at)) != NULL)
		all[(*n)++] = value;
	return all;
}

static int
compare(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

static struct slice
provider_name(const struct bounce_provider *p)
{
	return p != NULL ? p->name : SLICE_NONE;
}

/* ---- clusters ---------------------------------------------------------- */

enum bounce_reason
cluster_reason(const struct cluster *c)
{
	return c->key.pattern != NULL ? c->key.pattern->reason : REASON_OTHER;
}

/*
 * What the sender can mend by DNS and headers comes first, then what mends the
 * reputation, then addresses, then what others have to mend.
 */
static unsigned int
urgency(enum bounce_reason r)
{
	switch (r) {
	case REASON_AUTHENTICATION:
	case REASON_SPF:
	case REASON_DKIM:
	case REASON_DMARC:
	case REASON_ALIGNMENT:
	case REASON_PTR:
	case REASON_HELO:
	case REASON_TLS:
	case REASON_FORMAT:
	case REASON_UNSUBSCRIBE:
		return 0;
	case REASON_SPAM_RATE:
	case REASON_REPUTATION:
	case REASON_BLOCKLIST:
	case REASON_RATE:
	case REASON_CONTENT:
	case REASON_POLICY:
	case REASON_FEEDBACK:
		return 1;
	case REASON_USER_UNKNOWN:
	case REASON_MAILBOX_FULL:
	case REASON_MAILBOX_INACTIVE:
	case REASON_HOST_UNKNOWN:
	case REASON_SIZE:
		return 2;
	case REASON_CONNECTION:
	case REASON_GREYLISTED:
	case REASON_RELAY_DENIED:
	case REASON_SYSTEM:
	case REASON_LOOP:
	case REASON_VACATION:
		return 3;
	case REASON_OTHER:
		break;
	}
	return 4;
}

/* Among equals, by what they are: the order may not depend on addresses. */
static int
compare_keys(const struct cluster_key *a, const struct cluster_key *b)
{
	int c =
	    slice_cmp(provider_name(a->provider), provider_name(b->provider));

	if (c == 0)
		c = compare(a->code, b->code);
	if (c == 0)
		c = compare(a->has_enhanced, b->has_enhanced);
	for (size_t i = 0; c == 0 && i < 3; i++)
		c = compare(a->enhanced[i], b->enhanced[i]);
	if (c == 0)
		c = compare(a->kind, b->kind);
	if (c == 0)
		c = slice_cmp(a->pattern != NULL ? a->pattern->id : SLICE_NONE,
		    b->pattern != NULL ? b->pattern->id : SLICE_NONE);
	return c;
}

static int
compare_clusters(const void *pa, const void *pb)
{
	const struct cluster *a = *(const struct cluster *const *)pa;
	const struct cluster *b = *(const struct cluster *const *)pb;
	int c = compare(urgency(cluster_reason(a)), urgency(cluster_reason(b)));

	/* Lost mail before mail that comes late. */
	if (c == 0)
		c = compare(b->key.kind, a->key.kind);
	if (c == 0)
		c = compare(b->count, a->count);
	return c != 0 ? c : compare_keys(&a->key, &b->key);
}

const struct cluster **
tally_clusters(const struct tally *t, struct arena *a, size_t *n)
{
	const void **all = values(t->clusters, a, 1, n);

	if (all == NULL)
		return NULL;
	if (t->rest != NULL)
		all[(*n)++] = t->rest;
	qsort(all, *n, sizeof(*all), compare_clusters);
	return (const struct cluster **)all;
}

/* ---- the others -------------------------------------------------------- */

static int
compare_hours(const void *pa, const void *pb)
{
	const struct hour_key *a = &(*(const struct hour *const *)pa)->key;
	const struct hour_key *b = &(*(const struct hour *const *)pb)->key;

	if (a->hour != b->hour)
		return a->hour < b->hour ? -1 : 1;
	if (a->provider != b->provider)
		return slice_cmp(provider_name(a->provider),
		    provider_name(b->provider));
	return compare(a->reason, b->reason);
}

const struct hour **
tally_hours(const struct tally *t, struct arena *a, size_t *n)
{
	const void **all = values(t->hours, a, 0, n);

	if (all != NULL)
		qsort(all, *n, sizeof(*all), compare_hours);
	return (const struct hour **)all;
}

/* Adds an hour to its day. */
static bool
add_to_day(struct table *days, const struct hour *h, struct arena *a)
{
	struct hour *d = arena_new_of(a, struct hour, 1), *there;
	int64_t of_day;

	if (d == NULL)
		return false;
	*d = *h;
	of_day = h->key.hour % 24;
	d->key.hour -= of_day < 0 ? of_day + 24 : of_day;
	there = table_get(days, slice_of(&d->key, sizeof(d->key)));
	if (there != NULL) {
		there->count += d->count;
		return true;
	}
	return table_put(days, slice_of(&d->key, sizeof(d->key)), d);
}

const struct hour **
tally_days(const struct tally *t, struct arena *a, size_t *n)
{
	struct tally days = { .hours = table_new() };
	const struct hour **all = NULL;
	const struct hour *h;
	size_t at = 0;

	*n = 0;
	if (days.hours == NULL)
		return NULL;
	while ((h = table_next(t->hours, &at)) != NULL) {
		if (!add_to_day(days.hours, h, a))
			goto out;
	}
	all = tally_hours(&days, a, n);
out:
	table_free(days.hours);
	return all;
}

static int
compare_unknown(const void *pa, const void *pb)
{
	const struct unknown_text *a = *(const struct unknown_text *const *)pa;
	const struct unknown_text *b = *(const struct unknown_text *const *)pb;
	int c = compare(b->count, a->count);

	return c != 0 ? c : slice_cmp(a->gist, b->gist);
}

const struct unknown_text **
tally_unknown(const struct tally *t, struct arena *a, size_t *n)
{
	const void **all = values(t->unknown, a, 0, n);

	if (all != NULL)
		qsort(all, *n, sizeof(*all), compare_unknown);
	return (const struct unknown_text **)all;
}

static int
compare_domains(const void *pa, const void *pb)
{
	const struct domain_count *a = *(const struct domain_count *const *)pa;
	const struct domain_count *b = *(const struct domain_count *const *)pb;
	int c = compare(b->count, a->count);

	return c != 0 ? c : slice_cmp(a->domain, b->domain);
}

const struct domain_count **
cluster_domains(const struct cluster *c, struct arena *a, size_t *n)
{
	const void **all = values(c->domains, a, 0, n);

	if (all != NULL)
		qsort(all, *n, sizeof(*all), compare_domains);
	return (const struct domain_count **)all;
}
