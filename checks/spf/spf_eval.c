#include "checks/spf/spf_eval.h"

#include "base/domain.h"
#include "base/limits.h"
#include "checks/spf/spf_records.h"
#include "checks/spf/spf_walk.h"

/* RFC 1035 2.3.4: 255 octets on the wire are 253 in text. */
enum { NAME_MAX_OCTETS = 253 };

const char *
spf_result_name(enum spf_result result)
{
	switch (result) {
	case SPF_NONE:
		return "none";
	case SPF_NEUTRAL:
		return "neutral";
	case SPF_PASS:
		return "pass";
	case SPF_FAIL:
		return "fail";
	case SPF_SOFTFAIL:
		return "softfail";
	case SPF_TEMPERROR:
		return "temperror";
	case SPF_PERMERROR:
		return "permerror";
	}
	return "";
}

const char *
spf_type_name(uint16_t type)
{
	switch (type) {
	case DNS_A:
		return "A";
	case DNS_AAAA:
		return "AAAA";
	case DNS_MX:
		return "MX";
	case DNS_PTR:
		return "PTR";
	case DNS_TXT:
		return "TXT";
	}
	return "";
}

/* What a record gave, unless an error ended it all. */
struct verdict {
	enum spf_result result;
	enum spf_reason reason;
	const struct spf_term *matched;
	const struct spf_record *record; /* that decided */
	struct slice where;              /* its domain */
};

static bool host_evaluate(struct spf_walk *, struct slice, struct verdict *);

static enum spf_result
result_of(const struct spf_term *t)
{
	switch (t->qualifier) {
	case '-':
		return SPF_FAIL;
	case '~':
		return SPF_SOFTFAIL;
	case '?':
		return SPF_NEUTRAL;
	}
	return SPF_PASS;
}

/* ---- the trace of what has a result ------------------------------------ */

static void
step_result(struct spf_walk *w, size_t step, const struct verdict *v)
{
	if (step == SPF_NO_STEP)
		return;
	w->steps[step].has_result = true;
	w->steps[step].result = w->over ? w->out->result : v->result;
}

/* ---- include and redirect ---------------------------------------------- */

/*
 * Another domain's record, for the term at hand.  False: no result, as
 * something is not here, or the walk is over.
 */
static bool
target_evaluate(struct spf_walk *w, struct verdict *v)
{
	const struct spf_term *term = w->term;
	struct slice domain = w->letters.domain, target;
	size_t step = w->step;
	bool include = term->kind == SPF_INCLUDE, known;

	if (!spf_walk_target(w, &target))
		return false;
	/* RFC 7208 4.3, 5.2, 6.1: check_host() would give none. */
	if (domain_labels(target) < 2)
		return spf_walk_fail(w, SPF_PERMERROR,
		    include ? SPF_INCLUDE_NONE : SPF_REDIRECT_NAME, term);
	w->depth++;
	known = host_evaluate(w, target, v);
	w->depth--;
	/* What is asked for the term is the term's fault. */
	if (w->over && w->out->failing == term)
		w->out->where = domain;
	w->letters.domain = domain;
	w->term = term;
	w->step = step;
	if (known && v->result == SPF_NONE)
		known = spf_walk_fail(w, SPF_PERMERROR,
		    include ? SPF_INCLUDE_NONE : SPF_REDIRECT_NONE, term);
	if (known || w->over)
		step_result(w, step, v);
	return known;
}

/* RFC 7208 5.2: it matches when check_host() gives pass. */
static bool
include_matches(struct spf_walk *w)
{
	struct verdict v;

	return target_evaluate(w, &v) && v.result == SPF_PASS;
}

/* ---- one record -------------------------------------------------------- */

/* RFC 7208 4.6.4: ten terms may ask. */
static bool
term_count(struct spf_walk *w)
{
	struct spf_step *step;

	if (!spf_kind_asks(w->term->kind))
		return true;
	w->out->lookups++;
	step = spf_trace_step(w);
	if (step != NULL)
		step->lookups = w->out->lookups;
	if (w->out->lookups > SPF_LOOKUPS)
		return spf_walk_fail(w, SPF_PERMERROR, SPF_OVER_LOOKUPS,
		    w->term);
	return true;
}

static bool
term_matches(struct spf_walk *w, const struct spf_term *t)
{
	struct spf_step *step;
	bool matches;

	w->term = t;
	spf_trace_begin(w, t);
	if (!term_count(w))
		return false;
	matches = t->kind == SPF_INCLUDE ? include_matches(w)
					 : spf_mechanism_matches(w);
	step = spf_trace_step(w);
	if (step != NULL) {
		step->matched = matches;
		step->voids = w->out->voids;
	}
	return matches;
}

static bool
is_mechanism(const struct spf_term *t)
{
	return t->kind != SPF_REDIRECT && t->kind != SPF_EXP &&
	       t->kind != SPF_MODIFIER;
}

/* RFC 7208 4.6.2, 4.7, 6.1. */
static bool
record_evaluate(struct spf_walk *w, const struct spf_record *r,
    struct verdict *v)
{
	*v = (struct verdict){ SPF_NEUTRAL, SPF_NO_MATCH, NULL, r,
		w->letters.domain };
	for (size_t i = 0; i < r->n; i++) {
		const struct spf_term *t = &r->terms[i];

		if (!is_mechanism(t))
			continue;
		if (term_matches(w, t)) {
			v->result = result_of(t);
			v->reason = SPF_BY_TERM;
			v->matched = t;
			return true;
		}
		if (w->over)
			return false;
	}
	if (r->redirect == NULL)
		return true;
	w->term = r->redirect;
	spf_trace_begin(w, w->term);
	return term_count(w) && target_evaluate(w, v);
}

/* ---- check_host() ------------------------------------------------------ */

static const struct spf_term *
first_fault(const struct spf_record *r)
{
	for (size_t i = 0; i < r->n; i++) {
		if (r->terms[i].fault != SPF_FINE)
			return &r->terms[i];
	}
	return NULL;
}

/* RFC 7208 4.5, 4.6: one record, and without a fault. */
static bool
record_usable(struct spf_walk *w, const struct spf_published *p)
{
	w->term = NULL;
	if (p->found > 1)
		return spf_walk_fail(w, SPF_PERMERROR, SPF_MANY_RECORDS, NULL);
	if (p->record.faults > 0)
		return spf_walk_fail(w, SPF_PERMERROR, SPF_SYNTAX,
		    first_fault(&p->record));
	if (p->record.cut)
		return spf_walk_fail(w, SPF_PERMERROR, SPF_OVER_SIZE, NULL);
	return true;
}

/* RFC 7208 4.4: the record, as far as it can be had. */
static const struct spf_published *
record_ask(struct spf_walk *w, struct slice domain)
{
	const struct spf_published *p = spf_published_alone(w->records, domain);
	struct spf_step *step;

	if (p == NULL) {
		w->over = true;
		return NULL;
	}
	if (!spf_walk_take(w, domain, DNS_TXT, p->answer))
		return NULL;
	if (!answer_known(p->answer)) {
		(void)spf_walk_lose(w, domain, DNS_TXT, p->answer);
		return NULL;
	}
	/* The first question of all is none of the void lookups. */
	if (p->answer->seen == SEEN_ABSENT && w->depth > 0)
		w->out->voids++;
	step = spf_trace_step(w);
	if (step != NULL) {
		step->voids = w->out->voids;
		step->record = p->found == 1 ? p->record.text : SLICE_NONE;
	}
	return p;
}

static bool
published_evaluate(struct spf_walk *w, struct slice domain, struct verdict *v)
{
	const struct spf_published *p = record_ask(w, domain);

	if (p == NULL)
		return false;
	if (p->found == 0) {
		*v = (struct verdict){ .result = SPF_NONE,
			.reason = SPF_NO_RECORD,
			.where = domain };
		if (p->answer->seen == SEEN_ABSENT &&
		    p->answer->as.dns.rcode == 3)
			v->reason = SPF_NO_DOMAIN;
		return true;
	}
	return record_usable(w, p) && record_evaluate(w, &p->record, v);
}

/* False: no result, as something is not here, or the walk is over. */
static bool
host_evaluate(struct spf_walk *w, struct slice domain, struct verdict *v)
{
	bool known;
	size_t step;

	w->letters.domain = domain;
	spf_trace_begin(w, NULL);
	step = w->step;
	known = published_evaluate(w, domain, v);
	if (known || w->over)
		step_result(w, step, v);
	return known;
}

/* ---- initial processing ------------------------------------------------ */

/* Of letters, digits, hyphens, underscores and dots. */
static bool
has_usual_octets(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (!ascii_is_alnum(s.p[i]) && s.p[i] != '-' && s.p[i] != '_' &&
		    s.p[i] != '.')
			return false;
	}
	return true;
}

/* DNS has labels that begin or end with a hyphen. */
bool
spf_domain_canonical(struct arena *a, struct slice given, struct slice *out)
{
	enum domain_fault fault;
	struct ip ip;

	if (ip_parse(given, &ip))
		return false;
	fault = domain_canonical(a, given, out);
	if (fault == DOMAIN_HYPHEN && given.n <= NAME_MAX_OCTETS &&
	    has_usual_octets(given) && spf_target_name(a, given, out))
		fault = DOMAIN_FINE;
	return fault == DOMAIN_FINE && domain_labels(*out) >= 2;
}

static struct slice
or_else(struct slice s, const char *other)
{
	return s.n > 0 ? s : slice_str(other);
}

static void
walk_begin(struct spf_walk *w, struct spf_records *rs,
    const struct spf_query *q, struct spf_outcome *out)
{
	*w = (struct spf_walk){
		.records = rs,
		.arena = spf_records_arena(rs),
		.query = q,
		.out = out,
		.address = q->ip.family == 4 ? DNS_A : DNS_AAAA,
		.step = SPF_NO_STEP,
	};
	w->letters = (struct spf_letters){
		.ip = q->ip,
		.sender_local = or_else(q->local, "postmaster"),
		.sender_domain = q->domain,
		.helo = q->helo,
		.validated = SLICE_LIT("unknown"),
		.receiver = or_else(q->receiver, "unknown"),
		.now = q->now,
	};
}

/* Without an error. */
static void
outcome_take(struct spf_walk *w, const struct verdict *v)
{
	struct spf_outcome *out = w->out;

	out->result = v->result;
	out->reason = v->reason;
	out->matched = v->matched;
	out->where = v->where;
	if (v->result != SPF_FAIL)
		return;
	w->letters.domain = v->where;
	spf_explain(w, v->record);
}

enum rc
spf_evaluate(struct spf_records *rs, const struct spf_query *q,
    struct spf_outcome *out)
{
	struct verdict v = { .result = SPF_NONE };
	struct slice domain = SLICE_NONE;
	struct spf_walk w;

	*out =
	    (struct spf_outcome){ .reason = SPF_BAD_NAME, .where = q->domain };
	walk_begin(&w, rs, q, out);
	if (spf_domain_canonical(w.arena, q->domain, &domain)) {
		/*
		 * RFC 7208 4.3: %{o} has A-labels too; and what is made of it
		 * has no empty label because the sender's domain ends in a dot.
		 */
		if (!has_usual_octets(q->domain))
			w.letters.sender_domain = domain;
		else
			w.letters.sender_domain =
			    slice_sub(q->domain, 0, domain.n);
		if (host_evaluate(&w, domain, &v) && !w.waits)
			outcome_take(&w, &v);
	}
	if (arena_starved(w.arena))
		return RC_NOMEM;
	if (arena_failed(w.arena))
		return RC_LIMIT;
	out->waiting = w.waits;
	return RC_OK;
}
