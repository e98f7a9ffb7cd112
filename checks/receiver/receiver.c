#include "base/civil.h"
#include "checks/receiver/receiver_facts.h"
#include "checks/receiver/receiver_ours.h"
#include "checks/table.h"

/*
 * What the receiver wrote of the sample message's SPF, DKIM and DMARC
 * (RFC 8601), beside what comes out here.
 */

/* What is newer may be of another world: a TTL of an hour is common. */
enum { LATER = 3600 };

static int64_t
age_of(const struct receiver_job *job)
{
	int64_t when = job->hops->last.hop.when;

	return when != INT64_MIN && when < job->run->subject->as_of
		   ? job->run->subject->as_of - when
		   : 0;
}

bool
receiver_is_later(const struct receiver_job *job)
{
	return age_of(job) >= LATER;
}

struct slice
receiver_when(const struct receiver_job *job)
{
	if (age_of(job) == 0)
		return SLICE_LIT("when it came");
	return arena_slicef(job->run->arena, "%.*s before this audit",
	    SLICE_FMT(hop_duration(job->run->arena, age_of(job))));
}

/* ---- one result -------------------------------------------------------- */

static void
put_text(json_t *o, const char *key, struct slice s)
{
	if (s.n == 0)
		check_fact_null(o, key);
	else
		check_fact_text(o, key, s);
}

static void
problem(struct check_run *run, const struct claim *c, const struct ours *ours)
{
	static const struct slice pass = { (const unsigned char *)"pass", 4 };
	const char *code = "receiver.differs";
	json_t *o;

	if (slice_eq(ours->result, pass))
		code = "receiver.failed-there";
	else if (slice_eq(c->result, pass))
		code = "receiver.passed-there";
	o = check_problem(run->facts, "problems", code, ours->explanation);
	if (o != NULL)
		check_fact_text(o, "method",
		    slice_str(claim_method_name(c->method)));
}

static void
ours_gap(struct check_run *run, const struct ours *ours)
{
	static const char *const facts[] = { "results[].ours",
		"results[].agree", "results[].cause", "results[].explanation",
		"problems" };

	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		if (ours->lost != NULL)
			check_gap_answer(run, facts[i], ours->lost,
			    ours->lost_what);
		else
			check_gap(run, facts[i], ours->gap, ours->lost_what);
	}
}

static void
put_ours(struct check_run *run, json_t *o, const struct claim *c,
    const struct ours *ours)
{
	if (!ours->known) {
		ours_gap(run, ours);
		return;
	}
	put_text(o, "ours", ours->result);
	check_fact_bool(o, "agree", ours->agree);
	if (ours->agree) {
		check_fact_null(o, "cause");
		check_fact_null(o, "explanation");
		return;
	}
	check_fact_text(o, "cause", slice_str(ours->cause));
	check_fact_text(o, "explanation", ours->explanation);
	problem(run, c, ours);
}

static enum rc
ours_find(const struct receiver_job *job, const struct claim *c,
    struct ours *out)
{
	switch (c->method) {
	case CLAIM_SPF:
		return receiver_spf(job, c, out);
	case CLAIM_DKIM:
		return receiver_dkim(job, c, out);
	case CLAIM_DMARC:
		return receiver_dmarc(job, c, out);
	case CLAIM_METHODS:
		break;
	}
	return RC_BUG;
}

static enum rc
put_claim(struct receiver_job *job, const struct claim *c, json_t *list)
{
	json_t *o = json_object();
	struct ours ours;
	enum rc rc;

	(void)json_array_append_new(list, o);
	put_text(o, "name", c->name);
	put_text(o, "method", slice_str(claim_method_name(c->method)));
	put_text(o, "domain", c->domain);
	put_text(o, "selector", c->selector);
	(void)json_object_set_new(o, "line", json_integer((json_int_t)c->line));
	put_text(o, "theirs", c->result);
	rc = ours_find(job, c, &ours);
	if (rc == RC_OK && !job->run->waiting)
		put_ours(job->run, o, c, &ours);
	if (rc == RC_OK && !ours.known)
		job->open = ours;
	job->differs |= rc == RC_OK && ours.known && !ours.agree;
	return rc;
}

/* ---- the check --------------------------------------------------------- */

static void
put_receiver(struct check_run *run, const struct hops *h)
{
	char text[CIVIL_TEXT_MAX];

	put_text(run->facts, "house", hop_shown(run->arena, h->last.receiver));
	if (!h->last.found || h->last.hop.when == INT64_MIN) {
		check_fact_null(run->facts, "time");
		return;
	}
	civil_rfc3339_format(h->last.hop.when, text);
	check_fact_text(run->facts, "time", slice_str(text));
}

/* All that can be, so that all questions are asked at once; DMARC last. */
static enum rc
put_claims(struct receiver_job *job)
{
	const struct claims *all = job->claims;
	json_t *list = json_array();
	enum rc rc = RC_OK;

	(void)json_object_set_new(job->run->facts, "problems", json_array());
	(void)json_object_set_new(job->run->facts, "results", list);
	for (size_t i = 0; i < all->n && rc == RC_OK; i++) {
		if (all->list[i].method != CLAIM_DMARC)
			rc = put_claim(job, &all->list[i], list);
	}
	for (size_t i = 0; i < all->n && rc == RC_OK; i++) {
		if (all->list[i].method == CLAIM_DMARC)
			rc = put_claim(job, &all->list[i], list);
	}
	return rc;
}

static enum rc
receiver_run(struct check_run *run)
{
	const struct message *m = run->subject->message;
	struct hop_notes notes;
	struct claims claims;
	struct hops hops;
	struct receiver_job job = { .run = run,
		.hops = &hops,
		.claims = &claims };
	enum rc rc;

	if (m == NULL) {
		check_gap(run, "", CAUSE_NEEDS_MESSAGE,
		    SLICE_LIT("there is no sample message"));
		return RC_OK;
	}
	rc = hops_read(run->arena, m, &hops);
	if (rc == RC_OK)
		rc = hop_notes_read(run->arena, m, &hops, &notes);
	if (rc == RC_OK)
		rc = claims_gather(run->arena, &notes, &claims);
	if (rc)
		return rc;
	put_receiver(run, &hops);
	rc = put_claims(&job);
	if (rc)
		return rc;
	return arena_failed(run->arena) ? RC_LIMIT : RC_OK;
}

const struct check check_receiver = {
	.name = "receiver",
	.summary = "what the receiver said of SPF, DKIM and DMARC, beside ours",
	.standards = "RFC 8601, RFC 7208 9.1",
	.facts = receiver_facts,
	.run = receiver_run,
};
