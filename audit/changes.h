#ifndef AUDIT_CHANGES_H
#define AUDIT_CHANGES_H

#include <jansson.h>

#include "rules/rules.h"

/*
 * What has to be done, across all providers: sets in the audit's element
 * "changes", the shortest list of deeds that leaves no must failed, and
 * "recommended", what should or may be done besides.  facts are those that the
 * results were judged by.  Results of "standards" count for nothing here.
 * RC_NOMEM, or RC_OK.
 */
enum rc changes_set(json_t *element, const struct rules *, const json_t *facts);

#endif
