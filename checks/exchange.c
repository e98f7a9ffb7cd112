#include "checks/exchange.h"

#include <stdlib.h>

#include "base/limits.h"

static int
by_preference(const void *a, const void *b)
{
	const struct dns_record *x = a, *y = b;

	if (x->as.mx.preference != y->as.mx.preference)
		return x->as.mx.preference < y->as.mx.preference ? -1 : 1;
	return slice_cmp(x->as.mx.host, y->as.mx.host);
}

/* RFC 5321 5.1: no MX, so the domain is its own; unless it has no address. */
static void
implicit(struct check_run *run, struct slice domain, struct exchanges *out,
    struct exchange *list)
{
	list[0].host = domain;
	list[0].addresses = check_ask_addresses(run, domain);
	out->waiting = list[0].addresses.waiting;
	out->n = list[0].addresses.seen == SEEN_ABSENT ? 0 : 1;
}

struct exchanges
check_exchanges(struct check_run *run, struct slice domain)
{
	const struct answer *mx = check_ask_dns(run, domain, DNS_MX);
	struct exchanges out = { 0 };
	struct dns_record *sorted;
	struct exchange *list;
	size_t n;

	if (mx == NULL)
		return (struct exchanges){ .waiting = true };
	if (!answer_known(mx))
		return (struct exchanges){ .unknown = mx };
	n = mx->seen == SEEN_ANSWERED ? mx->as.dns.n_records : 0;
	list = arena_new_of(run->arena, struct exchange, n + 1);
	sorted = arena_new_of(run->arena, struct dns_record, n + 1);
	out.list = list;
	if (list == NULL || sorted == NULL)
		return out;
	if (n == 0) {
		implicit(run, domain, &out, list);
		return out;
	}
	memcpy(sorted, mx->as.dns.records, n * sizeof(*sorted));
	qsort(sorted, n, sizeof(*sorted), by_preference);
	for (size_t i = 0; i < n; i++) {
		struct exchange *e = &list[out.n];

		if (sorted[i].as.mx.host.n == 0) {
			out.null = true;
			continue;
		}
		if (out.n == LIMIT_MX_HOSTS) {
			out.cut = true;
			break;
		}
		e->host = sorted[i].as.mx.host;
		e->authentic = mx->as.dns.authentic;
		e->addresses = check_ask_addresses(run, e->host);
		out.waiting = out.waiting || e->addresses.waiting;
		out.n++;
	}
	return out;
}
