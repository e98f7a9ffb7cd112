#include "checks/certificate.h"
#include "checks/check.h"
#include "checks/exchange.h"

#include "base/buf.h"

/*
 * DANE for SMTP, RFC 7672: TLSA records of the MX hosts against the
 * certificates seen there.  Only what DNSSEC proves counts; a resolver that
 * does not prove it leaves the outcome unknown.
 */

enum { SMTP_PORT = 25 };

/* One MX host. */
struct host {
	const struct exchange *exchange;
	const struct answer *tlsa;
	json_t *fact;
	bool secure;
};

static struct slice
tlsa_name(struct check_run *run, struct slice host)
{
	return arena_slicef(run->arena, "_25._tcp.%.*s", SLICE_FMT(host));
}

static json_t *
records_json(const struct dns_answer *d)
{
	static const char digits[] = "0123456789abcdef";
	json_t *list = json_array();

	for (size_t i = 0; i < d->n_records; i++) {
		const struct dns_record *r = &d->records[i];
		json_t *o = json_object();
		struct buf hex;

		buf_init(&hex, 2 * r->as.tlsa.data.n + 1);
		for (size_t k = 0; k < r->as.tlsa.data.n; k++) {
			buf_add_char(&hex, digits[r->as.tlsa.data.p[k] >> 4]);
			buf_add_char(&hex, digits[r->as.tlsa.data.p[k] & 15]);
		}
		(void)json_object_set_new(o, "usage",
		    json_integer(r->as.tlsa.usage));
		(void)json_object_set_new(o, "selector",
		    json_integer(r->as.tlsa.selector));
		(void)json_object_set_new(o, "matching",
		    json_integer(r->as.tlsa.matching));
		check_fact_text(o, "data", buf_slice(&hex));
		(void)json_array_append_new(list, o);
		buf_free(&hex);
	}
	return list;
}

/* The best match of any record with the chain that one address showed. */
static enum dane_match
match_session(struct check_run *run, const struct host *h,
    const struct tls_session *tls)
{
	const struct dns_answer *d = &h->tlsa->as.dns;
	enum dane_match best = DANE_UNUSABLE;

	for (size_t i = 0; i < d->n_records; i++) {
		enum dane_match m = certificate_dane(run, tls, &d->records[i],
		    h->exchange->host);

		if (m > best)
			best = m;
	}
	return best;
}

/*
 * All addresses of the host must match: a sender meets any of them.  False:
 * nothing can be said, and a gap says why.
 */
static bool
match_host(struct check_run *run, const struct host *h, enum dane_match *out)
{
	const struct addresses *at = &h->exchange->addresses;
	bool known = at->n > 0;

	*out = DANE_MATCH;
	for (size_t i = 0; i < at->n; i++) {
		const struct answer *a = check_ask_smtp(run, h->exchange->host,
		    &at->ips[i], SMTP_PORT);
		enum dane_match m;

		if (a == NULL)
			return false;
		if (a->seen != SEEN_ANSWERED) {
			check_gap_answer(run, "hosts[]", a, h->exchange->host);
			known = false;
			continue;
		}
		m = match_session(run, h, &a->as.smtp.tls);
		if (m < *out)
			*out = m;
	}
	return known;
}

static void
judge_host(struct check_run *run, const struct host *h)
{
	enum dane_match m;
	bool known = match_host(run, h, &m);

	if (!known && m != DANE_MISMATCH)
		return;
	check_fact_bool(h->fact, "usable", m != DANE_UNUSABLE);
	check_fact_bool(h->fact, "observed_match", m == DANE_MATCH);
	if (!h->secure) {
		check_gap(run, "hosts[].matches", CAUSE_UNPROVEN,
		    arena_slicef(run->arena,
			"the TLSA records of %.*s were not proven by DNSSEC",
			SLICE_FMT(h->exchange->host)));
		return;
	}
	/* RFC 7672 2.1.1: unusable ones ask for TLS, not for a match. */
	if (m == DANE_UNUSABLE)
		return;
	check_fact_bool(h->fact, "matches", m == DANE_MATCH);
	if (m == DANE_MISMATCH)
		(void)json_array_append_new(json_object_get(run->facts,
						"mismatched"),
		    check_json(h->exchange->host));
}

/* Returns whether TLSA records are there. */
static bool
add_host(struct check_run *run, const struct exchange *e, json_t *hosts)
{
	struct slice name = tlsa_name(run, e->host);
	struct host h = { .exchange = e };

	h.tlsa = check_ask_dns(run, name, DNS_TLSA);
	if (h.tlsa == NULL || e->addresses.waiting)
		return false;
	if (!answer_known(h.tlsa)) {
		check_gap_answer(run, "published", h.tlsa, name);
		check_gap_answer(run, "hosts[]", h.tlsa, name);
		return false;
	}
	if (h.tlsa->seen == SEEN_ABSENT)
		return false;
	h.secure = h.tlsa->as.dns.authentic && e->authentic;
	h.fact = json_object();
	check_fact_text(h.fact, "host", e->host);
	(void)json_object_set_new(h.fact, "records",
	    records_json(&h.tlsa->as.dns));
	check_fact_bool(h.fact, "secure", h.secure);
	(void)json_array_append_new(hosts, h.fact);
	judge_host(run, &h);
	return true;
}

static enum rc
dane_run(struct check_run *run)
{
	struct exchanges mx = check_exchanges(run, run->subject->domain);
	json_t *hosts = json_array();
	bool published = false;

	(void)json_object_set_new(run->facts, "hosts", hosts);
	(void)json_object_set_new(run->facts, "mismatched", json_array());
	if (mx.waiting && mx.n == 0)
		return RC_OK;
	if (mx.unknown != NULL) {
		json_object_clear(run->facts);
		check_gap_answer(run, "", mx.unknown,
		    arena_slicef(run->arena, "the MX of %.*s",
			SLICE_FMT(run->subject->domain)));
		return RC_OK;
	}
	for (size_t i = 0; i < mx.n; i++)
		published = add_host(run, &mx.list[i], hosts) || published;
	if (published || json_array_size(run->gaps) == 0)
		check_fact_bool(run->facts, "published", published);
	return RC_OK;
}

static const struct fact_doc facts[] = {
	{ "published", "bool", "an MX host has TLSA records for port 25" },
	{ "hosts", "list", "the MX hosts that have TLSA records" },
	{ "hosts[].host", "text", "the host" },
	{ "hosts[].records", "list", "its TLSA records" },
	{ "hosts[].records[].usage", "number", "2 DANE-TA, 3 DANE-EE" },
	{ "hosts[].records[].selector", "number", "0 whole, 1 public key" },
	{ "hosts[].records[].matching", "number",
	    "0 itself, 1 SHA-256, 2 SHA-512" },
	{ "hosts[].records[].data", "text", "hexadecimal" },
	{ "hosts[].secure", "bool",
	    "a validating resolver on this machine proved MX and TLSA" },
	{ "hosts[].usable", "bool", "a record is of a usable kind" },
	{ "hosts[].observed_match", "bool",
	    "a record matches what was seen, proven or not" },
	{ "hosts[].matches", "bool", "the same, and proven" },
	{ "mismatched", "list", "hosts with proven records and no match" },
	{ "mismatched[]", "text", "the host" },
	{ 0 },
};

const struct check check_dane = {
	.name = "dane",
	.summary = "TLSA records of the MX hosts against their certificates",
	.standards = "RFC 6698, RFC 7671, RFC 7672",
	.facts = facts,
	.run = dane_run,
};
