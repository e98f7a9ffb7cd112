#include "checks/dmarc/dmarc_align.h"

static bool
is_strict(const struct dmarc_level *policy, enum dmarc_tag tag)
{
	return policy != NULL && dmarc_record_is_strict(&policy->record, tag);
}

struct dmarc_alignment
dmarc_align_walk(struct check_run *run, const struct dmarc_walk *from,
    struct slice identifier)
{
	struct dmarc_alignment out = { false, false, NULL };
	const struct dmarc_walk *w;

	out.aligned = slice_eq(from->levels[0].domain, identifier);
	if (out.aligned || identifier.n == 0)
		return out;
	w = dmarc_walk(run, identifier);
	if (w == NULL) /* the arena's ceiling, or no name */
		return out;
	out.waiting = from->waiting || w->waiting;
	out.lost = from->lost != NULL ? from->lost : w->lost;
	out.aligned = !out.waiting && out.lost == NULL &&
		      slice_eq(from->organizational, w->organizational);
	return out;
}

struct dmarc_alignment
dmarc_align(struct check_run *run, const struct dmarc_walk *from,
    enum dmarc_tag tag, struct slice identifier)
{
	struct dmarc_alignment out = { false, false, NULL };

	if (!is_strict(from->policy, tag))
		return dmarc_align_walk(run, from, identifier);
	out.aligned = slice_eq(from->levels[0].domain, identifier);
	return out;
}

struct dmarc_alignment
dmarc_align_psl(struct check_run *run, const struct dmarc_psl *from,
    enum dmarc_tag tag, struct slice identifier)
{
	struct suffix_list *list = dmarc_psl_list(run);
	struct dmarc_alignment out = { from->waiting, false, NULL };

	out.aligned = slice_eq(from->own.domain, identifier);
	if (out.aligned || identifier.n == 0 || is_strict(from->policy, tag))
		return out;
	out.aligned = slice_eq(from->organizational,
	    dmarc_psl_organizational(list, identifier));
	/* Without the record it is not known whether it is strict. */
	if (out.aligned)
		out.lost = from->lost;
	return out;
}
