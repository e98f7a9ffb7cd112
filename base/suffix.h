#ifndef BASE_SUFFIX_H
#define BASE_SUFFIX_H

#include "base/rc.h"
#include "base/slice.h"

/* A public suffix list (publicsuffix.org), read at its first use. */
struct suffix_list;

/*
 * list: the octets of a list in text or in libpsl's DAFSA form, borrowed, and
 * name what to call it, borrowed too; nothing: the newest of the system's and
 * the one built into libpsl.  RC_NOMEM only; whether it can be used,
 * suffix_list_load() tells.
 */
enum rc suffix_list_new(const char *name, struct slice list,
    struct suffix_list **);
void suffix_list_close(struct suffix_list **);

/*
 * Reads it now.  RC_INVALID: it is no list; *line is the first line that holds
 * no rule, 0 when there is no rule in it at all.
 */
enum rc suffix_list_load(struct suffix_list *, size_t *line);

/*
 * The public suffix and one label more: a part of the canonical name given.
 * SLICE_NONE: the name is itself a public suffix, or there is no list.
 * Names under no rule go by "*" (publicsuffix.org, algorithm, 2).  "*.foo"
 * makes foo a public suffix as well, as libpsl and the browsers have it.
 */
struct slice suffix_organizational(struct suffix_list *, struct slice name);

/*
 * The name it was given, the path of the system's, or "built in"; NULL: there
 * is no list.  For the report.
 */
const char *suffix_list_source(struct suffix_list *);

#endif
