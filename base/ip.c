#include "base/ip.h"

#include <arpa/inet.h>
#include <stdio.h>

static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

/* A network of special-purpose addresses: the first bits of net. */
struct ip_range {
	uint8_t net[16];
	unsigned int bits;
	enum ip_scope scope;
};

/* IANA IPv4 Special-Purpose Address Registry. */
static const struct ip_range ranges4[] = {
	{ { 0 }, 8, IP_UNSPECIFIED },
	{ { 10 }, 8, IP_PRIVATE },
	{ { 100, 64 }, 10, IP_PRIVATE },
	{ { 127 }, 8, IP_LOOPBACK },
	{ { 169, 254 }, 16, IP_LINK_LOCAL },
	{ { 172, 16 }, 12, IP_PRIVATE },
	{ { 192, 0, 2 }, 24, IP_DOCUMENTATION },
	{ { 192, 0, 0 }, 24, IP_RESERVED },
	{ { 192, 88, 99 }, 24, IP_RESERVED },
	{ { 192, 168 }, 16, IP_PRIVATE },
	{ { 198, 18 }, 15, IP_RESERVED },
	{ { 198, 51, 100 }, 24, IP_DOCUMENTATION },
	{ { 203, 0, 113 }, 24, IP_DOCUMENTATION },
	{ { 224 }, 4, IP_MULTICAST },
	{ { 240 }, 4, IP_RESERVED },
};

/*
 * IANA IPv6 Special-Purpose Address Registry, the longest prefixes first.  What
 * is in none of them and not in 2000::/3 is not assigned to anybody.
 */
static const struct ip_range ranges6[] = {
	{ { 0 }, 128, IP_UNSPECIFIED },
	{ { [15] = 1 }, 128, IP_LOOPBACK },
	{ { 0 }, 96, IP_RESERVED },
	{ { 0x01, 0x00 }, 64, IP_RESERVED },
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32, IP_DOCUMENTATION },
	{ { 0x3f, 0xff }, 20, IP_DOCUMENTATION },
	{ { 0x20, 0x01, 0x00 }, 23, IP_RESERVED },
	{ { 0x20 }, 3, IP_PUBLIC },
	{ { 0xfc }, 7, IP_PRIVATE },
	{ { 0xfe, 0x80 }, 10, IP_LINK_LOCAL },
	{ { 0xfe, 0xc0 }, 10, IP_PRIVATE },
	{ { 0xff }, 8, IP_MULTICAST },
	{ { 0 }, 0, IP_RESERVED },
};

/* IPv6 prefixes with an IPv4 address behind them, at octet at. */
struct ip_inside {
	struct ip_range range;
	size_t at;
};

static const struct ip_inside insides[] = {
	/* mapped: RFC 4291 2.5.5.2 */
	{ { { [10] = 0xff, [11] = 0xff }, 96, IP_PUBLIC }, 12 },
	/* NAT64: RFC 6052 2.1 */
	{ { { 0x00, 0x64, 0xff, 0x9b }, 96, IP_PUBLIC }, 12 },
	/* 6to4: RFC 3056 2 */
	{ { { 0x20, 0x02 }, 16, IP_PUBLIC }, 2 },
};

/* Four numbers of up to 255 with dots between, none with a zero in front. */
static bool
ip4_parse(struct slice s, uint8_t octets[4])
{
	size_t at = 0, from;

	for (size_t i = 0; i < 4; i++) {
		unsigned int value = 0;

		if (i > 0 && (at == s.n || s.p[at++] != '.'))
			return false;
		for (from = at;
		     at < s.n && at - from < 3 && ascii_is_digit(s.p[at]); at++)
			value = value * 10 + (s.p[at] - '0');
		if (at == from || value > 255 ||
		    (at - from > 1 && s.p[from] == '0'))
			return false;
		octets[i] = (uint8_t)value;
	}
	return at == s.n;
}

bool
ip_parse(struct slice s, struct ip *out)
{
	char text[IP_TEXT_MAX];
	struct ip ip = { 0 };

	if (ip4_parse(s, ip.b)) {
		ip.family = 4;
		*out = ip;
		return true;
	}
	if (s.n == 0 || s.n >= sizeof(text) || memchr(s.p, '\0', s.n) != NULL)
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	if (inet_pton(AF_INET6, text, ip.b) == 1) {
		ip.family = 6;
		if (memcmp(ip.b, mapped, sizeof(mapped)) == 0) {
			ip.family = 4;
			memmove(ip.b, ip.b + 12, 4);
			memset(ip.b + 4, 0, 12);
		}
	} else {
		return false;
	}
	*out = ip;
	return true;
}

bool
ip_from_octets(struct slice s, struct ip *out)
{
	if (s.n != 4 && s.n != 16)
		return false;
	*out = (struct ip){ .family = s.n == 4 ? 4 : 6 };
	memcpy(out->b, s.p, s.n);
	return true;
}

void
ip_format(const struct ip *ip, char out[IP_TEXT_MAX])
{
	int family = ip->family == 4 ? AF_INET : AF_INET6;

	if (ip->family == 0 ||
	    inet_ntop(family, ip->b, out, IP_TEXT_MAX) == NULL)
		out[0] = '\0';
}

struct slice
ip_text(struct arena *a, const struct ip *ip)
{
	char text[IP_TEXT_MAX];

	ip_format(ip, text);
	return arena_copy(a, slice_str(text));
}

void
ip_reverse_name(const struct ip *ip, char out[IP_REVERSE_MAX])
{
	static const char hex[] = "0123456789abcdef";
	char *p = out;

	out[0] = '\0';
	if (ip->family == 0)
		return;
	if (ip->family == 4) {
		(void)snprintf(out, IP_REVERSE_MAX, "%u.%u.%u.%u.in-addr.arpa",
		    ip->b[3], ip->b[2], ip->b[1], ip->b[0]);
		return;
	}
	for (size_t i = 16; i-- > 0;) {
		*p++ = hex[ip->b[i] & 15];
		*p++ = '.';
		*p++ = hex[ip->b[i] >> 4];
		*p++ = '.';
	}
	memcpy(p, "ip6.arpa", sizeof("ip6.arpa"));
}

bool
ip_eq(const struct ip *a, const struct ip *b)
{
	return a->family == b->family && memcmp(a->b, b->b, sizeof(a->b)) == 0;
}

static bool
ip_in(const struct ip *ip, const struct ip_range *r)
{
	for (unsigned int bit = 0; bit < r->bits; bit++) {
		unsigned int mask = 0x80u >> (bit % 8);

		if (((ip->b[bit / 8] ^ r->net[bit / 8]) & mask) != 0)
			return false;
	}
	return true;
}

enum ip_scope
ip_scope(const struct ip *ip)
{
	const struct ip_range *r = ip->family == 4 ? ranges4 : ranges6;
	size_t n = ip->family == 4 ? sizeof(ranges4) / sizeof(*ranges4)
				   : sizeof(ranges6) / sizeof(*ranges6);
	struct ip inner = { .family = 4 };

	/* What is mapped or translated is as private as what is inside. */
	for (size_t i = 0; i < sizeof(insides) / sizeof(*insides); i++) {
		if (ip->family != 6 || !ip_in(ip, &insides[i].range))
			continue;
		memcpy(inner.b, ip->b + insides[i].at, 4);
		return ip_scope(&inner);
	}
	for (size_t i = 0; i < n; i++) {
		if (ip_in(ip, &r[i]))
			return r[i].scope;
	}
	return IP_PUBLIC;
}

const char *
ip_scope_name(enum ip_scope scope)
{
	switch (scope) {
	case IP_PUBLIC:
		return "public";
	case IP_UNSPECIFIED:
		return "unspecified";
	case IP_LOOPBACK:
		return "loopback";
	case IP_PRIVATE:
		return "private";
	case IP_LINK_LOCAL:
		return "link-local";
	case IP_MULTICAST:
		return "multicast";
	case IP_DOCUMENTATION:
		return "documentation";
	case IP_RESERVED:
		return "reserved";
	}
	return "reserved";
}
