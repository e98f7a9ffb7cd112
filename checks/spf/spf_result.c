#include "checks/spf/spf_job.h"
#include "checks/spf/spf_suggest.h"

/* ---- the worst of them ------------------------------------------------- */

/* A definite no weighs more than what may yet be a pass. */
static int
badness(enum spf_result r)
{
	switch (r) {
	case SPF_PASS:
		return 0;
	case SPF_TEMPERROR:
		return 1;
	case SPF_NEUTRAL:
		return 2;
	case SPF_NONE:
		return 3;
	case SPF_SOFTFAIL:
		return 4;
	case SPF_FAIL:
		return 5;
	case SPF_PERMERROR:
		return 6;
	}
	return 6;
}

/* It was come to without something that is not known. */
static bool
is_guess(const struct spf_evaluation *e)
{
	return e->outcome.passed_over != NULL || e->outcome.lacks_helo;
}

/* What is to be said of one identity. */
struct summary {
	const struct spf_evaluation *worst; /* of those that are no guess */
	const struct spf_evaluation *lost;  /* the first that may be other */
	bool known;                         /* nothing can be worse */
};

static struct summary
summarize(const struct spf_job *job, enum spf_identity identity)
{
	struct summary s = { .worst = NULL };
	bool guess = false;
	size_t i;

	for (i = 0; i < job->n; i++) {
		const struct spf_evaluation *e = &job->list[i];

		if (e->identity != identity)
			continue;
		if (s.lost == NULL &&
		    (is_guess(e) || e->outcome.result == SPF_TEMPERROR))
			s.lost = e;
		if (is_guess(e))
			guess = true;
		else if (s.worst == NULL ||
			 badness(e->outcome.result) >
			     badness(s.worst->outcome.result))
			s.worst = e;
	}
	if (s.worst == NULL)
		return s;
	s.known = s.lost == NULL || s.worst->outcome.result == SPF_PERMERROR ||
		  (s.worst->outcome.result == SPF_TEMPERROR && !guess);
	return s;
}

/* Some IP gets no pass for certain. */
static bool
is_definite(const struct summary *s)
{
	return s->worst != NULL && s->worst->outcome.result != SPF_PASS &&
	       s->worst->outcome.result != SPF_TEMPERROR;
}

struct ip *
spf_not_covered(const struct spf_job *job, size_t *n)
{
	struct ip *ips = arena_new_of(job->run->arena, struct ip, job->n + 1);
	size_t i;

	*n = 0;
	for (i = 0; ips != NULL && i < job->n; i++) {
		const struct spf_evaluation *e = &job->list[i];

		if (e->identity == SPF_MAILFROM && !is_guess(e) &&
		    e->outcome.result != SPF_PASS &&
		    e->outcome.result != SPF_TEMPERROR)
			ips[(*n)++] = e->query.ip;
	}
	return ips;
}

/* ---- results ----------------------------------------------------------- */

/* What the record alone decides, whatever the sending IP. */
static bool
result_without_ip(struct spf_job *job, struct spf_outcome *o)
{
	const struct spf_published *p = job->published;
	size_t i;

	*o = (struct spf_outcome){ .where = job->domain };
	if (p == NULL) {
		o->result = SPF_NONE;
		o->reason = SPF_BAD_NAME;
		return true;
	}
	if (!answer_known(p->answer))
		return false;
	if (p->found == 1 && p->record.faults == 0)
		return false;
	o->result = p->found == 0 ? SPF_NONE : SPF_PERMERROR;
	o->reason = p->found == 0  ? SPF_NO_RECORD
		    : p->found > 1 ? SPF_MANY_RECORDS
				   : SPF_SYNTAX;
	for (i = 0; o->reason == SPF_SYNTAX && i < p->record.n; i++) {
		if (o->failing == NULL && p->record.terms[i].fault != SPF_FINE)
			o->failing = &p->record.terms[i];
	}
	return true;
}

static void
result_gap(struct spf_job *job, enum cause cause, const char *detail)
{
	static const char *const facts[] = { "result", "pass", "reason" };
	size_t i;

	for (i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		check_gap(job->run, facts[i], cause, slice_str(detail));
}

static void
result_of_record(struct spf_job *job)
{
	static const struct spf_query no_ip = { .now = 0 };
	struct check_run *run = job->run;
	struct spf_outcome o;
	struct spf_query q = no_ip;

	(void)json_object_set_new(run->facts, "not_covered", json_array());
	if (!result_without_ip(job, &o)) {
		result_gap(job, CAUSE_NEEDS_IP, "the sending IP is not known");
		return;
	}
	q.domain = spf_identity_name(run->subject, SPF_MAILFROM);
	check_fact_text(run->facts, "result",
	    slice_str(spf_result_name(o.result)));
	check_fact_bool(run->facts, "pass", false);
	check_fact_text(run->facts, "reason", spf_reason_text(run, &q, &o));
}

/* For one sending IP among several, which it is about. */
static struct slice
reason_with_ip(struct spf_job *job, const struct spf_evaluation *e)
{
	struct check_run *run = job->run;
	struct slice reason = spf_reason_text(run, &e->query, &e->outcome);

	if (job->run->subject->n_ips < 2)
		return reason;
	return arena_slicef(run->arena, "For %.*s, %.*s",
	    SLICE_FMT(ip_text(run->arena, &e->query.ip)), SLICE_FMT(reason));
}

static void
macro_gap(struct spf_job *job, const char *fact)
{
	check_gap(job->run, fact, CAUSE_NEEDS_HELO,
	    SLICE_LIT("the record asks for the EHLO name, which is not known"));
}

/* What depends on the evaluation that lacks something. */
static void
lost_gap(struct spf_job *job, const struct spf_evaluation *e, const char *fact)
{
	const struct spf_outcome *o;

	/* There is one, or all would be known. */
	if (e == NULL)
		return;
	o = &e->outcome;
	if (o->passed_over != NULL)
		check_gap_answer(job->run, fact, o->passed_over,
		    o->passed_over_what);
	else if (o->lacks_helo)
		macro_gap(job, fact);
	else if (o->lost != NULL)
		check_gap_answer(job->run, fact, o->lost, o->lost_what);
	else
		check_gap(job->run, fact, CAUSE_TIMEOUT,
		    reason_with_ip(job, e));
}

/* The worst result, and why it is no pass. */
static void
result_facts(struct spf_job *job, const struct summary *s, const char *result,
    const char *reason)
{
	json_t *facts = job->run->facts;
	bool known = s->worst != NULL && s->known;

	if (known)
		check_fact_text(facts, result,
		    slice_str(spf_result_name(s->worst->outcome.result)));
	else
		lost_gap(job, s->lost, result);
	if (!known && !is_definite(s))
		lost_gap(job, s->lost, reason);
	else
		spf_put(facts, reason,
		    s->worst->outcome.result == SPF_PASS
			? SLICE_NONE
			: reason_with_ip(job, s->worst));
}

static void
pass_fact(struct spf_job *job, const struct summary *s, const char *fact)
{
	if (s->lost != NULL && !is_definite(s))
		lost_gap(job, s->lost, fact);
	else
		check_fact_bool(job->run->facts, fact, !is_definite(s));
}

static void
list_not_covered(struct spf_job *job)
{
	json_t *list = json_array();
	size_t i, n;
	struct ip *ips = spf_not_covered(job, &n);

	for (i = 0; ips != NULL && i < n; i++)
		(void)json_array_append_new(list,
		    check_json(ip_text(job->run->arena, &ips[i])));
	(void)json_object_set_new(job->run->facts, "not_covered", list);
}

static void
mailfrom_facts(struct spf_job *job, const struct summary *s)
{
	result_facts(job, s, "result", "reason");
	pass_fact(job, s, "pass");
	if (s->lost != NULL)
		lost_gap(job, s->lost, "not_covered");
	else
		list_not_covered(job);
}

static void
helo_gap(struct spf_job *job, enum cause cause, const char *detail)
{
	static const char *const facts[] = { "helo_result", "helo_pass",
		"helo_reason" };
	size_t i;

	for (i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		check_gap(job->run, facts[i], cause, slice_str(detail));
}

static void
helo_facts(struct spf_job *job)
{
	const struct subject *s = job->run->subject;
	struct summary helo = summarize(job, SPF_HELO);

	if (s->helo.p == NULL) {
		helo_gap(job, CAUSE_NEEDS_HELO,
		    "what the sender says in EHLO is not known");
	} else if (s->n_ips == 0) {
		helo_gap(job, CAUSE_NEEDS_IP, "the sending IP is not known");
	} else {
		result_facts(job, &helo, "helo_result", "helo_reason");
		pass_fact(job, &helo, "helo_pass");
	}
}

/* Of the first that is not known. */
static void
explanation_gap(struct spf_job *job)
{
	static const char fact[] = "evaluations[].explanation";
	size_t i;

	for (i = 0; i < job->n; i++) {
		const struct spf_outcome *o = &job->list[i].outcome;

		if (o->explanation_lost != NULL)
			check_gap_answer(job->run, fact, o->explanation_lost,
			    o->explanation_lost_what);
		else if (o->explanation_lacks_helo)
			macro_gap(job, fact);
		else
			continue;
		return;
	}
}

/*
 * To be let in by the record that is suggested: what is not covered, and what
 * passes only as everybody does.
 */
static struct ip *
to_let_in(const struct spf_job *job, size_t *n)
{
	struct ip *ips = spf_not_covered(job, n);

	for (size_t i = 0; ips != NULL && i < job->n; i++) {
		const struct spf_evaluation *e = &job->list[i];
		const struct spf_term *t = e->outcome.matched;

		if (e->identity != SPF_MAILFROM ||
		    e->outcome.result != SPF_PASS || t == NULL)
			continue;
		if (t->kind == SPF_ALL ||
		    (t->kind == SPF_IP4 && t->bits4 == 0) ||
		    (t->kind == SPF_IP6 && t->bits6 == 0))
			ips[(*n)++] = e->query.ip;
	}
	return ips;
}

enum rc
spf_suggested_fact(struct spf_job *job, const struct spf_evaluation *lost)
{
	struct check_run *run = job->run;
	struct spf_wish wish = { .published = job->published,
		.tree = job->tree.lost == NULL && job->tree.n > 0 ? &job->tree
								  : NULL,
		.examples = job->judged.examples };
	enum rc rc;

	if (job->published == NULL) {
		check_fact_null(run->facts, "suggested");
		return RC_OK;
	}
	if (!answer_known(job->published->answer))
		return RC_OK; /* published_lost() has said so */
	wish.missing = to_let_in(job, &wish.n);
	rc = spf_suggest_record(run->arena, &wish, &job->suggested);
	if (rc == RC_OK && lost != NULL)
		lost_gap(job, lost, "suggested");
	else if (rc == RC_OK)
		spf_put(run->facts, "suggested", job->suggested);
	return rc;
}

static enum rc
flattened_fact(struct spf_job *job)
{
	const struct spf_published *p = job->published;
	struct check_run *run = job->run;
	struct spf_flat flat;
	struct slice record;
	enum rc rc;

	if (p == NULL || !answer_known(p->answer))
		return RC_OK;
	if (job->tree.lost != NULL) {
		check_gap_answer(run, "flattened", job->tree.lost,
		    job->tree.lost_what);
		return RC_OK;
	}
	record = job->suggested;
	if (record.n == 0 && p->found == 1)
		record = p->record.text;
	rc = spf_suggest_flat(run, &job->judged, record, &flat);
	if (rc == RC_OK && flat.lost != NULL)
		check_gap_answer(run, "flattened", flat.lost, flat.lost_what);
	else if (rc == RC_OK)
		spf_put(run->facts, "flattened", flat.text);
	return rc;
}

/* The evaluations behind the one at which there was no more room have none. */
static void
trace_gap(struct spf_job *job)
{
	size_t i;

	for (i = 0; i < job->n; i++) {
		if (!job->list[i].outcome.steps_cut)
			continue;
		check_gap(job->run, "evaluations[].trace", CAUSE_LIMIT,
		    SLICE_LIT("the traces of all addresses together have more "
			      "steps than are kept; ask for fewer of them"));
		return;
	}
}

const struct spf_evaluation *
spf_sender_facts(struct spf_job *job)
{
	struct summary mailfrom = summarize(job, SPF_MAILFROM);

	if (mailfrom.worst != NULL || mailfrom.lost != NULL)
		mailfrom_facts(job, &mailfrom);
	else
		result_of_record(job);
	return mailfrom.lost;
}

enum rc
spf_result_facts(struct spf_job *job)
{
	const struct spf_evaluation *lost;
	json_t *list = json_array();
	enum rc rc;
	size_t i;

	for (i = 0; i < job->n; i++)
		(void)json_array_append_new(list,
		    spf_evaluation_json(job->run, job->list[i].identity,
			&job->list[i].query, &job->list[i].outcome));
	(void)json_object_set_new(job->run->facts, "evaluations", list);
	explanation_gap(job);
	trace_gap(job);
	lost = spf_sender_facts(job);
	helo_facts(job);
	rc = spf_suggested_fact(job, lost);
	return rc == RC_OK ? flattened_fact(job) : rc;
}
