#ifndef BASE_SUFFIX_H
#define BASE_SUFFIX_H

#include "base/arena.h"
#include "base/rc.h"
#include "base/slice.h"

/* A public suffix list (publicsuffix.org), read at its first use. */
struct suffix_list;

/*
 * file: a list in text or DAFSA form; NULL: the newest of the system's and
 * the one built in.  RC_NOMEM only; whether it can be read, suffix_list_load()
 * tells.
 */
enum rc suffix_list_new(const char *file, struct suffix_list **);
void suffix_list_close(struct suffix_list **);

/* Reads it now.  RC_INVALID: it cannot be read, or holds no rule. */
enum rc suffix_list_load(struct suffix_list *);

/*
 * The public suffix and one label more: a part of the canonical name given.
 * SLICE_NONE: the name is itself a public suffix, or there is no list.
 * Names under no rule go by "*" (publicsuffix.org, algorithm, 2).
 */
struct slice suffix_organizational(struct suffix_list *, struct slice name);

/* "built in", or the file's path; for the report. */
const char *suffix_list_source(const struct suffix_list *);

#endif
