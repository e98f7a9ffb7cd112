#include "checks/receiver/receiver_ours.h"
#include "checks/spf/spf_eval.h"

#include "base/domain.h"

/* ---- ours -------------------------------------------------------------- */

static struct spf_query
query_of(const struct subject *s)
{
	struct spf_query q = { .domain = s->mail_from_raw_domain,
		.local = s->mail_from_local,
		.helo = s->helo,
		.receiver = s->receiver,
		.now = s->as_of };

	if (q.domain.p == NULL)
		q.domain = s->mail_from_domain;
	if (q.domain.p == NULL)
		q.domain = s->helo;
	return q;
}

static void
outcome_take(const struct spf_outcome *o, struct ours *out)
{
	const struct answer *lost =
	    o->passed_over != NULL ? o->passed_over : o->lost;

	out->known = o->passed_over == NULL && !o->lacks_helo &&
		     o->result != SPF_TEMPERROR;
	out->result = slice_str(spf_result_name(o->result));
	if (out->known)
		return;
	out->lost = lost;
	out->lost_what =
	    o->passed_over != NULL ? o->passed_over_what : o->lost_what;
	out->gap = o->lacks_helo ? CAUSE_NEEDS_HELO : CAUSE_TIMEOUT;
}

/* Of the address that they judged, if it is one of ours; else of each. */
static bool
is_evaluated(const struct subject *s, const struct claim *c, size_t i)
{
	for (size_t k = 0; k < s->n_ips; k++) {
		if (ip_eq(&s->ips[k], &c->ip))
			return k == i;
	}
	return true;
}

/* The first that is no pass is what is said of all of them. */
static enum rc
evaluate(struct check_run *run, const struct claim *c, struct ours *out)
{
	const struct subject *s = run->subject;
	struct spf_records *records = spf_records_new(run);
	struct spf_query q = query_of(s);
	bool passed = true;
	struct spf_outcome o;

	if (records == NULL)
		return RC_LIMIT;
	for (size_t i = 0; i < s->n_ips; i++) {
		enum rc rc;

		if (!is_evaluated(s, c, i))
			continue;
		q.ip = s->ips[i];
		rc = spf_evaluate(records, &q, &o);
		if (rc)
			return rc;
		if (!o.waiting && passed)
			outcome_take(&o, out);
		passed = passed && o.result == SPF_PASS;
	}
	return RC_OK;
}

/* ---- why they differ --------------------------------------------------- */

static bool
is_of_subject(const struct subject *s, const struct ip *ip)
{
	for (size_t i = 0; i < s->n_ips; i++) {
		if (ip_eq(&s->ips[i], ip))
			return true;
	}
	return ip->family == 0;
}

static struct slice
identity_of(const struct receiver_job *job)
{
	struct slice domain = query_of(job->run->subject).domain, out;

	return domain_canonical(job->run->arena, domain, &out) == DOMAIN_FINE
		   ? out
		   : domain;
}

static void
explain_dns(const struct receiver_job *job, const struct claim *c,
    struct ours *out)
{
	struct arena *a = job->run->arena;
	bool passed = slice_eq(c->result, SLICE_LIT("pass"));

	if (!receiver_is_later(job)) {
		out->cause = "unclear";
		out->explanation = arena_slicef(a,
		    "SPF was %.*s there and is %.*s here at nearly the same "
		    "time: DNS answers are kept for a while and may differ "
		    "from place to place, so look again later",
		    SLICE_FMT(c->result), SLICE_FMT(out->result));
		return;
	}
	out->cause = "dns-changed";
	if (passed)
		out->explanation = arena_slicef(a,
		    "SPF passed there %.*s and is %.*s now: the record, or one "
		    "that it includes, was changed since, and mail from that "
		    "address no longer passes; put the address back if it "
		    "still sends",
		    SLICE_FMT(receiver_when(job)), SLICE_FMT(out->result));
	else
		out->explanation = arena_slicef(a,
		    "SPF was %.*s there %.*s and is %.*s now: the record, or "
		    "one that it includes, was changed since; send a new "
		    "sample to see what they say of it",
		    SLICE_FMT(c->result), SLICE_FMT(receiver_when(job)),
		    SLICE_FMT(out->result));
}

static void
explain(const struct receiver_job *job, const struct claim *c, struct ours *out)
{
	struct arena *a = job->run->arena;
	struct slice domain = identity_of(job);

	if (slice_eq(c->result, SLICE_LIT("temperror"))) {
		out->cause = "their-temperror";
		out->explanation = SLICE_LIT(
		    "DNS gave the receiver no answer when the message came, so "
		    "it could not judge SPF; if that happens often, look at "
		    "the name servers of the domain");
	} else if (!is_of_subject(job->run->subject, &c->ip)) {
		out->cause = "other-address";
		out->explanation = arena_slicef(a,
		    "the receiver judged SPF for %.*s, which is not an address "
		    "of this audit: the message came by way of another host",
		    SLICE_FMT(ip_text(a, &c->ip)));
	} else if (c->domain.n > 0 && !slice_eq(c->domain, domain)) {
		out->cause = "other-identity";
		out->explanation = arena_slicef(a,
		    "the receiver judged SPF for the %s %.*s, and this audit "
		    "is of %.*s",
		    c->of_helo ? "EHLO name" : "envelope sender's domain",
		    SLICE_FMT(c->domain), SLICE_FMT(hop_shown(a, domain)));
	} else if (slice_find_nocase(c->reason, SLICE_LIT("best guess")) !=
		   SIZE_MAX) {
		out->cause = "best-guess";
		out->explanation = SLICE_LIT(
		    "there is no SPF record; the receiver guessed at one from "
		    "MX and address, which others do not: publish a record");
	} else {
		explain_dns(job, c, out);
	}
}

enum rc
receiver_spf(const struct receiver_job *job, const struct claim *c,
    struct ours *out)
{
	enum rc rc;

	*out = (struct ours){ .gap = CAUSE_NEEDS_IP,
		.lost_what = SLICE_LIT("SPF has no sending IP to go by") };
	if (query_of(job->run->subject).domain.n == 0) {
		out->gap = CAUSE_NEEDS_HELO;
		out->lost_what = SLICE_LIT("SPF has no name to go by");
		return RC_OK;
	}
	rc = evaluate(job->run, c, out);
	out->agree = slice_eq(c->result, out->result);
	if (rc == RC_OK && out->known && !out->agree)
		explain(job, c, out);
	return rc;
}
