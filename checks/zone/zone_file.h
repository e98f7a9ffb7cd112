#ifndef CHECKS_ZONE_ZONE_FILE_H
#define CHECKS_ZONE_ZONE_FILE_H

#include "base/rc.h"
#include "base/table.h"
#include "checks/zone/zone_lexer.h"
#include "probes/evidence.h"

/*
 * A zone file (RFC 1035 5.1), as name servers have them and panels export
 * them, of which the records are kept that mail may need: A, AAAA, CNAME, MX,
 * NS, SOA and TXT.  A record that cannot be read is said, and the rest stays.
 */

struct zone_record {
	struct dns_record rr; /* ttl: as written, or 0 */
	size_t line;
	const struct zone_record *next; /* in the file */
	const struct zone_record *same; /* the next of the same owner */
};

struct zone_fault {
	const char *code; /* "zone.syntax": stable */
	struct zone_place at;
	struct slice detail; /* a sentence; what it quotes is not escaped */
};

struct zone_file {
	struct slice file; /* its name, as given */
	struct slice apex; /* the zone; canonical */
	const struct zone_record *first;
	const struct zone_record *soa; /* or NULL */
	size_t n_records;
	size_t n_others; /* of types and classes that mail does not need */
	const struct zone_fault *faults; /* LIMIT_PROBLEMS at most */
	size_t n_faults;
	size_t all_faults;
	/* It has relative names, and does not say of which zone. */
	bool homeless;
	struct table *names; /* of owners; see zone_file_find() */
};

/*
 * Reads all of it into the arena, which is the zone's own: it is emptied
 * before.  The text is borrowed.  origin: the zone that
 * relative names are below, canonical, where the file does not say; nothing:
 * not known.  RC_INVALID: it is no zone, and *error, in the arena, says why.
 * RC_LIMIT: it holds more than is looked at.  It must be closed in any case.
 */
enum rc zone_file_read(struct arena *, struct slice file, struct slice text,
    struct slice origin, struct zone_file *out, struct slice *error);
void zone_file_close(struct zone_file *);

/* The first record of that owner, of which same leads on; or NULL. */
const struct zone_record *zone_file_find(const struct zone_file *,
    struct slice owner);

/* Of one type. */
const struct zone_record *zone_file_find_type(const struct zone_file *,
    struct slice owner, uint16_t type);

#endif
