#include "checks/zone/zone_compare.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/limits.h"
#include "checks/tags.h"

/* ---- texts by what they mean ------------------------------------------- */

/* White space of any length is one blank, and case does not count. */
static struct slice
plain_words(struct arena *a, struct slice text)
{
	unsigned char *p = arena_new_of(a, unsigned char, text.n + 1);
	bool blank = false;
	size_t n = 0;

	text = slice_trim(text);
	for (size_t i = 0; p != NULL && i < text.n; i++) {
		if (ascii_is_space(text.p[i])) {
			blank = true;
			continue;
		}
		if (blank)
			p[n++] = ' ';
		blank = false;
		p[n++] = ascii_lower(text.p[i]);
	}
	return slice_of(p, n);
}

static struct slice
without_blanks(struct arena *a, struct slice text, bool fold)
{
	unsigned char *p = arena_new_of(a, unsigned char, text.n + 1);
	size_t n = 0;

	for (size_t i = 0; p != NULL && i < text.n; i++)
		if (!ascii_is_space(text.p[i]))
			p[n++] = fold ? ascii_lower(text.p[i]) : text.p[i];
	return slice_of(p, n);
}

static int
by_name(const void *a, const void *b)
{
	const struct tag *x = a, *y = b;

	return slice_cmp(x->name, y->name);
}

/* RFC 6376 3.6.1: what is not there has this value. */
static bool
is_default(enum zone_kind kind, const struct tag *t)
{
	static const struct {
		const char *name, *value;
	} defaults[] = {
		{ "v", "dkim1" },
		{ "k", "rsa" },
		{ "s", "*" },
		{ "t", "" },
		{ "g", "*" },
		{ "h", "" },
	};

	if (kind != ZONE_DKIM)
		return false;
	if (slice_eq(t->name, SLICE_LIT("n"))) /* a note for people */
		return true;
	for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++)
		if (slice_eq(t->name, slice_str(defaults[i].name)) &&
		    slice_eq(t->value, slice_str(defaults[i].value)))
			return true;
	return false;
}

/* A key is base64, and an id may be anything; the rest is folded. */
static bool
folds(enum zone_kind kind, struct slice name)
{
	switch (kind) {
	case ZONE_DKIM:
		return !slice_eq_nocase(name, SLICE_LIT("p"));
	case ZONE_DMARC:
		return !slice_eq_nocase(name, SLICE_LIT("rua")) &&
		       !slice_eq_nocase(name, SLICE_LIT("ruf"));
	case ZONE_SPF:
	case ZONE_MX:
	case ZONE_HOST:
	case ZONE_MTA_STS:
	case ZONE_TLS_RPT:
	case ZONE_BIMI:
		break;
	}
	return slice_eq_nocase(name, SLICE_LIT("v"));
}

/* "name=value;" of each tag, sorted: their order has no meaning. */
static struct slice
plain_tags(struct arena *a, enum zone_kind kind, struct slice text)
{
	struct slice rest = text;
	struct tag *tags;
	struct buf b;
	size_t n = 2;

	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == ';';
	tags = arena_new_of(a, struct tag, n);
	if (tags == NULL)
		return SLICE_NONE;
	n = 0;
	while (tag_next(&rest, &tags[n])) {
		struct tag *t = &tags[n];

		t->value = without_blanks(a, t->value, folds(kind, t->name));
		t->name = without_blanks(a, t->name, true);
		if (!is_default(kind, t))
			n++;
	}
	if (n > 1)
		qsort(tags, n, sizeof(*tags), by_name);
	buf_init(&b, LIMIT_DNS_MESSAGE * 2);
	for (size_t i = 0; i < n; i++) {
		buf_add(&b, tags[i].name);
		buf_add_char(&b, '=');
		buf_add(&b, tags[i].value);
		buf_add_char(&b, ';');
	}
	text = arena_copy(a, buf_slice(&b));
	buf_free(&b);
	return text;
}

static struct slice
plain_text(struct arena *a, enum zone_kind kind, struct slice text)
{
	switch (kind) {
	case ZONE_DKIM:
	case ZONE_DMARC:
	case ZONE_MTA_STS:
	case ZONE_TLS_RPT:
	case ZONE_BIMI:
		return plain_tags(a, kind, text);
	case ZONE_SPF:
	case ZONE_MX:
	case ZONE_HOST:
		break;
	}
	return plain_words(a, text);
}

/* ---- one record -------------------------------------------------------- */

/* False: it is not of the kind that is compared. */
static bool
read_value(struct arena *a, const struct zone_need *need,
    const struct dns_record *r, struct zone_value *out)
{
	switch (r->type) {
	case DNS_TXT:
		out->shown = check_text(a, r);
		if (!zone_kind_takes(need->kind, out->shown))
			return false;
		out->plain = plain_text(a, need->kind, out->shown);
		return true;
	case DNS_A:
	case DNS_AAAA:
		out->shown = out->plain = ip_text(a, &r->as.address);
		return true;
	case DNS_MX:
		out->plain = r->as.mx.host;
		out->shown = arena_slicef(a, "%u %.*s.", r->as.mx.preference,
		    SLICE_FMT(r->as.mx.host));
		return true;
	case DNS_CNAME:
		out->plain = r->as.name;
		out->shown = arena_slicef(a, "%.*s.", SLICE_FMT(r->as.name));
		return true;
	default:
		return false;
	}
}

/*
 * Preferences say only which host goes before which (RFC 5321 5.1): what
 * counts is how many others are preferred to it.
 */
static void
rank_hosts(struct arena *a, const struct dns_record *const *records,
    struct zone_values *v)
{
	for (size_t i = 0; i < v->n; i++) {
		size_t before = 0;

		for (size_t k = 0; k < v->n; k++)
			before += records[k]->as.mx.preference <
				  records[i]->as.mx.preference;
		v->all[i].plain = arena_slicef(a, "%zu %.*s", before,
		    SLICE_FMT(v->all[i].plain));
	}
}

bool
zone_values_have(const struct zone_values *v, const struct zone_value *one)
{
	for (size_t i = 0; i < v->n; i++)
		if (slice_eq(v->all[i].plain, one->plain))
			return true;
	return false;
}

/* Records that wait to be added, and what was made of them. */
struct gathering {
	struct arena *arena;
	const struct zone_need *need;
	const struct dns_record **records;
	struct zone_values *out;
};

static bool
gathering_init(struct gathering *g, size_t room)
{
	g->records = arena_new_of(g->arena, const struct dns_record *, room);
	g->out->all = arena_new_of(g->arena, struct zone_value, room);
	g->out->n = 0;
	return g->records != NULL && g->out->all != NULL;
}

static void
gather(struct gathering *g, const struct dns_record *r, size_t line)
{
	struct zone_value v = { .line = line };

	if (g->out->n == LIMIT_ZONE_VALUES || r->type != g->need->type ||
	    !read_value(g->arena, g->need, r, &v) ||
	    (r->type != DNS_MX && zone_values_have(g->out, &v)))
		return;
	g->records[g->out->n] = r;
	g->out->all[g->out->n++] = v;
}

static enum rc
gathering_end(const struct gathering *g)
{
	if (g->need->type == DNS_MX)
		rank_hosts(g->arena, g->records, g->out);
	return arena_failed(g->arena) ? RC_LIMIT : RC_OK;
}

enum rc
zone_values_expected(struct arena *a, const struct zone_need *need,
    struct zone_values *out)
{
	struct gathering g = { .arena = a, .need = need, .out = out };
	const struct zone_record *r;

	if (!gathering_init(&g, LIMIT_ZONE_VALUES))
		return RC_LIMIT;
	for (r = need->first; r != NULL; r = r->same)
		gather(&g, &r->rr, r->line);
	return gathering_end(&g);
}

enum rc
zone_values_published(struct arena *a, const struct zone_need *need,
    const struct answer *answer, struct zone_values *out)
{
	struct gathering g = { .arena = a, .need = need, .out = out };
	const struct dns_answer *d = &answer->as.dns;

	if (!gathering_init(&g, LIMIT_ZONE_VALUES))
		return RC_LIMIT;
	for (size_t i = 0; answer->seen == SEEN_ANSWERED && i < d->n_records;
	     i++)
		gather(&g, &d->records[i], 0);
	return gathering_end(&g);
}
