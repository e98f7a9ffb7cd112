#include <stdlib.h>

#include "base/domain.h"
#include "base/limits.h"
#include "checks/spf/spf_walk.h"

/* ---- addresses --------------------------------------------------------- */

/* Whether both lie in one network of so many bits. */
static bool
ip_in_network(const struct ip *ip, const struct ip *network, unsigned int bits)
{
	size_t whole = bits / 8;
	unsigned int rest = bits % 8, mask;

	if (ip->family != network->family ||
	    memcmp(ip->b, network->b, whole) != 0)
		return false;
	mask = (0xff00u >> rest) & 0xffu;
	return rest == 0 || ((ip->b[whole] ^ network->b[whole]) & mask) == 0;
}

static bool
literal_matches(const struct spf_walk *w)
{
	const struct spf_term *t = w->term;

	return ip_in_network(&w->query->ip, &t->ip,
	    t->kind == SPF_IP4 ? t->bits4 : t->bits6);
}

/* One of the answer's addresses, with the term's CIDR length. */
static bool
answer_matches(const struct spf_walk *w, const struct answer *a)
{
	const struct ip *ip = &w->query->ip;
	const struct dns_answer *d = &a->as.dns;
	unsigned int bits = ip->family == 4 ? w->term->bits4 : w->term->bits6;

	for (size_t i = 0; a->seen == SEEN_ANSWERED && i < d->n_records; i++) {
		if (ip_in_network(ip, &d->records[i].as.address, bits))
			return true;
	}
	return false;
}

/* RFC 7208 5.3: a = "a" [ ":" domain-spec ] [ dual-cidr-length ] */
static bool
a_matches(struct spf_walk *w)
{
	const struct answer *a;
	struct slice target;

	if (!spf_walk_target(w, &target) || target.n == 0)
		return false;
	a = spf_walk_ask(w, target, w->address);
	return a != NULL && answer_matches(w, a);
}

/* RFC 7208 5.7: exists = "exists" ":" domain-spec; A whatever the client. */
static bool
exists_matches(struct spf_walk *w)
{
	const struct answer *a;
	struct slice target;

	if (!spf_walk_target(w, &target) || target.n == 0)
		return false;
	a = spf_walk_ask(w, target, DNS_A);
	return a != NULL && a->seen == SEEN_ANSWERED;
}

/* ---- mx ---------------------------------------------------------------- */

static int
by_preference(const void *a, const void *b)
{
	const struct dns_record *const *x = a, *const *y = b;

	if ((*x)->as.mx.preference != (*y)->as.mx.preference)
		return (*x)->as.mx.preference < (*y)->as.mx.preference ? -1 : 1;
	return slice_cmp((*x)->as.mx.host, (*y)->as.mx.host);
}

/* Sorted by preference; without the null MX (RFC 7505), which has no host. */
static const struct dns_record **
hosts_sorted(struct spf_walk *w, const struct dns_answer *d, size_t *n)
{
	const struct dns_record **list =
	    arena_new_of(w->arena, const struct dns_record *, d->n_records);

	*n = 0;
	if (list == NULL) {
		w->over = true;
		return NULL;
	}
	for (size_t i = 0; i < d->n_records; i++) {
		if (d->records[i].as.mx.host.n > 0)
			list[(*n)++] = &d->records[i];
	}
	qsort(list, *n, sizeof(struct dns_record *), by_preference);
	return list;
}

/*
 * RFC 7208 5.4: mx = "mx" [ ":" domain-spec ] [ dual-cidr-length ], by the
 * order of preference; 4.6.4: more than ten names are a permerror.
 */
static bool
mx_matches(struct spf_walk *w)
{
	const struct dns_record **hosts;
	const struct answer *a;
	struct slice target;
	size_t n;

	if (!spf_walk_target(w, &target) || target.n == 0)
		return false;
	a = spf_walk_ask(w, target, DNS_MX);
	if (a == NULL || a->seen != SEEN_ANSWERED)
		return false;
	if (a->as.dns.n_records > SPF_MX_NAMES)
		return spf_walk_fail(w, SPF_PERMERROR, SPF_OVER_MX, w->term);
	hosts = hosts_sorted(w, &a->as.dns, &n);
	for (size_t i = 0; hosts != NULL && i < n; i++) {
		a = spf_walk_ask(w, hosts[i]->as.mx.host, w->address);
		if (w->over)
			return false;
		if (a != NULL && answer_matches(w, a))
			return true;
	}
	return false;
}

/* ---- ptr --------------------------------------------------------------- */

/* RFC 7208 5.5: ptr = "ptr" [ ":" domain-spec ] */
static bool
ptr_matches(struct spf_walk *w)
{
	const struct answer *before;
	struct spf_names names;
	struct slice target;
	bool named = spf_walk_target(w, &target);

	before = w->out->passed_over;
	if (w->over || (named && target.n == 0) ||
	    !spf_walk_names(w, true, &names) || !named)
		return false;
	for (size_t i = 0; i < names.n; i++) {
		if (!domain_is_under(names.list[i]->as.name, target))
			continue;
		/* One name is enough, unless the others' lookups are void. */
		if (before == NULL && w->out->voids + names.lost <= SPF_VOIDS)
			w->out->passed_over = NULL;
		return true;
	}
	return false;
}

bool
spf_mechanism_matches(struct spf_walk *w)
{
	switch (w->term->kind) {
	case SPF_ALL:
		return true;
	case SPF_IP4:
	case SPF_IP6:
		return literal_matches(w);
	case SPF_A:
		return a_matches(w);
	case SPF_MX:
		return mx_matches(w);
	case SPF_PTR:
		return ptr_matches(w);
	case SPF_EXISTS:
		return exists_matches(w);
	case SPF_INCLUDE:
	case SPF_REDIRECT:
	case SPF_EXP:
	case SPF_MODIFIER:
	case SPF_NONSENSE:
		return false;
	}
	return false;
}
