#ifndef AUDIT_ZONES_H
#define AUDIT_ZONES_H

#include "audit/settings.h"
#include "checks/zone/zone_file.h"

/* The zone files of --expect-zone. */
struct zones;

/* Reads them; RC_INVALID: *error in the arena, "FILE: what is wrong". */
enum rc zones_open(const struct settings *, struct arena *, struct zones **,
    struct slice *error);
void zones_close(struct zones **);

/*
 * The closest zone that has the domain, or NULL.  A file whose names are
 * relative to a zone that it does not name is of the one in its own name
 * (example.com.db, db.example.com), or else, if alone is true, of this domain.
 * RC_INVALID as above.
 */
enum rc zones_find(struct zones *, struct slice domain, bool alone,
    const struct zone_file **, struct slice *error);

/* "a.db (example.com)" of each, for people. */
struct slice zones_text(const struct zones *, struct arena *);

#endif
