#ifndef AUDIT_RULES_CHECK_H
#define AUDIT_RULES_CHECK_H

#include "audit/options.h"

/* presend rules check: all that is wrong with packs, file by file. */
enum exit_status rules_check(const struct settings *, struct arena *);

#endif
