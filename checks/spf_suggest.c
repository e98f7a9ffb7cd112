#include "checks/spf_suggest.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/table.h"
#include "checks/spf_mistakes.h"
#include "checks/spf_ranges.h"

enum {
	RECORDS_MAX = 16,   /* at one name, merged */
	RECORD_MAX = 60000, /* octets; DNS has room for few more */
};

/* The record that is made. */
struct draft {
	struct arena *arena;
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

/* ---- mending one record ------------------------------------------------ */

/* What to write for the term; false: that is not known. */
static bool
mend_term(const struct spf_suspect *s, size_t i, struct spf_mistake *m)
{
	const struct spf_term *t = &s->record->terms[i];

	if (!spf_mistake_find(s, i, m) && t->fault != SPF_FINE)
		return false;
	if (m->code != NULL && m->sure)
		return true;
	*m = (struct spf_mistake){ .terms = 1, .meant = t->text };
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

		if (!mend_term(&s, i, &m))
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

static void
take_mechanism(struct draft *d, const struct spf_term *t)
{
	bool address = t->kind == SPF_IP4 || t->kind == SPF_IP6;

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
	struct slice include;

	if (r->all != NULL) {
		d->changed = true;
	} else if (d->records == 1) {
		d->redirect = true;
		write_term(&d->modifiers, t->text);
	} else {
		include =
		    arena_slicef(d->arena, "include:%.*s", SLICE_FMT(t->spec));
		write_term(&d->terms, include);
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

/* "+" and none become "~"; of several, "-" only if all say so. */
static void
take_all(struct draft *d, const struct spf_record *r)
{
	char sign = r->all != NULL ? r->all->qualifier : 0;

	if (sign == 0 && d->redirect)
		return;
	d->changed = d->changed || sign == 0 || sign == '+';
	if (sign == 0 || sign == '+')
		sign = '~';
	if (d->all != 0 && d->all != sign)
		sign = '~';
	d->all = sign;
}

/* ---- letting in -------------------------------------------------------- */

/*
 * Addresses that no mail can come from are left out.  Not those of the
 * documentation: who sends from them means it.
 */
static bool
may_send(const struct ip *ip)
{
	enum ip_scope scope = ip_scope(ip);

	return scope == IP_PUBLIC || scope == IP_DOCUMENTATION;
}

/* Before what could decide otherwise. */
static void
let_in(struct draft *d, const struct ip *ip)
{
	struct spf_range r = spf_range_of(ip, 128);
	bool front = d->negative || d->redirect;
	void *earlier = NULL;

	if (!may_send(ip))
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
make(struct draft *d, const struct spf_published *p, const struct ip *missing,
    size_t n)
{
	struct slice texts[RECORDS_MAX] = { SLICE_NONE };

	d->records = collect(d, p, texts);
	if (d->records == SIZE_MAX || !take_records(d, texts))
		return SLICE_NONE;
	for (size_t i = 0; i < n; i++)
		let_in(d, &missing[i]);
	if (!d->changed || d->failed || d->terms.failed ||
	    d->modifiers.failed || d->front.failed)
		return SLICE_NONE;
	if (d->records == 0)
		d->all = '~';
	return put_together(d);
}

static bool
draft_open(struct draft *d, struct arena *arena)
{
	*d = (struct draft){ .arena = arena };
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
tidy(struct arena *arena, struct slice *text)
{
	enum rc rc = RC_NOMEM;
	struct draft d;

	if (!draft_open(&d, arena))
		goto out;
	d.records = 1;
	*text = take_records(&d, text) ? put_together(&d) : SLICE_NONE;
	rc = d.failed ? RC_NOMEM : RC_OK;
out:
	draft_close(&d);
	return rc;
}

enum rc
spf_suggest_record(struct arena *arena, const struct spf_published *p,
    const struct ip *missing, size_t n, struct slice *out)
{
	enum rc rc = RC_NOMEM;
	struct draft d;

	*out = SLICE_NONE;
	if (p->answer == NULL || !answer_known(p->answer))
		return RC_OK;
	if (!draft_open(&d, arena))
		goto out;
	*out = make(&d, p, missing, n);
	rc = d.failed ? RC_NOMEM : RC_OK;
	if (rc == RC_OK && out->p != NULL && d.front.n > 0)
		rc = tidy(arena, out);
out:
	draft_close(&d);
	if (arena_failed(arena))
		rc = arena_starved(arena) ? RC_NOMEM : RC_LIMIT;
	return rc;
}
