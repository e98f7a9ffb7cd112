#ifndef AUDIT_COLLECT_H
#define AUDIT_COLLECT_H

#include <jansson.h>

#include "audit/settings.h"
#include "base/arena.h"
#include "base/rc.h"

/*
 * Makes the audits that the settings ask for and adds each to the array, as an
 * element of the document presend.audit/1; nothing is written but a recording.
 * *error, in the arena, says why an rc is not RC_OK.
 */
enum rc audit_collect(const struct settings *, struct arena *, json_t *audits,
    struct slice *error);

#endif
