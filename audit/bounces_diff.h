#ifndef AUDIT_BOUNCES_DIFF_H
#define AUDIT_BOUNCES_DIFF_H

#include <jansson.h>

#include "base/rc.h"

/*
 * Two analyses of bounces, before and after: what fails now that did not, what
 * fails more often or less, and what is gone.  Clusters are one and the same
 * by receiver, codes, reason, kind and pattern.  Logs of a busy week and a
 * quiet one are compared by how many of all attempts failed so; where one of
 * them tells of no delivery (bounce messages do not), by how many there were.
 * What differs by a tenth at most, or no more than chance gives, is as before.
 */
struct bounces_diff {
	json_t *document; /* presend.bounces-diff/1 */
	size_t worse;     /* clusters that are new, or more often */
};

/* files: their names, as they are shown.  RC_NOMEM. */
enum rc bounces_diff_make(json_t *const documents[2],
    const char *const files[2], struct bounces_diff *);
void bounces_diff_close(struct bounces_diff *);

#endif
