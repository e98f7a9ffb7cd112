#ifndef AUDIT_EVIDENCE_LIST_H
#define AUDIT_EVIDENCE_LIST_H

#include "audit/blocklists.h"
#include "audit/engine.h"

/*
 * Of one audit, all of whose checks are done: its checks run once more, in the
 * order of their table, and what they ask is listed with what they were
 * answered.  So the list is the same whatever came first, and in a replay.
 * Returns the document's member "evidence".  NULL: out of memory.
 */
json_t *evidence_list_make(struct audit *, const struct blocklist_zones *);

#endif
