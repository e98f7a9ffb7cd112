#include "base/domain.h"
#include "checks/dmarc/dmarc_authors.h"
#include "checks/dmarc/dmarc_differ.h"
#include "checks/dmarc/dmarc_facts.h"
#include "checks/dmarc/dmarc_problems.h"
#include "checks/dmarc/dmarc_reports.h"
#include "checks/dmarc/dmarc_result.h"
#include "checks/dmarc/dmarc_suggest.h"
#include "checks/table.h"

/*
 * DMARC by RFC 9989, with its tree walk, and beside it by RFC 7489, with the
 * public suffix list: receivers go by either.
 */

enum { RCODE_NXDOMAIN = 3 };

struct dmarc {
	struct check_run *run;
	const struct dmarc_walk *walk;
	struct dmarc_psl psl;
	const struct answer *exists;    /* SOA of the domain, for np */
	struct dmarc_alignment relaxed; /* of the envelope sender */
	struct slice sender;            /* its domain; or nothing */
	struct dmarc_spf_said spf;
	struct dmarc_wish wish;     /* by RFC 9989 */
	struct dmarc_wish psl_wish; /* by RFC 7489 */
	bool wish_known;
};

static void
fact_name(json_t *facts, const char *key, const char *name)
{
	if (name != NULL)
		check_fact_text(facts, key, slice_str(name));
	else
		check_fact_null(facts, key);
}

static void
lose_level(const struct dmarc *d, const char *fact,
    const struct dmarc_level *lost)
{
	check_gap_answer(d->run, fact, lost->answer,
	    arena_slicef(d->run->arena, "%.*s TXT", SLICE_FMT(lost->name)));
}

/* ---- asking ------------------------------------------------------------ */

static enum rc
ask(struct dmarc *d)
{
	struct check_run *run = d->run;
	struct slice domain = run->subject->domain;

	d->walk = dmarc_walk(run, domain);
	if (d->walk == NULL)
		return domain.n == 0 ? RC_BUG : RC_LIMIT;
	d->exists = check_ask_dns(run, domain, DNS_SOA);
	dmarc_psl(run, domain, &d->psl);
	d->sender = dmarc_identity(run).domain;
	if (d->sender.n > 0)
		d->relaxed = dmarc_align_walk(run, d->walk, d->sender);
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
		lose_level(d, "records_found", own);
		lose_level(d, "suggested", own);
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
			lose_level(d, "walk", l);
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
		lose_level(d, "organizational_domain.tree_walk", d->walk->lost);
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

/* ---- the record that applies ------------------------------------------- */

static struct slice
defect(const struct dmarc *d)
{
	const struct dmarc_level *own = &d->walk->levels[0];
	const struct dmarc_level *policy = d->walk->policy;
	struct arena *arena = d->run->arena;

	if (policy != NULL)
		return arena_slicef(arena,
		    "The record at %.*s (%.*s) has no %s",
		    SLICE_FMT(policy->name),
		    SLICE_FMT(dmarc_clip(policy->record.text)),
		    policy->record.tags[DMARC_P].there
			? "p that is none, quarantine or reject"
			: "p");
	if (own->found > 1)
		return arena_slicef(arena,
		    "%.*s has %zu DMARC records, and two count as none",
		    SLICE_FMT(own->name), own->found);
	if (own->near.p != NULL)
		return arena_slicef(arena,
		    "%.*s has \"%.*s\", which is none as it does not begin "
		    "with v=DMARC1 and a semicolon",
		    SLICE_FMT(own->name), SLICE_FMT(dmarc_clip(own->near)));
	return arena_slicef(arena, "%.*s has no DMARC record%s",
	    SLICE_FMT(own->name),
	    d->walk->n > 1 ? ", nor has a domain above it" : "");
}

static void
defect_fact(const struct dmarc *d)
{
	const struct dmarc_level *policy = d->walk->policy;

	if (policy != NULL && policy->record.tags[DMARC_P].valid)
		check_fact_null(d->run->facts, "defect");
	else
		check_fact_text(d->run->facts, "defect", defect(d));
}

static void
uris_fact(json_t *facts, const char *key, const struct dmarc_value *v)
{
	json_t *list = json_array();
	struct slice rest, item;

	rest = v != NULL ? v->text : SLICE_NONE;
	while (list_next(&rest, &item)) {
		struct dmarc_uri uri = dmarc_uri_read(item);

		if (dmarc_uri_is_valid(&uri))
			(void)json_array_append_new(list, check_json(item));
	}
	(void)json_object_set_new(facts, key, list);
}

static void
mode_fact(json_t *facts, const char *key, const struct dmarc_record *r,
    enum dmarc_tag tag)
{
	fact_name(facts, key,
	    dmarc_record_is_strict(r, tag) ? "strict" : "relaxed");
}

static enum rc
record_facts(const struct dmarc *d)
{
	const struct dmarc_level *l = d->walk->policy;
	const struct dmarc_record *r = &l->record;
	json_t *facts = d->run->facts;
	struct slice with_rua;
	enum rc rc =
	    dmarc_suggest_reports(d->run->arena, r->text, l->domain, &with_rua);

	if (rc)
		return rc;
	check_fact_text(facts, "with_rua", with_rua);
	check_fact_text(facts, "record", r->text);
	check_fact_text(facts, "location", l->name);
	fact_name(facts, "p_tag", dmarc_record_policy(r, DMARC_P));
	check_fact_bool(facts, "testing", dmarc_record_is_testing(r));
	mode_fact(facts, "adkim", r, DMARC_ADKIM);
	mode_fact(facts, "aspf", r, DMARC_ASPF);
	uris_fact(facts, "rua", &r->tags[DMARC_RUA]);
	uris_fact(facts, "ruf", &r->tags[DMARC_RUF]);
	dmarc_record_problems(d->run, r, l->name);
	return RC_OK;
}

static void
no_record_facts(json_t *facts)
{
	static const char *const null[] = { "record", "location", "p_tag",
		"testing", "adkim", "aspf", "policy", "applies", "with_rua" };
	size_t i;

	for (i = 0; i < sizeof(null) / sizeof(null[0]); i++)
		check_fact_null(facts, null[i]);
	uris_fact(facts, "rua", NULL);
	uris_fact(facts, "ruf", NULL);
}

static void
lost_record(const struct dmarc *d)
{
	static const char *const facts[] = { "record", "location", "policy",
		"applies", "p_tag", "testing", "adkim", "aspf", "rua", "ruf",
		"defect", "with_rua", "external_reports" };
	size_t i;

	for (i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		lose_level(d, facts[i], d->walk->lost);
}

/*
 * RFC 9989 4.10.1, A.4: only NXDOMAIN means that it does not exist (RFC 8020).
 * Where that makes no difference it need not be known.
 */
static void
choose_wish(struct dmarc *d)
{
	const struct dmarc_record *r = &d->walk->policy->record;
	struct dmarc_wish there = dmarc_record_wish(r, DMARC_BELOW, true);
	struct dmarc_wish gone = dmarc_record_wish(r, DMARC_NOWHERE, true);

	d->wish_known = true;
	d->wish = there;
	if (d->walk->policy == &d->walk->levels[0])
		d->wish = dmarc_record_wish(r, DMARC_OWN, true);
	else if (answer_known(d->exists))
		d->wish = d->exists->seen == SEEN_ABSENT &&
				  d->exists->as.dns.rcode == RCODE_NXDOMAIN
			      ? gone
			      : there;
	else
		d->wish_known = there.applies == gone.applies;
}

static void
policy_facts(const struct dmarc *d)
{
	struct check_run *run = d->run;
	struct slice what;

	if (d->wish_known) {
		fact_name(run->facts, "policy", d->wish.policy);
		fact_name(run->facts, "applies", d->wish.applies);
		if (d->wish.policy == NULL)
			dmarc_tell(run, "dmarc.no-policy", DMARC_ERROR,
			    arena_slicef(run->arena,
				"The record at %.*s has no policy that can be "
				"used and no rua, so receivers do as if there "
				"was none; write p=none after v=DMARC1",
				SLICE_FMT(d->walk->policy->name)));
		return;
	}
	what = arena_slicef(run->arena, "%.*s SOA",
	    SLICE_FMT(run->subject->domain));
	check_gap_answer(run, "policy", d->exists, what);
	check_gap_answer(run, "applies", d->exists, what);
}

/* sp and np of a record that is not the Organizational Domain's. */
static void
effect_problem(const struct dmarc *d, enum dmarc_tag tag, const char *code)
{
	const struct dmarc_walk *w = d->walk;

	if (w->policy != &w->levels[0] || w->organizational.n == 0 ||
	    slice_eq(w->organizational, w->levels[0].domain) ||
	    !w->policy->record.tags[tag].there)
		return;
	dmarc_tell(d->run, code, DMARC_ADVICE,
	    arena_slicef(d->run->arena,
		"%s at %.*s has no effect: names below go by the record of the "
		"organizational domain, %.*s; write it there, or take it out",
		dmarc_tag_name(tag), SLICE_FMT(w->policy->name),
		SLICE_FMT(w->organizational)));
}

static enum rc
all_record_facts(struct dmarc *d)
{
	enum rc rc;

	if (!d->walk->policy_known) {
		lost_record(d);
		return RC_OK;
	}
	defect_fact(d);
	if (d->walk->policy == NULL) {
		d->wish_known = true;
		no_record_facts(d->run->facts);
		return RC_OK;
	}
	rc = record_facts(d);
	if (rc)
		return rc;
	choose_wish(d);
	policy_facts(d);
	effect_problem(d, DMARC_SP, "dmarc.sp-no-effect");
	effect_problem(d, DMARC_NP, "dmarc.np-no-effect");
	return RC_OK;
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
		lose_level(d, lost[i], p->lost);
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
	fact_name(o, "policy", d->psl_wish.policy);
}

/* ---- what comes of it -------------------------------------------------- */

static bool
same_name(const struct dmarc *d)
{
	return slice_eq(d->sender, d->run->subject->domain);
}

static void
result_facts(const struct dmarc *d, bool authored)
{
	const struct dmarc_level *policy = d->walk->policy;
	struct dmarc_way way = { .result = "result",
		.aligned = "aligned_spf",
		.facts = d->run->facts,
		.lost = !d->walk->policy_known,
		.none = d->wish_known && d->wish.policy == NULL,
		.alignment = d->relaxed };

	if (policy != NULL &&
	    dmarc_record_is_strict(&policy->record, DMARC_ASPF))
		way.alignment =
		    (struct dmarc_alignment){ false, same_name(d), NULL };
	else if (way.lost && !same_name(d))
		way.alignment.lost = d->walk->lost;
	dmarc_say_result(d->run, &way, &d->spf, authored);
	check_gap(d->run, "aligned_dkim", CAUSE_UNSUPPORTED,
	    SLICE_LIT("DKIM signatures are not verified"));
}

static void
psl_result_facts(const struct dmarc *d, json_t *o, bool authored)
{
	const struct dmarc_psl *p = &d->psl;
	struct dmarc_way way = { .result = "psl.result",
		.aligned = "psl.aligned_spf",
		.facts = o,
		.lost = p->lost != NULL,
		.none = d->psl_wish.policy == NULL };
	bool relaxed =
	    d->sender.n > 0 &&
	    dmarc_align_psl(d->run, d->run->subject->domain, d->sender);

	way.alignment.aligned = relaxed;
	/* Without the record aspf is not known. */
	if (way.lost && relaxed && !same_name(d))
		way.alignment.lost = p->lost;
	else if (p->policy != NULL &&
		 dmarc_record_is_strict(&p->policy->record, DMARC_ASPF))
		way.alignment.aligned = same_name(d);
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
		lose_level(d, "methods_agree", lost);
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
	rc = all_record_facts(d);
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
