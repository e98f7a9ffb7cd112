#include "base/domain.h"
#include "base/limits.h"
#include "base/suffix.h"
#include "checks/check.h"
#include "checks/spf/spf_job.h"
#include "checks/spf/spf_macro.h"
#include "checks/spf/spf_suggest.h"
#include "checks/table.h"

/*
 * SPF, RFC 7208: what it says of each sending IP, and what there is to say
 * of the record as it is published.
 */

static const struct fact_doc spf_facts[] = {
	{ "domain", "text",
	    "whose record is judged: the envelope sender's domain, for the "
	    "null sender the EHLO name; null: it is no domain name" },
	{ "record", "text",
	    "the record as published, its strings joined; null: there is "
	    "none, or there are several" },
	{ "records_found", "number", "SPF records there" },
	{ "strings", "list", "the strings that the record is published in" },
	{ "all", "-|~|?|+",
	    "what all says, in the record or the one it redirects to: \"-\", "
	    "\"~\", \"?\" or \"+\"; null: there is no all" },
	{ "lookups", "number",
	    "DNS lookups that an evaluation in which nothing matches counts "
	    "(RFC 7208 4.6.4), over the whole tree; ten are allowed" },
	{ "void_lookups", "number",
	    "those of them that find nothing whatever the address; two are "
	    "allowed" },
	{ "dynamic", "bool",
	    "a macro names a record to include: there may be more lookups" },
	{ "tree", "list", "the record and all that it includes, term by term" },
	{ "tree[].depth", "number", "0: the record itself" },
	{ "tree[].domain", "text", "whose record" },
	{ "tree[].term", "text", "as published; null: the record as a whole" },
	{ "tree[].record", "text",
	    "the record as published, a long one cut; null: of a term, or "
	    "there is none" },
	{ "tree[].lookups", "number", "that the term itself counts: 0 or 1" },
	{ "tree[].below", "number", "the same with all that it leads to" },
	{ "tree[].total", "number", "counted so far" },
	{ "tree[].note", "text",
	    "what is to be said of it: \"void\", \"loop\", \"no record\", "
	    "\"never evaluated\"; null: nothing" },
	{ "problems", "list", "what is wrong" },
	{ "problems[].code", "spf.*",
	    "stable: spf.blank-after-qualifier, "
	    "spf.documentation-address, spf.duplicate, "
	    "spf.huge-range, spf.ignored, spf.include-loop, "
	    "spf.include-no-record, spf.include-without-colon, "
	    "spf.literal-in-a, spf.long-record, "
	    "spf.lookups-full, spf.macro-lookups, "
	    "spf.multiple-records, spf.mx-many, spf.neutral-all, "
	    "spf.no-all, spf.no-record, spf.not-covered, "
	    "spf.placeholder, spf.plus-all, spf.private-address, "
	    "spf.ptr, spf.quotes, spf.redirect-with-all, "
	    "spf.repeated-version, spf.split-blank, spf.syntax, "
	    "spf.terms-after-all, spf.too-many-lookups, "
	    "spf.too-many-voids, spf.two-services, spf.type99, "
	    "spf.unreachable, spf.upper-case, spf.version, "
	    "spf.void-lookup, spf.white-space" },
	{ "problems[].severity", "error|warning|advice",
	    "error: the record does not do what it should; warning; advice" },
	{ "problems[].detail", "text", "for people" },
	{ "problems[].domain", "text", "whose record" },
	{ "problems[].term", "text", "null: the record as a whole" },
	{ "result", "permerror|fail|softfail|none|neutral|temperror|pass",
	    "of the envelope sender, the worst over all sending IPs: "
	    "permerror, fail, softfail, none, neutral, temperror, pass" },
	{ "pass", "bool",
	    "every sending IP gets pass; not known as long as the worst is "
	    "temperror" },
	{ "reason", "text", "why result is no pass, in words; null: it is" },
	{ "not_covered", "list", "sending IPs that do not get pass" },
	{ "suggested", "text",
	    "the record to publish: mended, and with the sending IPs that it "
	    "does not cover; null: nothing is to be changed" },
	{ "flattened", "text",
	    "when lookups is over ten: the record with includes replaced by "
	    "the addresses in them; null: not needed, or not possible" },
	{ "helo_result", "permerror|fail|softfail|none|neutral|temperror|pass",
	    "the same as result for the EHLO name" },
	{ "helo_pass", "bool", "the same as pass for the EHLO name" },
	{ "helo_reason", "text", "why that is no pass; null: it is" },
	{ "evaluations", "list", "one for each sending IP and identity" },
	{ "evaluations[].ip", "text", "the sending IP" },
	{ "evaluations[].identity", "mailfrom|helo", "mailfrom or helo" },
	{ "evaluations[].domain", "text", "that was evaluated; null: none" },
	{ "evaluations[].result",
	    "permerror|fail|softfail|none|neutral|temperror|pass",
	    "as RFC 7208 2.6 has them" },
	{ "evaluations[].reason", "text", "why, in words" },
	{ "evaluations[].mechanism", "text",
	    "the term that matched; null: none did" },
	{ "evaluations[].explanation", "text",
	    "what exp= says to who is refused; null: nothing" },
	{ "evaluations[].passed_over", "text",
	    "what is not known and was gone on without, so that the result is "
	    "that of a receiver that lacks it, too: a question of ptr or %{p} "
	    "(RFC 7208 5.5, 7.3), or \"HELO\", of %{h}; null: nothing" },
	{ "evaluations[].lookups", "number", "counted in this evaluation" },
	{ "evaluations[].void_lookups", "number", "the same" },
	{ "evaluations[].trace", "list", "what the evaluation did" },
	{ "evaluations[].trace[].depth", "number",
	    "of include and redirect; 0: the first record" },
	{ "evaluations[].trace[].domain", "text", "whose record" },
	{ "evaluations[].trace[].term", "text",
	    "as published; null: the record was looked up" },
	{ "evaluations[].trace[].asked", "text",
	    "the question to DNS; null: none" },
	{ "evaluations[].trace[].status", "text",
	    "answered, absent, or why there is no answer; null: none asked" },
	{ "evaluations[].trace[].answer", "text",
	    "what came back, a long one cut; null: nothing" },
	{ "evaluations[].trace[].lookups", "number", "counted so far" },
	{ "evaluations[].trace[].void_lookups", "number", "the same" },
	{ "evaluations[].trace[].matched", "bool", "the term matched" },
	{ "evaluations[].trace[].result", "text",
	    "of an included record, or of a whole; null: of a term" },
	{ NULL, NULL, NULL },
};

/* ---- who is evaluated -------------------------------------------------- */

static bool
is_null_sender(const struct subject *s)
{
	return s->mail_from.p != NULL && s->mail_from.n == 0;
}

struct slice
spf_identity_name(const struct subject *s, enum spf_identity identity)
{
	if (identity == SPF_HELO || is_null_sender(s))
		return s->helo;
	return s->mail_from_raw_domain;
}

static enum rc
evaluate(struct spf_job *job, enum spf_identity identity, const struct ip *ip)
{
	const struct subject *s = job->run->subject;
	struct spf_evaluation *e = &job->list[job->n];
	enum rc rc;

	*e = (struct spf_evaluation){ .identity = identity,
		.query = { .ip = *ip,
		    .domain = spf_identity_name(s, identity),
		    .helo = s->helo,
		    .receiver = s->receiver,
		    .now = s->as_of,
		    .traced = true } };
	if (identity == SPF_MAILFROM && !is_null_sender(s))
		e->query.local = s->mail_from_local;
	if (e->query.domain.p == NULL)
		return RC_OK;
	job->n++;
	rc = spf_evaluate(job->records, &e->query, &e->outcome);
	job->waiting = job->waiting || e->outcome.waiting;
	return rc;
}

static enum rc
evaluate_all(struct spf_job *job)
{
	const struct subject *s = job->run->subject;
	enum rc rc = RC_OK;
	size_t i;

	job->list = arena_new_of(job->run->arena, struct spf_evaluation,
	    2 * s->n_ips + 1);
	if (job->list == NULL)
		return RC_LIMIT;
	for (i = 0; rc == RC_OK && i < s->n_ips; i++) {
		rc = evaluate(job, SPF_MAILFROM, &s->ips[i]);
		if (rc == RC_OK)
			rc = evaluate(job, SPF_HELO, &s->ips[i]);
	}
	return rc;
}

/* ---- facts ------------------------------------------------------------- */

static json_t *
strings_json(const struct spf_published *p)
{
	json_t *strings = json_array();
	size_t i;

	for (i = 0; p->found == 1 && i < p->first->as.text.n; i++)
		(void)json_array_append_new(strings,
		    check_json(p->first->as.text.strings[i]));
	return strings;
}

/*
 * The all that counts, in the record or where its redirects lead; false: what
 * that says is not known: the answer to *lost is not, or its redirect hangs on
 * macros.
 */
static bool
find_all(struct spf_job *job, const struct spf_term **all,
    const struct spf_published **lost)
{
	const struct spf_published *p = job->published;
	unsigned int hops;

	*all = NULL;
	for (hops = 0; p != NULL && hops <= SPF_LOOKUPS; hops++) {
		const struct spf_term *redirect = p->record.redirect;
		struct slice next;

		if (p->answer == NULL || !answer_known(p->answer)) {
			*lost = p;
			return false;
		}
		if (p->found != 1)
			return true;
		*all = p->record.all;
		if (*all != NULL || redirect == NULL)
			return true;
		if (redirect->fault == SPF_FINE && redirect->macros) {
			*lost = p;
			return false;
		}
		if (redirect->fault != SPF_FINE ||
		    !spf_target_name(job->run->arena, redirect->spec, &next) ||
		    domain_labels(next) < 2)
			return true;
		p = spf_published(job->records, next);
	}
	return true;
}

static void
all_fact(struct spf_job *job)
{
	const struct spf_published *lost = NULL;
	const struct spf_term *all;
	json_t *facts = job->run->facts;

	if (!find_all(job, &all, &lost)) {
		if (lost->answer == NULL)
			job->waiting = true;
		else if (answer_known(lost->answer))
			check_gap(job->run, "all", CAUSE_NEEDS_IP,
			    SLICE_LIT("the redirect has macros"));
		else
			check_gap_answer(job->run, "all", lost->answer,
			    arena_slicef(job->run->arena, "%.*s TXT",
				SLICE_FMT(lost->domain)));
		return;
	}
	spf_put(facts, "all",
	    all != NULL ? slice_of(&all->qualifier, 1) : SLICE_NONE);
}

/* Of a name that nobody could have published a record at. */
static void
nothing_published(struct spf_job *job)
{
	static const char *const none[] = { "domain", "record", "all",
		"flattened" };
	json_t *facts = job->run->facts;
	size_t i;

	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		check_fact_null(facts, none[i]);
	(void)json_object_set_new(facts, "strings", json_array());
	(void)json_object_set_new(facts, "tree", json_array());
	spf_put_count(facts, "records_found", 0);
	spf_put_count(facts, "lookups", 0);
	spf_put_count(facts, "void_lookups", 0);
	check_fact_bool(facts, "dynamic", false);
}

static void
published_lost(struct spf_job *job)
{
	static const char *const facts[] = { "record", "records_found",
		"strings", "all", "tree", "lookups", "void_lookups", "dynamic",
		"suggested", "flattened" };
	struct slice what =
	    arena_slicef(job->run->arena, "%.*s TXT", SLICE_FMT(job->domain));
	size_t i;

	for (i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		check_gap_answer(job->run, facts[i], job->published->answer,
		    what);
}

static void
tree_lost(struct spf_job *job)
{
	static const char *const names[] = { "tree", "lookups", "void_lookups",
		"dynamic" };
	const struct spf_tree *t = &job->tree;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		check_gap_answer(job->run, names[i], t->lost, t->lost_what);
}

/* Where counts are cut lookups is the least, and that is far over ten. */
static void
tree_cut(struct spf_job *job, const char *fact)
{
	check_gap(job->run, fact, CAUSE_LIMIT,
	    SLICE_LIT("the tree is larger than is looked at"));
}

static void
tree_facts(struct spf_job *job)
{
	const struct spf_tree *t = &job->tree;
	struct check_run *run = job->run;

	if (t->lost != NULL) {
		tree_lost(job);
		return;
	}
	spf_put_count(run->facts, "lookups", t->lookups);
	check_fact_bool(run->facts, "dynamic", t->dynamic);
	if (t->lost_void != NULL)
		check_gap_answer(run, "void_lookups", t->lost_void,
		    t->lost_void_what);
	else if (t->count_cut)
		tree_cut(job, "void_lookups");
	else
		spf_put_count(run->facts, "void_lookups", t->voids);
	if (t->lost_void != NULL)
		check_gap_answer(run, "tree", t->lost_void, t->lost_void_what);
	else if (t->cut)
		tree_cut(job, "tree");
	else
		(void)json_object_set_new(run->facts, "tree",
		    spf_tree_json(run, t));
}

static void
published_facts(struct spf_job *job)
{
	const struct spf_published *p = job->published;
	json_t *facts = job->run->facts;

	check_fact_text(facts, "domain", job->domain);
	if (!answer_known(p->answer)) {
		published_lost(job);
		return;
	}
	spf_put(facts, "record", p->found == 1 ? p->record.text : SLICE_NONE);
	spf_put_count(facts, "records_found", p->found);
	(void)json_object_set_new(facts, "strings", strings_json(p));
	all_fact(job);
	tree_facts(job);
}

/* ---- all of it --------------------------------------------------------- */

/* The record of the envelope sender, and what may be wrong with it. */
static enum rc
ask_published(struct spf_job *job)
{
	struct check_run *run = job->run;
	enum rc rc;

	job->published = spf_published(job->records, job->domain);
	if (job->published == NULL)
		return RC_LIMIT;
	rc = spf_tree_walk(run, job->records, job->domain, &job->tree);
	if (rc)
		return rc;
	job->waiting =
	    job->waiting || job->published->answer == NULL || job->tree.waiting;
	job->judged = (struct spf_judged){ .records = job->records,
		.tree = &job->tree,
		.domain = job->domain,
		.own = suffix_organizational(run->subject->suffixes,
		    job->domain) };
	job->judged.not_covered =
	    spf_not_covered(job, &job->judged.n_not_covered);
	job->judged.examples =
	    spf_has_examples(run->subject->ips, run->subject->n_ips);
	return spf_problems(run, &job->judged);
}

static enum rc
spf_run(struct check_run *run)
{
	const struct subject *s = run->subject;
	struct spf_job job = { .run = run };
	enum rc rc;

	if (spf_identity_name(s, SPF_MAILFROM).p == NULL) {
		check_gap(run, "", CAUSE_NEEDS_HELO,
		    SLICE_LIT("SPF judges the null sender by the EHLO name, "
			      "which is not known"));
		return RC_OK;
	}
	job.records = spf_records_new(run);
	if (job.records == NULL)
		return RC_LIMIT;
	if (!spf_domain_canonical(run->arena,
		spf_identity_name(s, SPF_MAILFROM), &job.domain))
		job.domain = SLICE_NONE;
	(void)json_object_set_new(run->facts, "problems", json_array());
	rc = evaluate_all(&job);
	if (rc == RC_OK && job.domain.n > 0)
		rc = ask_published(&job);
	if (rc || job.waiting || run->waiting)
		return rc;
	if (job.published != NULL)
		published_facts(&job);
	else
		nothing_published(&job);
	rc = spf_result_facts(&job);
	return rc == RC_OK && arena_failed(run->arena) ? RC_LIMIT : rc;
}

const struct check check_spf = {
	.name = "spf",
	.summary = "SPF of the sending IPs, and the record as published",
	.standards = "RFC 7208",
	.facts = spf_facts,
	.run = spf_run,
};
