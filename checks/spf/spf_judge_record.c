#include "checks/spf/spf_judge.h"
#include "checks/spf/spf_mistakes.h"
#include "checks/spf/spf_names.h"

enum { LONG_RECORD = 450 }; /* RFC 7208 3.4 */

/* ---- terms that are at fault ------------------------------------------- */

/* " (octet 0xA0 at 14)": the first that may not stand in a record. */
static struct slice
bad_octet(const struct spf_judge *j, const struct spf_term *t)
{
	for (size_t i = 0; i < t->text.n; i++)
		if (t->text.p[i] <= ' ' || t->text.p[i] > '~')
			return arena_slicef(j->run->arena,
			    " (octet 0x%02X at %zu)", t->text.p[i], t->at + i);
	return SLICE_LIT("");
}

static struct slice
meaning(const struct spf_judge *j, const struct spf_mistake *m)
{
	if (m->advice != NULL)
		return slice_str(m->advice);
	if (m->other.n > 0)
		return arena_slicef(j->run->arena,
		    "Perhaps it was to be \"%.*s\", or \"%.*s\".",
		    SLICE_FMT(spf_shown(j, m->meant)),
		    SLICE_FMT(spf_shown(j, m->other)));
	if (m->meant.n > 0)
		return arena_slicef(j->run->arena, "%s \"%.*s\".",
		    m->sure ? "What was meant is" : "Perhaps it was to be",
		    SLICE_FMT(spf_shown(j, m->meant)));
	if (m->sure)
		return SLICE_LIT(
		    "Put in what is right for you, or take it out.");
	return SLICE_LIT("Correct it, or take it out.");
}

static void
claim_fault(struct spf_judge *j, struct slice domain, const struct spf_term *t,
    const struct spf_mistake *m)
{
	struct slice bad = bad_octet(j, t), meant = meaning(j, m);

	spf_claim(j, (struct spf_claim){ m->code, SPF_ERROR, domain, t->text },
	    arena_slicef(j->run->arena,
		"\"%.*s\" at octet %zu of the record of %.*s%.*s %s; receivers "
		"answer permerror to the whole record, so nothing passes. %.*s",
		SLICE_FMT(spf_shown(j, t->text)), t->at, SLICE_FMT(domain),
		SLICE_FMT(bad), m->said, SLICE_FMT(meant)));
}

/* Valid for the grammar, and not what it was to be. */
static void
claim_quirk(struct spf_judge *j, struct slice domain, const struct spf_term *t,
    const struct spf_mistake *m)
{
	struct slice meant = meaning(j, m);
	bool leads = t->kind == SPF_INCLUDE || t->kind == SPF_REDIRECT;
	struct spf_claim c = { m->code, SPF_WARNING, domain, t->text };
	const char *effect = ", so what it was to let in does not pass";

	if (m->idle)
		effect = "";
	else if (leads)
		effect = ", so receivers look for a record at that name, and "
			 "without one answer permerror";
	if (!m->idle && (m->sure || leads))
		c.severity = SPF_ERROR;
	spf_claim(j, c,
	    arena_slicef(j->run->arena,
		"\"%.*s\" at octet %zu of the record of %.*s %s%s. %.*s",
		SLICE_FMT(spf_shown(j, t->text)), t->at, SLICE_FMT(domain),
		m->said, effect, SLICE_FMT(meant)));
}

static void
judge_terms(struct spf_judge *j, const struct spf_published *p)
{
	const struct spf_record *r = &p->record;
	struct spf_suspect s = { j->run->arena, r, p->first };
	bool own = spf_is_own(j, p->domain);

	for (size_t i = 0; i < r->n && !spf_is_full(j);) {
		const struct spf_term *t = &r->terms[i];
		struct spf_mistake m = { .terms = 1 };

		if ((t->fault == SPF_FINE && !own) ||
		    !spf_mistake_find(&s, i, &m)) {
			m.code = "spf.syntax";
			m.said = spf_fault_text(t->fault);
			if (t->fault != SPF_FINE)
				claim_fault(j, p->domain, t, &m);
		} else if (t->fault == SPF_FINE) {
			claim_quirk(j, p->domain, t, &m);
		} else {
			claim_fault(j, p->domain, t, &m);
		}
		i += m.terms;
	}
}

/* ---- how it ends ------------------------------------------------------- */

/* A redirect or an all that cannot be read: what is at fault is said of it. */
static bool
ends_in_fault(const struct spf_record *r)
{
	const struct slice all = SLICE_LIT("all");
	const struct slice redirect = SLICE_LIT("redirect");

	for (size_t i = 0; i < r->n; i++) {
		struct slice t = spf_letters(r->terms[i].text);

		if (r->terms[i].fault != SPF_FINE &&
		    ((t.n >= all.n &&
			 slice_eq_nocase(slice_from(t, t.n - all.n), all)) ||
			slice_find_nocase(t, redirect) != SIZE_MAX))
			return true;
	}
	return false;
}

/* "- all": not the all that is meant, as is said of the sign. */
static bool
is_cut_from_sign(const struct spf_record *r)
{
	const struct spf_term *all = r->all;

	return all > r->terms && !all->qualified && all[-1].text.n == 1 &&
	       memchr("-~?", all[-1].text.p[0], 3) != NULL;
}

static void
judge_plus_all(struct spf_judge *j, const struct spf_published *p)
{
	const struct spf_term *all = p->record.all;

	spf_claim(j,
	    (struct spf_claim){ "spf.plus-all", SPF_ERROR, p->domain,
		all->text },
	    arena_slicef(j->run->arena,
		"\"%.*s\" in the record of %.*s lets every address of the "
		"world send as this domain; receivers count that against "
		"it.%s Write ~all.",
		SLICE_FMT(all->text), SLICE_FMT(p->domain),
		all->qualified ? ""
			       : " An all without a sign is the same as "
				 "+all."));
}

static void
judge_all(struct spf_judge *j, const struct spf_published *p)
{
	const struct spf_record *r = &p->record;

	if (r->all != NULL && r->all->qualifier == '+' &&
	    r->all->fault == SPF_FINE && !is_cut_from_sign(r))
		judge_plus_all(j, p);
	if (p != j->effective)
		return;
	if (r->all != NULL && r->all->qualifier == '?')
		spf_claim(j,
		    (struct spf_claim){ "spf.neutral-all", SPF_WARNING,
			p->domain, r->all->text },
		    SLICE_LIT(
			"\"?all\" says nothing about who else sends: "
			"receivers treat forged mail as if there were no SPF "
			"(neutral). Write ~all."));
	if (r->all == NULL && r->redirect == NULL && !ends_in_fault(r))
		spf_claim(j,
		    (struct spf_claim){ "spf.no-all", SPF_WARNING, p->domain,
			SLICE_NONE },
		    arena_slicef(j->run->arena,
			"The record of %.*s ends without all or redirect: "
			"receivers take what matches nothing as neutral, as "
			"if there were no SPF. Add ~all.",
			SLICE_FMT(p->domain)));
}

static bool
is_mechanism(const struct spf_term *t)
{
	return t->kind != SPF_REDIRECT && t->kind != SPF_EXP &&
	       t->kind != SPF_MODIFIER;
}

/* "~all -all": there is nothing to be moved before it. */
static void
claim_second_all(struct spf_judge *j, const struct spf_published *p,
    const struct spf_term *t)
{
	struct slice all = p->record.all->text;

	spf_claim(j,
	    (struct spf_claim){ "spf.terms-after-all", SPF_WARNING, p->domain,
		t->text },
	    arena_slicef(j->run->arena,
		"\"%.*s\" stands after \"%.*s\" in the record of %.*s; "
		"receivers stop at the first all, so the second says nothing. "
		"Keep the one that you mean.",
		SLICE_FMT(t->text), SLICE_FMT(all), SLICE_FMT(p->domain)));
}

/* Those that are at fault, and a second record, have their own problem. */
static void
judge_after_all(struct spf_judge *j, const struct spf_published *p)
{
	const struct spf_record *r = &p->record;
	const struct spf_term *first = NULL, *second_all = NULL;
	size_t n = 0;

	if (r->all == NULL)
		return;
	for (const struct spf_term *t = r->all + 1; t < &r->terms[r->n]; t++) {
		if (t->kind == SPF_MODIFIER &&
		    slice_eq_nocase(t->name, SLICE_LIT("v")))
			break;
		if (!is_mechanism(t) || t->fault != SPF_FINE)
			continue;
		if (t->kind == SPF_ALL) {
			second_all = second_all != NULL ? second_all : t;
			continue;
		}
		first = first != NULL ? first : t;
		n++;
	}
	if (n == 0 && second_all != NULL)
		claim_second_all(j, p, second_all);
	if (n > 0)
		spf_claim(j,
		    (struct spf_claim){ "spf.terms-after-all", SPF_ERROR,
			p->domain, first->text },
		    arena_slicef(j->run->arena,
			n == 1 ? "%zu term stands after \"%.*s\" in the record "
				 "of %.*s, \"%.*s\"; receivers never come to "
				 "it, so it lets nothing in. Move it before "
				 "that."
			       : "%zu terms stand after \"%.*s\" in the "
				 "record of %.*s, from \"%.*s\" on; receivers "
				 "never come to them, so they let nothing in. "
				 "Move them before it.",
			n, SLICE_FMT(r->all->text), SLICE_FMT(p->domain),
			SLICE_FMT(spf_shown(j, first->text))));
	if (r->redirect != NULL)
		spf_claim(j,
		    (struct spf_claim){ "spf.redirect-with-all", SPF_WARNING,
			p->domain, r->redirect->text },
		    arena_slicef(j->run->arena,
			"\"%.*s\" stands beside \"%.*s\": receivers ignore "
			"the redirect (RFC 7208 6.1). Take one of them out.",
			SLICE_FMT(spf_shown(j, r->redirect->text)),
			SLICE_FMT(r->all->text)));
}

static void
judge_ptr(struct spf_judge *j, const struct spf_published *p)
{
	for (size_t i = 0; i < p->record.n; i++) {
		const struct spf_term *t = &p->record.terms[i];

		if (t->kind != SPF_PTR || t->fault != SPF_FINE)
			continue;
		spf_claim(j,
		    (struct spf_claim){ "spf.ptr", SPF_WARNING, p->domain,
			t->text },
		    arena_slicef(j->run->arena,
			"\"%.*s\" must not be used (RFC 7208 5.5): it is slow, "
			"and some receivers skip it or fail on it. List the "
			"addresses instead.",
			SLICE_FMT(spf_shown(j, t->text))));
		return;
	}
}

/* ---- the whole --------------------------------------------------------- */

/* Octets of the answer that has all TXT records of the name. */
static size_t
answer_size(const struct spf_published *p)
{
	enum { HEADER = 12, QUESTION = 6, RECORD = 12 };
	const struct dns_answer *d = &p->answer->as.dns;
	size_t n = HEADER + QUESTION + p->domain.n;

	for (size_t i = 0; i < d->n_records; i++) {
		const struct dns_text *t = &d->records[i].as.text;

		n += RECORD;
		for (size_t k = 0; k < t->n; k++)
			n += t->strings[k].n + 1;
	}
	return n;
}

static void
judge_size(struct spf_judge *j, const struct spf_published *p)
{
	const struct slice text = p->record.text;
	size_t all = answer_size(p);
	struct spf_claim c = { "spf.long-record", SPF_ADVICE, p->domain,
		SLICE_NONE };

	if (text.n > LONG_RECORD)
		spf_claim(j, c,
		    arena_slicef(j->run->arena,
			"The record of %.*s has %zu octets, over the %d that "
			"RFC 7208 3.4 advises; where DNS over TCP is blocked "
			"receivers cannot read it, and answer temperror.",
			SLICE_FMT(p->domain), text.n, LONG_RECORD));
	else if (all > 512)
		spf_claim(j, c,
		    arena_slicef(j->run->arena,
			"All TXT records of %.*s together make a DNS answer "
			"of %zu octets, over 512; where DNS over TCP is "
			"blocked receivers cannot read the SPF record among "
			"them. Take out old verification records.",
			SLICE_FMT(p->domain), all));
	if (!slice_starts(text, SLICE_LIT("v=spf1")))
		spf_claim(j,
		    (struct spf_claim){ "spf.upper-case", SPF_ADVICE, p->domain,
			SLICE_NONE },
		    SLICE_LIT("The version is not written \"v=spf1\"; letter "
			      "case does not matter by RFC 7208 12, but not "
			      "every receiver knows."));
}

void
spf_judge_record(struct spf_judge *j, const struct spf_published *p)
{
	judge_terms(j, p);
	judge_all(j, p);
	if (!spf_is_own(j, p->domain))
		return;
	judge_after_all(j, p);
	judge_ptr(j, p);
	judge_size(j, p);
}
