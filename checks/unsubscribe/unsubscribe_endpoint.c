#include "checks/unsubscribe/unsubscribe_endpoint.h"

#include "checks/certificate.h"

/* What of the endpoint is not known without its answer. */
static const char *const answered[] = { "endpoint.sent", "endpoint.status",
	"endpoint.answered", "endpoint.redirected", "endpoint.location",
	"endpoint.tls_trusted", "endpoint.certificate_error",
	"endpoint.fault" };

enum { N_ANSWERED = sizeof(answered) / sizeof(*answered) };

/* ---- the certificate --------------------------------------------------- */

/* Why it is not to be trusted; nothing: it is, as far as that is known. */
static struct slice
certificate_fault(struct check_run *run, const struct certificate *c,
    struct slice host)
{
	if (!c->readable)
		return SLICE_LIT("it cannot be read");
	if (!c->matches_host)
		return arena_slicef(run->arena, "it is not made out for %.*s",
		    SLICE_FMT(host));
	if (c->expired)
		return SLICE_LIT("it has expired");
	if (c->not_yet_valid)
		return SLICE_LIT("it is not valid yet");
	return c->trust_known && !c->trusted ? c->error : SLICE_NONE;
}

static enum rc
take_certificate(struct check_run *run, json_t *o, const struct http_answer *h,
    struct slice host)
{
	const struct slice why = SLICE_LIT("no trust anchors could be read");
	struct certificate c;
	struct slice fault;
	enum rc rc = certificate_read(run, &h->tls, host, &c);

	if (rc)
		return rc;
	fault = certificate_fault(run, &c, host);
	if (fault.n > 0 || c.trust_known)
		check_fact_bool(o, "tls_trusted", fault.n == 0);
	else
		check_gap(run, "endpoint.tls_trusted", CAUSE_OFFLINE, why);
	if (fault.n > 0)
		check_fact_text(o, "certificate_error", fault);
	else if (c.trust_known)
		check_fact_null(o, "certificate_error");
	else
		check_gap(run, "endpoint.certificate_error", CAUSE_OFFLINE,
		    why);
	return RC_OK;
}

/* ---- the answer -------------------------------------------------------- */

/* Whether it went out: known of an answer, and where nothing was connected. */
static void
say_sent(struct check_run *run, json_t *o, const struct answer *a,
    struct slice what)
{
	bool held = a->cause == CAUSE_PRIVATE || a->cause == CAUSE_REFUSED ||
		    a->cause == CAUSE_SKIPPED || a->cause == CAUSE_OFFLINE;

	if (a->seen == SEEN_ANSWERED || a->seen == SEEN_MALFORMED || held)
		check_fact_bool(o, "sent", !held);
	else
		check_gap_answer(run, answered[0], a, what);
}

static void
lost(struct check_run *run, json_t *o, const struct answer *a, struct slice url)
{
	struct slice what =
	    arena_slicef(run->arena, "posting to %.*s", SLICE_FMT(url));

	say_sent(run, o, a, what);
	for (size_t i = 1; i < N_ANSWERED; i++)
		check_gap_answer(run, answered[i], a, what);
}

/* What is wrong with it, first what it answers; or nothing. */
static struct slice
answer_fault(struct check_run *run, const struct http_answer *h,
    const json_t *o)
{
	const char *error =
	    json_string_value(json_object_get(o, "certificate_error"));

	if (h->status / 100 == 3)
		return arena_slicef(run->arena,
		    "it answered with status %u, a redirect%s%.*s, which "
		    "nobody follows (RFC 8058 3.1)",
		    h->status, h->location.n > 0 ? " to " : "",
		    SLICE_FMT(h->location));
	if (h->status / 100 != 2)
		return arena_slicef(run->arena, "it answered with status %u",
		    h->status);
	if (error != NULL)
		return arena_slicef(run->arena,
		    "its certificate is not to be trusted: %s", error);
	return SLICE_NONE;
}

static enum rc
take_answer(struct check_run *run, json_t *o, const struct answer *a,
    struct slice host)
{
	const struct http_answer *h = &a->as.http;
	bool redirected = h->status / 100 == 3;
	struct slice fault;
	enum rc rc;

	say_sent(run, o, a, SLICE_NONE);
	(void)json_object_set_new(o, "status", json_integer(h->status));
	check_fact_bool(o, "answered", h->status / 100 == 2);
	check_fact_bool(o, "redirected", redirected);
	if (redirected && h->location.n > 0)
		check_fact_text(o, "location", h->location);
	else
		check_fact_null(o, "location");
	rc = take_certificate(run, o, h, host);
	fault = answer_fault(run, h, o);
	if (fault.n > 0)
		check_fact_text(o, "fault", fault);
	else if (json_object_get(o, "certificate_error") != NULL)
		check_fact_null(o, "fault");
	else
		check_gap(run, "endpoint.fault", CAUSE_OFFLINE,
		    SLICE_LIT("no trust anchors could be read"));
	return rc;
}

/* It is known that there is nothing to POST to. */
static void
nobody(json_t *o, struct slice fault)
{
	check_fact_bool(o, "sent", false);
	check_fact_null(o, "status");
	check_fact_bool(o, "answered", false);
	check_fact_bool(o, "redirected", false);
	check_fact_null(o, "location");
	check_fact_null(o, "tls_trusted");
	check_fact_null(o, "certificate_error");
	check_fact_text(o, "fault", fault);
}

/* ---- where it goes ----------------------------------------------------- */

/* Its addresses; none: they are not known, or there are none: it is said. */
static struct addresses
find_addresses(struct check_run *run, const struct unsubscribe_uri *u,
    json_t *o)
{
	struct addresses a = { .ips = &u->ip, .n = 1 };
	struct slice what;

	if (u->ip.family != 0)
		return a;
	a = check_ask_addresses(run, u->host);
	if (a.waiting || a.n > 0)
		return a;
	what = arena_slicef(run->arena, "%.*s has no address in DNS",
	    SLICE_FMT(u->host));
	if (a.seen == SEEN_ABSENT) {
		nobody(o, what);
		return a;
	}
	what = arena_slicef(run->arena, "asking DNS for %.*s A and AAAA%s%.*s",
	    SLICE_FMT(u->host), a.detail.n > 0 ? ": " : "",
	    SLICE_FMT(a.detail));
	for (size_t i = 0; i < N_ANSWERED; i++)
		check_gap(run, answered[i], a.cause, what);
	return a;
}

static enum rc
post(struct check_run *run, const struct unsubscribe_fields *f)
{
	const struct unsubscribe_uri *u = &f->uri;
	const struct answer *a;
	json_t *o = json_object();
	struct addresses at;

	(void)json_object_set_new(run->facts, "endpoint", o);
	check_fact_text(o, "url", u->request);
	at = find_addresses(run, u, o);
	if (at.n == 0)
		return RC_OK;
	a = check_ask_post(run, u->request, at.ips, at.n);
	if (a == NULL)
		return RC_OK;
	if (a->seen == SEEN_ANSWERED)
		return take_answer(run, o, a, u->host);
	lost(run, o, a, u->request);
	return RC_OK;
}

enum rc
unsubscribe_endpoint(struct check_run *run, const struct unsubscribe_fields *f)
{
	/* RFC 8058 3.2: both fields are what allows the POST. */
	bool probed = run->subject->unsubscribe && f->pair &&
		      f->uri.kind != URI_HOST_BAD && !f->uri.userinfo;

	check_fact_bool(run->facts, "probed", probed);
	if (probed)
		return post(run, f);
	if (!f->pair)
		check_fact_null(run->facts, "endpoint");
	else
		check_gap(run, "endpoint", CAUSE_SKIPPED,
		    SLICE_LIT("only --probe-unsubscribe sends it"));
	return RC_OK;
}
