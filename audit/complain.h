#ifndef AUDIT_COMPLAIN_H
#define AUDIT_COMPLAIN_H

#include "audit/options.h"
#include "base/rc.h"

/*
 * Says on standard error, in one line, why a command came to an end; text may
 * be nothing, and is escaped.  The exit status that goes with it.
 */
enum exit_status complain(enum rc, struct slice text);

/* Writes a finished text to standard output; the exit status. */
enum exit_status print_out(const struct buf *);

#endif
