#ifndef AUDIT_PROGRESS_H
#define AUDIT_PROGRESS_H

#include "base/rc.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * One line on standard error that is written over and over: how far a long
 * run is.  Nothing that a pipe or a file would ever see.
 */
struct progress;

/*
 * wanted: whether there is someone to look at it (a terminal); TERM=dumb has
 * no line to write over.  total: audits that there will be; 0: not known.
 * When it is not wanted *out is NULL, which all below take.  RC_NOMEM.
 */
enum rc progress_new(bool wanted, size_t total, struct progress **out);

/* now: milliseconds of any clock that does not go back. */
void progress_show(struct progress *, int64_t now, size_t done,
    size_t in_flight);

/* Wipes the line, so that something else can be written. */
void progress_clear(struct progress *);
void progress_close(struct progress **);

#endif
