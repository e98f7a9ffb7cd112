#ifndef AUDIT_BOUNCE_PACKS_H
#define AUDIT_BOUNCE_PACKS_H

#include "audit/settings.h"
#include "rules/bounce.h"

/*
 * The bounce packs that the settings ask for: those that are built in, unless
 * --no-default-rules, and all *.bounces files of each --rules folder.
 * RC_INVALID: *error is "FILE:LINE:COLUMN: what", safe to show.
 */
enum rc bounce_packs_load(const struct settings *, struct arena *,
    struct bounces **, struct slice *error);

/*
 * Whether that file is a bounce pack; *patterns is how many it has.  It may
 * name the providers of the packs that the settings ask for.
 */
enum rc bounce_packs_check(const struct settings *, const char *path,
    struct arena *, size_t *patterns, struct slice *error);

/* "gmail": RC_INVALID with *error when no pack knows it. */
enum rc bounce_packs_provider(const struct bounces *, const char *name,
    struct arena *, const struct bounce_provider **, struct slice *error);

#endif
