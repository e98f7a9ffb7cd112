#include "base/domain.h"
#include "checks/bimi/bimi_dmarc.h"
#include "checks/bimi/bimi_record.h"
#include "checks/dkim/dkim_verify.h"
#include "checks/dmarc/dmarc_align.h"
#include "checks/table.h"
#include "checks/tags.h"

/*
 * Brand Indicators for Message Identification
 * (draft-brand-indicators-for-message-identification): the record, and what
 * DMARC and SPF must be like for it.  Neither the logo nor the certificate is
 * fetched, so nothing is said of SVG Tiny PS, of its size and shape, nor of who
 * vouches for it.
 */

static const struct fact_doc bimi_facts[] = {
	{ "selector", "text",
	    "that of BIMI-Selector, or default when the sample has none" },
	{ "selector_signed", "bool",
	    "an aligned DKIM signature that passes covers BIMI-Selector, "
	    "without which receivers ignore it; null: the sample has none" },
	{ "name", "text", "where the record is looked for first" },
	{ "location", "text",
	    "where it is: there, or at default._bimi of the organizational "
	    "domain; null: nowhere" },
	{ "record", "text",
	    "the record; null: there is none, or there are several, which "
	    "count as none" },
	{ "declined", "bool",
	    "it says that no logo is wanted: l= and a= are empty; null: there "
	    "is no record" },
	{ "logo", "text", "the URI in l=, which is not fetched; null: none" },
	{ "certificate", "text",
	    "the URI in a=, which is not fetched; null: none" },
	{ "avp", "text",
	    "what is shown of a sender who has a picture too: brand (the "
	    "default), personal, or what stands there; null: there is no record" },
	{ "lps", "list",
	    "beginnings of local parts that have selectors of their own; "
	    "those are not looked up" },
	{ "valid", "bool",
	    "the record is right as it stands; null: there is none" },
	{ "dmarc_enforced", "bool",
	    "the DMARC policy is one by which receivers show a logo: "
	    "quarantine or reject, of all mail, for subdomains and the "
	    "organizational domain too" },
	{ "ready", "bool",
	    "valid, not declined, dmarc_enforced, and no +all in SPF; null: "
	    "there is no record" },
	{ "problems", "list", "what is wrong" },
	{ "problems[].code", "text",
	    "stable: bimi.multiple-records, bimi.bad-version, bimi.syntax, "
	    "bimi.duplicate-tag, bimi.logo-missing, bimi.logo-empty, "
	    "bimi.logo-uri, bimi.logo-comma, bimi.logo-format, "
	    "bimi.certificate-uri, bimi.certificate-format, "
	    "bimi.no-certificate, bimi.avp, bimi.selector-syntax, "
	    "bimi.selector-unsigned, bimi.dmarc-none, bimi.dmarc-policy, "
	    "bimi.dmarc-pct, bimi.dmarc-testing, bimi.dmarc-subdomains, "
	    "bimi.spf-plus-all" },
	{ "problems[].severity", "text", "error, warning, advice" },
	{ "problems[].detail", "text", "a sentence for people" },
	{ NULL, NULL, NULL },
};

static const struct version bimi1 = {
	.value = { (const unsigned char *)"BIMI1", 5 },
	.loose = true,
};

struct bimi {
	struct check_run *run;
	const struct dmarc_walk *walk;
	struct slice selector;
	bool has_selector;
	struct slice name, fallback; /* fallback: nothing, if it is the same */
	const struct answer *own, *above, *spf;
};

/* ---- asking ------------------------------------------------------------ */

static struct slice
name_of(struct check_run *run, struct slice selector, struct slice domain)
{
	return arena_slicef(run->arena, "%.*s._bimi.%.*s", SLICE_FMT(selector),
	    SLICE_FMT(domain));
}

/*
 * The draft, 7.2: of another selector that is not there, too, the default of
 * the Organizational Domain counts, and not that selector of it.
 */
static void
ask_above(struct bimi *b)
{
	const struct dmarc_walk *w = b->walk;

	if (w->waiting || w->lost != NULL)
		return;
	b->fallback = name_of(b->run, SLICE_LIT("default"), w->organizational);
	if (slice_eq(b->fallback, b->name))
		b->fallback = SLICE_NONE;
	else
		b->above = check_ask_dns(b->run, b->fallback, DNS_TXT);
}

static enum rc
ask(struct bimi *b)
{
	struct check_run *run = b->run;
	struct slice domain = run->subject->domain;

	b->selector = bimi_selector(run, &b->has_selector);
	if (b->selector.n == 0)
		b->selector = SLICE_LIT("default");
	b->name = name_of(run, b->selector, domain);
	b->walk = dmarc_walk(run, domain);
	if (b->walk == NULL || arena_failed(run->arena))
		return RC_LIMIT;
	b->own = check_ask_dns(run, b->name, DNS_TXT);
	b->spf = check_ask_dns(run, domain, DNS_TXT);
	ask_above(b);
	return RC_OK;
}

/* ---- BIMI-Selector under a signature ----------------------------------- */

enum covered { COVERED_NO, COVERED_YES, COVERED_WAITING, COVERED_LOST };

static enum covered
covers(struct bimi *b, const struct dkim_verdict *v, const struct answer **lost)
{
	const struct message *m = b->run->subject->message;
	struct dmarc_alignment a;

	if (!dkim_covers(v, m, "BIMI-Selector") || v->domain.n == 0)
		return COVERED_NO;
	if (v->result == DKIM_TEMPERROR) {
		*lost = v->lost;
		return v->lost != NULL ? COVERED_LOST : COVERED_NO;
	}
	if (v->result != DKIM_PASS)
		return COVERED_NO;
	a = dmarc_align(b->run, b->walk, DMARC_ADKIM, v->domain);
	if (a.waiting)
		return COVERED_WAITING;
	if (a.lost != NULL)
		*lost = a.lost->answer;
	if (a.lost != NULL && !a.aligned)
		return COVERED_LOST;
	return a.aligned ? COVERED_YES : COVERED_NO;
}

static void
say_signed(struct bimi *b, enum covered best, const struct answer *lost)
{
	json_t *facts = b->run->facts;

	if (best == COVERED_LOST) {
		check_gap_answer(b->run, "selector_signed", lost,
		    SLICE_LIT("whether a signature covers BIMI-Selector"));
		return;
	}
	check_fact_bool(facts, "selector_signed", best == COVERED_YES);
	if (best == COVERED_NO)
		bimi_tell(b->run, "bimi.selector-unsigned", BIMI_WARNING,
		    SLICE_LIT("No aligned DKIM signature that passes covers "
			      "BIMI-Selector, so receivers ignore it and take "
			      "the selector default; let h= name it"));
}

static enum rc
judge_selector(struct bimi *b)
{
	const struct dkim_verdicts *verdicts;
	const struct answer *lost = NULL;
	enum covered best = COVERED_NO, one;
	enum rc rc;

	if (!b->has_selector) {
		check_fact_null(b->run->facts, "selector_signed");
		return RC_OK;
	}
	rc = dkim_verify(b->run, &verdicts);
	if (rc || verdicts == NULL)
		return rc;
	for (size_t i = 0; i < verdicts->n && best != COVERED_YES; i++) {
		one = covers(b, &verdicts->all[i], &lost);
		if (one != COVERED_NO)
			best = one;
	}
	if (best != COVERED_WAITING)
		say_signed(b, best, lost);
	return RC_OK;
}

/* ---- the record -------------------------------------------------------- */

static void
text_or_null(json_t *facts, const char *key, struct slice s)
{
	if (s.n > 0)
		check_fact_text(facts, key, s);
	else
		check_fact_null(facts, key);
}

static void
put_prefixes(json_t *facts, struct slice lps)
{
	json_t *list = json_array();
	struct slice item;

	while (list_next(&lps, &item))
		(void)json_array_append_new(list, check_json(item));
	(void)json_object_set_new(facts, "lps", list);
}

static void
say_none(struct check_run *run)
{
	static const char *const nulls[] = { "record", "location", "logo",
		"certificate", "avp", "declined", "valid", "ready" };

	for (size_t i = 0; i < sizeof(nulls) / sizeof(*nulls); i++)
		check_fact_null(run->facts, nulls[i]);
	(void)json_object_set_new(run->facts, "lps", json_array());
}

static void
lose_answer(struct bimi *b, const struct answer *a, struct slice name)
{
	static const char *const facts[] = { "record", "location", "logo",
		"certificate", "avp", "lps", "declined", "valid", "ready",
		"problems" };
	struct slice what =
	    arena_slicef(b->run->arena, "%.*s TXT", SLICE_FMT(name));

	for (size_t i = 0; i < sizeof(facts) / sizeof(*facts); i++)
		check_gap_answer(b->run, facts[i], a, what);
}

static void
lose_dmarc(struct bimi *b, const char *fact)
{
	const struct dmarc_level *lost = b->walk->lost;

	check_gap_answer(b->run, fact, lost->answer,
	    arena_slicef(b->run->arena, "%.*s TXT", SLICE_FMT(lost->name)));
}

/* One thing that is wrong is enough; else all must be known. */
static void
say_ready(struct bimi *b, const struct bimi_record *r)
{
	struct check_run *run = b->run;
	enum bimi_enforced enforced = bimi_dmarc(run, b->walk, !r->declined);
	bool lets_all = bimi_spf_lets_all(run->arena, b->spf);

	if (lets_all && !r->declined)
		bimi_tell(run, "bimi.spf-plus-all", BIMI_ERROR,
		    arena_slicef(run->arena,
			"The SPF record of %.*s lets in everybody (+all): then "
			"receivers show no logo; end it with -all",
			SLICE_FMT(run->subject->domain)));
	if (!r->valid || r->declined || lets_all ||
	    enforced == BIMI_NOT_ENFORCED)
		check_fact_bool(run->facts, "ready", false);
	else if (enforced == BIMI_MAY_BE_ENFORCED)
		lose_dmarc(b, "ready");
	else if (!answer_known(b->spf))
		check_gap_answer(run, "ready", b->spf,
		    arena_slicef(run->arena, "%.*s TXT",
			SLICE_FMT(run->subject->domain)));
	else
		check_fact_bool(run->facts, "ready", true);
}

static void
say_record(struct bimi *b, struct slice text, struct slice name)
{
	json_t *facts = b->run->facts;
	struct bimi_record r;

	bimi_record_read(b->run, text, name, &r);
	check_fact_text(facts, "record", text);
	check_fact_text(facts, "location", name);
	check_fact_bool(facts, "declined", r.declined);
	text_or_null(facts, "logo", r.tags[BIMI_L]);
	text_or_null(facts, "certificate", r.tags[BIMI_A]);
	check_fact_text(facts, "avp",
	    r.tags[BIMI_AVP].n > 0 ? r.tags[BIMI_AVP] : SLICE_LIT("brand"));
	put_prefixes(facts, r.tags[BIMI_LPS]);
	check_fact_bool(facts, "valid", r.valid);
	say_ready(b, &r);
}

/* Several count as none, and nobody looks further (7.2, 7). */
static void
say_several(struct bimi *b, size_t n, struct slice name)
{
	say_none(b->run);
	check_fact_bool(b->run->facts, "valid", false);
	check_fact_bool(b->run->facts, "ready", false);
	bimi_tell(b->run, "bimi.multiple-records", BIMI_ERROR,
	    arena_slicef(b->run->arena,
		"%.*s has %zu BIMI records: receivers count them as none; keep "
		"one of them",
		SLICE_FMT(name), n));
}

static void
tell_near(struct bimi *b, struct slice near, struct slice name)
{
	if (near.p != NULL)
		bimi_tell(b->run, "bimi.bad-version", BIMI_ERROR,
		    arena_slicef(b->run->arena,
			"%.*s has \"%.*s\", which is no BIMI record, as it does "
			"not begin with v=BIMI1 and a semicolon",
			SLICE_FMT(name), SLICE_FMT(slice_sub(near, 0, 100))));
}

/* Where the record may be; true: what is said of it is said. */
static bool
look(struct bimi *b, const struct answer *a, struct slice name)
{
	struct versioned v;

	if (!answer_known(a)) {
		lose_answer(b, a, name);
		return true;
	}
	v = versioned_find(b->run, a, &bimi1);
	if (v.found == 1)
		say_record(b, v.text, name);
	else if (v.found > 1)
		say_several(b, v.found, name);
	else
		tell_near(b, v.near, name);
	return v.found > 0;
}

static void
find(struct bimi *b)
{
	const struct dmarc_level *lost = b->walk->lost;

	if (look(b, b->own, b->name))
		return;
	if (lost != NULL)
		lose_answer(b, lost->answer, lost->name);
	else if (b->fallback.n == 0 || !look(b, b->above, b->fallback))
		say_none(b->run);
}

/* ---- the check --------------------------------------------------------- */

static void
say_enforced(struct bimi *b)
{
	enum bimi_enforced enforced = bimi_dmarc(b->run, b->walk, false);

	if (enforced == BIMI_MAY_BE_ENFORCED)
		lose_dmarc(b, "dmarc_enforced");
	else
		check_fact_bool(b->run->facts, "dmarc_enforced",
		    enforced == BIMI_ENFORCED);
}

static enum rc
bimi_run(struct check_run *run)
{
	struct bimi b = { .run = run };
	enum rc rc;

	(void)json_object_set_new(run->facts, "problems", json_array());
	rc = ask(&b);
	if (rc == RC_OK)
		rc = judge_selector(&b);
	if (rc)
		return rc;
	check_fact_text(run->facts, "selector", b.selector);
	check_fact_text(run->facts, "name", b.name);
	if (run->waiting)
		return RC_OK;
	find(&b);
	say_enforced(&b);
	return arena_failed(run->arena) ? RC_LIMIT : RC_OK;
}

const struct check check_bimi = {
	.name = "bimi",
	.summary =
	    "the BIMI record, and the policy it needs; no logo is fetched",
	.standards = "draft-brand-indicators-for-message-identification",
	.facts = bimi_facts,
	.run = bimi_run,
};
