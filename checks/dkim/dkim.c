#include "base/domain.h"
#include "base/limits.h"
#include "checks/dkim/dkim_report.h"
#include "checks/dmarc/dmarc_align.h"
#include "checks/table.h"

/*
 * The signatures of the sample message, and the keys that they, or the user,
 * name.
 */

/* ---- keys -------------------------------------------------------------- */

static bool
is_named(const struct dkim_report *d, struct slice name)
{
	size_t i;

	for (i = 0; i < d->n_keys; i++)
		if (slice_eq(d->keys[i].name, name))
			return true;
	return false;
}

static void
name_key(struct dkim_report *d, const struct dkim_named_key *k)
{
	if (k->name.n == 0 ? k->fault == NULL : is_named(d, k->name))
		return;
	d->keys[d->n_keys++] = *k;
}

static void
name_selector(struct dkim_report *d, struct slice text)
{
	struct arena *arena = d->run->arena;
	struct dkim_named_key k = { .domain = d->run->subject->domain,
		.selector = text,
		.by_selector = true };
	enum domain_fault fault = domain_canonical(arena, text, &k.selector);

	if (fault != DOMAIN_FINE)
		k.fault = domain_fault_text(fault);
	else
		k.name = arena_slicef(arena, "%.*s._domainkey.%.*s",
		    SLICE_FMT(k.selector), SLICE_FMT(k.domain));
	name_key(d, &k);
}

/* Those of signatures first; each name once. */
static enum rc
name_keys(struct dkim_report *d)
{
	const struct subject *s = d->run->subject;
	size_t selectors = s->n_selectors < LIMIT_DKIM_SELECTORS
			       ? s->n_selectors
			       : LIMIT_DKIM_SELECTORS;
	size_t i;

	d->keys = arena_new_of(d->run->arena, struct dkim_named_key,
	    d->verdicts->n + selectors + 1);
	if (d->keys == NULL)
		return RC_LIMIT;
	for (i = 0; i < d->verdicts->n; i++) {
		const struct dkim_verdict *v = &d->verdicts->all[i];

		name_key(d, &(struct dkim_named_key){ .domain = v->domain,
				.selector = v->selector,
				.name = v->name });
	}
	for (i = 0; i < selectors; i++)
		name_selector(d, s->selectors[i]);
	return RC_OK;
}

static void
ask_keys(struct dkim_report *d)
{
	size_t i;

	for (i = 0; i < d->n_keys; i++)
		if (d->keys[i].name.n > 0)
			d->keys[i].answer =
			    check_ask_dns(d->run, d->keys[i].name, DNS_TXT);
}

static enum rc
read_keys(struct dkim_report *d, struct dkim_keys *keys)
{
	enum rc rc = RC_OK;
	size_t i;

	for (i = 0; rc == RC_OK && i < d->n_keys; i++) {
		struct dkim_named_key *k = &d->keys[i];

		if (k->answer != NULL && answer_known(k->answer))
			rc = dkim_key_find(d->run->arena, k->answer, keys,
			    &k->key);
	}
	return rc;
}

/* ---- the result -------------------------------------------------------- */

/* What a receiver says of all signatures together: the best there is. */
static const enum dkim_result order[] = { DKIM_PASS, DKIM_TEMPERROR, DKIM_FAIL,
	DKIM_POLICY, DKIM_PERMERROR, DKIM_NEUTRAL };

/* The first signature of the best result; NULL: there is none. */
static const struct dkim_verdict *
best(const struct dkim_verdicts *all)
{
	size_t r, i;

	for (r = 0; r < sizeof(order) / sizeof(order[0]); r++)
		for (i = 0; i < all->n; i++)
			if (all->all[i].result == order[r])
				return &all->all[i];
	return NULL;
}

static void
result_facts(const struct dkim_report *d)
{
	const struct dkim_verdict *v = best(d->verdicts);
	enum dkim_result result = v != NULL ? v->result : DKIM_NONE;
	json_t *facts = d->run->facts;

	/* Those that were not looked at may pass. */
	if (d->verdicts->cut && result != DKIM_PASS) {
		struct slice detail = arena_slicef(d->run->arena,
		    "the message has %zu signatures, of which %d are looked at",
		    d->verdicts->there, LIMIT_DKIM_SIGNATURES);

		check_gap(d->run, "pass", CAUSE_LIMIT, detail);
		check_gap(d->run, "result", CAUSE_LIMIT, detail);
		check_gap(d->run, "reason", CAUSE_LIMIT, detail);
		return;
	}
	/* temperror is a result, and says that it is not known. */
	if (result == DKIM_TEMPERROR)
		check_gap_answer(d->run, "pass", v->lost,
		    arena_slicef(d->run->arena, "%.*s TXT",
			SLICE_FMT(v->name)));
	else
		check_fact_bool(facts, "pass", result == DKIM_PASS);
	check_fact_text(facts, "result", slice_str(dkim_result_name(result)));
	if (result == DKIM_PASS)
		check_fact_null(facts, "reason");
	else
		check_fact_text(facts, "reason",
		    v != NULL ? v->detail
			      : SLICE_LIT("The message has no DKIM-Signature"));
}

/* ---- all of it --------------------------------------------------------- */

static void
without_message(const struct dkim_report *d)
{
	static const char *const facts[] = { "result", "pass", "reason",
		"signatures", "suggested_headers" };
	size_t i;

	for (i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		check_gap(d->run, facts[i], CAUSE_NEEDS_MESSAGE,
		    SLICE_LIT("there is no sample message"));
}

static enum rc
say(const struct dkim_report *d)
{
	enum rc rc = RC_OK;

	if (d->run->subject->message == NULL) {
		without_message(d);
	} else {
		result_facts(d);
		check_fact_text(d->run->facts, "suggested_headers",
		    dkim_suggested_names(d));
		rc = dkim_report_signatures(d);
	}
	if (rc == RC_OK)
		rc = dkim_report_keys(d);
	if (rc == RC_OK)
		rc = dkim_report_problems(d);
	return rc;
}

static enum rc
ask(struct dkim_report *d)
{
	struct check_run *run = d->run;
	enum rc rc = dkim_verify(run, &d->verdicts);
	static const struct dkim_verdicts none = { 0 };
	size_t i;

	if (rc)
		return rc;
	if (d->verdicts == NULL)
		d->verdicts = &none;
	rc = name_keys(d);
	if (rc)
		return rc;
	ask_keys(d);
	if (d->verdicts->n == 0)
		return RC_OK;
	d->walk = dmarc_walk(run, run->subject->domain);
	if (d->walk == NULL)
		return RC_LIMIT;
	for (i = 0; i < d->verdicts->n; i++)
		(void)dmarc_align(run, d->walk, DMARC_ADKIM,
		    d->verdicts->all[i].domain);
	return RC_OK;
}

static enum rc
dkim_run(struct check_run *run)
{
	struct dkim_report d = { .run = run };
	struct dkim_keys *keys = run->subject->dkim_keys, *own = NULL;
	enum rc rc;

	if (run->subject->message == NULL && run->subject->n_selectors == 0) {
		check_gap(run, "", CAUSE_NEEDS_MESSAGE,
		    SLICE_LIT("there is no sample message, and no selector"));
		return RC_OK;
	}
	rc = ask(&d);
	if (rc || run->waiting)
		return rc;
	if (keys == NULL && d.n_keys > 0)
		keys = own = dkim_keys_new();
	if (keys == NULL && d.n_keys > 0)
		return RC_NOMEM;
	rc = read_keys(&d, keys);
	dkim_keys_close(&own);
	if (rc == RC_OK)
		rc = say(&d);
	if (rc)
		return rc;
	return arena_failed(run->arena) ? RC_LIMIT : RC_OK;
}

const struct check check_dkim = {
	.name = "dkim",
	.summary = "DKIM signatures of the message, and the keys in DNS",
	.standards = "RFC 6376, RFC 8301, RFC 8463, RFC 8616",
	.facts = dkim_facts,
	.run = dkim_run,
};
