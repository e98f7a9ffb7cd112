#include "checks/dmarc/dmarc_psl.h"

struct suffix_list *
dmarc_psl_list(const struct check_run *run)
{
	struct suffix_list *list = run->subject->suffixes;

	return list != NULL && suffix_list_source(list) != NULL ? list : NULL;
}

struct slice
dmarc_psl_organizational(struct suffix_list *list, struct slice name)
{
	struct slice found = suffix_organizational(list, name);

	return found.n > 0 ? found : name;
}

/*
 * RFC 7489 6.6.3: the Organizational Domain is asked only if the domain has no
 * record at all: of several none counts, and that is the end.
 */
static void
find(struct dmarc_psl *p)
{
	const struct dmarc_level *levels[] = { &p->own, &p->above };
	size_t i;

	for (i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		const struct dmarc_level *l = levels[i];

		if (!dmarc_level_known(l)) {
			p->waiting = l->answer == NULL;
			p->lost = p->waiting ? NULL : l;
			return;
		}
		if (l->found == 1)
			p->policy = l;
		if (l->found > 0)
			return;
	}
}

void
dmarc_psl(struct check_run *run, struct slice domain, struct dmarc_psl *out)
{
	struct suffix_list *list = dmarc_psl_list(run);

	*out = (struct dmarc_psl){ .usable = list != NULL };
	if (list == NULL)
		return;
	out->organizational = dmarc_psl_organizational(list, domain);
	dmarc_level_ask(run, domain, &out->own);
	dmarc_level_ask(run, out->organizational, &out->above);
	find(out);
}
