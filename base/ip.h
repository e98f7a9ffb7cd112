#ifndef BASE_IP_H
#define BASE_IP_H

#include "base/arena.h"
#include "base/slice.h"

/* An IPv4 or IPv6 address in network order.  family 0 is no address. */
struct ip {
	uint8_t family; /* 4, 6 or 0 */
	uint8_t b[16];
};

/* What kind of place an address is (IANA special-purpose registries). */
enum ip_scope {
	IP_PUBLIC,
	IP_UNSPECIFIED,
	IP_LOOPBACK,
	IP_PRIVATE, /* RFC 1918, RFC 4193, RFC 6598 */
	IP_LINK_LOCAL,
	IP_MULTICAST,
	IP_DOCUMENTATION, /* RFC 5737, RFC 3849, RFC 9637 */
	IP_RESERVED,
};

enum { IP_TEXT_MAX = 46, IP_REVERSE_MAX = 74 };

/*
 * Text to address: dotted quad without leading zeros, or RFC 4291 2.2 without
 * a zone.  An IPv4-mapped IPv6 address becomes IPv4.  All of s must match.
 */
bool ip_parse(struct slice s, struct ip *);

/* From 4 or 16 octets on the wire; IPv4-mapped stays IPv6. */
bool ip_from_octets(struct slice, struct ip *);

/* RFC 5952 text, NUL-terminated; no address is an empty string. */
void ip_format(const struct ip *, char out[IP_TEXT_MAX]);
struct slice ip_text(struct arena *, const struct ip *);

/*
 * The name under in-addr.arpa or ip6.arpa, without a trailing dot; no address
 * is an empty string.
 */
void ip_reverse_name(const struct ip *, char out[IP_REVERSE_MAX]);

bool ip_eq(const struct ip *, const struct ip *);

/* An IPv4 address inside an IPv6 one (mapped, NAT64, 6to4) decides. */
enum ip_scope ip_scope(const struct ip *);

/* "private", "loopback" and so on; "public" for IP_PUBLIC. */
const char *ip_scope_name(enum ip_scope);

#endif
