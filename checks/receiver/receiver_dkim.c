#include "checks/dkim/dkim_signature.h"
#include "checks/dkim/dkim_verify.h"
#include "checks/receiver/receiver_ours.h"

/* ---- which of the signatures ------------------------------------------- */

/* The first octets of b= as they stand, white space aside (RFC 6008 4). */
static bool
begins(struct slice value, struct slice prefix)
{
	size_t at = 0;

	for (size_t i = 0; i < value.n && at < prefix.n; i++) {
		if (ascii_is_space(value.p[i]))
			continue;
		if (value.p[i] != prefix.p[at++])
			return false;
	}
	return at == prefix.n;
}

static bool
is_about(const struct dkim_verdict *v, const struct claim *c)
{
	if (c->domain.n > 0 && !slice_eq(v->domain, c->domain))
		return false;
	if (c->selector.n > 0 && !slice_eq(v->selector, c->selector))
		return false;
	return c->signature.n == 0 || begins(v->signature->hole, c->signature);
}

static bool
is_pass(struct slice result)
{
	return slice_eq(result, SLICE_LIT("pass"));
}

/*
 * The signature that the claim is about; of several, where the claim does not
 * tell which, one of the same outcome, or one of which nothing is known.
 * NULL: there is none.
 */
static const struct dkim_verdict *
verdict_find(const struct dkim_verdicts *all, const struct claim *c)
{
	const struct dkim_verdict *first = NULL;

	for (size_t i = 0; i < all->n; i++) {
		const struct dkim_verdict *v = &all->all[i];

		if (!is_about(v, c))
			continue;
		if (v->lost == NULL &&
		    (v->result == DKIM_PASS) == is_pass(c->result))
			return v;
		if (first == NULL || (first->lost == NULL && v->lost != NULL))
			first = v;
	}
	return first;
}

/* ---- why they differ --------------------------------------------------- */

/* What their pass and our lack of one have to do with the key. */
static void
explain_key(const struct receiver_job *job, const struct dkim_verdict *v,
    struct ours *out)
{
	bool gone =
	    v->reason == DKIM_KEY_MISSING || v->reason == DKIM_KEY_REVOKED;

	out->cause = gone ? "key-gone" : "key-changed";
	out->explanation = arena_slicef(job->run->arena,
	    "the signature passed there %.*s, and since then the key at %.*s "
	    "was %s: mail that is still on its way, or sent on later, fails "
	    "now; leave an old key in DNS for some days after the last mail "
	    "that it signed",
	    SLICE_FMT(receiver_when(job)),
	    SLICE_FMT(hop_shown(job->run->arena, v->name)),
	    gone ? "taken out of DNS or revoked" : "changed");
}

static void
explain_altered(const struct receiver_job *job, const struct dkim_verdict *v,
    struct ours *out)
{
	out->cause = "altered";
	out->explanation = arena_slicef(job->run->arena,
	    "the signature passed there, so the sample was altered after it "
	    "came%s%.*s: a program that saves or shows mail changes line ends, "
	    "fields or parts; save the original (in Gmail \"Show original\", "
	    "then \"Download original\") and audit that",
	    v->changed.n > 0 ? ", at least in " : "",
	    SLICE_FMT(v->changed.n > 0 ? hop_shown(job->run->arena, v->changed)
				       : SLICE_LIT("")));
}

static void
explain_stricter(const struct receiver_job *job, const struct dkim_verdict *v,
    struct ours *out)
{
	out->cause = "stricter";
	out->explanation = arena_slicef(job->run->arena,
	    "the receiver took a signature that others refuse: %.*s",
	    SLICE_FMT(v->detail));
}

/* They say pass. */
static void
explain_passed(const struct receiver_job *job, const struct dkim_verdict *v,
    struct ours *out)
{
	switch (v->reason) {
	case DKIM_KEY_MISSING:
	case DKIM_KEY_REVOKED:
	case DKIM_KEY_MISMATCH:
	case DKIM_KEY_SYNTAX:
	case DKIM_KEY_TYPE:
		explain_key(job, v, out);
		return;
	case DKIM_BODY_SHORT:
	case DKIM_BODY_CHANGED:
	case DKIM_HEADER_CHANGED:
		explain_altered(job, v, out);
		return;
	case DKIM_EXPIRED:
		out->cause = "expired";
		out->explanation =
		    SLICE_LIT("the signature passed when the message came, and "
			      "its x= is past at the time of this audit; that "
			      "harms only mail that is late");
		return;
	case DKIM_VALID:
	case DKIM_SYNTAX:
	case DKIM_TAG_MISSING:
	case DKIM_TAG_TWICE:
	case DKIM_TAG_VALUE:
	case DKIM_VERSION:
	case DKIM_ALGORITHM:
	case DKIM_SHA1:
	case DKIM_FROM_UNSIGNED:
	case DKIM_IDENTITY:
	case DKIM_QUERY:
	case DKIM_KEY_LOST:
	case DKIM_KEY_SEVERAL:
	case DKIM_KEY_HASH:
	case DKIM_KEY_SERVICE:
	case DKIM_KEY_STRICT:
	case DKIM_KEY_SHORT:
	case DKIM_KEY_LONG:
	case DKIM_LIMIT:
	case DKIM_REASONS:
		break;
	}
	explain_stricter(job, v, out);
}

/* They say something else, and it passes here. */
static void
explain_failed(const struct receiver_job *job, const struct claim *c,
    const struct dkim_verdict *v, struct ours *out)
{
	struct arena *a = job->run->arena;

	if (slice_eq(c->result, SLICE_LIT("temperror"))) {
		out->cause = "their-temperror";
		out->explanation = SLICE_LIT(
		    "DNS gave the receiver no answer for the key when the "
		    "message came; if that happens often, look at the name "
		    "servers of the domain");
	} else if (v->signature->algorithm == DKIM_ED25519_SHA256) {
		out->cause = "ed25519";
		out->explanation = SLICE_LIT(
		    "the signature is Ed25519 (RFC 8463), which many receivers "
		    "cannot verify yet; that does no harm beside an RSA "
		    "signature of the same domain, so sign with both");
	} else if (receiver_is_later(job)) {
		out->cause = "dns-changed";
		out->explanation = arena_slicef(a,
		    "DKIM was %.*s there %.*s and passes here: the key was "
		    "published or mended since; send a new sample to see what "
		    "they say of it",
		    SLICE_FMT(c->result), SLICE_FMT(receiver_when(job)));
	} else {
		out->cause = "unclear";
		out->explanation = arena_slicef(a,
		    "DKIM was %.*s there and passes here at nearly the same "
		    "time: the receiver's DNS had no key, or an old one, or "
		    "its server verified another form of the message",
		    SLICE_FMT(c->result));
	}
}

static void
explain(const struct receiver_job *job, const struct claim *c,
    const struct dkim_verdict *v, struct ours *out)
{
	if (v == NULL) {
		out->cause = "signature-gone";
		out->explanation = SLICE_LIT(
		    "the sample has no such signature: a program on the way, "
		    "or the one that saved it, took the field out");
	} else if (is_pass(c->result)) {
		explain_passed(job, v, out);
	} else {
		explain_failed(job, c, v, out);
	}
}

/* ---- the claim --------------------------------------------------------- */

enum rc
receiver_dkim(const struct receiver_job *job, const struct claim *c,
    struct ours *out)
{
	const struct dkim_verdicts *all = NULL;
	const struct dkim_verdict *v;
	enum rc rc = dkim_verify(job->run, &all);

	*out = (struct ours){ .gap = CAUSE_LIMIT,
		.lost_what = SLICE_LIT("not all signatures are looked at") };
	if (rc || all == NULL)
		return rc;
	v = verdict_find(all, c);
	if (v == NULL ? all->cut : v->reason == DKIM_LIMIT)
		return RC_OK;
	if (v != NULL && v->lost != NULL) {
		out->lost = v->lost;
		out->lost_what = arena_slicef(job->run->arena, "%.*s TXT",
		    SLICE_FMT(v->name));
		return RC_OK;
	}
	out->known = true;
	if (v != NULL)
		out->result = slice_str(dkim_result_name(v->result));
	/* "dkim=none" is of a message without any. */
	out->agree = v == NULL ? slice_eq(c->result, SLICE_LIT("none"))
			       : is_pass(c->result) == is_pass(out->result);
	if (!out->agree)
		explain(job, c, v, out);
	return arena_failed(job->run->arena) ? RC_LIMIT : RC_OK;
}
