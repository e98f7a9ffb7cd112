#include "checks/certificate.h"
#include "checks/check.h"
#include "checks/exchange.h"

#include "base/buf.h"

/*
 * DANE for SMTP, RFC 7672: TLSA records of the MX hosts against the
 * certificates seen there.  Only what DNSSEC proves counts; a resolver that
 * does not prove it leaves the outcome unknown.
 */

enum { SMTP_PORT = 25, SHA512_OCTETS = 64 };

/* One MX host. */
struct host {
	const struct exchange *exchange;
	struct slice base; /* RFC 7672 2.2.3: the TLSA base domain */
	const struct answer *tlsa;
	json_t *fact;
};

/* What all of its addresses together come to. */
struct outcome {
	bool known;     /* every address was seen */
	bool encrypted; /* of those that were: TLS came about */
	enum dane_match match;
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

/* ---- what the addresses show ------------------------------------------- */

/*
 * RFC 7671 9: where the same is given in two digests, the stronger one alone
 * counts.
 */
static bool
is_outdone(const struct dns_answer *d, const struct dns_record *r)
{
	for (size_t i = 0; r->as.tlsa.matching == 1 && i < d->n_records; i++) {
		const struct dns_record *other = &d->records[i];

		if (other->as.tlsa.usage == r->as.tlsa.usage &&
		    other->as.tlsa.selector == r->as.tlsa.selector &&
		    other->as.tlsa.matching == 2 &&
		    other->as.tlsa.data.n == SHA512_OCTETS)
			return true;
	}
	return false;
}

/* The best match of any record with the chain that one address showed. */
static enum dane_match
match_session(struct check_run *run, const struct host *h,
    const struct tls_session *tls)
{
	const struct dns_answer *d = &h->tlsa->as.dns;
	enum dane_match best = DANE_UNUSABLE;

	for (size_t i = 0; i < d->n_records; i++) {
		enum dane_match m =
		    certificate_dane(run, tls, &d->records[i], h->base);

		if (m == DANE_MATCH && is_outdone(d, &d->records[i]))
			m = DANE_MISMATCH;
		if (m > best)
			best = m;
	}
	return best;
}

/* RFC 3207 4: 454 is for now; anything else that keeps TLS away is not. */
static bool
is_for_now(const struct smtp_answer *s)
{
	return s->starttls_code >= 400 && s->starttls_code < 500;
}

static void
gap_address(struct check_run *run, const struct host *h, size_t i,
    const struct answer *a)
{
	char address[IP_TEXT_MAX];
	struct slice what;

	ip_format(&h->exchange->addresses.ips[i], address);
	what = arena_slicef(run->arena, "SMTP with %.*s (%s) port 25",
	    SLICE_FMT(h->exchange->host), address);
	if (a->seen != SEEN_ANSWERED)
		check_gap_answer(run, "hosts[]", a, what);
	else
		check_gap(run, "hosts[]", CAUSE_DEFERRED,
		    arena_slicef(run->arena, "%.*s: %u to STARTTLS",
			SLICE_FMT(what), a->as.smtp.starttls_code));
}

static void
match_address(struct check_run *run, const struct host *h, size_t i,
    struct outcome *out)
{
	const struct answer *a = check_ask_smtp(run, h->exchange->host,
	    &h->exchange->addresses.ips[i], SMTP_PORT);
	const struct tls_session *tls;
	enum dane_match m;

	if (a == NULL) {
		out->known = false;
		return;
	}
	if (a->seen != SEEN_ANSWERED || is_for_now(&a->as.smtp)) {
		gap_address(run, h, i, a);
		out->known = false;
		return;
	}
	tls = &a->as.smtp.tls;
	if (tls->version.n == 0 || tls->error.n > 0)
		out->encrypted = false;
	m = match_session(run, h, tls);
	if (m < out->match)
		out->match = m;
}

/* All addresses of the host must match: a sender meets any of them. */
static struct outcome
match_host(struct check_run *run, const struct host *h)
{
	const struct addresses *at = &h->exchange->addresses;
	struct outcome out = { true, true, DANE_MATCH };

	for (size_t i = 0; i < at->n; i++)
		match_address(run, h, i, &out);
	if (at->seen != SEEN_ANSWERED) {
		struct answer lost = { .seen = at->seen,
			.cause = at->cause,
			.detail = at->detail };

		check_gap_answer(run, "hosts[]", &lost,
		    arena_slicef(run->arena, "the addresses of %.*s",
			SLICE_FMT(h->exchange->host)));
		out.known = false;
	}
	if (at->cut) {
		check_gap(run, "hosts[]", CAUSE_LIMIT,
		    arena_slicef(run->arena,
			"%.*s has more addresses than are looked at",
			SLICE_FMT(h->exchange->host)));
		out.known = false;
	}
	return out;
}

/* ---- what it means ----------------------------------------------------- */

/* Whether it is settled; then *secure says how. */
static bool
is_secure(const struct host *h, bool *secure)
{
	const struct addresses *at = &h->exchange->addresses;

	*secure = h->exchange->authentic && h->tlsa->as.dns.authentic &&
		  at->authentic;
	return !*secure || at->seen == SEEN_ANSWERED || at->seen == SEEN_ABSENT;
}

static void
put_proven(struct check_run *run, const struct host *h, bool known,
    bool delivers)
{
	bool secure;

	if (!is_secure(h, &secure)) /* the gap is that of the addresses */
		return;
	check_fact_bool(h->fact, "secure", secure);
	if (!secure) {
		check_gap(run, "hosts[].matches", CAUSE_UNPROVEN,
		    arena_slicef(run->arena,
			"DNSSEC did not prove the MX, the addresses and the "
			"TLSA records of %.*s",
			SLICE_FMT(h->exchange->host)));
		return;
	}
	if (!known)
		return;
	check_fact_bool(h->fact, "matches", delivers);
	if (!delivers)
		(void)json_array_append_new(json_object_get(run->facts,
						"mismatched"),
		    check_json(h->exchange->host));
}

/*
 * RFC 7672 2.2: with records that are all unusable, a sender asks for TLS but
 * for no match.  One address that fails settles it, whatever the others do.
 */
static void
judge_addresses(struct check_run *run, const struct host *h, bool usable)
{
	struct outcome o = match_host(run, h);
	bool match = o.match == DANE_MATCH;
	bool delivers = usable ? match && o.encrypted : o.encrypted;

	if (o.known || !o.encrypted)
		check_fact_bool(h->fact, "encrypted", o.encrypted);
	if (!usable)
		check_fact_null(h->fact, "observed_match");
	else if (o.known || !match)
		check_fact_bool(h->fact, "observed_match", match);
	put_proven(run, h, o.known || !delivers, delivers);
}

static void
judge_host(struct check_run *run, const struct host *h)
{
	static const struct tls_session none = { 0 };
	bool usable = match_session(run, h, &none) != DANE_UNUSABLE, secure;

	check_fact_bool(h->fact, "usable", usable);
	if (h->exchange->addresses.seen != SEEN_ABSENT) {
		judge_addresses(run, h, usable);
		return;
	}
	/* Nobody connects to it. */
	(void)is_secure(h, &secure);
	check_fact_bool(h->fact, "secure", secure);
	check_fact_null(h->fact, "encrypted");
	check_fact_null(h->fact, "observed_match");
	check_fact_null(h->fact, "matches");
}

/* RFC 7672 2.2.3: at the end of the aliases first, then at the name itself. */
static struct slice
find_tlsa(struct check_run *run, struct host *h)
{
	const struct exchange *e = h->exchange;
	struct slice name = tlsa_name(run, e->host);
	const struct answer *own = check_ask_dns(run, name, DNS_TLSA);
	struct slice target = e->addresses.target;

	h->base = e->host;
	h->tlsa = own;
	if (target.n == 0)
		return name;
	h->tlsa = check_ask_dns(run, tlsa_name(run, target), DNS_TLSA);
	if (h->tlsa != NULL && h->tlsa->seen == SEEN_ABSENT) {
		h->tlsa = own;
		return name;
	}
	h->base = target;
	return tlsa_name(run, target);
}

static json_t *
host_fact(const struct exchange *e, json_t *hosts)
{
	json_t *o = json_object();

	check_fact_text(o, "host", e->host);
	(void)json_array_append_new(hosts, o);
	return o;
}

/* Returns whether TLSA records are there. */
static bool
add_host(struct check_run *run, const struct exchange *e, json_t *hosts)
{
	struct host h = { .exchange = e };
	struct slice name = find_tlsa(run, &h);

	if (h.tlsa == NULL || e->addresses.waiting ||
	    h.tlsa->seen == SEEN_ABSENT)
		return false;
	h.fact = host_fact(e, hosts);
	if (!answer_known(h.tlsa)) {
		check_gap_answer(run, "published", h.tlsa, name);
		check_gap_answer(run, "hosts[]", h.tlsa, name);
		return false;
	}
	(void)json_object_set_new(h.fact, "records",
	    records_json(&h.tlsa->as.dns));
	judge_host(run, &h);
	return true;
}

static enum rc
dane_run(struct check_run *run)
{
	struct exchanges mx = check_exchanges(run, run->subject->domain);
	json_t *hosts = json_array();
	bool published = false;

	if (mx.unknown != NULL) {
		json_decref(hosts);
		check_gap_answer(run, "", mx.unknown,
		    arena_slicef(run->arena, "the MX of %.*s",
			SLICE_FMT(run->subject->domain)));
		return arena_failed(run->arena) ? RC_LIMIT : RC_OK;
	}
	(void)json_object_set_new(run->facts, "hosts", hosts);
	(void)json_object_set_new(run->facts, "mismatched", json_array());
	for (size_t i = 0; i < mx.n; i++)
		published = add_host(run, &mx.list[i], hosts) || published;
	if (mx.cut) {
		check_gap(run, "published", CAUSE_LIMIT,
		    SLICE_LIT("there are more MX hosts than are looked at"));
		check_gap(run, "hosts", CAUSE_LIMIT,
		    SLICE_LIT("there are more MX hosts than are looked at"));
	}
	if (published || json_array_size(run->gaps) == 0)
		check_fact_bool(run->facts, "published", published);
	return arena_failed(run->arena) ? RC_LIMIT : RC_OK;
}

static const struct fact_doc facts[] = {
	{ "published", "bool", "an MX host has TLSA records for port 25" },
	{ "hosts", "list", "the MX hosts that have TLSA records, or may" },
	{ "hosts[].host", "text", "the host" },
	{ "hosts[].records", "list", "its TLSA records" },
	{ "hosts[].records[].usage", "number", "2 DANE-TA, 3 DANE-EE" },
	{ "hosts[].records[].selector", "number", "0 whole, 1 public key" },
	{ "hosts[].records[].matching", "number",
	    "0 itself, 1 SHA-256, 2 SHA-512" },
	{ "hosts[].records[].data", "text", "hexadecimal" },
	{ "hosts[].secure", "bool",
	    "a validating resolver on this machine proved MX, addresses "
	    "and TLSA" },
	{ "hosts[].usable", "bool", "a record is of a usable kind" },
	{ "hosts[].encrypted", "bool",
	    "TLS came about at every address; null: it has none" },
	{ "hosts[].observed_match", "bool",
	    "a record matches what was seen at every address, proven or not; "
	    "null: none is usable, or no address" },
	{ "hosts[].matches", "bool",
	    "proven, and senders that follow DANE deliver: a record matches, "
	    "or TLS comes about and none is usable; null: it has no address" },
	{ "mismatched", "list", "hosts where matches is false" },
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
