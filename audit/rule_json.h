#ifndef AUDIT_RULE_JSON_H
#define AUDIT_RULE_JSON_H

#include <jansson.h>

#include "rules/rules.h"

/* All of a rule as it is in its pack, for scripts. */
json_t *rule_json(const struct rule *);

#endif
