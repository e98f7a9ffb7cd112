#ifndef AUDIT_PATHS_H
#define AUDIT_PATHS_H

#include "audit/settings.h"
#include "base/arena.h"
#include "base/rc.h"

/* Files to read, in order. */
struct paths {
	const char **items;
	size_t n;
	size_t cap;
};

/*
 * The files that are named, and those in folders that are: all below each, by
 * name, without those that begin with a dot; of a Maildir those in cur and new
 * alone.  "-" stays.  None named: standard
 * input.  RC_INVALID for what is not there or cannot be read.
 */
enum rc paths_list(const struct string_list *, struct arena *, struct paths *,
    struct slice *error);

#endif
