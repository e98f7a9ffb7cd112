#ifndef CHECKS_ARC_ARC_VERIFY_H
#define CHECKS_ARC_ARC_VERIFY_H

#include "checks/arc/arc_set.h"
#include "checks/check.h"
#include "checks/dkim/dkim_signature.h"

/* The signatures of ARC sets, verified (RFC 8617 5.2). */

/* One field that is signed. */
struct arc_part {
	struct dkim_signature signature;
	const struct answer *answer; /* of the key; NULL: not asked for */
	enum dkim_reason reason;     /* DKIM_VALID: it verifies */
	const char *forbidden;       /* what it has and must not; or NULL */
};

enum arc_cv { ARC_CV_NONE, ARC_CV_PASS, ARC_CV_FAIL, ARC_CV_OTHER };

struct arc_verdict {
	struct arc_part message; /* ARC-Message-Signature */
	struct arc_part seal;    /* ARC-Seal */
	struct slice cv_text;    /* as written; or nothing */
	enum arc_cv cv;
};

struct arc_verdicts {
	struct arc_chain chain;
	/* chain.n, in its order; NULL: the chain has a fault, or no set. */
	struct arc_verdict *all;
};

/*
 * All of the subject's message.  *out is NULL while a question is open.
 * In the run's arena.  RC_NOMEM, RC_LIMIT.
 */
enum rc arc_verify(struct check_run *, const struct arc_verdicts **out);

static inline bool
arc_part_is_lost(const struct arc_part *p)
{
	return p->reason == DKIM_KEY_LOST;
}

static inline bool
arc_part_fails(const struct arc_part *p)
{
	return p->reason != DKIM_VALID && !arc_part_is_lost(p);
}

/* Why it does not verify: "The ARC-Seal of set 2 (example.org) ...". */
struct slice arc_part_text(struct arena *, const struct arc_part *,
    enum arc_kind, size_t instance);

#endif
