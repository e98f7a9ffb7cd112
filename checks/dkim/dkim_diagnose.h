#ifndef CHECKS_DKIM_DKIM_DIAGNOSE_H
#define CHECKS_DKIM_DKIM_DIAGNOSE_H

#include "checks/dkim/dkim_hash.h"
#include "checks/dkim/dkim_verify.h"

/* Why a signature does not verify, as far as it can be found out. */

struct dkim_found {
	size_t *tried; /* octets hashed so far: LIMIT_DKIM_TRIED */
	struct dkim_hasher *hasher;
	const struct dkim_public *key;
	const struct dkim_body *body;  /* as it was hashed */
	struct dkim_digest header;     /* likewise */
	bool signed_right, body_right; /* not both */
};

/* What was done to the body; NULL: that is not found out. */
const char *dkim_body_cause(const struct dkim_found *, struct dkim_verdict *);

/*
 * What was done to the header, and the field in changed.  signed_over: what the
 * signature was made over, by its key; NULL: that is not known (Ed25519).
 */
const char *dkim_header_cause(const struct dkim_found *,
    const struct dkim_digest *signed_over, struct dkim_verdict *);

/* Says reason, causes and changed of the verdict.  RC_LIMIT, RC_NOMEM. */
enum rc dkim_diagnose(struct check_run *, const struct dkim_found *,
    struct dkim_verdict *);

/* Half a sentence each: what became of body and header. */
struct slice dkim_body_cause_text(struct arena *, const struct dkim_verdict *);
struct slice dkim_header_cause_text(struct arena *,
    const struct dkim_verdict *);

/* Says the detail of a verdict that is no pass, in the memos' arena. */
enum rc dkim_explain(struct check_run *, struct dkim_verdict *);

#endif
