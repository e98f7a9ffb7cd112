#include "checks/spf/spf_records.h"
#include "checks/spf/spf_walk.h"

static bool
is_ascii(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] >= 0x80)
			return false;
	}
	return true;
}

/* False: it waits, or there is nothing to be had. */
static bool
expand(struct spf_walk *w, struct slice text, struct slice *out)
{
	return spf_walk_letters(w, text) &&
	       spf_macro_expand(w->arena, text, &w->letters, out) == RC_OK;
}

/* The one TXT record; nothing if it is not one (RFC 7208 6.2). */
static struct slice
text_of(struct spf_walk *w, const struct answer *a)
{
	const struct dns_answer *d = &a->as.dns;

	if (a->seen != SEEN_ANSWERED || d->n_records != 1)
		return SLICE_NONE;
	return check_text(w->arena, &d->records[0]);
}

static const struct answer *
text_ask(struct spf_walk *w, const struct spf_term *exp)
{
	const struct answer *a;
	struct slice name;

	if (!expand(w, exp->spec, &name) ||
	    !spf_target_name(w->arena, name, &name))
		return NULL;
	a = spf_ask(w->records, name, DNS_TXT);
	if (a == NULL)
		w->waits = true;
	else
		spf_trace_asked(w, name, DNS_TXT, a);
	if (a == NULL || answer_known(a))
		return a;
	w->out->explanation_lost = a;
	w->out->explanation_lost_what =
	    arena_slicef(w->arena, "%.*s TXT", SLICE_FMT(name));
	return NULL;
}

static void
explain(struct spf_walk *w, const struct spf_term *exp)
{
	const struct answer *a = text_ask(w, exp);
	struct slice text;
	bool macro;
	size_t at;

	if (a == NULL)
		return;
	text = text_of(w, a);
	if (text.p == NULL ||
	    !spf_macro_valid(text, SPF_EXPLANATION, &at, &macro))
		return;
	if (expand(w, text, &text) && is_ascii(text))
		w->out->explanation = text;
}

/*
 * RFC 7208 6.2: exp= gives the name of a TXT record, an explain-string.  What
 * is wrong on the way leaves the fail without an explanation.  The questions
 * count for no limit.
 */
void
spf_explain(struct spf_walk *w, const struct spf_record *record)
{
	struct spf_outcome *out = w->out;
	const struct answer *before = out->passed_over;
	bool lacked_helo = out->lacks_helo;

	if (record->exp == NULL)
		return;
	spf_trace_begin(w, record->exp);
	explain(w, record->exp);
	/* What it lacks plays no part in the result. */
	out->explanation_lacks_helo = out->lacks_helo && !lacked_helo;
	out->lacks_helo = lacked_helo;
	if (out->passed_over == before)
		return;
	out->explanation_lost = out->passed_over;
	out->explanation_lost_what = out->passed_over_what;
	out->passed_over = NULL;
}
