#include "checks/zone/authority.h"

#include "base/domain.h"
#include "base/limits.h"
#include "checks/dkim/dkim_verify.h"

enum { RCODE_REFUSED = 5, RCODE_NOTAUTH = 9 };

struct slice
authority_text(struct arena *a, const struct authority *s)
{
	return arena_slicef(a, "%.*s (%.*s)", SLICE_FMT(s->name),
	    SLICE_FMT(ip_text(a, &s->ip)));
}

/* ---- the zone ---------------------------------------------------------- */

/* RFC 2308 2.2; a name that is an alias has its SOA elsewhere. */
static struct slice
find_zone(struct check_run *run, const struct answer **lost)
{
	struct slice name = run->subject->domain;

	while (name.n > 0) {
		const struct answer *a = check_ask_dns(run, name, DNS_SOA);

		if (a == NULL)
			return SLICE_NONE;
		if (!answer_known(a)) {
			*lost = a;
			return SLICE_NONE;
		}
		if (a->as.dns.n_chain > 0) {
			name = domain_parent(name);
			continue;
		}
		if (a->seen == SEEN_ANSWERED && a->as.dns.n_records > 0)
			return name;
		return a->as.dns.soa_owner;
	}
	return SLICE_NONE;
}

/* ---- the servers ------------------------------------------------------- */

static enum authority_state
state_of(const struct authority *s)
{
	const struct answer *a = s->soa;
	const struct dns_answer *d;

	if (a == NULL)
		return AUTHORITY_WAITING;
	d = &a->as.dns;
	if (answer_known(a))
		return a->seen == SEEN_ANSWERED && d->authoritative &&
			       d->n_records > 0
			   ? AUTHORITY_ANSWERS
			   : AUTHORITY_LAME;
	if (a->seen == SEEN_TEMPORARY &&
	    (d->referral || d->rcode == RCODE_REFUSED ||
		d->rcode == RCODE_NOTAUTH))
		return AUTHORITY_LAME;
	if (a->cause == CAUSE_NETWORK && s->ip.family == 6)
		return AUTHORITY_NO_WAY;
	return AUTHORITY_UNKNOWN;
}

static void
add_server(struct check_run *run, struct authorities *out, struct slice name,
    const struct ip *ip)
{
	struct authority *s = &out->all[out->n];

	if (out->n == LIMIT_AUTHORITIES) {
		out->cut = true;
		return;
	}
	out->n++;
	*s = (struct authority){ .name = name, .ip = *ip };
	s->soa = check_ask_server(run, out->zone, DNS_SOA, ip);
	s->state = state_of(s);
	if (s->state == AUTHORITY_ANSWERS)
		s->serial = s->soa->as.dns.records[0].as.soa.serial;
	if (s->state == AUTHORITY_UNKNOWN || s->state == AUTHORITY_NO_WAY)
		check_gap_answer(run, "servers", s->soa,
		    authority_text(run->arena, s));
}

static void
add_host(struct check_run *run, struct authorities *out, struct slice name)
{
	struct addresses a = check_ask_addresses(run, name);

	if (a.waiting)
		return;
	for (size_t i = 0; i < a.n; i++)
		add_server(run, out, name, &a.ips[i]);
	if (a.seen == SEEN_ABSENT) {
		(void)check_problem(run->facts, "problems",
		    "authoritative.no-address",
		    arena_slicef(run->arena,
			"%.*s stands among the name servers of %.*s and has no "
			"address; resolvers lose time with it: give it one, or "
			"take it out",
			SLICE_FMT(name), SLICE_FMT(out->zone)));
	} else if (a.seen != SEEN_ANSWERED) {
		out->missing = true;
		check_gap(run, "servers", a.cause,
		    arena_slicef(run->arena, "%.*s A and AAAA",
			SLICE_FMT(name)));
	}
}

enum rc
authorities_find(struct check_run *run, struct authorities *out)
{
	const struct answer *ns;

	*out = (struct authorities){ 0 };
	out->all =
	    arena_new_of(run->arena, struct authority, LIMIT_AUTHORITIES + 1);
	if (out->all == NULL)
		return RC_LIMIT;
	out->zone = find_zone(run, &out->lost);
	if (out->zone.n == 0)
		return RC_OK;
	ns = check_ask_dns(run, out->zone, DNS_NS);
	if (ns == NULL)
		return RC_OK;
	if (!answer_known(ns)) {
		out->missing = true;
		check_gap_answer(run, "servers", ns,
		    arena_slicef(run->arena, "%.*s NS", SLICE_FMT(out->zone)));
	}
	for (size_t i = 0;
	     ns->seen == SEEN_ANSWERED && i < ns->as.dns.n_records && !out->cut;
	     i++)
		add_host(run, out, ns->as.dns.records[i].as.name);
	return arena_failed(run->arena) ? RC_LIMIT : RC_OK;
}

/* ---- what they are asked for ------------------------------------------- */

struct finder {
	struct check_run *run;
	struct slice zone;
	struct authority_needs *out;
};

static void
need(struct finder *f, struct slice name, uint16_t type)
{
	struct authority_needs *out = f->out;

	if (name.n == 0 || !domain_is_under(name, f->zone))
		return;
	for (size_t i = 0; i < out->n; i++)
		if (out->all[i].type == type &&
		    slice_eq(out->all[i].name, name))
			return;
	if (out->n == LIMIT_AUTHORITY_NEEDS)
		out->cut = true;
	else
		out->all[out->n++] = (struct authority_need){ name, type };
}

static void
need_at(struct finder *f, const char *label, struct slice domain)
{
	need(f,
	    arena_slicef(f->run->arena, "%s.%.*s", label, SLICE_FMT(domain)),
	    DNS_TXT);
}

static enum rc
need_keys(struct finder *f)
{
	const struct subject *s = f->run->subject;
	const struct dkim_verdicts *verdicts;
	struct slice selector;
	enum rc rc = dkim_verify(f->run, &verdicts);
	size_t i;

	for (i = 0; rc == RC_OK && verdicts != NULL && i < verdicts->n; i++)
		need(f, verdicts->all[i].name, DNS_TXT);
	for (i = 0; rc == RC_OK && i < s->n_selectors; i++)
		if (domain_canonical(f->run->arena, s->selectors[i],
			&selector) == DOMAIN_FINE)
			need(f,
			    arena_slicef(f->run->arena, "%.*s._domainkey.%.*s",
				SLICE_FMT(selector), SLICE_FMT(s->domain)),
			    DNS_TXT);
	return rc;
}

enum rc
authority_needs_find(struct check_run *run, struct slice zone,
    struct authority_needs *out)
{
	struct finder f = { run, zone, out };
	struct slice domain = run->subject->domain;
	enum rc rc;

	*out = (struct authority_needs){ 0 };
	out->all = arena_new_of(run->arena, struct authority_need,
	    LIMIT_AUTHORITY_NEEDS);
	if (out->all == NULL)
		return RC_LIMIT;
	need(&f, domain, DNS_TXT);
	need(&f, run->subject->mail_from_domain, DNS_TXT);
	rc = need_keys(&f);
	need_at(&f, "_dmarc", domain);
	need_at(&f, "_dmarc", zone);
	need(&f, domain, DNS_MX);
	need_at(&f, "_mta-sts", domain);
	need_at(&f, "_smtp._tls", domain);
	if (rc)
		return rc;
	return arena_failed(run->arena) ? RC_LIMIT : RC_OK;
}
