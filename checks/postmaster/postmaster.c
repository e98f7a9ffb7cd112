#include "base/suffix.h"
#include "checks/postmaster/postmaster_facts.h"
#include "checks/table.h"

/*
 * What Google itself sees of the domain: the Gmail Postmaster Tools API v2,
 * with credentials of a user to whom the domain is shared there.
 */

/* It is not there for this user: then its registrable domain may be. */
static bool
is_not_there(const struct postmaster_reply *r)
{
	return r->cause == CAUSE_FORBIDDEN || r->cause == CAUSE_UNREGISTERED;
}

static void
tell_status(struct check_run *run, struct slice domain,
    const struct postmaster_reply *r)
{
	struct postmaster_status status;
	struct postmaster_reply odd;

	if (r->body.p == NULL) {
		postmaster_lost_status(run, r);
	} else if (postmaster_status_read(run->arena, r->body, &status)) {
		postmaster_put_status(run, &status, domain);
	} else {
		odd = postmaster_odd(run, domain,
		    "the answer is not what the API says of itself");
		postmaster_lost_status(run, &odd);
	}
}

static void
tell_figures(struct check_run *run, const struct postmaster_api *api,
    struct slice domain)
{
	struct postmaster_days *days =
	    arena_new_of(run->arena, struct postmaster_days, 2);
	struct postmaster_reply rates, errors;

	if (days == NULL)
		return;
	rates =
	    postmaster_days_ask(run, api, domain, postmaster_rates, &days[0]);
	errors =
	    postmaster_days_ask(run, api, domain, postmaster_errors, &days[1]);
	if (rates.waiting || errors.waiting)
		return;
	if (rates.body.p != NULL)
		postmaster_put_rates(run, &days[0]);
	else
		postmaster_lost_rates(run, &rates);
	if (errors.body.p != NULL)
		postmaster_put_errors(run, &days[1]);
	else
		postmaster_lost_errors(run, &errors);
}

/* The reply of the domain itself, or else of its registrable domain. */
static void
tell(struct check_run *run, const struct postmaster_api *api)
{
	struct slice domain = run->subject->domain;
	struct slice up = suffix_organizational(run->subject->suffixes, domain);
	struct postmaster_reply r = postmaster_ask_status(run, api, domain);
	struct postmaster_reply instead;

	if (!r.waiting && is_not_there(&r) && up.n > 0 && up.n < domain.n) {
		instead = postmaster_ask_status(run, api, up);
		if (instead.waiting || !is_not_there(&instead)) {
			r = instead;
			domain = up;
		}
	}
	/* Foreseen: if it may be seen, so may its figures. */
	tell_figures(run, api, domain);
	if (!r.waiting)
		tell_status(run, domain, &r);
}

static enum rc
postmaster_run(struct check_run *run)
{
	struct postmaster_api api;

	if (!run->subject->postmaster) {
		check_gap(run, "", CAUSE_NEEDS_POSTMASTER,
		    SLICE_LIT("only Google tells, and no credentials for its "
			      "Postmaster Tools are given"));
		return RC_OK;
	}
	api = postmaster_open(run);
	if (api.signed_in.body.p != NULL)
		tell(run, &api);
	else if (!api.signed_in.waiting)
		check_gap(run, "", api.signed_in.cause, api.signed_in.detail);
	return arena_failed(run->arena) ? RC_LIMIT : RC_OK;
}

const struct check check_postmaster = {
	.name = "postmaster",
	.summary = "what Google sees of the domain, with --postmaster",
	.standards = "Gmail Postmaster Tools API v2",
	.facts = postmaster_fact_docs,
	.run = postmaster_run,
};
