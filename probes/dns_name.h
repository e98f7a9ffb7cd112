#ifndef PROBES_DNS_NAME_H
#define PROBES_DNS_NAME_H

#include "base/arena.h"
#include "base/cursor.h"

/*
 * Domain names as they are in DNS messages.  Every struct dns_name is
 * uncompressed, in lower case (RFC 4343: ASCII only) and ends with the root's
 * empty label, so that two names are the same when their octets are.
 */

enum { DNS_NAME_MAX = 255 }; /* RFC 1035 2.3.4 */

struct dns_name {
	size_t n;
	unsigned char wire[DNS_NAME_MAX];
};

/*
 * Takes a name, which may be compressed (RFC 1035 4.1.4), from a cursor over
 * the whole message.  False, and the cursor has failed: cut short, over 255
 * octets, an unknown label type, or a pointer that does not lead backwards.
 */
bool dns_name_take(struct cursor *, struct dns_name *);

/* Passes over a name without following its pointer. */
void dns_name_skip(struct cursor *);

/*
 * From text: \DDD and \C as in RFC 1035 5.1; with or without the last dot.
 * False: an empty label, a bad escape, or over 63 or 255 octets.
 */
bool dns_name_parse(struct slice text, struct dns_name *);

/* Canonical text (base/domain.h); nothing past the arena's ceiling. */
struct slice dns_name_text(struct arena *, const struct dns_name *);

bool dns_name_eq(const struct dns_name *, const struct dns_name *);

/* Whether name is ancestor or below it. */
bool dns_name_is_under(const struct dns_name *name,
    const struct dns_name *ancestor);

#endif
