#ifndef AUDIT_PROVIDERS_H
#define AUDIT_PROVIDERS_H

#include "audit/settings.h"
#include "rules/rules.h"

/*
 * The providers asked for, by the names of their packs: the default, names, or
 * "all", which are those that take mail, and not the standards.  A name may be
 * in any case, a domain of the provider's (orange.fr) or another name that it
 * goes by (hotmail).  RC_INVALID: *error names the wrong one, and those that
 * there are.
 */
enum rc providers_asked(const struct settings *, const struct rules *,
    struct arena *, const struct slice **out, size_t *n, struct slice *error);

#endif
