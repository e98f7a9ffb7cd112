#ifndef AUDIT_BLOCKLISTS_H
#define AUDIT_BLOCKLISTS_H

#include "checks/blocklist/blocklist_zone.h"
#include "probes/evidence.h"

/*
 * The file of --blocklists: a zone a line, "#" begins a comment.
 *
 *   line    = zone *( blanks word )
 *   word    = kind / "name=" label / "test=" point / address "=" meaning
 *   kind    = "ip" / "ip4" / "ip6" / "domain"
 *   point   = what the zone lists for testing: a domain or an address
 *   address = an answer of the zone, and what the zone means by it
 *
 * Without a kind it holds addresses of both families.  Without a name the zone
 * is called by its own; but a first label of 20 octets or more is taken for the
 * user's key, and left out.
 */

/*
 * What it makes lives in the arena.  RC_INVALID: *error is "FILE: line N: what
 * is wrong", without any part of a zone.
 */
enum rc blocklists_read(const char *file, struct slice text, struct arena *,
    struct blocklist_zones *, struct slice *error);

/*
 * Has the zones asked for by their labels: so they stand in a recording, which
 * has no keys.  RC_NOMEM.
 */
enum rc blocklists_by_label(struct arena *, struct blocklist_zones *);

/*
 * Question and answer as they may be recorded and shown: the label in place of
 * the zone's name.  What it makes lives in the arena.  RC_LIMIT.
 */
enum rc blocklists_hide(const struct blocklist_zones *, struct arena *,
    struct question *, struct answer *);

/* Whether any of them has a name that is to be hidden. */
bool blocklists_have_secrets(const struct blocklist_zones *);

#endif
