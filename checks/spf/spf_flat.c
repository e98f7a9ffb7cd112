#include "base/buf.h"
#include "base/limits.h"
#include "base/table.h"
#include "checks/spf/spf_macro.h"
#include "checks/spf/spf_ranges.h"
#include "checks/spf/spf_suggest.h"

/* An include of the record, and what could stand in its place. */
struct part {
	const struct spf_term *term;
	struct slice target;
	unsigned int cost;
	bool tried;
	bool flat; /* these stand in its place */
	struct spf_range *ranges;
	size_t n;
	size_t octets; /* as text, at most */
};

/* All that a record lets pass, if it is addresses alone. */
struct gather {
	struct check_run *run;
	struct spf_records *records;
	struct table *seen;
	struct spf_range *ranges;
	size_t n, cap;
	bool fits;
	bool examples;
	bool failed; /* out of memory */
	struct spf_flat *out;
};

struct flat {
	struct check_run *run;
	const struct spf_judged *of;
	struct spf_record record;
	struct spf_flat *out;
	struct part *parts;
	size_t n;
	unsigned int lookups;
	size_t octets;
};

/* ---- gathering --------------------------------------------------------- */

static void
gather_range(struct gather *g, const struct ip *ip, unsigned int bits)
{
	struct spf_range range = spf_range_of(ip, bits), *ranges;

	if (spf_is_no_sender(&range, g->examples))
		return;
	ranges = arena_grow(g->run->arena, g->ranges, g->n, &g->cap,
	    sizeof(*ranges));
	if (ranges == NULL) {
		g->failed = true;
		return;
	}
	g->ranges = ranges;
	ranges[g->n++] = range;
}

/* What an answer is not known: without it nothing can be said. */
static bool
is_lost(struct gather *g, const struct answer *a, struct slice name,
    const char *type)
{
	if (a != NULL && answer_known(a))
		return false;
	g->fits = false;
	if (a != NULL && g->out->lost == NULL) {
		g->out->lost = a;
		g->out->lost_what = arena_slicef(g->run->arena, "%.*s %s",
		    SLICE_FMT(name), type);
	}
	return true;
}

static void
gather_host(struct gather *g, const struct spf_term *t, struct slice host)
{
	struct addresses a = check_ask_addresses(g->run, host);

	if (is_lost(g, check_ask_dns(g->run, host, DNS_A), host, "A") ||
	    is_lost(g, check_ask_dns(g->run, host, DNS_AAAA), host, "AAAA") ||
	    a.cut)
		g->fits = false;
	for (size_t i = 0; g->fits && i < a.n; i++)
		gather_range(g, &a.ips[i],
		    a.ips[i].family == 4 ? t->bits4 : t->bits6);
}

static void
gather_mx(struct gather *g, const struct spf_term *t, struct slice domain)
{
	const struct answer *mx = check_ask_dns(g->run, domain, DNS_MX);

	if (is_lost(g, mx, domain, "MX") || mx->seen == SEEN_ABSENT)
		return;
	g->fits = g->fits && mx->as.dns.n_records <= SPF_MX_NAMES;
	for (size_t i = 0; g->fits && i < mx->as.dns.n_records; i++)
		if (mx->as.dns.records[i].as.mx.host.n > 0)
			gather_host(g, t, mx->as.dns.records[i].as.mx.host);
}

static void gather_record(struct gather *, struct slice domain);

static struct slice
target_of(struct arena *arena, const struct spf_term *t, struct slice domain)
{
	struct slice target;

	if (t->macros)
		return SLICE_NONE;
	if (t->spec.n == 0)
		return domain;
	return spf_target_name(arena, t->spec, &target) ? target : SLICE_NONE;
}

static void
gather_name(struct gather *g, const struct spf_term *t, struct slice domain)
{
	struct slice target = target_of(g->run->arena, t, domain);

	if (target.n == 0)
		g->fits = false;
	else if (t->kind == SPF_A)
		gather_host(g, t, target);
	else if (t->kind == SPF_MX)
		gather_mx(g, t, target);
	else
		gather_record(g, target);
}

static void
gather_term(struct gather *g, const struct spf_term *t, struct slice domain)
{
	if (t->qualifier != '+') {
		g->fits = false;
		return;
	}
	switch (t->kind) {
	case SPF_IP4:
	case SPF_IP6:
		gather_range(g, &t->ip,
		    t->kind == SPF_IP4 ? t->bits4 : t->bits6);
		break;
	case SPF_A:
	case SPF_MX:
	case SPF_INCLUDE:
		gather_name(g, t, domain);
		break;
	case SPF_ALL:
	case SPF_PTR:
	case SPF_EXISTS:
	case SPF_NONSENSE:
		g->fits = false;
		break;
	case SPF_REDIRECT:
	case SPF_EXP:
	case SPF_MODIFIER:
		break;
	}
}

static bool
is_modifier(const struct spf_term *t)
{
	return t->kind == SPF_REDIRECT || t->kind == SPF_EXP ||
	       t->kind == SPF_MODIFIER;
}

/* The record of a name, if all of it can be taken. */
static const struct spf_record *
gather_take(struct gather *g, struct slice domain)
{
	const struct spf_published *p = spf_published(g->records, domain);

	if (p == NULL || !table_put(g->seen, domain, g)) {
		g->failed = true;
		g->fits = false;
	} else if (is_lost(g, p->answer, domain, "TXT") || p->found != 1 ||
		   p->record.faults > 0 || p->record.cut ||
		   table_count(g->seen) > LIMIT_SPF_RECORDS) {
		g->fits = false;
	}
	return g->fits ? &p->record : NULL;
}

/* A record that was seen before adds nothing; nor does a loop. */
static void
gather_record(struct gather *g, struct slice domain)
{
	const struct spf_record *r;

	if (table_get(g->seen, domain) != NULL)
		return;
	r = gather_take(g, domain);
	for (size_t i = 0; r != NULL && g->fits && i < r->n; i++) {
		if (r->all == &r->terms[i] && r->all->qualifier != '+')
			return;
		if (!is_modifier(&r->terms[i]))
			gather_term(g, &r->terms[i], domain);
	}
	if (g->fits && r != NULL && r->all == NULL && r->redirect != NULL)
		gather_name(g, r->redirect, domain);
}

/* ---- the parts --------------------------------------------------------- */

static bool
is_include(const struct spf_record *r, const struct spf_term *t)
{
	return t->kind == SPF_INCLUDE && !(r->all != NULL && t > r->all);
}

/* Counts what the record needs, and lists its includes. */
static enum rc
parts_list(struct flat *f)
{
	const struct spf_record *r = &f->record;

	f->parts = arena_new_of(f->run->arena, struct part, r->n);
	if (f->parts == NULL)
		return RC_LIMIT;
	for (size_t i = 0; i < r->n; i++) {
		const struct spf_term *t = &r->terms[i];
		struct slice target = SLICE_NONE;
		unsigned int below = 0;

		if (!spf_kind_asks(t->kind) || (r->all != NULL && t > r->all) ||
		    (r->all != NULL && t->kind == SPF_REDIRECT))
			continue;
		if (t->kind == SPF_INCLUDE || t->kind == SPF_REDIRECT)
			target = target_of(f->run->arena, t, SLICE_NONE);
		if (target.n > 0)
			(void)spf_tree_below(f->of->tree, target, &below);
		f->lookups += 1 + below;
		if (is_include(r, t))
			f->parts[f->n++] = (struct part){ .term = t,
				.target = target,
				.cost = 1 + below };
	}
	return RC_OK;
}

static struct part *
costliest(struct flat *f)
{
	struct part *best = NULL;

	for (size_t i = 0; i < f->n; i++) {
		struct part *p = &f->parts[i];

		if (!p->tried && p->term->qualifier == '+' && p->target.n > 0 &&
		    (best == NULL || p->cost > best->cost))
			best = p;
	}
	return best;
}

static enum rc
part_gather(struct flat *f, struct part *p)
{
	struct gather g = { .run = f->run,
		.records = f->of->records,
		.out = f->out,
		.fits = true,
		.examples = f->of->examples };

	g.seen = table_new();
	if (g.seen == NULL)
		return RC_NOMEM;
	/* A loop through the domain itself cannot be made flat. */
	gather_record(&g, p->target);
	if (table_get(g.seen, f->of->domain) != NULL)
		g.fits = false;
	table_free(g.seen);
	if (g.failed)
		return arena_failed(f->run->arena) ? RC_LIMIT : RC_NOMEM;
	if (!g.fits)
		return RC_OK;
	p->n = spf_ranges_merge(g.ranges, g.n);
	p->ranges = g.ranges;
	for (size_t i = 0; i < p->n; i++)
		p->octets += sizeof(" ip4:") - 1 +
			     spf_range_text(f->run->arena, &p->ranges[i]).n;
	p->flat = f->octets - p->term->text.n + p->octets <= SPF_FLAT_MAX;
	return RC_OK;
}

static enum rc
parts_choose(struct flat *f)
{
	while (f->lookups > SPF_LOOKUPS) {
		struct part *p = costliest(f);
		enum rc rc;

		if (p == NULL)
			return RC_OK;
		p->tried = true;
		rc = part_gather(f, p);
		if (rc)
			return rc;
		if (!p->flat)
			continue;
		f->lookups -= p->cost;
		f->octets = f->octets - p->term->text.n + p->octets;
	}
	return RC_OK;
}

/* ---- the text ---------------------------------------------------------- */

static bool
write_ranges(struct flat *f, const struct part *p, struct spf_cover *cover,
    struct buf *b)
{
	for (size_t i = 0; i < p->n; i++) {
		void *earlier;

		if (!spf_cover_add(cover, &p->ranges[i], f, &earlier))
			return false;
		if (earlier != NULL)
			continue;
		buf_printf(b, " ip%d:", p->ranges[i].ip.family == 4 ? 4 : 6);
		buf_add(b, spf_range_text(f->run->arena, &p->ranges[i]));
	}
	return true;
}

static bool
write_terms(struct flat *f, struct spf_cover *cover, struct buf *b)
{
	const struct part *p = f->parts, *end = &f->parts[f->n];
	void *earlier;

	buf_add_str(b, "v=spf1");
	for (size_t i = 0; i < f->record.n; i++) {
		const struct spf_term *t = &f->record.terms[i];
		const struct part *own = p < end && p->term == t ? p++ : NULL;
		struct spf_range r;

		if (own != NULL && own->flat) {
			if (!write_ranges(f, own, cover, b))
				return false;
			continue;
		}
		buf_add_char(b, ' ');
		buf_add(b, t->text);
		if (t->kind != SPF_IP4 && t->kind != SPF_IP6)
			continue;
		r = spf_range_of(&t->ip,
		    t->kind == SPF_IP4 ? t->bits4 : t->bits6);
		if (!spf_cover_add(cover, &r, f, &earlier))
			return false;
	}
	return true;
}

static enum rc
flat_write(struct flat *f)
{
	struct spf_cover *cover = spf_cover_new(f->run->arena);
	enum rc rc = RC_NOMEM;
	struct buf b;

	buf_init(&b, SPF_FLAT_MAX + 1);
	if (cover == NULL || !write_terms(f, cover, &b))
		goto out;
	if (!b.failed && b.n <= SPF_FLAT_MAX)
		f->out->text = arena_copy(f->run->arena, buf_slice(&b));
	rc = RC_OK;
out:
	spf_cover_free(cover);
	buf_free(&b);
	return rc;
}

static enum rc
flatten(struct flat *f, struct slice record)
{
	enum rc rc = spf_record_parse(f->run->arena, record, &f->record);

	if (rc || f->record.faults > 0 || f->record.cut)
		return rc;
	rc = parts_list(f);
	if (rc || f->lookups <= SPF_LOOKUPS || f->n > LIMIT_SPF_ASKED)
		return rc;
	rc = parts_choose(f);
	if (rc || f->lookups > SPF_LOOKUPS || f->out->lost != NULL)
		return rc;
	return flat_write(f);
}

enum rc
spf_suggest_flat(struct check_run *run, const struct spf_judged *of,
    struct slice record, struct spf_flat *out)
{
	struct flat f = { .run = run,
		.of = of,
		.out = out,
		.octets = record.n };
	enum rc rc = RC_OK;

	/* What an include costs hangs on all that is below it. */
	*out = (struct spf_flat){ .lost = of->tree->lost,
		.lost_what = of->tree->lost_what };
	if (out->lost == NULL && !of->tree->cut && record.n > 0 &&
	    record.n <= LIMIT_SPF_EXPANSION)
		rc = flatten(&f, record);
	if (rc == RC_OK && arena_failed(run->arena))
		rc = arena_starved(run->arena) ? RC_NOMEM : RC_LIMIT;
	return rc;
}
