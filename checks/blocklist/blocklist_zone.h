#ifndef CHECKS_BLOCKLIST_BLOCKLIST_ZONE_H
#define CHECKS_BLOCKLIST_BLOCKLIST_ZONE_H

#include "base/arena.h"
#include "base/ip.h"

/* DNS blocklists (RFC 5782) that the user may query. */

/* What a list means by one of its answers. */
struct blocklist_code {
	struct ip answer;
	struct slice meaning;
};

enum blocklist_kind {
	BLOCKLIST_IP4,
	BLOCKLIST_IP6,
	BLOCKLIST_DOMAIN,
	BLOCKLIST_KINDS,
};

struct blocklist_zone {
	/* As it is asked for; it may hold the user's key: never to be shown. */
	struct slice name;
	struct slice label; /* what it is called instead; canonical too */
	bool holds[BLOCKLIST_KINDS];
	/* What it must list, instead of what RFC 5782 5 has; or nothing. */
	struct slice test_domain;
	struct ip test_ip;
	const struct blocklist_code *codes;
	size_t n_codes;
};

struct blocklist_zones {
	const struct blocklist_zone *list;
	size_t n;
};

/*
 * The text with the label wherever the name of the zone stands.  Borrows when
 * it stands nowhere; nothing past the arena's ceiling.
 */
struct slice blocklist_hide(struct arena *, const struct blocklist_zone *,
    struct slice text);

#endif
