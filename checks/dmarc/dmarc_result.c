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

static void
say_aligned(struct check_run *run, const struct dmarc_way *w)
{
	const struct dmarc_level *lost = w->alignment.lost;

	if (!dmarc_identity(run).known)
		check_gap(run, w->aligned, CAUSE_NEEDS_HELO,
		    SLICE_LIT("the envelope sender is null, and the HELO name "
			      "that stands for it is not known"));
	else if (lost != NULL)
		check_gap_answer(run, w->aligned, lost->answer,
		    arena_slicef(run->arena, "%.*s TXT",
			SLICE_FMT(lost->name)));
	else
		check_fact_bool(w->facts, "aligned_spf", w->alignment.aligned);
}

/* SPF does not make it pass, whatever the answers are that are lost. */
static bool
is_of_no_help(const struct dmarc_way *w, const struct dmarc_spf_said *spf)
{
	return spf->all == DMARC_SPF_OTHER ||
	       (w->alignment.lost == NULL && !w->alignment.aligned);
}

/*
 * Where SPF does not make it pass, an aligned DKIM signature may, and whether
 * there is one that verifies is not known here: so neither is a fail, nor,
 * with SPF's answers lost, a temperror.
 */
static const char *
settle(const struct dmarc_way *w, const struct dmarc_spf_said *spf)
{
	if (w->lost)
		return "temperror";
	if (w->none)
		return "none";
	return spf->all == DMARC_SPF_PASS && w->alignment.aligned ? "pass"
								  : NULL;
}

static void
gap_result(struct check_run *run, const struct dmarc_way *w,
    const struct dmarc_spf_said *spf)
{
	const struct dmarc_level *level = w->alignment.lost;

	if (!dmarc_identity(run).known)
		check_gap(run, w->result, CAUSE_NEEDS_HELO,
		    SLICE_LIT("SPF has no name to go by"));
	else if (spf->all == DMARC_SPF_NO_IP)
		check_gap(run, w->result, CAUSE_NEEDS_IP,
		    SLICE_LIT("SPF has no sending IP to go by"));
	else if (is_of_no_help(w, spf))
		check_gap(run, w->result, CAUSE_UNSUPPORTED,
		    SLICE_LIT("SPF does not make it pass, and DKIM signatures "
			      "are not verified"));
	else if (level != NULL)
		check_gap_answer(run, w->result, level->answer,
		    arena_slicef(run->arena, "%.*s TXT",
			SLICE_FMT(level->name)));
	else if (spf->all == DMARC_SPF_NO_HELO)
		check_gap(run, w->result, CAUSE_NEEDS_HELO,
		    SLICE_LIT("SPF's record asks for the EHLO name"));
	else if (spf->lost != NULL)
		check_gap_answer(run, w->result, spf->lost, spf->what);
	else
		check_gap(run, w->result, CAUSE_TIMEOUT,
		    SLICE_LIT("SPF's lookups take over 20 s together"));
}

void
dmarc_say_result(struct check_run *run, const struct dmarc_way *w,
    const struct dmarc_spf_said *spf, bool authored)
{
	const char *result = authored ? settle(w, spf) : "permerror";

	say_aligned(run, w);
	if (result != NULL)
		check_fact_text(w->facts, "result", slice_str(result));
	else
		gap_result(run, w, spf);
}
