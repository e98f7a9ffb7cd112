#include <stdio.h>

#include "base/limits.h"
#include "checks/spf/spf_records.h"
#include "checks/spf/spf_walk.h"

enum { ANSWER_MAX = 200, TAIL_MAX = 32 };

struct spf_step *
spf_trace_step(struct spf_walk *w)
{
	return w->step != SPF_NO_STEP ? &w->steps[w->step] : NULL;
}

/* A range that did not match, or several in a row. */
static bool
is_plain(const struct spf_step *s)
{
	return s->term != NULL && !s->matched &&
	       (s->term->kind == SPF_IP4 || s->term->kind == SPF_IP6);
}

/* The last two steps become one where nothing but ranges is in them. */
static void
fold(struct spf_walk *w)
{
	struct spf_step *last, *before;

	if (w->out->n_steps < 2)
		return;
	last = &w->steps[w->out->n_steps - 1];
	before = last - 1;
	if (!is_plain(last) || !is_plain(before) ||
	    last->depth != before->depth)
		return;
	before->last = last->last;
	before->terms += last->terms;
	w->out->n_steps--;
	spf_records_step_back(w->records);
}

void
spf_trace_begin(struct spf_walk *w, const struct spf_term *term)
{
	struct spf_outcome *out = w->out;
	struct spf_step *more;

	w->step = SPF_NO_STEP;
	if (!w->query->traced || w->waits)
		return;
	fold(w);
	if (!spf_records_step(w->records)) {
		out->steps_cut = true;
		return;
	}
	more = arena_grow(w->arena, w->steps, out->n_steps, &w->steps_cap,
	    sizeof(*more));
	if (more == NULL)
		return;
	out->steps = w->steps = more;
	w->step = out->n_steps++;
	w->steps[w->step] = (struct spf_step){
		.depth = w->depth,
		.domain = w->letters.domain,
		.term = term,
		.last = term,
		.terms = 1,
		.lookups = out->lookups,
		.voids = out->voids,
	};
}

/* ---- answers in words -------------------------------------------------- */

static struct slice
record_text(struct arena *a, const struct dns_record *r)
{
	switch (r->type) {
	case DNS_A:
	case DNS_AAAA:
		return ip_text(a, &r->as.address);
	case DNS_MX:
		return arena_slicef(a, "%u %.*s", r->as.mx.preference,
		    SLICE_FMT(r->as.mx.host));
	case DNS_PTR:
		return r->as.name;
	case DNS_TXT:
		return check_text(a, r);
	}
	return SLICE_NONE;
}

/* "192.0.2.1, 192.0.2.2, ... 14 in all" */
static struct slice
answer_text(struct arena *a, const struct dns_answer *d)
{
	unsigned char text[ANSWER_MAX + TAIL_MAX];
	bool cut = false;
	size_t n = 0;
	int tail = 0;

	for (size_t i = 0; i < d->n_records && !cut; i++) {
		struct slice one = record_text(a, &d->records[i]);
		size_t comma = i > 0 ? 2 : 0;

		cut = one.n + comma > ANSWER_MAX - n;
		if (one.p == NULL || (cut && i > 0))
			continue;
		one = slice_sub(one, 0, ANSWER_MAX);
		memcpy(&text[n], ", ", comma);
		memcpy(&text[n + comma], one.p, one.n);
		n += comma + one.n;
	}
	if (cut && d->n_records > 1)
		tail = snprintf((char *)&text[n], TAIL_MAX, ", ... %zu in all",
		    d->n_records);
	else if (cut)
		tail = snprintf((char *)&text[n], TAIL_MAX, "...");
	return arena_copy(a, slice_of(text, n + (size_t)(tail > 0 ? tail : 0)));
}

void
spf_trace_asked(struct spf_walk *w, struct slice name, uint16_t type,
    const struct answer *a)
{
	struct spf_step *step = spf_trace_step(w);

	if (step == NULL || step->type != 0)
		return;
	step->target = name;
	step->type = type;
	step->seen = a->seen;
	step->cause = a->cause;
	/* A record stands in its step whole. */
	if (a->seen == SEEN_ANSWERED && step->term != NULL)
		step->answer = answer_text(w->arena, &a->as.dns);
}
