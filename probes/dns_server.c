#include "probes/dns_server.h"

#include <stdio.h>

void
server_init(struct server *s, const struct channel_settings *settings)
{
	const struct resolver *r = settings->resolver;
	char ip[IP_TEXT_MAX];

	*s = (struct server){ .settings = *settings };
	ip_format(&r->ip, ip);
	(void)snprintf(s->name, sizeof(s->name),
	    r->ip.family == 6 ? "[%s]:%u" : "%s:%u", ip, r->port);
	s->local = ip_scope(&r->ip) == IP_LOOPBACK;
}

void
server_close(struct server *s)
{
	channel_close(&s->udp);
	channel_close(&s->tcp);
	while (s->n_old > 0)
		channel_close(&s->old[--s->n_old]);
}

struct channel *
server_channel(struct server *s, bool tcp)
{
	struct channel **c = tcp ? &s->tcp : &s->udp;
	struct channel_settings settings = s->settings;

	settings.tcp = tcp;
	if (*c == NULL && channel_open(&settings, c) != RC_OK)
		return NULL;
	return *c;
}

bool
server_is_plain(const struct server *s)
{
	return s->formerr >= LIMIT_DNS_FORMERR;
}

void
server_check_edns(struct server *s, const struct channel *c)
{
	if (c != s->udp || server_is_plain(s) || channel_has_edns(c))
		return;
	s->formerr++;
	if (server_is_plain(s))
		return;
	s->old[s->n_old++] = s->udp;
	s->udp = NULL;
}

int64_t
server_deadline(const struct server *s)
{
	int64_t first = INT64_MAX;

	for (unsigned int i = 0; i < s->n_old + 2; i++) {
		const struct channel *c = i == 0   ? s->udp
					  : i == 1 ? s->tcp
						   : s->old[i - 2];

		if (c != NULL && channel_deadline(c) < first)
			first = channel_deadline(c);
	}
	return first;
}

void
server_expire(struct server *s)
{
	if (s->udp != NULL)
		channel_expire(s->udp);
	if (s->tcp != NULL)
		channel_expire(s->tcp);
	for (unsigned int i = 0; i < s->n_old; i++)
		channel_expire(s->old[i]);
}

bool
server_flush(struct server *s)
{
	bool all = s->udp == NULL || channel_flush(s->udp);

	for (unsigned int i = 0; i < s->n_old; i++)
		all = channel_flush(s->old[i]) && all;
	return all;
}

void
server_drain(struct server *s)
{
	for (unsigned int i = s->n_old; i-- > 0;) {
		if (channel_under_way(s->old[i]) > 0)
			continue;
		channel_close(&s->old[i]);
		s->old[i] = s->old[--s->n_old];
	}
}
