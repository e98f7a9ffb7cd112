#include "base/cursor.h"
#include "probes/probes.h"

enum { DNS_PORT = 53 };

static bool
port_parse(struct slice s, uint16_t *port)
{
	uint64_t n;

	if (!slice_number(s, UINT16_MAX, &n) || n == 0)
		return false;
	*port = (uint16_t)n;
	return true;
}

/* "[" IPv6 "]" [":" port] */
static bool
bracketed_parse(struct slice s, struct resolver *r)
{
	struct slice address, rest;

	if (!slice_cut(slice_from(s, 1), ']', &address, &rest) ||
	    !ip_parse(address, &r->ip) ||
	    slice_find(address, SLICE_LIT(":")) == SIZE_MAX)
		return false;
	if (rest.n == 0)
		return true;
	return rest.p[0] == ':' && port_parse(slice_from(rest, 1), &r->port);
}

bool
resolver_parse(struct slice s, struct resolver *out)
{
	struct resolver r = { .port = DNS_PORT };
	struct slice address, port;
	bool fine;

	if (slice_starts(s, SLICE_LIT("[")))
		fine = bracketed_parse(s, &r);
	else if (ip_parse(s, &r.ip))
		fine = true;
	else
		fine = slice_cut(s, ':', &address, &port) &&
		       ip_parse(address, &r.ip) && port_parse(port, &r.port);
	if (fine)
		*out = r;
	return fine;
}

/* Takes the next word; nothing at the end. */
static struct slice
word_take(struct cursor *c)
{
	size_t start;

	while (!cursor_done(c) && ascii_is_space((unsigned char)cursor_peek(c)))
		(void)cursor_u8(c);
	start = c->at;
	while (
	    !cursor_done(c) && !ascii_is_space((unsigned char)cursor_peek(c)))
		(void)cursor_u8(c);
	return slice_sub(c->all, start, c->at - start);
}

/*
 * resolv.conf(5).  An address with a zone (fe80::1%eth0) is passed over, as
 * an address here has none.
 */
size_t
resolver_system(struct slice resolv_conf, struct resolver *out, size_t max)
{
	struct slice line;
	size_t n = 0;

	while (n < max && slice_line(&resolv_conf, &line)) {
		struct cursor c = cursor_of(line);

		if (!slice_eq(word_take(&c), SLICE_LIT("nameserver")))
			continue;
		out[n] = (struct resolver){ .port = DNS_PORT };
		if (ip_parse(word_take(&c), &out[n].ip))
			n++;
	}
	if (n == 0 && max > 0)
		n = resolver_parse(SLICE_LIT("127.0.0.1"), out) ? 1 : 0;
	return n;
}
