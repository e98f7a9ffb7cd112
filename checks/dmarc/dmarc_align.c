#include "checks/dmarc/dmarc_align.h"
#include "checks/dmarc/dmarc_psl.h"

struct dmarc_alignment
dmarc_align_walk(struct check_run *run, const struct dmarc_walk *from,
    struct slice other)
{
	struct dmarc_alignment out = { false, false, NULL };
	const struct dmarc_walk *w;

	if (slice_eq(from->levels[0].domain, other)) {
		out.aligned = true;
		return out;
	}
	w = dmarc_walk(run, other);
	if (w == NULL) /* the arena's ceiling, or no name */
		return out;
	out.waiting = from->waiting || w->waiting;
	out.lost = from->lost != NULL ? from->lost : w->lost;
	out.aligned = !out.waiting && out.lost == NULL &&
		      slice_eq(from->organizational, w->organizational);
	return out;
}

struct dmarc_alignment
dmarc_align_identifier(struct check_run *run, const struct dmarc_walk *from,
    struct slice other, enum dmarc_tag mode)
{
	struct dmarc_alignment out = dmarc_align_walk(run, from, other);

	if (out.waiting || slice_eq(from->levels[0].domain, other))
		return out;
	if (!from->policy_known) {
		if (out.aligned)
			out.lost = from->lost;
	} else if (from->policy != NULL &&
		   dmarc_record_is_strict(&from->policy->record, mode)) {
		out = (struct dmarc_alignment){ false, false, NULL };
	}
	return out;
}

bool
dmarc_align_psl(struct check_run *run, struct slice from, struct slice other)
{
	struct suffix_list *list = dmarc_psl_list(run);

	return slice_eq(from, other) ||
	       slice_eq(dmarc_psl_organizational(list, from),
		   dmarc_psl_organizational(list, other));
}
