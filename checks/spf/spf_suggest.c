#include "checks/spf/spf_suggest.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/table.h"
#include "checks/spf/spf_mistakes.h"
#include "checks/spf/spf_names.h"
#include "checks/spf/spf_ranges.h"

enum {
	RECORDS_MAX = 16,   /* at one name, merged */
	RECORD_MAX = 60000, /* octets; DNS has room for few more */
};

/* The record that is made. */
struct draft {
	struct arena *arena;
	const struct spf_wish *wish;
	struct buf terms;       /* mechanisms, each with a blank before it */
	struct buf modifiers;   /* the same */
	struct buf front;       /* the same: what is let in before all else */
	struct table *names;    /* what is there already: without addresses */
	struct spf_cover *any;  /* addresses that a term decides on */
	struct spf_cover *plus; /* those of them that pass */
	size_t records;
	char all; /* 0: none yet */
	bool redirect;
	bool exp;
	bool negative; /* a term that does not let pass, but all */
	bool changed;
	bool failed; /* out of memory */
};

/* ---- who may send ------------------------------------------------------ */

bool
spf_has_examples(const struct ip *ips, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (ip_scope(&ips[i]) == IP_DOCUMENTATION)
			return true;
	return false;
}

bool
spf_is_no_sender(const struct spf_range *r, bool examples)
{
	enum ip_scope scope = spf_range_scope(r);

	return scope != IP_PUBLIC && !(examples && scope == IP_DOCUMENTATION);
}

/* ---- mending one record ------------------------------------------------ */

static bool
is_gone(const struct spf_row *row)
{
	const struct spf_published *p = row->record;
	bool leads =
	    row->term->kind == SPF_INCLUDE || row->term->kind == SPF_REDIRECT;

	if (row->loop || (row->empty && !leads))
		return true;
	return leads && p != NULL && p->answer != NULL &&
	       answer_known(p->answer) && p->found == 0;
}

/* Whether the term, as published, leads to nothing by the tree. */
static bool
leads_nowhere(const struct draft *d, const struct spf_term *t)
{
	const struct spf_tree *tree = d->wish->tree;

	if (tree == NULL || d->wish->published->found != 1 ||
	    !spf_kind_asks(t->kind))
		return false;
	for (size_t i = 0; i < tree->n; i++) {
		const struct spf_row *row = &tree->rows[i];

		if (row->depth == 0 && row->term != NULL &&
		    row->term->at == t->at)
			return is_gone(row);
	}
	return false;
}

/* What to write for the term; false: that is not known. */
static bool
mend_term(const struct draft *d, const struct spf_suspect *s, size_t i,
    struct spf_mistake *m)
{
	const struct spf_term *t = &s->record->terms[i];

	if (!spf_mistake_find(s, i, m) && t->fault != SPF_FINE)
		return false;
	if (m->code != NULL && m->sure)
		return true;
	*m = (struct spf_mistake){ .terms = 1, .meant = t->text };
	if (t->fault == SPF_FINE && leads_nowhere(d, t))
		*m = (struct spf_mistake){ .terms = 1, .code = "" };
	return t->fault == SPF_FINE;
}

/* A text without faults in its place; nothing: it cannot be had. */
static struct slice
mend(struct draft *d, const struct dns_record *published, struct slice text)
{
	struct slice out = SLICE_NONE;
	struct spf_suspect s;
	struct spf_record r;
	struct buf b;

	if (spf_record_parse(d->arena, text, &r) || r.cut ||
	    r.faults > LIMIT_PROBLEMS)
		return SLICE_NONE;
	s = (struct spf_suspect){ d->arena, &r, published };
	buf_init(&b, LIMIT_SPF_EXPANSION);
	buf_add_str(&b, "v=spf1");
	for (size_t i = 0; i < r.n;) {
		struct spf_mistake m;

		if (!mend_term(d, &s, i, &m))
			goto out;
		if (m.meant.n > 0) {
			buf_add_char(&b, ' ');
			buf_add(&b, m.meant);
		}
		d->changed = d->changed || m.code != NULL;
		i += m.terms;
	}
	if (!b.failed)
		out = arena_copy(d->arena, buf_slice(&b));
out:
	buf_free(&b);
	return out;
}

/* ---- taking terms over ------------------------------------------------- */

static void
write_term(struct buf *b, struct slice text)
{
	buf_add_char(b, ' ');
	buf_add(b, text);
}

/* Whether this is the first that decides on these addresses. */
static bool
is_new_range(struct draft *d, const struct spf_term *t)
{
	struct spf_range r =
	    spf_range_of(&t->ip, t->kind == SPF_IP4 ? t->bits4 : t->bits6);
	void *earlier = NULL, *again;

	if (!spf_cover_add(d->any, &r, d, &earlier))
		d->failed = true;
	if (earlier == NULL && t->qualifier == '+' &&
	    !spf_cover_add(d->plus, &r, d, &again))
		d->failed = true;
	return earlier == NULL;
}

/* The same for names, whatever their sign and letter case. */
static bool
is_new_name(struct draft *d, const struct spf_term *t)
{
	struct slice text = slice_from(t->text, t->qualified ? 1 : 0);
	unsigned char *p = arena_new_of(d->arena, unsigned char, text.n + 1);

	if (p == NULL)
		return false;
	for (size_t i = 0; i < text.n; i++)
		p[i] = ascii_lower(text.p[i]);
	if (table_get(d->names, slice_of(p, text.n)) != NULL)
		return false;
	if (!table_put(d->names, slice_of(p, text.n), d))
		d->failed = true;
	return true;
}

/* It lets in nobody, or everybody. */
static bool
is_idle_range(const struct draft *d, const struct spf_term *t)
{
	struct spf_range r =
	    spf_range_of(&t->ip, t->kind == SPF_IP4 ? t->bits4 : t->bits6);

	return (r.bits == 0 && t->qualifier == '+') ||
	       spf_is_no_sender(&r, d->wish->examples);
}

static void
take_mechanism(struct draft *d, const struct spf_term *t)
{
	bool address = t->kind == SPF_IP4 || t->kind == SPF_IP6;

	if (spf_asks_in_vain(t) || (address && is_idle_range(d, t))) {
		d->changed = true;
		return;
	}
	if (address ? !is_new_range(d, t) : !is_new_name(d, t)) {
		d->changed = true;
		return;
	}
	d->negative = d->negative || t->qualifier != '+';
	write_term(&d->terms, t->text);
}

/* Among several records a redirect lets in what an include would. */
static void
take_redirect(struct draft *d, const struct spf_record *r,
    const struct spf_term *t)
{
	struct spf_term include = { .kind = SPF_INCLUDE, .qualifier = '+' };

	if (r->all != NULL) {
		d->changed = true;
	} else if (d->records == 1) {
		d->redirect = true;
		write_term(&d->modifiers, t->text);
	} else {
		include.text =
		    arena_slicef(d->arena, "include:%.*s", SLICE_FMT(t->spec));
		take_mechanism(d, &include);
	}
}

static void
take_term(struct draft *d, const struct spf_record *r, const struct spf_term *t)
{
	switch (t->kind) {
	case SPF_ALL:
		d->changed = d->changed || t != r->all;
		break;
	case SPF_REDIRECT:
		take_redirect(d, r, t);
		break;
	case SPF_EXP:
		d->changed = d->changed || d->exp;
		if (!d->exp)
			write_term(&d->modifiers, t->text);
		d->exp = true;
		break;
	case SPF_MODIFIER:
		write_term(&d->modifiers, t->text);
		break;
	case SPF_INCLUDE:
	case SPF_A:
	case SPF_MX:
	case SPF_PTR:
	case SPF_IP4:
	case SPF_IP6:
	case SPF_EXISTS:
		d->changed = d->changed || (r->all != NULL && t > r->all);
		take_mechanism(d, t);
		break;
	case SPF_NONSENSE:
		break;
	}
}

/* "+", "?" and none become "~"; of several, "-" only if all say so. */
static void
take_all(struct draft *d, const struct spf_record *r)
{
	char sign = r->all != NULL ? r->all->qualifier : 0;

	if (sign == 0 && d->redirect)
		return;
	d->changed = d->changed || (sign != '-' && sign != '~');
	if (sign != '-')
		sign = '~';
	if (d->all != 0 && d->all != sign)
		sign = '~';
	d->all = sign;
}

/* ---- letting in -------------------------------------------------------- */

/* Receivers may come to a permerror before its end, mended as it is. */
static bool
is_brittle(const struct spf_tree *t)
{
	if (t == NULL)
		return false;
	for (size_t i = 0; i < t->n; i++) {
		const struct spf_row *row = &t->rows[i];

		if (row->term == NULL
			? row->depth > 0 && row->record->record.faults > 0
			: row->loop ||
			      (row->record != NULL && row->record->found != 1))
			return true;
	}
	return t->cut || t->lookups > SPF_LOOKUPS || t->voids > SPF_VOIDS;
}

/* Before what could decide otherwise. */
static void
let_in(struct draft *d, const struct ip *ip)
{
	struct spf_range r = spf_range_of(ip, 128);
	bool front = d->negative || d->redirect || is_brittle(d->wish->tree);
	void *earlier = NULL;

	/* Who sends from the documentation's addresses means them. */
	if (spf_is_no_sender(&r, true))
		return;
	if (!spf_cover_add(d->plus, &r, d, &earlier))
		d->failed = true;
	if (earlier != NULL)
		return;
	d->changed = true;
	write_term(front ? &d->front : &d->terms,
	    arena_slicef(d->arena, "ip%d:%.*s", ip->family == 4 ? 4 : 6,
		SLICE_FMT(spf_range_text(d->arena, &r))));
}

/* ---- all of it --------------------------------------------------------- */

/* What stands at the name and is, or was to be, an SPF record. */
static size_t
collect(struct draft *d, const struct spf_published *p,
    struct slice texts[RECORDS_MAX])
{
	const struct dns_answer *a = &p->answer->as.dns;
	size_t n = 0;

	for (size_t i = 0; p->answer->seen == SEEN_ANSWERED && i < a->n_records;
	     i++) {
		struct slice text = check_text(d->arena, &a->records[i]), rest;

		if (p->found == 0 && spf_near_miss(text, &rest)) {
			text = arena_slicef(d->arena, "v=spf1 %.*s",
			    SLICE_FMT(rest));
			d->changed = true;
		} else if (!spf_record_is(text)) {
			continue;
		}
		if (n < RECORDS_MAX)
			texts[n] = mend(d, &a->records[i], text);
		/* One that cannot be mended, or too many. */
		if (n == RECORDS_MAX || texts[n].p == NULL)
			return SIZE_MAX;
		if (!slice_starts(text, SLICE_LIT("v=spf1")))
			d->changed = true;
		n++;
	}
	return n;
}

static bool
take_records(struct draft *d, const struct slice *texts)
{
	struct spf_record r;

	for (size_t i = 0; i < d->records; i++) {
		if (spf_record_parse(d->arena, texts[i], &r) || r.faults > 0)
			return false;
		for (size_t k = 0; k < r.n; k++)
			take_term(d, &r, &r.terms[k]);
		take_all(d, &r);
	}
	d->changed = d->changed || d->records > 1;
	return true;
}

static struct slice
put_together(struct draft *d)
{
	struct slice out = SLICE_NONE;
	struct spf_record r;
	struct buf b;

	buf_init(&b, RECORD_MAX);
	buf_add_str(&b, "v=spf1");
	buf_add(&b, buf_slice(&d->front));
	buf_add(&b, buf_slice(&d->terms));
	if (d->all != 0)
		buf_printf(&b, " %call", d->all);
	buf_add(&b, buf_slice(&d->modifiers));
	if (!b.failed)
		out = arena_copy(d->arena, buf_slice(&b));
	buf_free(&b);
	if (out.p == NULL || spf_record_parse(d->arena, out, &r) ||
	    r.faults > 0)
		return SLICE_NONE;
	return out;
}

static struct slice
make(struct draft *d)
{
	struct slice texts[RECORDS_MAX] = { SLICE_NONE };

	d->records = collect(d, d->wish->published, texts);
	if (d->records == SIZE_MAX || !take_records(d, texts))
		return SLICE_NONE;
	for (size_t i = 0; i < d->wish->n; i++)
		let_in(d, &d->wish->missing[i]);
	if (!d->changed || d->failed || d->terms.failed ||
	    d->modifiers.failed || d->front.failed)
		return SLICE_NONE;
	if (d->records == 0)
		d->all = '~';
	return put_together(d);
}

static bool
draft_open(struct draft *d, struct arena *arena, const struct spf_wish *wish)
{
	*d = (struct draft){ .arena = arena, .wish = wish };
	buf_init(&d->terms, LIMIT_SPF_EXPANSION);
	buf_init(&d->modifiers, LIMIT_SPF_EXPANSION);
	buf_init(&d->front, LIMIT_SPF_EXPANSION);
	d->names = table_new();
	d->any = spf_cover_new(arena);
	d->plus = spf_cover_new(arena);
	return d->names != NULL && d->any != NULL && d->plus != NULL;
}

static void
draft_close(struct draft *d)
{
	table_free(d->names);
	spf_cover_free(d->any);
	spf_cover_free(d->plus);
	buf_free(&d->terms);
	buf_free(&d->modifiers);
	buf_free(&d->front);
}

/* What was let in before all else may leave nothing to a term behind it. */
static enum rc
tidy(struct arena *arena, const struct spf_wish *wish, struct slice *text)
{
	enum rc rc = RC_NOMEM;
	struct draft d;

	if (!draft_open(&d, arena, wish))
		goto out;
	d.records = 1;
	*text = take_records(&d, text) ? put_together(&d) : SLICE_NONE;
	rc = d.failed ? RC_NOMEM : RC_OK;
out:
	draft_close(&d);
	return rc;
}

enum rc
spf_suggest_record(struct arena *arena, const struct spf_wish *wish,
    struct slice *out)
{
	const struct spf_published *p = wish->published;
	enum rc rc = RC_NOMEM;
	struct draft d;

	*out = SLICE_NONE;
	if (p->answer == NULL || !answer_known(p->answer))
		return RC_OK;
	if (!draft_open(&d, arena, wish))
		goto out;
	*out = make(&d);
	rc = d.failed ? RC_NOMEM : RC_OK;
	if (rc == RC_OK && out->p != NULL && d.front.n > 0)
		rc = tidy(arena, wish, out);
out:
	draft_close(&d);
	if (arena_failed(arena))
		rc = arena_starved(arena) ? RC_NOMEM : RC_LIMIT;
	return rc;
}
