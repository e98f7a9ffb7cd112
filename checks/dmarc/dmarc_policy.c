#include "checks/dmarc/dmarc_job.h"
#include "checks/dmarc/dmarc_problems.h"
#include "checks/dmarc/dmarc_suggest.h"
#include "checks/tags.h"

/* The record that applies (RFC 9989 4.10.1): what it asks for. */

void
dmarc_fact_name(json_t *facts, const char *key, const char *name)
{
	if (name != NULL)
		check_fact_text(facts, key, slice_str(name));
	else
		check_fact_null(facts, key);
}

void
dmarc_lose(const struct dmarc *d, const char *fact,
    const struct dmarc_level *lost)
{
	check_gap_answer(d->run, fact, lost->answer,
	    arena_slicef(d->run->arena, "%.*s TXT", SLICE_FMT(lost->name)));
}

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
	dmarc_fact_name(facts, key,
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
	dmarc_fact_name(facts, "p_tag", dmarc_record_policy(r, DMARC_P));
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
		dmarc_lose(d, facts[i], d->walk->lost);
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
		dmarc_fact_name(run->facts, "policy", d->wish.policy);
		dmarc_fact_name(run->facts, "applies", d->wish.applies);
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

enum rc
dmarc_policy_facts(struct dmarc *d)
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
