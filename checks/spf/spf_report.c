#include "checks/spf/spf_job.h"

/* ---- words ------------------------------------------------------------- */

/*
 * A term may have 64 KB, and so has a record: in a sentence the beginning of
 * a term is enough.  A row or a step tells more, but not all again and again:
 * an include of one record, a thousand times, would be 64 MB.
 */
enum { TERM_SHOWN_MAX = 120, ROW_SHOWN_MAX = 4096 };

static struct slice
row_text(struct check_run *run, struct slice s)
{
	if (s.n <= ROW_SHOWN_MAX)
		return s;
	return arena_slicef(run->arena, "%.*s... (%zu octets)",
	    SLICE_FMT(slice_sub(s, 0, ROW_SHOWN_MAX)), s.n);
}

struct slice
spf_term_shown(const struct spf_term *t)
{
	return slice_sub(t->text, 0, TERM_SHOWN_MAX);
}

/* What stands before the sentence's second half. */
static struct slice
failing_text(struct check_run *run, const struct spf_outcome *o)
{
	struct slice where = o->where;

	if (o->failing == NULL)
		return arena_slicef(run->arena, "the record of %.*s",
		    SLICE_FMT(where));
	return arena_slicef(run->arena, "\"%.*s\" in the record of %.*s",
	    SLICE_FMT(spf_term_shown(o->failing)), SLICE_FMT(where));
}

static struct slice
lost_text(struct check_run *run, const struct spf_outcome *o)
{
	const char *cause = o->lost != NULL ? cause_name(o->lost->cause) : "";

	return arena_slicef(run->arena,
	    "the answer to %.*s cannot be had now (%s)",
	    SLICE_FMT(o->lost_what), cause);
}

static struct slice
syntax_text(struct check_run *run, const struct spf_outcome *o)
{
	const struct spf_term *t = o->failing;

	if (t == NULL)
		return arena_slicef(run->arena,
		    "%.*s has a record with an error", SLICE_FMT(o->where));
	return arena_slicef(run->arena, "%.*s: the term %s",
	    SLICE_FMT(failing_text(run, o)), spf_fault_text(t->fault));
}

/* Behind "X": what went wrong there. */
static const char *
reason_tail(enum spf_reason reason)
{
	switch (reason) {
	case SPF_INCLUDE_NONE:
	case SPF_REDIRECT_NONE:
		return "leads to a name that has no SPF record";
	case SPF_REDIRECT_NAME:
		return "leads to what is no domain name";
	case SPF_OVER_LOOKUPS:
		return "is one more than the ten terms that may ask DNS";
	case SPF_OVER_VOIDS:
		return "asks for the third name that has nothing; two are "
		       "allowed";
	case SPF_OVER_MX:
		return "leads to more than ten mail servers";
	case SPF_OVER_TIME:
		return "was come to after more than 20 seconds of asking DNS";
	case SPF_OVER_SIZE:
		return "is too long when its macros are filled in";
	case SPF_BY_TERM:
	case SPF_NO_MATCH:
	case SPF_BAD_NAME:
	case SPF_NO_DOMAIN:
	case SPF_NO_RECORD:
	case SPF_MANY_RECORDS:
	case SPF_SYNTAX:
	case SPF_DNS:
		break;
	}
	return "";
}

struct slice
spf_reason_text(struct check_run *run, const struct spf_query *q,
    const struct spf_outcome *o)
{
	struct slice where = o->where.n > 0 ? o->where : q->domain;
	struct slice ip = ip_text(run->arena, &q->ip);

	switch (o->reason) {
	case SPF_BY_TERM:
		return arena_slicef(run->arena,
		    "\"%.*s\" in the record of %.*s matches %.*s",
		    SLICE_FMT(spf_term_shown(o->matched)), SLICE_FMT(where),
		    SLICE_FMT(ip));
	case SPF_NO_MATCH:
		return arena_slicef(run->arena,
		    "nothing in the record of %.*s matches %.*s, and it has "
		    "no all",
		    SLICE_FMT(where), SLICE_FMT(ip));
	case SPF_BAD_NAME:
		return arena_slicef(run->arena,
		    "\"%.*s\" is no full domain name",
		    SLICE_FMT(slice_sub(q->domain, 0, TERM_SHOWN_MAX)));
	case SPF_NO_DOMAIN:
		return arena_slicef(run->arena, "%.*s does not exist in DNS",
		    SLICE_FMT(where));
	case SPF_NO_RECORD:
		return arena_slicef(run->arena, "%.*s has no SPF record",
		    SLICE_FMT(where));
	case SPF_MANY_RECORDS:
		return arena_slicef(run->arena,
		    "%.*s has more than one SPF record, and then none counts",
		    SLICE_FMT(where));
	case SPF_SYNTAX:
		return syntax_text(run, o);
	case SPF_DNS:
		return lost_text(run, o);
	case SPF_INCLUDE_NONE:
	case SPF_REDIRECT_NONE:
	case SPF_REDIRECT_NAME:
	case SPF_OVER_LOOKUPS:
	case SPF_OVER_VOIDS:
	case SPF_OVER_MX:
	case SPF_OVER_TIME:
	case SPF_OVER_SIZE:
		return arena_slicef(run->arena, "%.*s %s",
		    SLICE_FMT(failing_text(run, o)), reason_tail(o->reason));
	}
	return SLICE_NONE;
}

/* ---- an evaluation ----------------------------------------------------- */

void
spf_put(json_t *o, const char *key, struct slice s)
{
	if (s.n > 0)
		check_fact_text(o, key, s);
	else
		check_fact_null(o, key);
}

void
spf_put_count(json_t *o, const char *key, size_t n)
{
	(void)json_object_set_new(o, key, json_integer((json_int_t)n));
}

/* Ranges of addresses in a row of which nothing is to be said are one entry. */
static bool
is_range(const struct spf_term *t)
{
	return t != NULL && t->fault == SPF_FINE &&
	       (t->kind == SPF_IP4 || t->kind == SPF_IP6);
}

static bool
is_plain(const struct spf_step *s)
{
	return is_range(s->term) && !s->matched;
}

static struct slice
ranges_shown(struct check_run *run, const struct spf_term *first,
    const struct spf_term *last, size_t n)
{
	if (n <= 1)
		return row_text(run, first->text);
	return arena_slicef(run->arena, "%.*s ... %.*s (%zu ranges)",
	    SLICE_FMT(spf_term_shown(first)), SLICE_FMT(spf_term_shown(last)),
	    n);
}

/* Steps, and the terms in them. */
static size_t
plain_run(const struct spf_step *steps, size_t n, size_t *terms)
{
	size_t i = 0;

	*terms = 0;
	while (i < n && is_plain(&steps[i]) && steps[i].depth == steps[0].depth)
		*terms += steps[i++].terms;
	return i > 0 ? i : 1;
}

static void
put_answer(struct check_run *run, json_t *o, const struct spf_step *s)
{
	if (s->type == 0) {
		check_fact_null(o, "asked");
		check_fact_null(o, "status");
		check_fact_null(o, "answer");
		return;
	}
	check_fact_text(o, "asked",
	    arena_slicef(run->arena, "%.*s %s", SLICE_FMT(s->target),
		spf_type_name(s->type)));
	check_fact_text(o, "status",
	    slice_str(s->seen == SEEN_ANSWERED ? "answered"
		      : s->seen == SEEN_ABSENT ? "absent"
					       : cause_name(s->cause)));
	spf_put(o, "answer",
	    s->term == NULL && s->record.p != NULL ? row_text(run, s->record)
						   : s->answer);
}

/* Up to last, and so many terms in all. */
static json_t *
step_json(struct check_run *run, const struct spf_step *s,
    const struct spf_step *last, size_t terms)
{
	json_t *o = json_object();

	spf_put_count(o, "depth", s->depth);
	check_fact_text(o, "domain", s->domain);
	spf_put(o, "term",
	    s->term != NULL ? ranges_shown(run, s->term, last->last, terms)
			    : SLICE_NONE);
	put_answer(run, o, s);
	spf_put_count(o, "lookups", s->lookups);
	spf_put_count(o, "void_lookups", s->voids);
	check_fact_bool(o, "matched", s->matched);
	if (s->has_result)
		check_fact_text(o, "result",
		    slice_str(spf_result_name(s->result)));
	else
		check_fact_null(o, "result");
	return o;
}

static json_t *
trace_json(struct check_run *run, const struct spf_outcome *o)
{
	json_t *trace = json_array();
	size_t i, n, terms;

	for (i = 0; i < o->n_steps; i += n) {
		const struct spf_step *s = &o->steps[i];

		n = plain_run(s, o->n_steps - i, &terms);
		(void)json_array_append_new(trace,
		    step_json(run, s, &s[n - 1], terms));
	}
	return trace;
}

static struct slice
passed_over(const struct spf_outcome *o)
{
	if (o->passed_over != NULL)
		return o->passed_over_what;
	return o->lacks_helo ? SLICE_LIT("HELO") : SLICE_NONE;
}

json_t *
spf_evaluation_json(struct check_run *run, enum spf_identity identity,
    const struct spf_query *q, const struct spf_outcome *o)
{
	json_t *e = json_object();

	check_fact_text(e, "ip", ip_text(run->arena, &q->ip));
	check_fact_text(e, "identity",
	    slice_str(identity == SPF_HELO ? "helo" : "mailfrom"));
	spf_put(e, "domain", q->domain);
	check_fact_text(e, "result", slice_str(spf_result_name(o->result)));
	check_fact_text(e, "reason", spf_reason_text(run, q, o));
	spf_put(e, "mechanism",
	    o->matched != NULL ? row_text(run, o->matched->text) : SLICE_NONE);
	if (o->explanation_lost == NULL && !o->explanation_lacks_helo)
		spf_put(e, "explanation", o->explanation);
	spf_put(e, "passed_over", passed_over(o));
	spf_put_count(e, "lookups", o->lookups);
	spf_put_count(e, "void_lookups", o->voids);
	if (!o->steps_cut)
		(void)json_object_set_new(e, "trace", trace_json(run, o));
	return e;
}

/* ---- the tree ---------------------------------------------------------- */

static struct slice
record_note(struct check_run *run, const struct spf_published *p)
{
	if (p == NULL || p->answer == NULL)
		return SLICE_NONE;
	if (!answer_known(p->answer))
		return slice_str(cause_name(p->answer->cause));
	if (p->found == 0)
		return SLICE_LIT("no record");
	if (p->found > 1)
		return arena_slicef(run->arena, "%zu records", p->found);
	return p->record.faults > 0 ? SLICE_LIT("permerror") : SLICE_NONE;
}

static struct slice
row_note(struct check_run *run, const struct spf_row *r)
{
	if (r->never)
		return SLICE_LIT("never evaluated");
	if (r->loop)
		return SLICE_LIT("loop");
	if (r->term != NULL && r->term->fault != SPF_FINE)
		return slice_str(spf_fault_text(r->term->fault));
	if (r->empty)
		return SLICE_LIT("void");
	return record_note(run, r->record);
}

static size_t
plain_rows(const struct spf_row *rows, size_t n)
{
	size_t i = 0;

	while (i < n && is_range(rows[i].term) &&
	       rows[i].never == rows[0].never && rows[i].depth == rows[0].depth)
		i++;
	return i > 0 ? i : 1;
}

/* n: the rows that it stands for. */
static json_t *
row_json(struct check_run *run, const struct spf_row *r, size_t n)
{
	const struct spf_published *p = r->record;
	json_t *o = json_object();

	spf_put_count(o, "depth", r->depth);
	check_fact_text(o, "domain", r->domain);
	spf_put(o, "term",
	    r->term != NULL ? ranges_shown(run, r->term, r[n - 1].term, n)
			    : SLICE_NONE);
	spf_put(o, "record",
	    r->term == NULL && p != NULL && p->found == 1
		? row_text(run, p->record.text)
		: SLICE_NONE);
	spf_put_count(o, "lookups", r->lookups);
	spf_put_count(o, "below", r->below);
	spf_put_count(o, "total", r->total);
	spf_put(o, "note", row_note(run, r));
	return o;
}

json_t *
spf_tree_json(struct check_run *run, const struct spf_tree *tree)
{
	json_t *rows = json_array();
	size_t i, n;

	for (i = 0; i < tree->n; i += n) {
		n = plain_rows(&tree->rows[i], tree->n - i);
		(void)json_array_append_new(rows,
		    row_json(run, &tree->rows[i], n));
	}
	return rows;
}
