#ifndef AUDIT_OUTFILE_H
#define AUDIT_OUTFILE_H

#include <stdio.h>

#include "base/arena.h"
#include "base/rc.h"

/*
 * A file that is there whole or not at all: written beside its place and
 * renamed at the end.  "-" is standard output, which streams.
 */
struct outfile {
	const char *path;
	char *beside; /* NULL: standard output, or not open */
	FILE *f;
};

/*
 * RC_INVALID when the file exists and force is not set, or is a folder, or
 * its folder cannot be written: *error is "FILE: why", in the arena.
 */
enum rc outfile_open(struct outfile *, const char *path, bool force,
    struct arena *, struct slice *error);

/* RC_IO: *error says why. */
enum rc outfile_write(struct outfile *, struct slice, struct arena *,
    struct slice *error);

/* Puts it in its place. */
enum rc outfile_commit(struct outfile *, struct arena *, struct slice *error);

/* Forgets what was not committed; safe on a zeroed struct and twice. */
void outfile_close(struct outfile *);

#endif
