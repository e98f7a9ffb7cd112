#ifndef AUDIT_OUTFILE_H
#define AUDIT_OUTFILE_H

#include <stdio.h>

#include "audit/leftover.h"
#include "base/arena.h"
#include "base/rc.h"

/*
 * A file that is there whole or not at all: written beside its place and
 * renamed at the end.  "-" is standard output, which streams; so does what is
 * no regular file.
 */
struct outfile {
	const char *path;  /* as the user wrote it */
	const char *place; /* without links; NULL: not a file of its own */
	struct leftover beside;
	FILE *f;
	int wrong; /* errno of the first write that failed */
};

/*
 * RC_INVALID when the file exists and force is not set, or is a folder, or
 * its folder cannot be written; RC_IO when the system cannot: *error is
 * "FILE: why", in the arena.  The struct must not move until it is closed.
 */
enum rc outfile_open(struct outfile *, const char *path, bool force,
    struct arena *, struct slice *error);

/* Whether both would be the same file, or both standard output. */
bool outfile_same(const struct outfile *, const struct outfile *);

/* RC_IO: *error says why. */
enum rc outfile_write(struct outfile *, struct slice, struct arena *,
    struct slice *error);

/* Notes what went wrong for outfile_finish(), if something did. */
void outfile_flush(struct outfile *);

/* All of it is on its way to the disk.  RC_IO if any of it is not. */
enum rc outfile_finish(struct outfile *, struct arena *, struct slice *error);

/* Puts it in its place, once it is finished. */
enum rc outfile_commit(struct outfile *, struct arena *, struct slice *error);

/* Forgets what was not committed; safe on a zeroed struct and twice. */
void outfile_close(struct outfile *);

#endif
