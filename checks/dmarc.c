#include "base/domain.h"
#include "base/limits.h"
#include "checks/check.h"
#include "checks/dmarc_record.h"
#include "checks/table.h"

/*
 * Which DMARC Policy Record applies to the From domain, found by the tree
 * walk of RFC 9989 4.10, and which policy it asks for (4.10.1).
 */

static const struct fact_doc dmarc_facts[] = {
	{ "name", "text",
	    "where the domain's own record stands: _dmarc.DOMAIN" },
	{ "record", "text",
	    "the record that applies, the domain's own or the organizational "
	    "domain's; null: there is none" },
	{ "location", "text", "the name where it was found; null: none" },
	{ "policy", "text",
	    "what applies to this domain: none, quarantine or reject, from p, "
	    "sp or np (t= is not taken into account); null: no record, or one "
	    "that says nothing that can be used" },
	{ "p_tag", "text",
	    "the record's p, if it is there and valid; null: it is not" },
	{ "defect", "text",
	    "why there is no p that can be used, in words; null: there is" },
	{ "suggested", "text",
	    "a record for name: the one that is there, with p=none if it has "
	    "no p; or one that asks for no more than reports" },
	{ "records_found", "number",
	    "DMARC records at name; more than one count as none" },
	{ "problems", "list", "what is wrong" },
	{ "problems[].code", "text",
	    "stable: dmarc.multiple-records, dmarc.bad-version, "
	    "dmarc.no-policy, dmarc.p-missing, dmarc.p-invalid, "
	    "dmarc.sp-invalid, dmarc.np-invalid, dmarc.psd-invalid, "
	    "dmarc.rua-invalid, dmarc.syntax, dmarc.duplicate-tag, "
	    "dmarc.unknown-tag, dmarc.obsolete-tag, dmarc.tag-case" },
	{ "problems[].detail", "text", "for people" },
	{ NULL, NULL, NULL },
};

enum { RCODE_NXDOMAIN = 3, NAME_MAX_OCTETS = 253, JUMP_LABELS = 7 };

static void
problem(struct check_run *run, const char *code, struct slice detail)
{
	check_problem(run->facts, "problems", code, detail);
}

/* ---- the walk ---------------------------------------------------------- */

/* One name of the walk. */
struct level {
	struct slice domain;
	struct slice name; /* _dmarc.DOMAIN */
	const struct answer *answer;
	bool unaskable; /* too long a name to exist */
	size_t found;
	struct slice near;
	struct dmarc_record record; /* when exactly one was found */
};

struct walk {
	struct level levels[LIMIT_TREE_WALK];
	size_t n;
	const struct level *lost;   /* the level that has no answer, or NULL */
	const struct level *policy; /* the level whose record applies */
};

static bool
level_waits(const struct level *l)
{
	return l->answer == NULL && !l->unaskable;
}

static bool
level_known(const struct level *l)
{
	return l->unaskable || (l->answer != NULL && answer_known(l->answer));
}

static void
level_ask(struct check_run *run, struct slice domain, struct level *l)
{
	struct versioned v;

	*l = (struct level){ .domain = domain };
	l->name = arena_slicef(run->arena, "_dmarc.%.*s", SLICE_FMT(domain));
	l->unaskable = l->name.n > NAME_MAX_OCTETS || l->name.n == 0;
	if (l->unaskable)
		return;
	l->answer = check_ask_dns(run, l->name, DNS_TXT);
	if (l->answer == NULL || !answer_known(l->answer))
		return;
	v = versioned_find(run, l->answer, &dmarc_version);
	l->found = v.found;
	l->near = v.near;
	if (v.found == 1)
		dmarc_record_read(v.text, &l->record);
}

/*
 * RFC 9989 4.10: the domain, then without its leftmost label and so on to the
 * top; from one of eight labels or more straight to its last seven.  All are
 * asked at once: where the walk stops only the answers tell.
 */
static void
walk_ask(struct check_run *run, struct walk *w)
{
	struct slice domain = run->subject->domain;

	while (domain.n > 0 && w->n < LIMIT_TREE_WALK) {
		level_ask(run, domain, &w->levels[w->n++]);
		do
			domain = domain_parent(domain);
		while (domain_labels(domain) > JUMP_LABELS);
	}
}

/*
 * The name one label below a psd=y is the Organizational Domain; the jump may
 * have passed over it.
 */
static const struct level *
below_psd(const struct walk *w, size_t i)
{
	const struct level *below = &w->levels[i - 1];

	if (below->found == 1 && domain_labels(below->domain) ==
				     domain_labels(w->levels[i].domain) + 1)
		return below;
	return &w->levels[i];
}

/*
 * RFC 9989 4.10.1: the domain's own record; or that of the Organizational
 * Domain, which is where psd=n stands, or below psd=y, or the last in the
 * walk to have a record; or that of the public suffix.
 */
static void
walk_judge(struct walk *w)
{
	size_t i;

	for (i = 0; i < w->n; i++) {
		const struct level *l = &w->levels[i];

		if (!level_known(l)) {
			w->lost = l;
			w->policy = NULL;
			return;
		}
		if (l->found != 1)
			continue;
		w->policy = l;
		if (i == 0 || dmarc_record_psd(&l->record) == 'n')
			return;
		if (dmarc_record_psd(&l->record) == 'y') {
			w->policy = below_psd(w, i);
			return;
		}
	}
}

/* ---- the policy -------------------------------------------------------- */

static void
fact_name(json_t *facts, const char *key, const char *name)
{
	if (name != NULL)
		check_fact_text(facts, key, slice_str(name));
	else
		check_fact_null(facts, key);
}

static const char *
value_of(const struct dmarc_record *r, enum dmarc_tag tag)
{
	const struct dmarc_value *v = &r->tags[tag];

	return v->valid ? dmarc_policy_name(v->text) : NULL;
}

/*
 * RFC 9989 4.10.1: without a valid p, or with an sp or np that is not valid,
 * the record counts as p=none if it asks for reports, and else as none.
 */
static bool
is_broken(const struct dmarc_record *r)
{
	return !r->tags[DMARC_P].valid ||
	       (r->tags[DMARC_SP].there && !r->tags[DMARC_SP].valid) ||
	       (r->tags[DMARC_NP].there && !r->tags[DMARC_NP].valid);
}

/* For a domain below the record's: np if it does not exist, sp if it does. */
static void
subdomain_policy(struct check_run *run, const struct dmarc_record *r)
{
	const char *p = value_of(r, DMARC_P);
	const char *sp = value_of(r, DMARC_SP), *np = value_of(r, DMARC_NP);
	struct slice domain = run->subject->domain;
	const struct answer *a;

	if (sp == NULL)
		sp = p;
	if (np == NULL)
		np = sp;
	if (strcmp(sp, np) == 0) {
		fact_name(run->facts, "policy", sp);
		return;
	}
	a = check_ask_dns(run, domain, DNS_SOA);
	if (a == NULL)
		return;
	if (!answer_known(a)) {
		check_gap_answer(run, "policy", a,
		    arena_slicef(run->arena, "%.*s SOA", SLICE_FMT(domain)));
		return;
	}
	/* RFC 8020: NXDOMAIN means that it does not exist. */
	fact_name(run->facts, "policy",
	    a->seen == SEEN_ABSENT && a->as.dns.rcode == RCODE_NXDOMAIN ? np
									: sp);
}

static void
policy_facts(struct check_run *run, const struct walk *w)
{
	const struct dmarc_record *r = &w->policy->record;

	check_fact_text(run->facts, "record", r->text);
	check_fact_text(run->facts, "location", w->policy->name);
	fact_name(run->facts, "p_tag", value_of(r, DMARC_P));
	dmarc_record_problems(run, r, w->policy->name);
	if (is_broken(r)) {
		if (!r->tags[DMARC_RUA].valid)
			problem(run, "dmarc.no-policy", w->policy->name);
		fact_name(run->facts, "policy",
		    r->tags[DMARC_RUA].valid ? "none" : NULL);
	} else if (w->policy == &w->levels[0]) {
		fact_name(run->facts, "policy", value_of(r, DMARC_P));
	} else {
		subdomain_policy(run, r);
	}
}

/* ---- in words ---------------------------------------------------------- */

static struct slice
defect(struct check_run *run, const struct walk *w)
{
	const struct level *own = &w->levels[0];

	if (w->policy != NULL)
		return arena_slicef(run->arena,
		    "The record at %.*s (%.*s) has no %s",
		    SLICE_FMT(w->policy->name),
		    SLICE_FMT(w->policy->record.text),
		    w->policy->record.tags[DMARC_P].there
			? "p that is none, quarantine or reject"
			: "p");
	if (own->found > 1)
		return arena_slicef(run->arena,
		    "%.*s has %zu DMARC records, and two count as none",
		    SLICE_FMT(own->name), own->found);
	if (own->near.p != NULL)
		return arena_slicef(run->arena,
		    "%.*s has \"%.*s\", which is none as it does not begin "
		    "with v=DMARC1",
		    SLICE_FMT(own->name), SLICE_FMT(own->near));
	return arena_slicef(run->arena, "%.*s has no DMARC record%s",
	    SLICE_FMT(own->name),
	    w->n > 1 ? ", nor has a domain above it" : "");
}

/* What to publish at the domain's own name, with what is right there. */
static struct slice
suggested(struct check_run *run, const struct level *own)
{
	const struct dmarc_record *r = &own->record;
	struct slice version, tags = SLICE_NONE;

	if (own->found == 1 && r->tags[DMARC_P].valid)
		return r->text;
	if (own->found == 1 && !r->tags[DMARC_P].there)
		(void)slice_cut(r->text, ';', &version, &tags);
	tags = slice_trim(tags);
	if (tags.n > 0)
		return arena_slicef(run->arena, "v=DMARC1; p=none; %.*s",
		    SLICE_FMT(tags));
	return arena_slicef(run->arena,
	    "v=DMARC1; p=none; rua=mailto:dmarc-reports@%.*s",
	    SLICE_FMT(own->domain));
}

static void
defect_fact(struct check_run *run, const struct walk *w)
{
	if (w->policy != NULL && w->policy->record.tags[DMARC_P].valid)
		check_fact_null(run->facts, "defect");
	else
		check_fact_text(run->facts, "defect", defect(run, w));
}

/* ---- all of it --------------------------------------------------------- */

/* What is wrong on the way, as far as the walk went. */
static void
walk_problems(struct check_run *run, const struct walk *w)
{
	size_t i;

	for (i = 0; i < w->n; i++) {
		const struct level *l = &w->levels[i];

		if (!level_known(l))
			return;
		if (l->found > 1)
			problem(run, "dmarc.multiple-records",
			    arena_slicef(run->arena, "%.*s: %zu records",
				SLICE_FMT(l->name), l->found));
		if (l->near.p != NULL)
			problem(run, "dmarc.bad-version",
			    arena_slicef(run->arena, "%.*s: %.*s",
				SLICE_FMT(l->name), SLICE_FMT(l->near)));
		if (l == w->policy)
			return;
	}
}

static void
walk_lost(struct check_run *run, const struct level *l)
{
	static const char *const facts[] = { "record", "location", "policy",
		"p_tag", "defect" };
	struct slice what =
	    arena_slicef(run->arena, "%.*s TXT", SLICE_FMT(l->name));
	size_t i;

	for (i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		check_gap_answer(run, facts[i], l->answer, what);
	if (l->domain.n == run->subject->domain.n) {
		check_gap_answer(run, "suggested", l->answer, what);
		check_gap_answer(run, "records_found", l->answer, what);
	}
}

static enum rc
dmarc_run(struct check_run *run)
{
	struct walk w = { .n = 0 };
	size_t i;

	(void)json_object_set_new(run->facts, "problems", json_array());
	walk_ask(run, &w);
	/* For np=, should it be needed. */
	(void)check_ask_dns(run, run->subject->domain, DNS_SOA);
	for (i = 0; i < w.n; i++)
		if (level_waits(&w.levels[i]))
			return arena_failed(run->arena) ? RC_LIMIT : RC_OK;
	if (w.n == 0)
		return RC_BUG;
	walk_judge(&w);
	check_fact_text(run->facts, "name", w.levels[0].name);
	if (level_known(&w.levels[0]))
		(void)json_object_set_new(run->facts, "records_found",
		    json_integer((json_int_t)w.levels[0].found));
	if (level_known(&w.levels[0]))
		check_fact_text(run->facts, "suggested",
		    suggested(run, &w.levels[0]));
	walk_problems(run, &w);
	if (w.lost != NULL) {
		walk_lost(run, w.lost);
	} else if (w.policy != NULL) {
		defect_fact(run, &w);
		policy_facts(run, &w);
	} else {
		defect_fact(run, &w);
		check_fact_null(run->facts, "record");
		check_fact_null(run->facts, "location");
		check_fact_null(run->facts, "policy");
		check_fact_null(run->facts, "p_tag");
	}
	return arena_failed(run->arena) ? RC_LIMIT : RC_OK;
}

const struct check check_dmarc = {
	.name = "dmarc",
	.summary = "the DMARC record, and the policy it asks for",
	.standards = "RFC 9989 4.7, 4.8, 4.10",
	.facts = dmarc_facts,
	.run = dmarc_run,
};
