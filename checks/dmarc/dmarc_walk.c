#include "checks/dmarc/dmarc_walk.h"
#include "base/domain.h"

enum { NAME_MAX_OCTETS = 253, JUMP_LABELS = 7 };

/* ---- one level --------------------------------------------------------- */

/*
 * Looks at those that are none: "v=DMARC; p=none" was meant to be one, and an
 * SPF record has another place.
 */
static void
look_at_others(struct check_run *run, const struct answer *a,
    struct dmarc_level *l)
{
	size_t i;

	for (i = 0; a->seen == SEEN_ANSWERED && i < a->as.dns.n_records; i++) {
		struct slice text =
		    check_text(run->arena, &a->as.dns.records[i]);

		l->spf =
		    l->spf || slice_starts_nocase(text, SLICE_LIT("v=spf1"));
		if (l->near.p == NULL &&
		    slice_find_nocase(text, SLICE_LIT("dmarc")) != SIZE_MAX &&
		    slice_find_nocase(text, SLICE_LIT("dmarc1")) == SIZE_MAX)
			l->near = text;
	}
}

/* What a record is worth to whoever published it: a place for reports, a p. */
static int
worth(struct slice text)
{
	struct dmarc_record r;

	dmarc_record_read(text, &r);
	return 2 * r.tags[DMARC_RUA].valid + r.tags[DMARC_P].valid;
}

/* DNS has no order of records; by that of octets none is before reject. */
static bool
is_better(struct slice a, struct slice b)
{
	int more = worth(a) - worth(b);

	return more > 0 || (more == 0 && slice_cmp(a, b) < 0);
}

static void
find_best(struct check_run *run, struct dmarc_level *l)
{
	const struct answer *a = l->answer;
	size_t i;

	for (i = 0; l->found > 1 && i < a->as.dns.n_records; i++) {
		struct slice text =
		    check_text(run->arena, &a->as.dns.records[i]);

		if (version_begins(text, &dmarc_version) &&
		    is_better(text, l->best))
			l->best = text;
	}
}

void
dmarc_level_ask(struct check_run *run, struct slice domain,
    struct dmarc_level *l)
{
	struct versioned v;

	*l = (struct dmarc_level){ .domain = domain };
	l->name = arena_slicef(run->arena, "_dmarc.%.*s", SLICE_FMT(domain));
	l->unaskable = l->name.n > NAME_MAX_OCTETS || l->name.n == 0;
	if (l->unaskable)
		return;
	l->answer = check_ask_dns(run, l->name, DNS_TXT);
	if (l->answer == NULL || !answer_known(l->answer))
		return;
	v = versioned_find(run, l->answer, &dmarc_version);
	l->found = v.found;
	l->best = v.text;
	find_best(run, l);
	l->near = v.near;
	look_at_others(run, l->answer, l);
	if (v.found == 1)
		dmarc_record_read(v.text, &l->record);
}

bool
dmarc_level_known(const struct dmarc_level *l)
{
	return l->unaskable || (l->answer != NULL && answer_known(l->answer));
}

/* ---- the walk ---------------------------------------------------------- */

/*
 * RFC 9989 4.10: the domain, then without its leftmost label and so on to the
 * top; from one of eight labels or more straight to its last seven.  All are
 * asked at once: where the walk stops only the answers tell.
 */
static void
ask_all(struct check_run *run, struct slice domain, struct dmarc_walk *w)
{
	while (domain.n > 0 && w->n < LIMIT_TREE_WALK) {
		dmarc_level_ask(run, domain, &w->levels[w->n++]);
		do
			domain = domain_parent(domain);
		while (domain_labels(domain) > JUMP_LABELS);
	}
}

/* 4.10 (2), (6): where psd is y or n the walk stops. */
static bool
ends_walk(const struct dmarc_level *l)
{
	return l->found == 1 && dmarc_record_psd(&l->record) != 'u';
}

static void
go(struct dmarc_walk *w)
{
	while (w->ended < w->n) {
		const struct dmarc_level *l = &w->levels[w->ended++];

		if (!dmarc_level_known(l)) {
			w->waiting = l->answer == NULL;
			w->lost = w->waiting ? NULL : l;
			return;
		}
		if (ends_walk(l))
			return;
	}
}

/* The end of the domain that has so many labels. */
static struct slice
last_labels(struct slice domain, size_t n)
{
	while (domain_labels(domain) > n)
		domain = domain_parent(domain);
	return domain;
}

const struct dmarc_level *
dmarc_walk_suffix(const struct dmarc_walk *w)
{
	const struct dmarc_level *top = &w->levels[w->ended - 1];

	return w->ended > 1 && w->lost == NULL && ends_walk(top) &&
		       dmarc_record_psd(&top->record) == 'y'
		   ? top
		   : NULL;
}

/*
 * 4.10.2, from the longest name to the shortest: where psd=n stands; one label
 * below psd=y, unless that is where the walk began; the last to have a record;
 * where the walk began.
 */
static struct slice
organizational(const struct dmarc_walk *w)
{
	const struct dmarc_level *start = &w->levels[0], *last = start;
	size_t i;

	for (i = 0; i < w->ended; i++) {
		const struct dmarc_level *l = &w->levels[i];

		if (l->found != 1)
			continue;
		if (i > 0 && dmarc_record_psd(&l->record) == 'y')
			return last_labels(start->domain,
			    domain_labels(l->domain) + 1);
		last = l;
	}
	return last->domain;
}

/*
 * 4.10.1: the record of the domain, or of its Organizational Domain, or of the
 * public suffix that says psd=y: which is where the walk stopped.
 */
static const struct dmarc_level *
policy_of(const struct dmarc_walk *w)
{
	const struct dmarc_level *top = &w->levels[w->ended - 1];
	size_t i;

	for (i = 0; i < w->ended; i++)
		if (w->levels[i].found == 1 &&
		    slice_eq(w->levels[i].domain, w->organizational))
			return &w->levels[i];
	return top->found == 1 ? top : NULL;
}

const struct dmarc_walk *
dmarc_walk(struct check_run *run, struct slice domain)
{
	struct dmarc_walk *w = arena_new_of(run->arena, struct dmarc_walk, 1);

	if (w == NULL || domain.n == 0)
		return NULL;
	ask_all(run, domain, w);
	go(w);
	if (!w->waiting && w->lost == NULL)
		w->organizational = organizational(w);
	/* Its own record counts, whatever is above it. */
	if (w->levels[0].found == 1)
		w->policy = &w->levels[0];
	else if (w->organizational.n > 0)
		w->policy = policy_of(w);
	w->policy_known = w->policy != NULL || w->organizational.n > 0;
	return w;
}
