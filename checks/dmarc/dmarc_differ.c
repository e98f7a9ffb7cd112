#include "checks/dmarc/dmarc_differ.h"
#include "base/domain.h"
#include "checks/dmarc/dmarc_problems.h"

static bool
same_policy(const struct dmarc_found *a, const struct dmarc_found *b)
{
	if (a->policy == NULL || b->policy == NULL)
		return a->policy == b->policy;
	return strcmp(a->policy, b->policy) == 0;
}

static bool
same_level(const struct dmarc_found *a, const struct dmarc_found *b)
{
	if (a->level == NULL || b->level == NULL)
		return a->level == b->level;
	return slice_eq(a->level->name, b->level->name);
}

static struct slice
in_words(struct check_run *run, const struct dmarc_found *f)
{
	if (f->level == NULL)
		return arena_slicef(run->arena, "%.*s, and no record applies",
		    SLICE_FMT(f->organizational));
	return arena_slicef(run->arena, "%.*s, and by the record at %.*s %s",
	    SLICE_FMT(f->organizational), SLICE_FMT(f->level->name),
	    f->policy == NULL
		? "no DMARC is done"
		: arena_printf(run->arena, "%s applies", f->policy));
}

/* One organizational domain, and two records, or a record and none. */
static struct slice
other_record(struct check_run *run, const struct dmarc_found *walk)
{
	if (walk->level != NULL && walk->level == walk->suffix)
		return arena_slicef(run->arena,
		    "RFC 7489 knows no psd, by which a record holds for all "
		    "that is below a public suffix; a record at _dmarc.%.*s "
		    "makes both find the same",
		    SLICE_FMT(walk->organizational));
	return SLICE_LIT(
	    "of several records at one name RFC 9989 passes over all and goes "
	    "on above it, where RFC 7489 ends; keep one of them");
}

/* The list has a domain below that of the tree walk. */
static struct slice
listed_below(struct check_run *run, struct slice above, struct slice below)
{
	return arena_slicef(run->arena,
	    "names under %.*s but not under %.*s are aligned at receivers of "
	    "the first kind alone; a record at _dmarc.%.*s with psd=n makes "
	    "both find the same",
	    SLICE_FMT(above), SLICE_FMT(below), SLICE_FMT(below));
}

static struct slice
listed_above(struct check_run *run, const struct dmarc_found *walk,
    struct slice above)
{
	struct slice below = walk->organizational, mend;

	if (walk->suffix != NULL)
		mend = arena_slicef(run->arena,
		    "take psd=y out of the record at %.*s, which is for those "
		    "under whose name others register theirs; if that is so, "
		    "have %.*s put on the list",
		    SLICE_FMT(walk->suffix->name),
		    SLICE_FMT(walk->suffix->domain));
	else
		mend = arena_slicef(run->arena,
		    "a record at _dmarc.%.*s, and no psd=n below it, makes "
		    "both find the same",
		    SLICE_FMT(above));
	return arena_slicef(run->arena,
	    "names under %.*s but not under %.*s are aligned at receivers of "
	    "the second kind alone; %.*s",
	    SLICE_FMT(above), SLICE_FMT(below), SLICE_FMT(mend));
}

/* Whom it concerns, and what makes both find the same. */
static struct slice
advice(struct check_run *run, const struct dmarc_found *walk,
    const struct dmarc_found *psl)
{
	struct slice above = walk->organizational;
	struct slice below = psl->organizational;

	if (slice_eq(above, below) && !same_level(walk, psl))
		return other_record(run, walk);
	if (slice_eq(above, below))
		return SLICE_LIT(
		    "mail that fails is treated the one way or the other, as "
		    "the receiver goes: RFC 7489 knows no np and no t, and RFC "
		    "9989 no pct");
	if (domain_is_under(below, above))
		return listed_below(run, above, below);
	return listed_above(run, walk, below);
}

void
dmarc_differ(struct check_run *run, const struct dmarc_found *walk,
    const struct dmarc_found *psl)
{
	bool agree = slice_eq(walk->organizational, psl->organizational) &&
		     same_level(walk, psl) && same_policy(walk, psl);

	check_fact_bool(run->facts, "methods_agree", agree);
	if (agree || (walk->level == NULL && psl->level == NULL))
		return;
	dmarc_tell(run, "dmarc.methods-differ", DMARC_WARNING,
	    arena_slicef(run->arena,
		"For receivers that go by RFC 9989 (tree walk) the "
		"organizational domain is %.*s; for those that go by RFC 7489 "
		"(public suffix list) it is %.*s: %.*s",
		SLICE_FMT(in_words(run, walk)), SLICE_FMT(in_words(run, psl)),
		SLICE_FMT(advice(run, walk, psl))));
}
