#include "probes/dns_direct.h"

#include <stdlib.h>

#include "base/limits.h"
#include "probes/dns.h"

enum { DNS_PORT = 53 };

/* One name server, as if it were the only resolver. */
struct line {
	struct line *prev, *next; /* the one used last goes first */
	struct resolver at;
	struct probe_settings settings;
	struct dns *dns;
};

struct dns_direct {
	struct loop *loop;
	const struct probe_settings *settings;
	struct line *first, *last;
	size_t n;
};

static void
line_unlink(struct dns_direct *d, struct line *l)
{
	if (l->prev != NULL)
		l->prev->next = l->next;
	else
		d->first = l->next;
	if (l->next != NULL)
		l->next->prev = l->prev;
	else
		d->last = l->prev;
	d->n--;
}

static void
line_link(struct dns_direct *d, struct line *l)
{
	l->prev = NULL;
	l->next = d->first;
	if (d->first != NULL)
		d->first->prev = l;
	else
		d->last = l;
	d->first = l;
	d->n++;
}

static void
line_close(struct dns_direct *d, struct line *l)
{
	line_unlink(d, l);
	dns_close(&l->dns);
	free(l);
}

/* Those that have nothing to do, the longest unused first. */
static void
close_idle(struct dns_direct *d)
{
	struct line *l = d->last, *prev;

	for (; l != NULL && d->n >= DNS_DIRECT_KEPT; l = prev) {
		prev = l->prev;
		if (dns_is_idle(l->dns))
			line_close(d, l);
	}
}

static struct line *
line_new(struct dns_direct *d, const struct endpoint *at)
{
	struct line *l;

	close_idle(d);
	if (d->n >= LIMIT_DNS_DIRECT)
		return NULL;
	l = calloc(1, sizeof(*l));
	if (l == NULL)
		return NULL;
	l->at = (struct resolver){ at->ip, at->port };
	l->settings = *d->settings;
	l->settings.resolvers = &l->at;
	l->settings.n_resolvers = 1;
	if (dns_new(d->loop, &l->settings, &l->dns) != RC_OK) {
		free(l);
		return NULL;
	}
	line_link(d, l);
	return l;
}

static struct line *
line_find(struct dns_direct *d, const struct endpoint *at)
{
	for (struct line *l = d->first; l != NULL; l = l->next) {
		if (l->at.port != at->port || !ip_eq(&l->at.ip, &at->ip))
			continue;
		line_unlink(d, l);
		line_link(d, l);
		return l;
	}
	return line_new(d, at);
}

enum rc
dns_direct_new(struct loop *loop, const struct probe_settings *settings,
    struct dns_direct **out)
{
	struct dns_direct *d = calloc(1, sizeof(*d));

	if (d == NULL)
		return RC_NOMEM;
	d->loop = loop;
	d->settings = settings;
	*out = d;
	return RC_OK;
}

void
dns_direct_close(struct dns_direct **d)
{
	struct line *l, *next;

	if (*d == NULL)
		return;
	for (l = (*d)->first; l != NULL; l = next) {
		next = l->next;
		dns_close(&l->dns);
		free(l);
	}
	free(*d);
	*d = NULL;
}

void
dns_direct_ask(struct dns_direct *d, struct entry *e)
{
	const struct ip *server = &entry_question(e)->addresses[0];
	struct endpoint at;
	struct line *l;

	if (!probes_endpoint(d->settings, SLICE_NONE, server, DNS_PORT, &at)) {
		entry_fail(e, SEEN_NOT_ASKED, CAUSE_PRIVATE,
		    "the name server has no public address");
		return;
	}
	l = line_find(d, &at);
	if (l != NULL)
		dns_ask(l->dns, e);
	else
		entry_fail(e, SEEN_NOT_ASKED, CAUSE_LIMIT,
		    "too many name servers at once");
}
