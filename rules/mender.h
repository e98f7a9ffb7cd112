#ifndef RULES_MENDER_H
#define RULES_MENDER_H

#include "rules/pack.h"

/*
 * Adds what the value names to the rule of the section.  RC_INVALID: the
 * reader's error is set.
 */
enum rc mender_take(struct pack_reader *, const struct value *);

/* Whether all that a rule names is there, once its pack has been read. */
enum rc mender_check(struct pack_reader *, const struct rule *);

#endif
