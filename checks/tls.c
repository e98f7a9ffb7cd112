#include "checks/certificate.h"
#include "checks/check.h"
#include "checks/exchange.h"

#include "base/cursor.h"
#include "base/domain.h"
#include "base/limits.h"
#include "message/trace.h"

/*
 * Encryption in transit.  Two things that must not be mixed: whether the
 * sample's last hop was encrypted, which is what a receiver of bulk mail asks
 * for; and how the domain's own hosts offer STARTTLS (RFC 3207), which is about
 * the mail they receive.
 */

enum { SMTP_PORT = 25 };

/* One host at one address. */
struct target {
	struct slice host;
	const struct ip *ip;
	const char *role; /* "mx" or "sender" */
};

/* Lists of "host (address)" for texts, among the hosts that were seen. */
static const char *const lists[] = { "without_starttls", "injectable",
	"untrusted", "expired", "mismatched", "old_version", "weak",
	"failed_handshake" };

static void
list_add(struct check_run *run, const char *list, const struct target *t)
{
	char address[IP_TEXT_MAX];

	ip_format(t->ip, address);
	(void)json_array_append_new(json_object_get(run->facts, list),
	    check_json(t->host.n > 0 ? arena_slicef(run->arena, "%.*s (%s)",
					   SLICE_FMT(t->host), address)
				     : slice_str(address)));
}

enum age { AGE_NOT_TOLD, AGE_OLD, AGE_CURRENT };

/*
 * RFC 8996: TLS 1.0 and 1.1 are not to be used.  As OpenSSL writes it, and
 * receivers in Received:
 *
 *  version = "SSL" *OCTET / "TLS" ["v"] "1" [("." / "_") DIGIT]
 */
static enum age
version_age(struct slice version)
{
	struct cursor c = cursor_of(version);
	int minor;

	if (slice_starts(version, SLICE_LIT("SSL")))
		return AGE_OLD;
	if (!slice_eq(cursor_bytes(&c, 3), SLICE_LIT("TLS")))
		return AGE_NOT_TOLD;
	(void)cursor_skip(&c, 'v');
	if (!cursor_skip(&c, '1'))
		return AGE_NOT_TOLD;
	if (cursor_done(&c))
		return AGE_OLD;
	if (!cursor_skip(&c, '.') && !cursor_skip(&c, '_'))
		return AGE_NOT_TOLD;
	minor = cursor_peek(&c);
	if (cursor_left(&c) != 1 || minor < '0' || minor > '9')
		return AGE_NOT_TOLD;
	return minor < '2' ? AGE_OLD : AGE_CURRENT;
}

/* ---- one host ---------------------------------------------------------- */

/* What a session would have told. */
static const char *const of_session[] = { "version", "cipher", "cipher_bits",
	"certificate", "weak" };

static void
no_session(json_t *o)
{
	for (size_t i = 0; i < sizeof(of_session) / sizeof(of_session[0]); i++)
		check_fact_null(o, of_session[i]);
}

static void
list_certificate(struct check_run *run, const struct target *t,
    const struct certificate *c)
{
	if (c->expired || c->not_yet_valid)
		list_add(run, "expired", t);
	if (c->trust_known && !c->trusted)
		list_add(run, "untrusted", t);
	if (t->host.n > 0 && !c->matches_host)
		list_add(run, "mismatched", t);
	if (c->weak)
		list_add(run, "weak", t);
}

static enum rc
add_certificate(struct check_run *run, const struct target *t,
    const struct tls_session *tls, json_t *o)
{
	struct certificate c;
	enum rc rc = certificate_read(run, tls, t->host, &c);
	json_t *fact;

	if (rc)
		return rc;
	if (!c.readable) {
		check_fact_null(o, "certificate");
		check_fact_null(o, "weak");
		return RC_OK;
	}
	fact = certificate_json(&c);
	(void)json_object_set_new(o, "certificate", fact);
	check_fact_bool(o, "weak", c.weak);
	list_certificate(run, t, &c);
	if (!c.trust_known)
		check_gap(run, "hosts[].certificate.trusted", CAUSE_OFFLINE,
		    SLICE_LIT("no trust anchors could be read"));
	if (t->host.n > 0)
		return RC_OK;
	(void)json_object_del(fact, "matches_host");
	check_gap(run, "hosts[].certificate.matches_host", CAUSE_NEEDS_HELO,
	    SLICE_LIT("the name of the sending host"));
	return RC_OK;
}

static struct slice
target_text(struct check_run *run, const struct target *t)
{
	char address[IP_TEXT_MAX];

	ip_format(t->ip, address);
	return arena_slicef(run->arena, "SMTP with %.*s%s%s%s port 25",
	    SLICE_FMT(t->host), t->host.n > 0 ? " (" : "", address,
	    t->host.n > 0 ? ")" : "");
}

/* RFC 3207 4: 454 is for now, so what there is else is not known. */
static void
gap_session(struct check_run *run, const struct target *t, uint16_t code)
{
	static const char *const lost[] = { "hosts[].version", "hosts[].cipher",
		"hosts[].cipher_bits", "hosts[].certificate", "hosts[].weak",
		"hosts[].handshake_error", "hosts[].injection" };
	struct slice detail = arena_slicef(run->arena, "%.*s: %u to STARTTLS",
	    SLICE_FMT(target_text(run, t)), code);

	for (size_t i = 0; i < sizeof(lost) / sizeof(lost[0]); i++)
		check_gap(run, lost[i], CAUSE_DEFERRED, detail);
}

static void
add_failure(struct check_run *run, const struct target *t,
    const struct smtp_answer *s, json_t *o)
{
	list_add(run, "failed_handshake", t);
	no_session(o);
	if (s->tls.error.n > 0)
		check_fact_text(o, "handshake_error", s->tls.error);
	else
		check_fact_text(o, "handshake_error",
		    arena_slicef(run->arena, "the reply to STARTTLS was %u",
			s->starttls_code));
}

static enum rc
add_session(struct check_run *run, const struct target *t,
    const struct smtp_answer *s, json_t *o)
{
	check_fact_bool(o, "starttls", s->starttls_offered);
	if (!s->starttls_offered) {
		list_add(run, "without_starttls", t);
		no_session(o);
		check_fact_null(o, "handshake_error");
		check_fact_null(o, "injection");
		return RC_OK;
	}
	if (s->starttls_code / 100 == 4) {
		gap_session(run, t, s->starttls_code);
		return RC_OK;
	}
	/* RFC 3207 6: what stands between 220 and TLS may be an attacker's. */
	check_fact_bool(o, "injection", s->injection);
	if (s->injection)
		list_add(run, "injectable", t);
	/* In TLS 1.3 a server's refusal comes after the version. */
	if (s->tls.version.n == 0 || s->tls.error.n > 0) {
		add_failure(run, t, s, o);
		return RC_OK;
	}
	check_fact_text(o, "version", s->tls.version);
	check_fact_text(o, "cipher", s->tls.cipher);
	(void)json_object_set_new(o, "cipher_bits",
	    json_integer(s->tls.cipher_bits));
	check_fact_null(o, "handshake_error");
	if (version_age(s->tls.version) == AGE_OLD)
		list_add(run, "old_version", t);
	return add_certificate(run, t, &s->tls, o);
}

/* A sending host need not listen. */
static void
add_silent_sender(json_t *o)
{
	check_fact_bool(o, "listening", false);
	check_fact_null(o, "starttls");
	check_fact_null(o, "injection");
	check_fact_null(o, "handshake_error");
	no_session(o);
}

static enum rc
add_target(struct check_run *run, const struct target *t, json_t *hosts)
{
	const struct answer *a = check_ask_smtp(run, t->host, t->ip, SMTP_PORT);
	bool sender = strcmp(t->role, "sender") == 0;
	char address[IP_TEXT_MAX];
	json_t *o;

	if (a == NULL)
		return RC_OK;
	o = json_object();
	ip_format(t->ip, address);
	if (t->host.n > 0)
		check_fact_text(o, "host", t->host);
	else
		check_fact_null(o, "host");
	(void)json_object_set_new(o, "address", json_string(address));
	(void)json_object_set_new(o, "role", json_string(t->role));
	(void)json_array_append_new(hosts, o);
	if (a->seen == SEEN_ANSWERED) {
		check_fact_bool(o, "listening", true);
		return add_session(run, t, &a->as.smtp, o);
	}
	if (sender && a->cause == CAUSE_REFUSED)
		add_silent_sender(o);
	else
		check_gap_answer(run, "hosts[]", a, target_text(run, t));
	return RC_OK;
}

/* ---- the domain's MX --------------------------------------------------- */

static void
gap_addresses(struct check_run *run, const struct exchange *e, json_t *hosts)
{
	struct answer lost = { .seen = e->addresses.seen,
		.cause = e->addresses.cause,
		.detail = e->addresses.detail };
	json_t *o = json_object();

	/* The host is there, what it offers is not known. */
	check_fact_text(o, "host", e->host);
	(void)json_object_set_new(o, "role", json_string("mx"));
	(void)json_array_append_new(hosts, o);
	check_gap_answer(run, "hosts[]", &lost,
	    arena_slicef(run->arena, "the addresses of %.*s",
		SLICE_FMT(e->host)));
}

/* Stands for what is not known of the hosts, so that "all" is not, either. */
static void
add_unknown(json_t *hosts)
{
	json_t *o = json_object();

	(void)json_object_set_new(o, "role", json_string("mx"));
	(void)json_array_append_new(hosts, o);
}

static enum rc
add_exchange(struct check_run *run, const struct exchange *e, json_t *hosts)
{
	const struct addresses *at = &e->addresses;
	enum rc rc = RC_OK;

	if (at->seen != SEEN_ABSENT && at->seen != SEEN_ANSWERED &&
	    !at->waiting)
		gap_addresses(run, e, hosts);
	if (at->cut) {
		add_unknown(hosts);
		check_gap(run, "hosts[]", CAUSE_LIMIT,
		    arena_slicef(run->arena,
			"%.*s has more addresses than are looked at",
			SLICE_FMT(e->host)));
	}
	for (size_t i = 0; rc == RC_OK && i < at->n; i++) {
		struct target t = { e->host, &at->ips[i], "mx" };

		rc = add_target(run, &t, hosts);
	}
	return rc;
}

static enum rc
add_exchanges(struct check_run *run, json_t *hosts)
{
	struct exchanges mx = check_exchanges(run, run->subject->domain);
	enum rc rc = RC_OK;

	if (mx.unknown != NULL) {
		add_unknown(hosts);
		check_gap_answer(run, "hosts", mx.unknown,
		    arena_slicef(run->arena, "the MX of %.*s",
			SLICE_FMT(run->subject->domain)));
	}
	for (size_t i = 0; rc == RC_OK && i < mx.n; i++)
		rc = add_exchange(run, &mx.list[i], hosts);
	if (mx.cut) {
		add_unknown(hosts);
		check_gap(run, "hosts[]", CAUSE_LIMIT,
		    SLICE_LIT("there are more MX hosts than are looked at"));
	}
	return rc;
}

static enum rc
add_senders(struct check_run *run, json_t *hosts)
{
	const struct subject *s = run->subject;
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && s->ips_named && i < s->n_ips; i++) {
		struct target t = { SLICE_LIT(""), &s->ips[i], "sender" };
		struct slice name;

		if (s->helo.n > 0 &&
		    domain_canonical(run->arena, s->helo, &name) == DOMAIN_FINE)
			t.host = name;
		rc = add_target(run, &t, hosts);
	}
	return rc;
}

/* ---- the sample's last hop --------------------------------------------- */

static void
noted(json_t *o, const char *key, struct slice s)
{
	if (s.n > 0)
		check_fact_text(o, key, s);
	else
		check_fact_null(o, key);
}

static void
put_message_tls(struct check_run *run, const struct received *r)
{
	json_t *o = json_object();

	noted(o, "version", r->tls_version);
	noted(o, "cipher", r->tls_cipher);
	noted(o, "by", r->by);
	noted(o, "with", r->with);
	if (version_age(r->tls_version) == AGE_NOT_TOLD)
		check_fact_null(o, "old");
	else
		check_fact_bool(o, "old",
		    version_age(r->tls_version) == AGE_OLD);
	(void)json_object_set_new(run->facts, "message_tls", o);
}

static void
gap_message(struct check_run *run, struct slice detail)
{
	check_gap(run, "message_over_tls", CAUSE_NEEDS_MESSAGE, detail);
	check_gap(run, "message_tls", CAUSE_NEEDS_MESSAGE, detail);
}

static enum rc
add_message(struct check_run *run)
{
	struct last_hop hop = { 0 };
	enum rc rc;

	if (run->subject->message == NULL) {
		gap_message(run,
		    SLICE_LIT("whether mail is sent over TLS shows in the "
			      "Received field of a message that arrived"));
		return RC_OK;
	}
	rc = last_hop_find(run->arena, run->subject->message, &hop);
	if (rc)
		return rc;
	if (!hop.found || !hop.hop.tls_known) {
		gap_message(run,
		    hop.found
			? SLICE_LIT("the receiver's Received field does not "
				    "say whether the hop was encrypted")
			: SLICE_LIT("the sample has no Received field of a "
				    "receiving provider"));
		return RC_OK;
	}
	check_fact_bool(run->facts, "message_over_tls", hop.hop.over_tls);
	put_message_tls(run, &hop.hop);
	return RC_OK;
}

static enum rc
tls_run(struct check_run *run)
{
	json_t *hosts = json_array();
	enum rc rc;

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		(void)json_object_set_new(run->facts, lists[i], json_array());
	(void)json_object_set_new(run->facts, "hosts", hosts);
	rc = add_exchanges(run, hosts);
	if (rc == RC_OK)
		rc = add_senders(run, hosts);
	if (rc == RC_OK)
		rc = add_message(run);
	if (rc)
		return rc;
	return arena_failed(run->arena) ? RC_LIMIT : RC_OK;
}

static const struct fact_doc facts[] = {
	{ "hosts", "list", "every MX at every address; with --ip the senders" },
	{ "hosts[].host", "text", "the host's name; null: none is known" },
	{ "hosts[].address", "text", "the address that was connected to" },
	{ "hosts[].role", "mx|sender", "mx, or sender for an address of --ip" },
	{ "hosts[].listening", "bool", "it talks SMTP on port 25" },
	{ "hosts[].starttls", "bool",
	    "it offers STARTTLS (RFC 3207); null: it does not listen" },
	{ "hosts[].injection", "bool",
	    "octets in clear text followed its go-ahead for STARTTLS; null: it "
	    "offers none" },
	{ "hosts[].version", "text", "TLS version; null: no session" },
	{ "hosts[].cipher", "text", "cipher suite; null: no session" },
	{ "hosts[].cipher_bits", "number",
	    "strength of the cipher; null: no session" },
	{ "hosts[].handshake_error", "text",
	    "why there is no session; null: there is one, or no STARTTLS" },
	{ "hosts[].weak", "bool",
	    "RSA key under 2048 or EC key under 224 bits, MD5 or SHA-1; "
	    "null: no certificate" },
	{ "hosts[].certificate", "object",
	    "the host's own certificate; null: none that can be read" },
	{ "hosts[].certificate.subject", "text", "RFC 2253 form" },
	{ "hosts[].certificate.names", "list", "names it is made out for" },
	{ "hosts[].certificate.names[]", "text", "DNS name or address" },
	{ "hosts[].certificate.issuer", "text", "RFC 2253 form" },
	{ "hosts[].certificate.not_before", "text", "RFC 3339" },
	{ "hosts[].certificate.not_after", "text", "RFC 3339" },
	{ "hosts[].certificate.expired", "bool", "at the audit's time" },
	{ "hosts[].certificate.not_yet_valid", "bool", "at the audit's time" },
	{ "hosts[].certificate.self_signed", "bool",
	    "signed with its own key" },
	{ "hosts[].certificate.trusted", "bool",
	    "leads to a trust anchor, apart from its own dates" },
	{ "hosts[].certificate.matches_host", "bool", "names the host" },
	{ "hosts[].certificate.key_type", "text",
	    "RSA, EC, ED25519; null: unknown" },
	{ "hosts[].certificate.key_bits", "number",
	    "size of the key; null: unknown" },
	{ "hosts[].certificate.signature", "text", "signature algorithm" },
	{ "hosts[].certificate.error", "text",
	    "why it is not trusted; null: it is, or that is not known" },
	{ "message_over_tls", "bool", "the sample's last hop was encrypted" },
	{ "message_tls", "object",
	    "as the receiver noted it; null: it did not" },
	{ "message_tls.version", "text", "TLS version; null: not told" },
	{ "message_tls.cipher", "text", "cipher suite; null: not told" },
	{ "message_tls.by", "text", "the receiver" },
	{ "message_tls.with", "text", "protocol of the hop" },
	{ "message_tls.old", "bool",
	    "the version is older than TLS 1.2 (RFC 8996); null: no version "
	    "is noted" },
	{ "without_starttls", "list", "hosts that do not offer STARTTLS" },
	{ "without_starttls[]", "text", "host (address)" },
	{ "injectable", "list", "hosts with injection" },
	{ "injectable[]", "text", "host (address)" },
	{ "untrusted", "list", "hosts whose certificate is not trusted" },
	{ "untrusted[]", "text", "host (address)" },
	{ "expired", "list", "hosts whose certificate is not valid now" },
	{ "expired[]", "text", "host (address)" },
	{ "mismatched", "list", "hosts whose certificate names others" },
	{ "mismatched[]", "text", "host (address)" },
	{ "old_version", "list", "hosts that chose TLS 1.1 or older" },
	{ "old_version[]", "text", "host (address)" },
	{ "weak", "list", "hosts with a weak key or signature" },
	{ "weak[]", "text", "host (address)" },
	{ "failed_handshake", "list", "hosts where TLS did not come about" },
	{ "failed_handshake[]", "text", "host (address)" },
	{ 0 },
};

const struct check check_tls = {
	.name = "tls",
	.summary = "STARTTLS and certificates of the mail hosts; "
		   "whether the sample came over TLS",
	.standards = "RFC 3207, RFC 8996, RFC 9325",
	.facts = facts,
	.run = tls_run,
};
