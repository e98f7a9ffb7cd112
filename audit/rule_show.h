#ifndef AUDIT_RULE_SHOW_H
#define AUDIT_RULE_SHOW_H

#include "base/buf.h"
#include "rules/rules.h"

/* All of a rule, a field on each line or filled into several. */
void rule_show(const struct rule *, struct buf *out);

#endif
