#ifndef AUDIT_FILES_H
#define AUDIT_FILES_H

#include "base/arena.h"
#include "base/rc.h"
#include "base/slice.h"

/*
 * Reads a whole file ("-" is standard input) into memory from malloc, with a
 * NUL behind it that is not counted.  A folder, a missing or unreadable file
 * or one over max octets is RC_INVALID, with *error in the arena: "FILE: what
 * is wrong".
 */
enum rc file_read(const char *path, size_t max, unsigned char **out, size_t *n,
    struct arena *, struct slice *error);

/*
 * The files below a folder that may be messages: sorted by name; of a
 * Maildir those in cur and new; otherwise the regular files directly in it
 * that do not begin with a dot.  *is_folder is false when path is none, and
 * then nothing is listed.
 */
enum rc folder_list(const char *path, struct arena *, const char ***files,
    size_t *n, bool *is_folder, struct slice *error);

#endif
