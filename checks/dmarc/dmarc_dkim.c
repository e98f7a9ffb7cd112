#include "checks/dmarc/dmarc_dkim.h"

struct dmarc_alignment
dmarc_align_by(struct check_run *run, const struct dmarc_way_of *way,
    enum dmarc_tag tag, struct slice identifier)
{
	if (way->walk != NULL)
		return dmarc_align(run, way->walk, tag, identifier);
	return dmarc_align_psl(run, way->psl, tag, identifier);
}

static bool
may_pass(const struct dkim_verdict *v)
{
	return v->result == DKIM_PASS || v->result == DKIM_TEMPERROR;
}

/* A signature that may pass, for a name that may be aligned. */
static void
consider(struct check_run *run, const struct dkim_verdict *v,
    const struct dmarc_alignment *a, struct dmarc_dkim_said *said)
{
	if (v->result == DKIM_PASS && a->lost == NULL && a->aligned) {
		said->all = DMARC_DKIM_PASS;
	} else if (said->all == DMARC_DKIM_OTHER && a->lost != NULL) {
		said->all = DMARC_DKIM_LOST;
		said->lost = a->lost->answer;
		said->what = arena_slicef(run->arena, "%.*s TXT",
		    SLICE_FMT(a->lost->name));
	} else if (said->all == DMARC_DKIM_OTHER && a->aligned) {
		said->all = DMARC_DKIM_LOST;
		said->lost = v->lost;
		said->what =
		    arena_slicef(run->arena, "%.*s._domainkey.%.*s TXT",
			SLICE_FMT(v->selector), SLICE_FMT(v->domain));
	}
}

struct dmarc_dkim_said
dmarc_dkim(struct check_run *run, const struct dkim_verdicts *verdicts,
    const struct dmarc_way_of *way)
{
	struct dmarc_dkim_said said = { .all = DMARC_DKIM_OTHER };
	size_t i;

	if (run->subject->message == NULL)
		return (struct dmarc_dkim_said){ .all = DMARC_DKIM_NO_MESSAGE };
	for (i = 0; i < verdicts->n; i++) {
		const struct dkim_verdict *v = &verdicts->all[i];
		struct dmarc_alignment a;

		if (!may_pass(v))
			continue;
		a = dmarc_align_by(run, way, DMARC_ADKIM, v->domain);
		if (!a.waiting)
			consider(run, v, &a, &said);
	}
	if (said.all == DMARC_DKIM_OTHER && verdicts->cut)
		said.all = DMARC_DKIM_LOST;
	return said;
}
