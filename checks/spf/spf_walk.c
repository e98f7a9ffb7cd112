#include "checks/spf/spf_walk.h"

#include "base/domain.h"
#include "base/limits.h"
#include "checks/spf/spf_records.h"

/* RFC 1035 2.3.4: 255 octets on the wire are 253 in text. */
enum { LABEL_MAX = 63, NAME_MAX_OCTETS = 253 };

bool
spf_walk_fail(struct spf_walk *w, enum spf_result result,
    enum spf_reason reason, const struct spf_term *failing)
{
	w->over = true;
	w->out->result = result;
	w->out->reason = reason;
	w->out->failing = failing;
	w->out->where = w->letters.domain;
	return false;
}

/* ---- asking ------------------------------------------------------------ */

bool
spf_walk_take(struct spf_walk *w, struct slice name, uint16_t type,
    const struct answer *a)
{
	if (a == NULL) {
		w->waits = true;
		w->over = w->over || arena_failed(w->arena);
		return false;
	}
	spf_trace_asked(w, name, type, a);
	/* What cannot be had is told as that, however long it took. */
	w->took += a->took;
	if (w->took > SPF_SECONDS * 1000 && answer_known(a))
		return spf_walk_fail(w, SPF_TEMPERROR, SPF_OVER_TIME, w->term);
	return true;
}

bool
spf_walk_lose(struct spf_walk *w, struct slice name, uint16_t type,
    const struct answer *a)
{
	w->out->lost = a;
	w->out->lost_what = arena_slicef(w->arena, "%.*s %s", SLICE_FMT(name),
	    spf_type_name(type));
	return spf_walk_fail(w, SPF_TEMPERROR, SPF_DNS, w->term);
}

const struct answer *
spf_walk_ask(struct spf_walk *w, struct slice name, uint16_t type)
{
	const struct answer *a = spf_ask(w->records, name, type);

	if (!spf_walk_take(w, name, type, a))
		return NULL;
	if (!answer_known(a)) {
		(void)spf_walk_lose(w, name, type, a);
		return NULL;
	}
	/* RFC 7208 4.6.4: two are let pass. */
	if (a->seen == SEEN_ABSENT && ++w->out->voids > SPF_VOIDS) {
		(void)spf_walk_fail(w, SPF_PERMERROR, SPF_OVER_VOIDS, w->term);
		return NULL;
	}
	return a;
}

/* ---- the names of the client ------------------------------------------- */

/* What is said hangs on it all the same. */
static void
pass_over(struct spf_walk *w, struct slice name, uint16_t type,
    const struct answer *a)
{
	if (w->out->passed_over != NULL)
		return;
	w->out->passed_over = a;
	w->out->passed_over_what = arena_slicef(w->arena, "%.*s %s",
	    SLICE_FMT(name), spf_type_name(type));
}

/*
 * A question whose failure is no error.  NULL: not here yet, or a void lookup
 * too many.
 */
static const struct answer *
ask_leniently(struct spf_walk *w, struct slice name, uint16_t type,
    bool counted)
{
	const struct answer *a = spf_ask(w->records, name, type);

	if (a != NULL && answer_known(a) && counted)
		return spf_walk_ask(w, name, type);
	if (a != NULL && !answer_known(a))
		pass_over(w, name, type, a);
	if (a == NULL || counted)
		return spf_walk_take(w, name, type, a) ? a : NULL;
	return a;
}

static bool
has_address(const struct answer *a, const struct ip *ip)
{
	const struct dns_answer *d = &a->as.dns;

	for (size_t i = 0; a->seen == SEEN_ANSWERED && i < d->n_records; i++) {
		if (ip_eq(&d->records[i].as.address, ip))
			return true;
	}
	return false;
}

bool
spf_walk_names(struct spf_walk *w, bool counted, struct spf_names *out)
{
	const struct dns_record **list;
	char reverse[IP_REVERSE_MAX];
	const struct dns_answer *d;
	const struct answer *a;
	struct slice name;

	*out = (struct spf_names){ 0 };
	ip_reverse_name(&w->query->ip, reverse);
	name = arena_copy(w->arena, slice_str(reverse));
	list = arena_new_of(w->arena, const struct dns_record *, SPF_PTR_NAMES);
	if (name.p == NULL || list == NULL)
		return false;
	out->list = list;
	a = ask_leniently(w, name, DNS_PTR, counted);
	out->waits = a == NULL;
	if (a == NULL || a->seen != SEEN_ANSWERED)
		return !w->over;
	d = &a->as.dns;
	for (size_t i = 0; i < d->n_records && i < SPF_PTR_NAMES; i++) {
		a = ask_leniently(w, d->records[i].as.name, w->address,
		    counted);
		if (w->over)
			return false;
		out->waits = out->waits || a == NULL;
		out->lost += a != NULL && !answer_known(a);
		if (a != NULL && has_address(a, &w->query->ip))
			list[out->n++] = &d->records[i];
	}
	return true;
}

/*
 * RFC 7208 7.3: the domain itself, or else one below it, or any; "unknown"
 * without a name or upon an error.
 */
static bool
letter_p(struct spf_walk *w)
{
	struct slice domain = w->letters.domain, best = SLICE_NONE;
	struct spf_names names;
	int rank = 0;

	if (!spf_walk_names(w, false, &names) || names.waits)
		return false;
	for (size_t i = 0; i < names.n; i++) {
		struct slice name = names.list[i]->as.name;
		int r = slice_eq_nocase(name, domain)   ? 3
			: domain_is_under(name, domain) ? 2
							: 1;

		if (r > rank) {
			rank = r;
			best = name;
		}
	}
	w->letters.validated = rank > 0 ? best : SLICE_LIT("unknown");
	return true;
}

bool
spf_walk_letters(struct spf_walk *w, struct slice text)
{
	if (w->query->helo.p == NULL && spf_macro_has(text, 'h'))
		w->out->lacks_helo = true;
	return !spf_macro_has(text, 'p') || letter_p(w);
}

/* ---- names ------------------------------------------------------------- */

/* Over our ceiling it is no name in any case, but that is for us to say. */
static bool
spec_expand(struct spf_walk *w, struct slice *out)
{
	struct slice spec = w->term->spec;

	if (!spf_walk_letters(w, spec))
		return false;
	if (spf_macro_expand(w->arena, spec, &w->letters, out) == RC_OK)
		return true;
	return spf_walk_fail(w, SPF_PERMERROR, SPF_OVER_SIZE, w->term);
}

/* Whether it is a name in canonical form as it stands, as most are. */
static bool
is_canonical(struct slice s)
{
	size_t label = 0;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = s.p[i];

		if (c == '.' ? label == 0
			     : (c < 'a' || c > 'z') && !ascii_is_digit(c) &&
				   c != '-' && c != '_')
			return false;
		label = c == '.' ? 0 : label + 1;
		if (label > LABEL_MAX)
			return false;
	}
	return label > 0 && s.n <= NAME_MAX_OCTETS;
}

bool
spf_walk_target(struct spf_walk *w, struct slice *out)
{
	const struct spf_term *t = w->term;
	struct slice name = t->spec;
	struct spf_step *step;

	*out = w->letters.domain;
	if (t->spec.n > 0) {
		*out = SLICE_NONE;
		if (t->macros && !spec_expand(w, &name))
			return false;
		if (is_canonical(name))
			*out = name;
		else if (!spf_target_name(w->arena, name, out))
			*out = SLICE_NONE;
	}
	step = spf_trace_step(w);
	if (step != NULL)
		step->target = *out;
	return !arena_failed(w->arena);
}
