#ifndef AUDIT_SEEKABLE_H
#define AUDIT_SEEKABLE_H

#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/rc.h"

/*
 * A file that is read more than once ("-" is standard input).  What is no
 * regular file is copied into one that has no name, in TMPDIR or /tmp, of max
 * octets at most.  RC_INVALID, or RC_IO when there is no room for the copy:
 * *error says why, with the file's name.  The caller closes *out.
 */
enum rc seekable_open(const char *path, uint64_t max, FILE **out,
    struct arena *, struct slice *error);

/* "standard input", or the path. */
const char *seekable_name(const char *path);

#endif
