#ifndef AUDIT_BOUNCES_AUDIT_H
#define AUDIT_BOUNCES_AUDIT_H

#include <jansson.h>

#include "audit/settings.h"
#include "base/arena.h"
#include "base/rc.h"

/*
 * Audits the domain that --audit names and sets beside each cluster of the
 * document what the rules that it is about say today: "today" (still-failing,
 * mended, unknown) and "results", those rules and what else of their kind
 * fails.  Where the settings have no sending address, the one that the replies
 * name is taken.
 */
enum rc bounces_audit(const struct settings *, json_t *document, struct arena *,
    struct slice *error);

#endif
