#ifndef AUDIT_PACKS_USED_H
#define AUDIT_PACKS_USED_H

#include <jansson.h>

#include "audit/scorecard.h"

/*
 * The packs that a run judges by, for the document's header: those with a rule
 * of a provider that is asked for, with a rule that such a one extends, and
 * those of the user's that switch one off.  NULL: out of memory.
 */
json_t *packs_used(const struct scorecard_settings *);

#endif
