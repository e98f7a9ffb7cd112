#include <stdlib.h>

#include "base/table.h"
#include "checks/spf/spf_judge.h"
#include "checks/spf/spf_ranges.h"

/*
 * How wide a range may be before it says nothing about who sends.  A sender's
 * own: no company has a /15 of mail servers, nor more than an IPv6 /32, which
 * is what a whole provider gets.  Others': the large mail providers list /14
 * and /15 of their own address space for all their customers, and that is
 * right; a /8 or an IPv6 /20 is no one's.  All together: the records of the
 * three largest providers list about a million IPv4 addresses, so twice that.
 */
enum {
	OWN_4 = 15,
	OWN_6 = 31,
	OTHERS_4 = 8,
	OTHERS_6 = 20,
	SUM_4 = 2 * 1024 * 1024,
};

/* ---- one range --------------------------------------------------------- */

static bool
is_range(const struct spf_term *t)
{
	return (t->kind == SPF_IP4 || t->kind == SPF_IP6) &&
	       t->fault == SPF_FINE;
}

static struct spf_range
range_of(const struct spf_term *t)
{
	return spf_range_of(&t->ip, t->kind == SPF_IP4 ? t->bits4 : t->bits6);
}

static void
claim_huge(struct spf_judge *j, const struct spf_published *p,
    const struct spf_term *t, unsigned int bits)
{
	spf_claim(j,
	    (struct spf_claim){ "spf.huge-range",
		bits == 0 ? SPF_ERROR : SPF_WARNING, p->domain, t->text },
	    arena_slicef(j->run->arena,
		bits == 0 ? "\"%.*s\" lets every address send as this domain, "
			    "like +all; receivers count that against it. "
			    "List those that send."
			  : "\"%.*s\" lets in far more addresses than send "
			    "mail for anybody; Gmail answers such suspicious "
			    "entries with 4.7.24. List those that send.",
		SLICE_FMT(spf_shown(j, t->text))));
}

/* a and mx have both lengths; a name's addresses are as many ranges. */
static bool
judge_width(struct spf_judge *j, const struct spf_published *p,
    const struct spf_term *t)
{
	bool own = spf_is_own(j, p->domain);
	bool hosts = t->kind == SPF_A || t->kind == SPF_MX;

	if (t->qualifier != '+' || t->fault != SPF_FINE)
		return false;
	if ((t->kind == SPF_IP4 || hosts) &&
	    t->bits4 <= (own ? OWN_4 : OTHERS_4)) {
		claim_huge(j, p, t, t->bits4);
		return true;
	}
	if ((t->kind == SPF_IP6 || hosts) &&
	    t->bits6 <= (own ? OWN_6 : OTHERS_6)) {
		claim_huge(j, p, t, t->bits6);
		return true;
	}
	return false;
}

static void
judge_scope(struct spf_judge *j, const struct spf_published *p,
    const struct spf_term *t)
{
	struct spf_range range = range_of(t);
	enum ip_scope scope = spf_range_scope(&range);
	bool example = scope == IP_DOCUMENTATION;

	if (scope == IP_PUBLIC)
		return;
	spf_claim(j,
	    (struct spf_claim){ example ? "spf.documentation-address"
					: "spf.private-address",
		SPF_WARNING, p->domain, t->text },
	    arena_slicef(j->run->arena,
		"\"%.*s\" is %s address%s; no mail comes from there, so it "
		"lets nothing in. Put in the public address that sends, or "
		"take it out.",
		SLICE_FMT(spf_shown(j, t->text)),
		example                   ? "an"
		: scope == IP_PRIVATE     ? "a private"
		: scope == IP_LOOPBACK    ? "a loopback"
		: scope == IP_LINK_LOCAL  ? "a link-local"
		: scope == IP_MULTICAST   ? "a multicast"
		: scope == IP_UNSPECIFIED ? "an unspecified"
					  : "a reserved",
		example ? " from the documentation" : ""));
}

/* ---- what is there twice ----------------------------------------------- */

/* A name for what a term matches, whatever its sign; or nothing. */
static struct slice
match_key(struct arena *a, const struct spf_term *t)
{
	struct slice text = slice_from(t->text, t->qualified ? 1 : 0);
	unsigned char *p;

	if (t->kind == SPF_MODIFIER || t->kind == SPF_EXP || is_range(t) ||
	    t->fault != SPF_FINE)
		return SLICE_NONE;
	p = arena_new_of(a, unsigned char, text.n + 1);
	for (size_t i = 0; p != NULL && i < text.n; i++)
		p[i] = ascii_lower(text.p[i]);
	return slice_of(p, p != NULL ? text.n : 0);
}

static void
claim_duplicate(struct spf_judge *j, const struct spf_published *p,
    const struct spf_term *t)
{
	bool asks = spf_kind_asks(t->kind);

	spf_claim(j,
	    (struct spf_claim){ "spf.duplicate",
		asks ? SPF_WARNING : SPF_ADVICE, p->domain, t->text },
	    arena_slicef(j->run->arena,
		"\"%.*s\" stands in the record of %.*s twice; the second one "
		"never decides%s. Take it out.",
		SLICE_FMT(spf_shown(j, t->text)), SLICE_FMT(p->domain),
		asks ? ", and receivers count its lookups again" : ""));
}

static bool
judge_name(struct spf_judge *j, const struct spf_published *p,
    const struct spf_term *t, struct table *seen)
{
	struct slice key = match_key(j->run->arena, t);

	if (key.p == NULL)
		return true;
	if (table_get(seen, key) == NULL)
		return table_put(seen, key, (void *)(uintptr_t)t);
	claim_duplicate(j, p, t);
	return true;
}

static bool
judge_cover(struct spf_judge *j, const struct spf_published *p,
    const struct spf_term *t, struct spf_cover *cover)
{
	struct spf_range r = range_of(t), outer;
	const struct spf_term *first;
	void *earlier;

	if (!spf_cover_add(cover, &r, (void *)(uintptr_t)t, &earlier))
		return false;
	first = earlier;
	if (first == NULL)
		return true;
	outer = range_of(first);
	if (outer.bits == r.bits) {
		claim_duplicate(j, p, t);
		return true;
	}
	spf_claim(j,
	    (struct spf_claim){ "spf.unreachable",
		first->qualifier == t->qualifier ? SPF_ADVICE : SPF_WARNING,
		p->domain, t->text },
	    arena_slicef(j->run->arena,
		"\"%.*s\" is within \"%.*s\", which stands before it: "
		"receivers never come to it. Take it out%s.",
		SLICE_FMT(spf_shown(j, t->text)),
		SLICE_FMT(spf_shown(j, first->text)),
		first->qualifier == t->qualifier ? "" : ", or put it before"));
	return true;
}

static enum rc
judge_twice(struct spf_judge *j, const struct spf_published *p)
{
	struct spf_cover *cover = spf_cover_new(j->run->arena);
	struct table *seen = table_new();
	enum rc rc = RC_NOMEM;

	if (cover == NULL || seen == NULL)
		goto out;
	for (size_t i = 0; i < p->record.n && !spf_is_full(j); i++) {
		const struct spf_term *t = &p->record.terms[i];

		if (p->record.all != NULL && t > p->record.all)
			break;
		if (is_range(t) ? !judge_cover(j, p, t, cover)
				: !judge_name(j, p, t, seen))
			goto out;
	}
	rc = RC_OK;
out:
	spf_cover_free(cover);
	table_free(seen);
	return rc;
}

enum rc
spf_judge_ranges(struct spf_judge *j, const struct spf_published *p)
{
	bool own = spf_is_own(j, p->domain);

	for (size_t i = 0; i < p->record.n && !spf_is_full(j); i++) {
		const struct spf_term *t = &p->record.terms[i];

		if (!judge_width(j, p, t) && own && is_range(t))
			judge_scope(j, p, t);
	}
	return own ? judge_twice(j, p) : RC_OK;
}

/* ---- all together ------------------------------------------------------ */

static size_t
sum_collect(const struct spf_record *r, struct spf_range *ranges)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++) {
		const struct spf_term *t = &r->terms[i];

		if (t->kind != SPF_IP4 || t->fault != SPF_FINE ||
		    t->qualifier != '+')
			continue;
		if (ranges != NULL)
			ranges[n] = range_of(t);
		n++;
	}
	return n;
}

/* Of each record that has a row; one that is there twice merges. */
static size_t
sum_of_tree(const struct spf_tree *tree, struct spf_range *ranges)
{
	size_t n = 0;

	for (size_t i = 0; i < tree->n; i++)
		if (tree->rows[i].term == NULL)
			n += sum_collect(&tree->rows[i].record->record,
			    ranges != NULL ? &ranges[n] : NULL);
	return n;
}

void
spf_judge_sum(struct spf_judge *j)
{
	size_t n = sum_of_tree(j->of->tree, NULL);
	struct spf_range *ranges =
	    arena_new_of(j->run->arena, struct spf_range, n);
	uint64_t sum = 0;

	if (ranges == NULL || n == 0)
		return;
	n = spf_ranges_merge(ranges, sum_of_tree(j->of->tree, ranges));
	for (size_t i = 0; i < n; i++) {
		/* Said of that range alone already. */
		if (ranges[i].bits <= OTHERS_4)
			return;
		sum += UINT64_C(1) << (32 - ranges[i].bits);
	}
	if (sum > SUM_4)
		spf_claim(j,
		    (struct spf_claim){ "spf.huge-range", SPF_ADVICE,
			j->of->domain, SLICE_NONE },
		    arena_slicef(j->run->arena,
			"The record of %.*s with all it includes lets %llu "
			"IPv4 addresses send; whoever is a customer there can "
			"pass SPF as this domain. Take out the services that "
			"you no longer use.",
			SLICE_FMT(j->of->domain), (unsigned long long)sum));
}
