#ifndef AUDIT_SPAM_RATES_H
#define AUDIT_SPAM_RATES_H

#include "audit/settings.h"
#include "checks/spam_rate/spam_rate.h"

/*
 * What --spam-rate says: a percentage or an export, of all providers or of one
 * (gmail=0.12).  NULL in *out when it says nothing.  RC_INVALID: *error in the
 * arena, safe to show.
 */
enum rc spam_rates_read(const struct settings *, struct arena *,
    const struct spam_rates **out, struct slice *error);

#endif
