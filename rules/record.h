#ifndef RULES_RECORD_H
#define RULES_RECORD_H

#include "rules/compile.h"
#include "rules/rules.h"

/* Reads the value of a "record" key.  RC_INVALID: the compile says where. */
enum rc record_parse(struct compile *, struct slice text,
    struct rule_record *out);

#endif
