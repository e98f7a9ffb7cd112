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

/* The world as it is when the MX cannot be told. */
static struct exchanges
unknown(struct check_run *run, const struct addresses *at)
{
	struct answer *a = arena_new_of(run->arena, struct answer, 1);

	if (a == NULL)
		return (struct exchanges){ 0 };
	*a = (struct answer){ .seen = at->seen,
		.cause = at->cause,
		.detail = at->detail };
	return (struct exchanges){ .unknown = a };
}

/* RFC 5321 5.1: no MX, so the domain is its own; unless it has no address. */
static struct exchanges
implicit(struct check_run *run, struct slice domain, bool authentic,
    struct exchange *list)
{
	struct addresses at = check_ask_addresses(run, domain);

	list[0] = (struct exchange){ domain, authentic, at };
	if (at.waiting)
		return (struct exchanges){ .waiting = true };
	if (at.n == 0 && at.seen != SEEN_ABSENT)
		return unknown(run, &at);
	return (struct exchanges){ .list = list, .n = at.n > 0 ? 1 : 0 };
}

static bool
is_listed(const struct exchanges *all, struct slice host)
{
	for (size_t i = 0; i < all->n; i++) {
		if (slice_eq_nocase(all->list[i].host, host))
			return true;
	}
	return false;
}

/* What looks like an address is a name under no top-level domain. */
static struct addresses
host_addresses(struct check_run *run, struct slice host)
{
	struct ip ip;

	if (ip_parse(host, &ip))
		return (
		    struct addresses){ .seen = SEEN_ABSENT, .nxdomain = true };
	return check_ask_addresses(run, host);
}

static void
add_hosts(struct check_run *run, const struct dns_record *mx, size_t n,
    struct exchange *list, struct exchanges *out)
{
	bool null = false;

	for (size_t i = 0; i < n; i++) {
		struct exchange *e = &list[out->n];
		struct slice host = mx[i].as.mx.host;

		null = null || host.n == 0;
		if (host.n == 0 || is_listed(out, host))
			continue;
		if (out->n == LIMIT_MX_HOSTS) {
			out->cut = true;
			break;
		}
		e->host = host;
		e->addresses = host_addresses(run, host);
		out->waiting = out->waiting || e->addresses.waiting;
		out->n++;
	}
	/* RFC 7505 3: a null MX stands alone. */
	out->null = null && out->n == 0;
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
	if (list == NULL || sorted == NULL)
		return out;
	if (n == 0)
		return implicit(run, domain, mx->as.dns.authentic, list);
	memcpy(sorted, mx->as.dns.records, n * sizeof(*sorted));
	qsort(sorted, n, sizeof(*sorted), by_preference);
	out.list = list;
	add_hosts(run, sorted, n, list, &out);
	for (size_t i = 0; i < out.n; i++)
		list[i].authentic = mx->as.dns.authentic;
	return out;
}
