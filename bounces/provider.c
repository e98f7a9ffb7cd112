#include "bounces/provider.h"

const char *
provider_by_name(enum provider_by by)
{
	switch (by) {
	case PROVIDER_UNKNOWN:
		return "unknown";
	case PROVIDER_BY_HOST:
		return "host";
	case PROVIDER_BY_IP:
		return "ip";
	case PROVIDER_BY_TEXT:
		return "text";
	case PROVIDER_BY_DOMAIN:
		return "domain";
	case PROVIDER_GIVEN:
		return "given";
	}
	return "unknown";
}

/* ---- names ------------------------------------------------------------- */

/* How many octets of the name the pattern pins down; 0: it is another. */
static size_t
host_match(struct slice pattern, struct slice host)
{
	if (slice_starts(pattern, SLICE_LIT("*."))) {
		pattern = slice_from(pattern, 1);
		return host.n > pattern.n && slice_ends_nocase(host, pattern)
			   ? pattern.n
			   : 0;
	}
	return slice_eq_nocase(host, pattern) ? pattern.n + 1 : 0;
}

static struct slice
without_dot(struct slice name)
{
	if (name.n > 0 && name.p[name.n - 1] == '.')
		name.n--;
	return name;
}

const struct bounce_provider *
provider_of_host(const struct bounces *b, struct slice host)
{
	const struct bounce_provider *best = NULL;
	size_t most = 0;

	host = without_dot(host);
	for (size_t i = 0; i < b->n_providers; i++) {
		const struct bounce_provider *p = b->providers[i];

		for (size_t k = 0; k < p->n_hosts; k++) {
			size_t n = host_match(p->hosts[k], host);

			if (n > most) {
				most = n;
				best = p;
			}
		}
	}
	return best;
}

const struct bounce_provider *
provider_of_domain(const struct bounces *b, struct slice domain)
{
	domain = without_dot(domain);
	for (size_t i = 0; i < b->n_providers; i++) {
		const struct bounce_provider *p = b->providers[i];

		for (size_t k = 0; k < p->n_domains; k++) {
			if (slice_eq_nocase(p->domains[k], domain))
				return p;
		}
	}
	return NULL;
}

/* ---- addresses --------------------------------------------------------- */

static bool
in_network(const struct bounce_network *net, const struct ip *ip)
{
	unsigned int whole = net->bits / 8, rest = net->bits % 8;

	if (net->ip.family != ip->family ||
	    memcmp(net->ip.b, ip->b, whole) != 0)
		return false;
	return rest == 0 ||
	       (net->ip.b[whole] ^ ip->b[whole]) >> (8 - rest) == 0;
}

const struct bounce_provider *
provider_of_ip(const struct bounces *b, const struct ip *ip)
{
	const struct bounce_provider *best = NULL;
	unsigned int most = 0;

	for (size_t i = 0; i < b->n_providers && ip->family != 0; i++) {
		const struct bounce_provider *p = b->providers[i];

		for (size_t k = 0; k < p->n_networks; k++) {
			const struct bounce_network *net = &p->networks[k];

			if (net->bits > most && in_network(net, ip)) {
				most = net->bits;
				best = p;
			}
		}
	}
	return best;
}

/* ---- texts ------------------------------------------------------------- */

const struct bounce_provider *
provider_of_text(const struct bounces *b, struct slice gist,
    const struct grams *grams)
{
	const struct bounce_provider *best = NULL;
	size_t most = 0;

	for (size_t i = 0; i < b->n_providers; i++) {
		const struct bounce_provider *p = b->providers[i];
		const struct phrase *f = phrases_find(&p->texts, gist, grams);

		if (f != NULL && f->length > most) {
			most = f->length;
			best = p;
		}
	}
	return best;
}
