#include "checks/bimi/bimi_dmarc.h"

#include "checks/bimi/bimi_record.h"

struct judging {
	struct check_run *run;
	bool tell;
	bool enforced;
};

static void
wrong(struct judging *j, const char *code, const struct dmarc_level *l,
    const char *what)
{
	j->enforced = false;
	if (j->tell)
		bimi_tell(j->run, code, BIMI_ERROR,
		    arena_slicef(j->run->arena, "The DMARC record at %.*s %s",
			SLICE_FMT(l->name), what));
}

static bool
is_none(const char *policy)
{
	return policy == NULL || strcmp(policy, "none") == 0;
}

static bool
is_for_all(const struct dmarc_record *r)
{
	const struct dmarc_value *pct = &r->tags[DMARC_PCT];
	uint64_t percent = 100;

	return !pct->valid || (slice_number(pct->text, UINT32_MAX, &percent) &&
				  percent == 100);
}

/*
 * draft-brand-indicators-for-message-identification, 7.1 (6) to (8).  What t=y
 * does is written nowhere; by RFC 9989 4.7 quarantine is none then.
 */
static void
judge_record(struct judging *j, const struct dmarc_level *l,
    enum dmarc_position position)
{
	const struct dmarc_record *r = &l->record;

	if (is_none(dmarc_record_wish(r, position, false).policy))
		wrong(j, "bimi.dmarc-policy", l,
		    "asks for none: a logo takes p=quarantine or p=reject");
	else if (!is_for_all(r))
		wrong(j, "bimi.dmarc-pct", l,
		    "has a pct other than 100: a logo takes a policy for all "
		    "mail; take pct out");
	else if (dmarc_record_is_testing(r))
		wrong(j, "bimi.dmarc-testing", l,
		    "has t=y, so its policy is only tried out; take it out "
		    "for a logo");
	if (r->tags[DMARC_SP].valid &&
	    is_none(dmarc_record_policy(r, DMARC_SP)))
		wrong(j, "bimi.dmarc-subdomains", l,
		    "has sp=none: a logo takes quarantine or reject for "
		    "subdomains too");
}

/* The record of the Organizational Domain, if it is another's; or NULL. */
static const struct dmarc_level *
organizational(const struct dmarc_walk *w)
{
	for (size_t i = 0; i < w->ended; i++) {
		const struct dmarc_level *l = &w->levels[i];

		if (l != w->policy && dmarc_level_known(l) && l->found == 1 &&
		    slice_eq(l->domain, w->organizational))
			return l;
	}
	return NULL;
}

enum bimi_enforced
bimi_dmarc(struct check_run *run, const struct dmarc_walk *w, bool tell)
{
	struct judging j = { run, tell, true };
	const struct dmarc_level *above = organizational(w);

	if (w->policy == NULL && w->lost == NULL) {
		j.enforced = false;
		if (tell)
			bimi_tell(run, "bimi.dmarc-none", BIMI_ERROR,
			    SLICE_LIT("There is no DMARC record: a logo takes "
				      "one with p=quarantine or p=reject"));
	}
	if (w->policy != NULL)
		judge_record(&j, w->policy,
		    w->policy == &w->levels[0] ? DMARC_OWN : DMARC_BELOW);
	if (above != NULL)
		judge_record(&j, above, DMARC_OWN);
	if (!j.enforced)
		return BIMI_NOT_ENFORCED;
	return w->lost != NULL ? BIMI_MAY_BE_ENFORCED : BIMI_ENFORCED;
}

/* The same, 7.1 (9). */
bool
bimi_spf_lets_all(struct arena *a, const struct answer *txt)
{
	bool lets = false;

	for (size_t i = 0;
	     txt->seen == SEEN_ANSWERED && i < txt->as.dns.n_records; i++) {
		struct slice text = check_text(a, &txt->as.dns.records[i]);
		struct slice word;
		bool more = slice_starts_nocase(text, SLICE_LIT("v=spf1 "));

		while (more) {
			more = slice_cut(text, ' ', &word, &text);
			lets = lets ||
			       slice_eq_nocase(word, SLICE_LIT("all")) ||
			       slice_eq_nocase(word, SLICE_LIT("+all"));
		}
	}
	return lets;
}
