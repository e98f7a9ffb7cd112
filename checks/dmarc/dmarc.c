#include "base/domain.h"
#include "checks/dmarc/dmarc_authors.h"
#include "checks/dmarc/dmarc_differ.h"
#include "checks/dmarc/dmarc_facts.h"
#include "checks/dmarc/dmarc_job.h"
#include "checks/dmarc/dmarc_problems.h"
#include "checks/dmarc/dmarc_reports.h"
#include "checks/dmarc/dmarc_suggest.h"
#include "checks/table.h"

/*
 * DMARC by RFC 9989, with its tree walk, and beside it by RFC 7489, with the
 * public suffix list: receivers go by either.
 */

/* ---- asking ------------------------------------------------------------ */

/* What either way makes of the identifiers of SPF and DKIM. */
static struct dmarc_aligned
align_by(struct dmarc *d, const struct dmarc_way_of *way,
    const struct dkim_verdicts *verdicts)
{
	struct dmarc_aligned out = { 0 };

	out.spf = dmarc_align_by(d->run, way, DMARC_ASPF,
	    dmarc_identity(d->run).domain);
	if (verdicts != NULL)
		out.dkim = dmarc_dkim(d->run, verdicts, way);
	return out;
}

static void
align(struct dmarc *d, const struct dkim_verdicts *verdicts)
{
	d->by_walk =
	    align_by(d, &(struct dmarc_way_of){ .walk = d->walk }, verdicts);
	if (d->psl.usable)
		d->by_list = align_by(d,
		    &(struct dmarc_way_of){ .psl = &d->psl }, verdicts);
}

static enum rc
ask(struct dmarc *d)
{
	struct check_run *run = d->run;
	struct slice domain = run->subject->domain;
	const struct dkim_verdicts *verdicts;
	enum rc rc;

	d->walk = dmarc_walk(run, domain);
	if (d->walk == NULL)
		return domain.n == 0 ? RC_BUG : RC_LIMIT;
	d->exists = check_ask_dns(run, domain, DNS_SOA);
	dmarc_psl(run, domain, &d->psl);
	rc = dkim_verify(run, &verdicts);
	if (rc)
		return rc;
	align(d, verdicts);
	return dmarc_spf(run, &d->spf);
}

/* ---- the domain's own name --------------------------------------------- */

static enum rc
own_facts(const struct dmarc *d)
{
	const struct dmarc_level *own = &d->walk->levels[0];
	struct check_run *run = d->run;
	struct slice suggested = SLICE_NONE;
	enum rc rc;

	check_fact_text(run->facts, "name", own->name);
	if (!dmarc_level_known(own)) {
		dmarc_lose(d, "records_found", own);
		dmarc_lose(d, "suggested", own);
		return RC_OK;
	}
	(void)json_object_set_new(run->facts, "records_found",
	    json_integer((json_int_t)own->found));
	rc = dmarc_suggest(run->arena, own->found > 0 ? own->best : own->near,
	    own->domain, &suggested);
	if (rc)
		return rc;
	check_fact_text(run->facts, "suggested", suggested);
	return RC_OK;
}

static void
exists_fact(const struct dmarc *d)
{
	if (answer_known(d->exists))
		check_fact_bool(d->run->facts, "domain_exists",
		    d->exists->seen == SEEN_ANSWERED ||
			d->exists->as.dns.rcode != RCODE_NXDOMAIN);
	else
		check_gap_answer(d->run, "domain_exists", d->exists,
		    arena_slicef(d->run->arena, "%.*s SOA",
			SLICE_FMT(d->run->subject->domain)));
}

/* ---- the walk ---------------------------------------------------------- */

static void
psd_fact(json_t *o, const struct dmarc_level *l)
{
	char psd[2] = { dmarc_record_psd(&l->record), '\0' };

	if (l->found == 1 && l->record.tags[DMARC_PSD].there)
		check_fact_text(o, "psd", slice_str(psd));
	else
		check_fact_null(o, "psd");
}

static void
walk_facts(const struct dmarc *d)
{
	const struct dmarc_walk *w = d->walk;
	json_t *list = json_array();
	size_t i;

	(void)json_object_set_new(d->run->facts, "walk", list);
	for (i = 0; i < w->ended; i++) {
		const struct dmarc_level *l = &w->levels[i];
		json_t *o = json_object();

		check_fact_text(o, "name", l->name);
		(void)json_array_append_new(list, o);
		if (l == w->lost) {
			dmarc_lose(d, "walk", l);
			return;
		}
		(void)json_object_set_new(o, "records",
		    json_integer((json_int_t)l->found));
		psd_fact(o, l);
	}
}

static void
organizational_facts(const struct dmarc *d)
{
	struct check_run *run = d->run;
	json_t *o = json_object();

	(void)json_object_set_new(run->facts, "organizational_domain", o);
	if (d->walk->lost != NULL)
		dmarc_lose(d, "organizational_domain.tree_walk", d->walk->lost);
	else
		check_fact_text(o, "tree_walk", d->walk->organizational);
	if (d->psl.usable)
		check_fact_text(o, "psl", d->psl.organizational);
	else
		check_gap(run, "organizational_domain.psl", CAUSE_NO_LIST,
		    SLICE_LIT("there is no public suffix list"));
}

static void
several_problem(struct check_run *run, const struct dmarc_level *l)
{
	dmarc_tell(run, "dmarc.multiple-records", DMARC_ERROR,
	    arena_slicef(run->arena,
		"%.*s has %zu DMARC records: receivers count them as none, "
		"and some (Proofpoint, with 554 5.7.5) refuse the mail; keep "
		"one of them",
		SLICE_FMT(l->name), l->found));
}

static void
long_problem(struct check_run *run, const struct dmarc_level *l)
{
	dmarc_tell(run, "dmarc.name-too-long", DMARC_ERROR,
	    arena_slicef(run->arena,
		"%.*s has so long a name that with _dmarc before it DNS takes "
		"it no more, so it can have no record of its own; publish one "
		"at a domain above it",
		SLICE_FMT(l->domain)));
}

static void
spf_problem(struct check_run *run, const struct dmarc_level *l)
{
	dmarc_tell(run, "dmarc.spf-record", DMARC_ADVICE,
	    arena_slicef(run->arena,
		"%.*s has an SPF record, put there by mistake or by a "
		"wildcard: receivers pass over it there; a DMARC record is "
		"what belongs to that name",
		SLICE_FMT(l->name)));
}

/* What is wrong on the way, as far as the walk went. */
static void
walk_problems(const struct dmarc *d)
{
	const struct dmarc_walk *w = d->walk;
	size_t i;

	for (i = 0; i < w->ended; i++) {
		const struct dmarc_level *l = &w->levels[i];

		if (l == w->lost)
			return;
		if (l->unaskable && i == 0)
			long_problem(d->run, l);
		if (l->spf && l->found == 0 && i == 0)
			spf_problem(d->run, l);
		if (l->found > 1)
			several_problem(d->run, l);
		if (l->found == 0 && l->near.p != NULL)
			dmarc_near_problem(d->run, l->near, l->name);
		if (l == w->policy)
			return;
	}
}

/* ---- by the list ------------------------------------------------------- */

static void
psl_record_facts(struct dmarc *d, json_t *o)
{
	static const char *const lost[] = { "psl.record", "psl.location",
		"psl.policy" };
	const struct dmarc_psl *p = &d->psl;
	size_t i;

	for (i = 0; p->lost != NULL && i < sizeof(lost) / sizeof(lost[0]); i++)
		dmarc_lose(d, lost[i], p->lost);
	if (p->lost != NULL)
		return;
	if (p->policy == NULL) {
		check_fact_null(o, "record");
		check_fact_null(o, "location");
	} else {
		check_fact_text(o, "record", p->policy->record.text);
		check_fact_text(o, "location", p->policy->name);
		d->psl_wish = dmarc_record_wish(&p->policy->record,
		    p->policy == &p->own ? DMARC_OWN : DMARC_BELOW, false);
	}
	dmarc_fact_name(o, "policy", d->psl_wish.policy);
}

/* ---- what comes of it -------------------------------------------------- */

static void
result_facts(const struct dmarc *d, bool authored)
{
	struct dmarc_way way = { .below = "",
		.facts = d->run->facts,
		.lost = !d->walk->policy_known,
		.none = d->wish_known && d->wish.policy == NULL,
		.alignment = d->by_walk.spf,
		.dkim = d->by_walk.dkim };

	dmarc_say_result(d->run, &way, &d->spf, authored);
}

static void
psl_result_facts(const struct dmarc *d, json_t *o, bool authored)
{
	struct dmarc_way way = { .below = "psl.",
		.facts = o,
		.lost = d->psl.lost != NULL,
		.none = d->psl_wish.policy == NULL,
		.alignment = d->by_list.spf,
		.dkim = d->by_list.dkim };

	dmarc_say_result(d->run, &way, &d->spf, authored);
}

static void
psl_facts(struct dmarc *d, bool authored)
{
	json_t *o;

	if (!d->psl.usable) {
		check_gap(d->run, "psl", CAUSE_NO_LIST,
		    SLICE_LIT("there is no public suffix list"));
		return;
	}
	o = json_object();
	(void)json_object_set_new(d->run->facts, "psl", o);
	check_fact_text(o, "source",
	    slice_str(suffix_list_source(dmarc_psl_list(d->run))));
	psl_record_facts(d, o);
	psl_result_facts(d, o, authored);
}

static void
agreement(const struct dmarc *d)
{
	const struct dmarc_level *lost = d->walk->lost;
	struct dmarc_found walk = { d->walk->organizational, d->walk->policy,
		d->wish.policy, dmarc_walk_suffix(d->walk) };
	struct dmarc_found psl = { d->psl.organizational, d->psl.policy,
		d->psl_wish.policy, NULL };

	if (lost == NULL)
		lost = d->psl.lost;
	if (!d->psl.usable)
		check_gap(d->run, "methods_agree", CAUSE_NO_LIST,
		    SLICE_LIT("there is no public suffix list"));
	else if (lost != NULL)
		dmarc_lose(d, "methods_agree", lost);
	else if (!d->wish_known)
		check_gap_answer(d->run, "methods_agree", d->exists,
		    arena_slicef(d->run->arena, "%.*s SOA",
			SLICE_FMT(d->run->subject->domain)));
	else
		dmarc_differ(d->run, &walk, &psl);
}

/* ---- all of it --------------------------------------------------------- */

static enum rc
say(struct dmarc *d)
{
	bool authored = dmarc_authors(d->run);
	enum rc rc = own_facts(d);

	if (rc)
		return rc;
	exists_fact(d);
	walk_facts(d);
	walk_problems(d);
	rc = dmarc_policy_facts(d);
	if (rc)
		return rc;
	organizational_facts(d);
	psl_facts(d, authored);
	result_facts(d, authored);
	agreement(d);
	if (d->walk->policy_known)
		dmarc_reports(d->run, d->walk);
	return RC_OK;
}

static enum rc
dmarc_run(struct check_run *run)
{
	struct dmarc d = { .run = run };
	enum rc rc;

	(void)json_object_set_new(run->facts, "problems", json_array());
	rc = ask(&d);
	if (rc == RC_OK && d.walk->policy != NULL && run->waiting)
		dmarc_reports(run, d.walk); /* asks for what can be foreseen */
	if (rc == RC_OK && !run->waiting)
		rc = say(&d);
	if (rc)
		return rc;
	return arena_failed(run->arena) ? RC_LIMIT : RC_OK;
}

const struct check check_dmarc = {
	.name = "dmarc",
	.summary =
	    "the DMARC record, and what it does to mail, by RFC 9989 and 7489",
	.standards = "RFC 9989, RFC 7489, RFC 9990 4",
	.facts = dmarc_facts,
	.run = dmarc_run,
};
