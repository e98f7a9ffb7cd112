#include "checks/postmaster/postmaster_ask.h"

#include "base/limits.h"
#include "checks/postmaster/postmaster_read.h"

#define API_HOST   "gmailpostmastertools.googleapis.com"
#define TOKEN_HOST "oauth2.googleapis.com"

static struct postmaster_reply
lost(enum cause cause, struct slice detail)
{
	return (struct postmaster_reply){ .cause = cause, .detail = detail };
}

/* ---- signing in -------------------------------------------------------- */

static struct postmaster_reply
no_address(struct check_run *run, const char *host, const struct addresses *at)
{
	enum cause cause = at->seen == SEEN_ABSENT ? CAUSE_NETWORK : at->cause;

	return lost(cause,
	    at->seen == SEEN_ABSENT
		? arena_slicef(run->arena, "%s has no address", host)
		: arena_slicef(run->arena, "asking DNS for %s A and AAAA%s%.*s",
		      host, at->detail.n > 0 ? ": " : "",
		      SLICE_FMT(at->detail)));
}

static struct postmaster_reply
sign_in(struct check_run *run, const struct addresses *at)
{
	struct question q = {
		.kind = QUESTION_TOKEN,
		.name = SLICE_LIT("https://" TOKEN_HOST "/token"),
		.type = 443,
		.addresses = at->ips,
		.n_addresses = at->n,
	};
	const struct answer *a = check_ask(run, &q);

	if (a == NULL)
		return (struct postmaster_reply){ .waiting = true };
	if (a->seen == SEEN_ANSWERED)
		return (struct postmaster_reply){ .body = SLICE_LIT("") };
	return lost(a->cause,
	    a->detail.n > 0 ? a->detail : SLICE_LIT("signing in to Google"));
}

struct postmaster_api
postmaster_open(struct check_run *run)
{
	struct addresses token =
	    check_ask_addresses(run, SLICE_LIT(TOKEN_HOST));
	struct postmaster_api api = { 0 };

	api.at = check_ask_addresses(run, SLICE_LIT(API_HOST));
	if (token.waiting || api.at.waiting)
		api.signed_in.waiting = true;
	else if (token.n == 0)
		api.signed_in = no_address(run, TOKEN_HOST, &token);
	else if (api.at.n == 0)
		api.signed_in = no_address(run, API_HOST, &api.at);
	else
		api.signed_in = sign_in(run, &token);
	return api;
}

/* ---- what is wrong with an answer -------------------------------------- */

struct postmaster_reply
postmaster_odd(struct check_run *run, struct slice domain, const char *what)
{
	return lost(CAUSE_MALFORMED,
	    arena_slicef(run->arena, "asking Google for %.*s: %s",
		SLICE_FMT(domain), what));
}

/* The API's own words, in short. */
static struct slice
words(struct check_run *run, const struct postmaster_error *e)
{
	struct slice first = e->reason.n > 0 ? e->reason : e->status;

	return arena_slicef(run->arena, "%.*s%s%.*s", SLICE_FMT(first),
	    first.n > 0 && e->message.n > 0 ? ": " : "", SLICE_FMT(e->message));
}

struct refusal {
	uint16_t status;
	const char *reason; /* NULL: any */
	enum cause cause;
	const char *text;
};

static const struct refusal refusals[] = {
	{ 401, NULL, CAUSE_CREDENTIALS,
	    "the access token is not good, or no more" },
	{ 403, "ACCESS_TOKEN_SCOPE_INSUFFICIENT", CAUSE_CREDENTIALS,
	    "the credentials lack the scope "
	    "https://www.googleapis.com/auth/postmaster.traffic.readonly" },
	{ 403, NULL, CAUSE_FORBIDDEN, "this user may not see it" },
	{ 404, NULL, CAUSE_UNREGISTERED, "it is not registered there" },
	{ 429, NULL, CAUSE_RATE, "too much was asked" },
};

/* HTML of a proxy with status 404 does not say that a domain is unknown. */
static struct postmaster_reply
refused(struct check_run *run, struct slice domain, const struct http_answer *h)
{
	struct postmaster_error e;
	bool ours = postmaster_error_read(run->arena, h->body, &e);
	const struct refusal *r = refusals;
	size_t n = sizeof(refusals) / sizeof(*refusals);

	while (n > 0 && (r->status != h->status ||
			    (r->reason != NULL &&
				!slice_eq(e.reason, slice_str(r->reason))))) {
		r++;
		n--;
	}
	if (h->status / 100 == 5 || (n > 0 && r->cause == CAUSE_RATE))
		return lost(n > 0 ? r->cause : CAUSE_DEFERRED,
		    arena_slicef(run->arena,
			"asking Google for %.*s: HTTP status %u",
			SLICE_FMT(domain), h->status));
	if (!ours || n == 0)
		return lost(CAUSE_MALFORMED,
		    arena_slicef(run->arena,
			"asking Google for %.*s: HTTP status %u%s%.*s",
			SLICE_FMT(domain), h->status, ours ? ": " : "",
			SLICE_FMT(words(run, &e))));
	return lost(r->cause,
	    arena_slicef(run->arena, "asking Google for %.*s: %s (%.*s)",
		SLICE_FMT(domain), r->text, SLICE_FMT(words(run, &e))));
}

static struct postmaster_reply
reply_of(struct check_run *run, struct slice domain, const struct answer *a)
{
	const struct http_answer *h;

	if (a == NULL)
		return (struct postmaster_reply){ .waiting = true };
	if (a->seen != SEEN_ANSWERED)
		return lost(a->cause,
		    arena_slicef(run->arena, "asking Google for %.*s%s%.*s",
			SLICE_FMT(domain), a->detail.n > 0 ? ": " : "",
			SLICE_FMT(a->detail)));
	h = &a->as.http;
	if (h->body_truncated)
		return lost(CAUSE_LIMIT,
		    arena_slicef(run->arena,
			"asking Google for %.*s: the answer is longer than is "
			"read",
			SLICE_FMT(domain)));
	if (h->status != 200)
		return refused(run, domain, h);
	return (struct postmaster_reply){
		.body = h->body.p != NULL ? h->body : SLICE_LIT("")
	};
}

/* ---- asking ------------------------------------------------------------ */

static struct postmaster_reply
ask(struct check_run *run, const struct postmaster_api *api,
    struct slice domain, struct question *q)
{
	q->kind = QUESTION_POSTMASTER;
	q->type = 443;
	q->addresses = api->at.ips;
	q->n_addresses = api->at.n;
	if (q->name.p == NULL)
		return lost(CAUSE_LIMIT, SLICE_NONE);
	return reply_of(run, domain, check_ask(run, q));
}

struct postmaster_reply
postmaster_ask_status(struct check_run *run, const struct postmaster_api *api,
    struct slice domain)
{
	struct question q = { .name = arena_slicef(run->arena,
				  "https://" API_HOST
				  "/v2/domains/%.*s/complianceStatus",
				  SLICE_FMT(domain)) };

	return ask(run, api, domain, &q);
}

struct postmaster_reply
postmaster_ask_stats(struct check_run *run, const struct postmaster_api *api,
    struct slice domain, struct slice query)
{
	struct question q = {
		.name = arena_slicef(run->arena,
		    "https://" API_HOST "/v2/domains/%.*s/domainStats:query",
		    SLICE_FMT(domain)),
		.body = query,
	};

	return ask(run, api, domain, &q);
}
