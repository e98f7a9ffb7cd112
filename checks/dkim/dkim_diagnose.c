#include "checks/dkim/dkim_diagnose.h"

enum rc
dkim_diagnose(struct check_run *run, const struct dkim_found *found,
    struct dkim_verdict *v)
{
	struct dkim_digest signed_over;
	bool by_key =
	    found->signed_right ||
	    v->signature->algorithm == DKIM_ED25519_SHA256 ||
	    dkim_public_recover(found->key, v->signature->value, &signed_over);

	(void)run;
	if (!by_key)
		v->reason = DKIM_KEY_MISMATCH;
	else if (found->body->too_short)
		v->reason = DKIM_BODY_SHORT;
	else if (!found->body_right)
		v->reason = DKIM_BODY_CHANGED;
	else
		v->reason = DKIM_HEADER_CHANGED;
	return RC_OK;
}

struct slice
dkim_body_cause_text(struct arena *arena, const struct dkim_verdict *v)
{
	(void)arena;
	(void)v;
	return SLICE_LIT("the body is not the one that was signed");
}

struct slice
dkim_header_cause_text(struct arena *arena, const struct dkim_verdict *v)
{
	(void)arena;
	(void)v;
	return SLICE_LIT("a header field that it covers is not as it was "
			 "signed");
}
