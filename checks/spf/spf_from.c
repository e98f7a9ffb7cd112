#include "base/domain.h"
#include "checks/check.h"
#include "checks/spf/spf_job.h"
#include "checks/spf/spf_suggest.h"
#include "checks/table.h"

/*
 * SPF by the From domain: what check_host() says of each sending IP when the
 * From domain stands in the place of the envelope sender's.  No standard asks
 * for it; a receiver or two do it beside RFC 7208, as docomo says of itself.
 */

static const struct fact_doc spf_from_facts[] = {
	{ "domain", "text", "the From domain" },
	{ "record", "text",
	    "its SPF record; null: there is none, or there are several" },
	{ "result", "text", "as spf.result: the worst over all sending IPs" },
	{ "pass", "bool",
	    "every sending IP gets pass; not known as long as the worst is "
	    "temperror" },
	{ "reason", "text", "why result is no pass, in words; null: it is" },
	{ "not_covered", "list", "sending IPs that do not get pass" },
	{ "suggested", "text",
	    "the record to publish: mended, and with the sending IPs that it "
	    "does not cover; null: nothing is to be changed" },
	{ NULL, NULL, NULL },
};

static enum rc
evaluate_all(struct spf_job *job)
{
	const struct subject *s = job->run->subject;
	enum rc rc = RC_OK;

	job->list =
	    arena_new_of(job->run->arena, struct spf_evaluation, s->n_ips + 1);
	if (job->list == NULL)
		return RC_LIMIT;
	for (; rc == RC_OK && job->n < s->n_ips; job->n++) {
		struct spf_evaluation *e = &job->list[job->n];

		*e = (struct spf_evaluation){ .identity = SPF_MAILFROM,
			.query = { .ip = s->ips[job->n],
			    .domain = s->domain,
			    .helo = s->helo,
			    .receiver = s->receiver,
			    .now = s->as_of } };
		rc = spf_evaluate(job->records, &e->query, &e->outcome);
		job->waiting = job->waiting || e->outcome.waiting;
	}
	return rc;
}

static void
record_facts(struct spf_job *job)
{
	const struct spf_published *p = job->published;
	struct check_run *run = job->run;
	struct slice what =
	    arena_slicef(run->arena, "%.*s TXT", SLICE_FMT(job->domain));

	check_fact_text(run->facts, "domain", job->domain);
	if (answer_known(p->answer)) {
		spf_put(run->facts, "record",
		    p->found == 1 ? p->record.text : SLICE_NONE);
		return;
	}
	check_gap_answer(run, "record", p->answer, what);
	check_gap_answer(run, "suggested", p->answer, what);
}

static enum rc
judge(struct spf_job *job)
{
	enum rc rc;

	job->domain = job->run->subject->domain;
	job->records = spf_records_new(job->run);
	if (job->records == NULL)
		return RC_LIMIT;
	rc = evaluate_all(job);
	if (rc)
		return rc;
	job->published = spf_published(job->records, job->domain);
	if (job->published == NULL)
		return RC_LIMIT;
	if (job->waiting || job->run->waiting)
		return RC_OK;
	job->judged.examples =
	    spf_has_examples(job->run->subject->ips, job->run->subject->n_ips);
	record_facts(job);
	return spf_suggested_fact(job, spf_sender_facts(job));
}

static enum rc
spf_from_run(struct check_run *run)
{
	struct subject from = *run->subject;
	struct check_run as_from = *run;
	struct spf_job job = { .run = &as_from };
	enum rc rc;

	from.mail_from_raw_domain = from.mail_from_domain = from.domain;
	from.mail_from = from.domain; /* not the null sender */
	as_from.subject = &from;
	rc = judge(&job);
	run->waiting = as_from.waiting;
	return rc == RC_OK && arena_failed(run->arena) ? RC_LIMIT : rc;
}

const struct check check_spf_from = {
	.name = "spf_from",
	.summary = "SPF of the sending IPs by the From domain",
	.standards = "beside RFC 7208",
	.facts = spf_from_facts,
	.run = spf_from_run,
};
