#ifndef AUDIT_VIEWS_SPOOL_H
#define AUDIT_VIEWS_SPOOL_H

#include <stdio.h>

#include "audit/views/view.h"

/*
 * What is rendered before its place has come: in memory while it is little,
 * then in a temporary file without a name.  Zero-initialised is empty.
 */
struct spool {
	struct buf memory;
	FILE *file; /* NULL: all is in memory */
};

/* RC_NOMEM; RC_IO: *why says so. */
enum rc spool_add(struct spool *, struct slice, const char **why);

/* Adds all of it to the run's output, piece by piece; sets the run's rc. */
void spool_give(struct spool *, struct view_run *);

/* Safe on a zeroed struct and twice. */
void spool_close(struct spool *);

#endif
