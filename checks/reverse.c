#include "checks/reverse.h"

#include <stdlib.h>

static int
by_name(const void *a, const void *b)
{
	return slice_cmp(*(const struct slice *)a, *(const struct slice *)b);
}

/* Servers rotate their answers: sorted, they give one document. */
static size_t
sort_unique(struct slice *names, size_t n)
{
	size_t i, kept = 0;

	if (n > 1)
		qsort(names, n, sizeof(*names), by_name);
	for (i = 0; i < n; i++)
		if (kept == 0 || !slice_eq(names[kept - 1], names[i]))
			names[kept++] = names[i];
	return kept;
}

enum rc
reverse_ask(struct check_run *run, const struct ip *ip, struct reverse *out)
{
	char name[IP_REVERSE_MAX];
	const struct dns_answer *dns;
	struct slice *names;
	size_t i;

	*out = (struct reverse){ NULL, NULL, 0 };
	ip_reverse_name(ip, name);
	/* RFC 2317: an alias into a classless zone was followed for us. */
	out->answer = check_ask_dns(run, slice_str(name), DNS_PTR);
	if (out->answer == NULL || out->answer->seen != SEEN_ANSWERED)
		return RC_OK;
	dns = &out->answer->as.dns;
	names = arena_new_of(run->arena, struct slice, dns->n_records + 1);
	if (names == NULL)
		return RC_LIMIT;
	for (i = 0; i < dns->n_records; i++)
		names[i] = dns->records[i].as.name;
	out->names = names;
	out->n = sort_unique(names, dns->n_records);
	return RC_OK;
}

struct slice
reverse_question(struct arena *arena, const struct ip *ip)
{
	char name[IP_REVERSE_MAX];

	ip_reverse_name(ip, name);
	return arena_slicef(arena, "%s PTR", name);
}

enum holds
reverse_holds(struct check_run *run, struct slice name, const struct ip *ip,
    const struct answer **why)
{
	const struct answer *a;
	size_t i;

	*why = NULL;
	if (name.n == 0)
		return HOLDS_NO; /* the root has no addresses */
	a = check_ask_dns(run, name, ip->family == 4 ? DNS_A : DNS_AAAA);
	if (a == NULL)
		return HOLDS_WAITING;
	if (!answer_known(a)) {
		*why = a;
		return HOLDS_UNKNOWN;
	}
	if (a->seen == SEEN_ANSWERED)
		for (i = 0; i < a->as.dns.n_records; i++)
			if (ip_eq(&a->as.dns.records[i].as.address, ip))
				return HOLDS_YES;
	return HOLDS_NO;
}

struct slice
reverse_forward_question(struct arena *arena, struct slice name,
    const struct ip *ip)
{
	return arena_slicef(arena, "%.*s %s", SLICE_FMT(name),
	    ip->family == 4 ? "A" : "AAAA");
}
