#ifndef CHECKS_ZONE_ZONE_NAME_H
#define CHECKS_ZONE_ZONE_NAME_H

#include "base/arena.h"
#include "base/slice.h"

/* Names and strings as they are written in a zone file (RFC 1035 5.1). */

/* A name as canonical text: 255 octets, each of which may be \DDD. */
enum { ZONE_NAME_MAX = 255 * 4 };

/* What relative names are below. */
struct zone_origin {
	bool known;
	struct slice name; /* canonical (base/domain.h); empty: the root */
};

/* What zone_name_read() says of a name that is relative to nothing known. */
extern const char zone_no_origin[];

/*
 * A name, "@" or relative, as canonical text in the arena.  NULL, or what is
 * wrong with it: half a sentence.
 */
const char *zone_name_read(struct arena *, struct slice raw,
    const struct zone_origin *, struct slice *out);

/* One from the wire, uncompressed, off *in. */
const char *zone_name_wire(struct arena *, struct slice *in, struct slice *out);

/* The octets of a string, its escapes resolved; borrows if there are none. */
const char *zone_string_read(struct arena *, struct slice raw,
    struct slice *out);

#endif
