#include "base/cursor.h"
#include "probes/probes.h"

/*
 * connect-to = [ host ] ":" [ port ] ":" [ target ] ":" [ port ]
 * host       = name / IPv4address / "[" IPv6address "]"
 * target     = "localhost" / IPv4address / "[" IPv6address "]"
 *
 * A target is an address because no name is resolved on the way to it: what
 * is connected to is what the user wrote.
 */

/* What stands before the next colon; a bracket's inside for IPv6. */
static struct slice
take_host(struct cursor *c)
{
	size_t start = c->at;
	struct slice host;
	struct ip ip;

	if (cursor_skip(c, '[')) {
		while (cursor_peek(c) > 0 && cursor_peek(c) != ']')
			(void)cursor_u8(c);
		host = slice_sub(c->all, start + 1, c->at - start - 1);
		if (!cursor_skip(c, ']') || !ip_parse(host, &ip) ||
		    slice_find(host, SLICE_LIT(":")) == SIZE_MAX)
			c->failed = true;
		return host;
	}
	while (cursor_peek(c) > ' ' && cursor_peek(c) < 127 &&
	       cursor_peek(c) != ':' && cursor_peek(c) != '[' &&
	       cursor_peek(c) != ']')
		(void)cursor_u8(c);
	return slice_sub(c->all, start, c->at - start);
}

/* A port, or 0 when there is none; "0" is no port. */
static uint16_t
take_port(struct cursor *c)
{
	size_t start = c->at;
	uint64_t port = 0;
	struct slice text;

	while (cursor_peek(c) >= '0' && cursor_peek(c) <= '9')
		(void)cursor_u8(c);
	text = slice_sub(c->all, start, c->at - start);
	if (text.n > 0 && (!slice_number(text, UINT16_MAX, &port) || port == 0))
		c->failed = true;
	return (uint16_t)port;
}

static void
take_colon(struct cursor *c)
{
	if (!cursor_skip(c, ':'))
		c->failed = true;
}

static bool
target_ip(struct slice target, struct ip *out)
{
	if (slice_eq_nocase(target, SLICE_LIT("localhost")))
		target = SLICE_LIT("127.0.0.1");
	return ip_parse(target, out);
}

bool
connect_to_parse(struct slice text, struct connect_to *out)
{
	struct cursor c = cursor_of(text);
	struct connect_to to;
	struct ip ip;

	to.host1 = take_host(&c);
	take_colon(&c);
	to.port1 = take_port(&c);
	take_colon(&c);
	to.host2 = take_host(&c);
	take_colon(&c);
	to.port2 = take_port(&c);
	if (c.failed || !cursor_done(&c))
		return false;
	if (to.host2.n > 0 && !target_ip(to.host2, &ip))
		return false;
	*out = to;
	return true;
}

static struct slice
without_brackets(struct slice host)
{
	if (host.n >= 2 && host.p[0] == '[' && host.p[host.n - 1] == ']')
		return slice_sub(host, 1, host.n - 2);
	return host;
}

/*
 * A name matches the host by name; an address matches a host that is written
 * as that address, and a named host that is reached at it.
 */
static bool
host_matches(struct slice pattern, struct slice host, const struct ip *ip)
{
	struct ip want, have;

	if (pattern.n == 0 || slice_eq_nocase(pattern, host))
		return true;
	if (!ip_parse(pattern, &want))
		return false;
	return ip_eq(&want, ip) ||
	       (ip_parse(host, &have) && ip_eq(&want, &have));
}

static const struct connect_to *
find_connect_to(const struct probe_settings *s, struct slice host,
    const struct endpoint *at)
{
	for (size_t i = 0; i < s->n_connect_to; i++) {
		const struct connect_to *to = &s->connect_to[i];

		if ((to->port1 == 0 || to->port1 == at->port) &&
		    host_matches(to->host1, host, &at->ip))
			return to;
	}
	return NULL;
}

static bool
scope_allowed(const struct ip *ip, bool allow_private)
{
	switch (ip_scope(ip)) {
	case IP_PUBLIC:
		return true;
	case IP_LOOPBACK:
	case IP_PRIVATE:
	case IP_LINK_LOCAL:
	case IP_DOCUMENTATION:
	case IP_RESERVED:
		return allow_private;
	case IP_UNSPECIFIED:
	case IP_MULTICAST:
		return false;
	}
	return false;
}

bool
probes_endpoint(const struct probe_settings *s, struct slice host,
    const struct ip *ip, uint16_t port, struct endpoint *out)
{
	const struct connect_to *to;
	struct endpoint at = { *ip, port };

	if (ip->family != 4 && ip->family != 6)
		return false;
	to = find_connect_to(s, without_brackets(host), &at);
	if (to != NULL && to->port2 != 0)
		at.port = to->port2;
	if (to != NULL && to->host2.n > 0) {
		if (!target_ip(to->host2, &at.ip))
			return false;
	} else if (!scope_allowed(ip, s->allow_private)) {
		/* Another port does not make DNS's address the user's. */
		return false;
	}
	*out = at;
	return true;
}
