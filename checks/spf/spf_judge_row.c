#include "base/limits.h"
#include "checks/spf/spf_judge.h"
#include "checks/spf/spf_mistakes.h"
#include "checks/spf/spf_names.h"
#include "checks/spf/spf_records.h"

static bool
leads(const struct spf_term *t)
{
	return t->kind == SPF_INCLUDE || t->kind == SPF_REDIRECT;
}

/* An include or a redirect, and what it came to. */
static void
judge_lead(struct spf_judge *j, const struct spf_row *row)
{
	const struct spf_published *p = row->record;
	struct slice term = spf_shown(j, row->term->text);
	struct spf_claim c = { "spf.include-no-record", SPF_ERROR, row->domain,
		row->term->text };
	struct arena *a = j->run->arena;

	if (row->loop) {
		c.code = "spf.include-loop";
		spf_claim(j, c,
		    arena_slicef(a,
			"\"%.*s\" in the record of %.*s leads back to a "
			"record above it; receivers go round until the "
			"lookups are used up, and answer permerror. %s",
			SLICE_FMT(term), SLICE_FMT(row->domain),
			spf_is_own(j, row->domain)
			    ? "Take it out."
			    : "Whoever runs that record has to mend it."));
	} else if (row->target.n == 0) {
		spf_claim(j, c,
		    arena_slicef(a,
			"\"%.*s\" in the record of %.*s names what cannot be "
			"a name in DNS; receivers answer permerror. Correct "
			"it, or take it out.",
			SLICE_FMT(term), SLICE_FMT(row->domain)));
	} else if (p != NULL && p->answer != NULL && answer_known(p->answer) &&
		   p->found == 0) {
		spf_claim(j, c,
		    arena_slicef(a,
			"\"%.*s\" in the record of %.*s leads to %s; "
			"receivers answer permerror, so nothing passes that "
			"stands behind it. Take it out if the service is gone.",
			SLICE_FMT(term), SLICE_FMT(row->domain),
			p->answer->seen == SEEN_ABSENT
			    ? "a name without a TXT record"
			    : "a name without an SPF record"));
	} else if (p != NULL && p->found > 1) {
		c.code = "spf.multiple-records";
		spf_claim(j, c,
		    arena_slicef(a,
			"\"%.*s\" in the record of %.*s leads to %zu SPF "
			"records; receivers answer permerror (RFC 7208 4.5). "
			"Whoever runs %.*s has to merge them.",
			SLICE_FMT(term), SLICE_FMT(row->domain), p->found,
			SLICE_FMT(p->domain)));
	}
}

static void
judge_mx(struct spf_judge *j, const struct spf_row *row)
{
	const struct answer *mx = check_ask_dns(j->run, row->target, DNS_MX);

	if (mx == NULL || mx->seen != SEEN_ANSWERED ||
	    mx->as.dns.n_records <= SPF_MX_NAMES)
		return;
	spf_claim(j,
	    (struct spf_claim){ "spf.mx-many", SPF_ERROR, row->domain,
		row->term->text },
	    arena_slicef(j->run->arena,
		"\"%.*s\" in the record of %.*s stands for %zu MX hosts; over "
		"ten, receivers answer permerror (RFC 7208 4.6.4). List the "
		"addresses instead.",
		SLICE_FMT(spf_shown(j, row->term->text)),
		SLICE_FMT(row->domain), mx->as.dns.n_records));
}

/* In others' records only where it is one too many. */
static void
judge_void(struct spf_judge *j, const struct spf_row *row)
{
	const struct spf_tree *t = j->of->tree;
	bool counts =
	    t->lost == NULL && t->lost_void == NULL && t->voids > SPF_VOIDS;
	struct slice what = SLICE_LIT("a name without addresses");

	if (row->voids == 0 || leads(row->term) ||
	    (!counts && !spf_is_own(j, row->domain)))
		return;
	if (row->term->kind == SPF_MX)
		what = row->empty ? SLICE_LIT("a name without MX records")
				  : SLICE_LIT("MX hosts of which some have no "
					      "addresses");
	spf_claim(j,
	    (struct spf_claim){ "spf.void-lookup", SPF_WARNING, row->domain,
		row->term->text },
	    arena_slicef(j->run->arena,
		"\"%.*s\" in the record of %.*s asks for %.*s; receivers count "
		"that as a void lookup, and a third one is permerror (RFC "
		"7208 4.6.4). %s",
		SLICE_FMT(spf_shown(j, row->term->text)),
		SLICE_FMT(row->domain), SLICE_FMT(what),
		row->term->kind == SPF_MX && row->term->spec.n > 0 && row->empty
		    ? "Take it out; if that host itself sends, write a: for "
		      "mx:."
		    : "Take it out."));
}

static void
judge_exists(struct spf_judge *j, const struct spf_row *row)
{
	const struct spf_term *t = row->term;

	if (!spf_is_own(j, row->domain) || !spf_asks_in_vain(t))
		return;
	spf_claim(j,
	    (struct spf_claim){ "spf.void-lookup", SPF_WARNING, row->domain,
		t->text },
	    arena_slicef(j->run->arena,
		"\"%.*s\" in the record of %.*s asks for the client's address "
		"as a name, which is never there: it lets nothing in, and "
		"counts as a void lookup. Put your zone behind it: "
		"exists:%%{i}._spf.%.*s.",
		SLICE_FMT(spf_shown(j, t->text)), SLICE_FMT(row->domain),
		SLICE_FMT(row->domain)));
}

/* Said of the term already: what it leads to comes of that. */
static bool
is_mistake(struct spf_judge *j, const struct spf_row *row)
{
	const struct spf_published *p =
	    spf_published_alone(j->of->records, row->domain);
	struct spf_suspect s = { .arena = j->run->arena };
	struct spf_mistake m;

	if (p == NULL || p->found != 1 || !spf_is_own(j, row->domain) ||
	    row->term < p->record.terms ||
	    row->term >= &p->record.terms[p->record.n])
		return false;
	s.record = &p->record;
	s.published = p->first;
	return spf_mistake_find(&s, (size_t)(row->term - p->record.terms), &m);
}

void
spf_judge_row(struct spf_judge *j, const struct spf_row *row)
{
	const struct spf_term *t = row->term;

	if (row->never || t->fault != SPF_FINE || !spf_kind_asks(t->kind))
		return;
	if (t->macros && leads(t))
		spf_claim(j,
		    (struct spf_claim){ "spf.macro-lookups", SPF_ADVICE,
			row->domain, t->text },
		    arena_slicef(j->run->arena,
			"\"%.*s\" in the record of %.*s leads to a record "
			"that a macro decides on: how many lookups a receiver "
			"needs hangs on the message.",
			SLICE_FMT(spf_shown(j, t->text)),
			SLICE_FMT(row->domain)));
	if (t->macros)
		judge_exists(j, row);
	if (t->macros || t->kind == SPF_PTR || is_mistake(j, row))
		return;
	if (leads(t))
		judge_lead(j, row);
	else if (t->kind == SPF_MX && row->target.n > 0)
		judge_mx(j, row);
	judge_void(j, row);
}
