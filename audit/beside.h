#ifndef AUDIT_BESIDE_H
#define AUDIT_BESIDE_H

#include <jansson.h>

/*
 * Google's verdicts beside ours, a row for each of its requirements, and where
 * they differ the likely reason.  NULL: Google's are not known.
 */
json_t *beside_make(const json_t *subject, const json_t *facts,
    const json_t *results);

#endif
