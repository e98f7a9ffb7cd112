#include "checks/dmarc/dmarc_result.h"
#include "base/domain.h"
#include "checks/spf/spf_eval.h"

/* ---- SPF --------------------------------------------------------------- */

/* RFC 7208 2.4; RFC 9989 3.2.4. */
struct dmarc_identity
dmarc_identity(struct check_run *run)
{
	const struct subject *s = run->subject;
	struct dmarc_identity out = { true, s->mail_from_domain };

	if (s->mail_from_domain.n > 0 || s->mail_from_raw_domain.p != NULL)
		return out;
	out.known = s->helo.n > 0;
	if (domain_canonical(run->arena, s->helo, &out.domain) != DOMAIN_FINE)
		out.domain = SLICE_NONE;
	return out;
}

static struct spf_query
query_of(const struct subject *s)
{
	struct spf_query q = { .domain = s->mail_from_raw_domain,
		.local = s->mail_from_local,
		.helo = s->helo,
		.receiver = s->receiver,
		.now = s->as_of };

	if (q.domain.p == NULL)
		q.domain = s->mail_from_domain;
	if (q.domain.p == NULL)
		q.domain = s->helo;
	return q;
}

/* What was come to without an answer, or without HELO, is no more than a guess. */
static struct dmarc_spf_said
said_of(const struct spf_outcome *o)
{
	struct dmarc_spf_said said = { DMARC_SPF_OTHER, o->lost, o->lost_what };

	if (o->passed_over != NULL)
		said = (struct dmarc_spf_said){ DMARC_SPF_LOST, o->passed_over,
			o->passed_over_what };
	else if (o->lacks_helo)
		said.all = DMARC_SPF_NO_HELO;
	else if (o->result == SPF_PASS)
		said.all = DMARC_SPF_PASS;
	else if (o->result == SPF_TEMPERROR)
		said.all = DMARC_SPF_LOST;
	return said;
}

static void
worsen(struct dmarc_spf_said *said, const struct spf_outcome *o)
{
	struct dmarc_spf_said now = said_of(o);

	if (now.all > said->all)
		*said = now;
}

enum rc
dmarc_spf(struct check_run *run, struct dmarc_spf_said *out)
{
	const struct subject *s = run->subject;
	struct spf_records *records = spf_records_new(run);
	struct spf_query q = query_of(s);
	struct spf_outcome o;
	enum rc rc;
	size_t i;

	*out = (struct dmarc_spf_said){ s->n_ips > 0 ? DMARC_SPF_PASS
						     : DMARC_SPF_NO_IP,
		NULL, SLICE_NONE };
	if (records == NULL)
		return RC_LIMIT;
	for (i = 0; q.domain.n > 0 && i < s->n_ips; i++) {
		q.ip = s->ips[i];
		rc = spf_evaluate(records, &q, &o);
		if (rc)
			return rc;
		worsen(out, &o);
	}
	return RC_OK;
}

/* ---- the result -------------------------------------------------------- */

static const char *
path_of(struct check_run *run, const struct dmarc_way *w, const char *fact)
{
	const char *path = arena_printf(run->arena, "%s%s", w->below, fact);

	return path != NULL ? path : fact;
}

static void
lose_level(struct check_run *run, const char *path,
    const struct dmarc_level *lost)
{
	check_gap_answer(run, path, lost->answer,
	    arena_slicef(run->arena, "%.*s TXT", SLICE_FMT(lost->name)));
}

static void
say_aligned_spf(struct check_run *run, const struct dmarc_way *w)
{
	const char *path = path_of(run, w, "aligned_spf");

	if (!dmarc_identity(run).known)
		check_gap(run, path, CAUSE_NEEDS_HELO,
		    SLICE_LIT("the envelope sender is null, and the HELO name "
			      "that stands for it is not known"));
	else if (w->alignment.lost != NULL)
		lose_level(run, path, w->alignment.lost);
	else
		check_fact_bool(w->facts, "aligned_spf", w->alignment.aligned);
}

static void
gap_dkim(struct check_run *run, const char *path,
    const struct dmarc_dkim_said *dkim)
{
	if (dkim->all == DMARC_DKIM_NO_MESSAGE)
		check_gap(run, path, CAUSE_NEEDS_MESSAGE,
		    SLICE_LIT("there is no sample message whose DKIM "
			      "signatures could be verified"));
	else if (dkim->lost != NULL)
		check_gap_answer(run, path, dkim->lost, dkim->what);
	else
		check_gap(run, path, CAUSE_LIMIT,
		    SLICE_LIT("the sample has more DKIM signatures than are "
			      "verified"));
}

static void
say_aligned_dkim(struct check_run *run, const struct dmarc_way *w)
{
	switch (w->dkim.all) {
	case DMARC_DKIM_PASS:
	case DMARC_DKIM_OTHER:
		check_fact_bool(w->facts, "aligned_dkim",
		    w->dkim.all == DMARC_DKIM_PASS);
		break;
	case DMARC_DKIM_LOST:
	case DMARC_DKIM_NO_MESSAGE:
		gap_dkim(run, path_of(run, w, "aligned_dkim"), &w->dkim);
		break;
	}
}

/* SPF does not make it pass, whatever the answers are that are lost. */
static bool
is_of_no_help(struct check_run *run, const struct dmarc_way *w,
    const struct dmarc_spf_said *spf)
{
	return spf->all == DMARC_SPF_OTHER ||
	       (dmarc_identity(run).known && w->alignment.lost == NULL &&
		   !w->alignment.aligned);
}

/*
 * One of SPF and DKIM is enough (RFC 9989 5.3.4), so a fail needs both known;
 * without that there is no result, and a gap says why.
 */
static const char *
settle(struct check_run *run, const struct dmarc_way *w,
    const struct dmarc_spf_said *spf)
{
	if (w->lost)
		return "temperror";
	if (w->none)
		return "none";
	if (w->dkim.all == DMARC_DKIM_PASS)
		return "pass";
	if (spf->all == DMARC_SPF_PASS && w->alignment.lost == NULL &&
	    w->alignment.aligned)
		return "pass";
	return is_of_no_help(run, w, spf) && w->dkim.all == DMARC_DKIM_OTHER
		   ? "fail"
		   : NULL;
}

/* Why SPF may yet make it pass. */
static void
gap_spf(struct check_run *run, const char *path, const struct dmarc_way *w,
    const struct dmarc_spf_said *spf)
{
	if (!dmarc_identity(run).known)
		check_gap(run, path, CAUSE_NEEDS_HELO,
		    SLICE_LIT("SPF has no name to go by"));
	else if (spf->all == DMARC_SPF_NO_IP)
		check_gap(run, path, CAUSE_NEEDS_IP,
		    SLICE_LIT("SPF has no sending IP to go by"));
	else if (w->alignment.lost != NULL)
		lose_level(run, path, w->alignment.lost);
	else if (spf->all == DMARC_SPF_NO_HELO)
		check_gap(run, path, CAUSE_NEEDS_HELO,
		    SLICE_LIT("SPF's record asks for the EHLO name"));
	else if (spf->lost != NULL)
		check_gap_answer(run, path, spf->lost, spf->what);
	else
		check_gap(run, path, CAUSE_TIMEOUT,
		    SLICE_LIT("SPF's lookups take over 20 s together"));
}

void
dmarc_say_result(struct check_run *run, const struct dmarc_way *w,
    const struct dmarc_spf_said *spf, bool authored)
{
	const char *result = authored ? settle(run, w, spf) : "permerror";
	const char *path = path_of(run, w, "result");

	say_aligned_spf(run, w);
	say_aligned_dkim(run, w);
	if (result != NULL)
		check_fact_text(w->facts, "result", slice_str(result));
	else if (is_of_no_help(run, w, spf))
		gap_dkim(run, path, &w->dkim);
	else
		gap_spf(run, path, w, spf);
}
