#include "checks/dkim/dkim_diagnose.h"

/*
 * An RSA signature tells by which hash it was made, to whoever has the key of
 * it; so a wrong key and a changed header can be told apart.
 */
enum rc
dkim_diagnose(struct check_run *run, const struct dkim_found *found,
    struct dkim_verdict *v)
{
	bool rsa = v->signature->algorithm != DKIM_ED25519_SHA256;
	struct dkim_digest over;

	if (!found->signed_right && rsa &&
	    !dkim_public_recover(found->key, v->signature->value, &over)) {
		v->reason = DKIM_KEY_MISMATCH;
		return RC_OK;
	}
	if (found->body->too_short)
		v->reason = DKIM_BODY_SHORT;
	else if (!found->body_right)
		v->reason = DKIM_BODY_CHANGED;
	else
		v->reason = DKIM_HEADER_CHANGED;
	if (!found->body_right)
		v->body_cause = dkim_body_cause(found, v);
	if (!found->signed_right)
		v->header_cause =
		    dkim_header_cause(found, rsa ? &over : NULL, v);
	return arena_failed(run->memos->arena) ? RC_LIMIT : RC_OK;
}
