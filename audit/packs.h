#ifndef AUDIT_PACKS_H
#define AUDIT_PACKS_H

#include "audit/settings.h"
#include "rules/rules.h"

/*
 * The rules that the settings ask for: those that are built in, unless
 * --no-default-rules, and all *.rules files of each --rules folder.
 * RC_INVALID: *error is "FILE:LINE:COLUMN: what", safe to show.
 */
enum rc packs_load(const struct settings *, struct arena *, struct rules **,
    struct slice *error);

/*
 * Of the built-in packs only those of these names ("gmail"), whose facts are
 * not compared with those there are: a test does that.
 */
enum rc packs_load_some(const struct settings *, const struct slice *names,
    size_t n, struct arena *, struct rules **, struct slice *error);

/* Those of the providers asked for, where their packs are told by name. */
enum rc packs_load_asked(const struct settings *, struct arena *,
    struct rules **, struct slice *error);

/* The same as packs_load(); there may be none. */
enum rc packs_load_all(const struct settings *, struct arena *, struct rules **,
    struct slice *error);

/* Adds one pack file. */
enum rc packs_add_file(struct rules *, const char *path, struct arena *,
    struct slice *error);

/* Every fact there is, of the checks and of the subject.  NULL: no memory. */
const struct facts *packs_known_facts(struct arena *);

/* The same, and which are never null: that takes a while. */
const struct facts *packs_sure_facts(struct arena *);

#endif
