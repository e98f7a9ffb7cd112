#include "checks/zone/zone_needs.h"

#include "base/domain.h"
#include "base/limits.h"

static const struct {
	const char *name;
	const char *title;
	const char *version; /* what its text begins with; NULL: anything */
} kinds[] = {
	[ZONE_DKIM] = { "dkim", "DKIM key", NULL },
	[ZONE_SPF] = { "spf", "SPF record", "v=spf1" },
	[ZONE_DMARC] = { "dmarc", "DMARC record", "v=DMARC1" },
	[ZONE_MX] = { "mx", "mail host", NULL },
	[ZONE_HOST] = { "host", "address of a mail host", NULL },
	[ZONE_MTA_STS] = { "mta-sts", "MTA-STS record", "v=STSv1" },
	[ZONE_TLS_RPT] = { "tls-rpt", "TLS reporting record", "v=TLSRPTv1" },
	[ZONE_BIMI] = { "bimi", "BIMI record", "v=BIMI1" },
};

const char *
zone_kind_name(enum zone_kind k)
{
	return kinds[k].name;
}

const char *
zone_kind_title(enum zone_kind k)
{
	return kinds[k].title;
}

bool
zone_kind_takes(enum zone_kind k, struct slice text)
{
	struct slice version = slice_str(kinds[k].version);

	text = slice_trim(text);
	if (version.p == NULL)
		return text.n > 0;
	return slice_starts_nocase(text, version) &&
	       (text.n == version.n || text.p[version.n] == ';' ||
		   ascii_is_space(text.p[version.n]));
}

/* ---- names that say what they are for ---------------------------------- */

/* The labels that stand before the domain that a record is of. */
static const struct {
	struct slice label;
	bool below; /* one more label stands before it */
	enum zone_kind kind;
} places[] = {
	{ { (const unsigned char *)"_domainkey.", 11 }, true, ZONE_DKIM },
	{ { (const unsigned char *)"_dmarc.", 7 }, false, ZONE_DMARC },
	{ { (const unsigned char *)"_mta-sts.", 9 }, false, ZONE_MTA_STS },
	{ { (const unsigned char *)"mta-sts.", 8 }, false, ZONE_MTA_STS },
	{ { (const unsigned char *)"_smtp._tls.", 11 }, false, ZONE_TLS_RPT },
	{ { (const unsigned char *)"_bimi.", 6 }, true, ZONE_BIMI },
};

enum { N_PLACES = sizeof(places) / sizeof(places[0]) };

/* Where the label begins, behind at least one other; or SIZE_MAX. */
static size_t
find_label(struct slice owner, struct slice label)
{
	size_t at = 0, found;

	while ((found = slice_find(slice_from(owner, at), label)) != SIZE_MAX) {
		at += found;
		if (at > 1 && owner.p[at - 1] == '.')
			return at;
		at++;
	}
	return SIZE_MAX;
}

/* What the name is for, and the domain that it serves. */
static bool
place_of(struct slice owner, enum zone_kind *kind, struct slice *domain)
{
	for (size_t i = 0; i < N_PLACES; i++) {
		struct slice label = places[i].label;
		size_t at = SIZE_MAX;

		if (places[i].below)
			at = find_label(owner, label);
		else if (slice_starts(owner, label))
			at = 0;
		if (at == SIZE_MAX)
			continue;
		*kind = places[i].kind;
		*domain = slice_from(owner, at + label.n);
		return true;
	}
	return false;
}

struct slice
zone_selector(struct slice owner, struct slice domain)
{
	struct slice label = SLICE_LIT("_domainkey."), rest;
	size_t at = find_label(owner, label);

	if (at == SIZE_MAX)
		return SLICE_NONE;
	rest = slice_from(owner, at + label.n);
	return slice_eq(rest, domain) ? slice_sub(owner, 0, at - 1)
				      : SLICE_NONE;
}

/* ---- which are the subject's ------------------------------------------- */

struct finder {
	struct check_run *run;
	const struct zone_file *zone;
	struct zone_need *all;
	struct zone_needs *out;
	struct slice helo; /* canonical; or nothing */
};

static void
need(struct finder *f, enum zone_kind kind, const struct zone_record *r)
{
	size_t n = f->out->n;

	for (size_t i = 0; i < n; i++)
		if (f->all[i].type == r->rr.type && f->all[i].kind == kind &&
		    slice_eq(f->all[i].owner, r->rr.owner))
			return;
	if (n == LIMIT_ZONE_NEEDS) {
		f->out->cut = true;
		return;
	}
	f->all[n] = (struct zone_need){ .kind = kind,
		.owner = r->rr.owner,
		.type = r->rr.type,
		.first = zone_file_find(f->zone, r->rr.owner) };
	f->out->n++;
}

/* The domain's own, or one that its mail comes from. */
static bool
is_own(const struct finder *f, struct slice domain)
{
	const struct subject *s = f->run->subject;

	return domain_is_under(domain, s->domain) ||
	       (s->mail_from_domain.n > 0 &&
		   slice_eq(domain, s->mail_from_domain));
}

/* Keys and policies may be those of a parent domain. */
static bool
is_inherited(const struct finder *f, enum zone_kind kind, struct slice domain)
{
	return (kind == ZONE_DKIM || kind == ZONE_DMARC || kind == ZONE_BIMI) &&
	       domain_is_under(f->run->subject->domain, domain);
}

static bool
is_sending(const struct finder *f, const struct zone_record *r)
{
	const struct subject *s = f->run->subject;

	if (f->helo.n > 0 && slice_eq(r->rr.owner, f->helo))
		return true;
	for (size_t i = 0; r->rr.type != DNS_CNAME && i < s->n_ips; i++)
		if (ip_eq(&r->rr.as.address, &s->ips[i]))
			return true;
	return false;
}

/* The hosts that MX records lead to, as far as they are in the zone. */
static void
need_hosts(struct finder *f, struct slice host)
{
	const struct zone_record *r = zone_file_find(f->zone, host);

	for (; r != NULL; r = r->same)
		if (r->rr.type == DNS_A || r->rr.type == DNS_AAAA ||
		    r->rr.type == DNS_CNAME)
			need(f, ZONE_HOST, r);
}

static void
look_at_text(struct finder *f, const struct zone_record *r)
{
	/* What it is stands in the first: the rest need not be joined. */
	struct slice text = r->rr.as.text.strings[0], domain;
	enum zone_kind kind;

	if (place_of(r->rr.owner, &kind, &domain)) {
		if (zone_kind_takes(kind, text) &&
		    (is_own(f, domain) || is_inherited(f, kind, domain)))
			need(f, kind, r);
	} else if (zone_kind_takes(ZONE_SPF, text) && is_own(f, r->rr.owner)) {
		need(f, ZONE_SPF, r);
	}
}

static void
look_at_alias(struct finder *f, const struct zone_record *r)
{
	struct slice domain;
	enum zone_kind kind;

	if (!place_of(r->rr.owner, &kind, &domain)) {
		if (is_sending(f, r))
			need(f, ZONE_HOST, r);
	} else if (is_own(f, domain) || is_inherited(f, kind, domain)) {
		need(f, kind, r);
	}
}

static void
look_at_address(struct finder *f, const struct zone_record *r)
{
	struct slice domain;
	enum zone_kind kind;

	if (is_sending(f, r))
		need(f, ZONE_HOST, r);
	else if (place_of(r->rr.owner, &kind, &domain) &&
		 kind == ZONE_MTA_STS && is_own(f, domain))
		need(f, ZONE_MTA_STS, r);
}

static void
look_at(struct finder *f, const struct zone_record *r)
{
	switch (r->rr.type) {
	case DNS_TXT:
		look_at_text(f, r);
		return;
	case DNS_CNAME:
		look_at_alias(f, r);
		return;
	case DNS_A:
	case DNS_AAAA:
		look_at_address(f, r);
		return;
	case DNS_MX:
		if (!is_own(f, r->rr.owner))
			return;
		need(f, ZONE_MX, r);
		need_hosts(f, r->rr.as.mx.host);
		return;
	default:
		return;
	}
}

enum rc
zone_needs_find(struct check_run *run, const struct zone_file *z,
    struct zone_needs *out)
{
	struct finder f = { .run = run, .zone = z, .out = out };
	const struct zone_record *r;
	struct slice helo;

	*out = (struct zone_needs){ 0 };
	f.all = arena_new_of(run->arena, struct zone_need, LIMIT_ZONE_NEEDS);
	if (f.all == NULL)
		return RC_LIMIT;
	out->all = f.all;
	if (run->subject->helo.n > 0 &&
	    domain_canonical(run->arena, run->subject->helo, &helo) ==
		DOMAIN_FINE)
		f.helo = helo;
	for (r = z->first; r != NULL; r = r->next)
		look_at(&f, r);
	return arena_failed(run->arena) ? RC_LIMIT : RC_OK;
}
