#include <openssl/pem.h>

#include "base/civil.h"
#include "base/escape.h"
#include "base/limits.h"
#include "probes/recording.h"

const char *const recording_kinds[] = { "dns", "smtp", "https", "post", "token",
	"postmaster", NULL };
const char *const recording_seen[] = { "answered", "absent", "malformed",
	"temporary", "not-asked", NULL };
const char *const recording_stages[] = { "connect", "banner", "ehlo",
	"starttls", "handshake", "ehlo-tls", "done", NULL };

/* Any octets as JSON text; escape_octets() can be undone. */
static json_t *
octets(struct slice s)
{
	struct buf b;
	json_t *j;

	buf_init(&b, LIMIT_EVIDENCE_LINE);
	escape_octets(&b, s);
	j = b.failed ? NULL : json_stringn((const char *)b.p, b.n);
	if (b.n == 0 && !b.failed)
		j = json_string("");
	buf_free(&b);
	return j;
}

static void
put(json_t *o, const char *key, struct slice s)
{
	if (s.p != NULL)
		(void)json_object_set_new(o, key, octets(s));
}

static void
put_number(json_t *o, const char *key, uint32_t n)
{
	(void)json_object_set_new(o, key, json_integer(n));
}

static void
put_true(json_t *o, const char *key, bool on)
{
	if (on)
		(void)json_object_set_new(o, key, json_true());
}

static void
put_list(json_t *o, const char *key, const struct slice *s, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		(void)json_array_append_new(list, octets(s[i]));
	(void)json_object_set_new(o, key, list);
}

static void
put_hex(json_t *o, const char *key, struct slice s)
{
	static const char digits[] = "0123456789abcdef";
	struct buf b;

	buf_init(&b, LIMIT_EVIDENCE_LINE);
	for (size_t i = 0; i < s.n; i++) {
		buf_add_char(&b, digits[s.p[i] >> 4]);
		buf_add_char(&b, digits[s.p[i] & 15]);
	}
	put(o, key, b.n > 0 ? buf_slice(&b) : SLICE_LIT(""));
	buf_free(&b);
}

/* ---- DNS --------------------------------------------------------------- */

static void
put_soa(json_t *o, const struct dns_record *r)
{
	put(o, "mname", r->as.soa.mname);
	put(o, "rname", r->as.soa.rname);
	put_number(o, "serial", r->as.soa.serial);
	put_number(o, "refresh", r->as.soa.refresh);
	put_number(o, "retry", r->as.soa.retry);
	put_number(o, "expire", r->as.soa.expire);
	put_number(o, "minimum", r->as.soa.minimum);
}

static void
put_rdata(json_t *o, const struct dns_record *r)
{
	char address[IP_TEXT_MAX];

	switch (r->type) {
	case DNS_A:
	case DNS_AAAA:
		ip_format(&r->as.address, address);
		put(o, "address", slice_str(address));
		return;
	case DNS_NS:
	case DNS_CNAME:
	case DNS_PTR:
		put(o, "name", r->as.name);
		return;
	case DNS_MX:
		put_number(o, "preference", r->as.mx.preference);
		put(o, "host", r->as.mx.host);
		return;
	case DNS_TXT:
		put_list(o, "strings", r->as.text.strings, r->as.text.n);
		return;
	case DNS_SOA:
		put_soa(o, r);
		return;
	case DNS_SRV:
		put_number(o, "priority", r->as.srv.priority);
		put_number(o, "weight", r->as.srv.weight);
		put_number(o, "port", r->as.srv.port);
		put(o, "target", r->as.srv.target);
		return;
	case DNS_TLSA:
		put_number(o, "usage", r->as.tlsa.usage);
		put_number(o, "selector", r->as.tlsa.selector);
		put_number(o, "matching", r->as.tlsa.matching);
		put_hex(o, "data", r->as.tlsa.data);
		return;
	default:
		put_hex(o, "rdata", r->rdata);
		return;
	}
}

static json_t *
dns_records(const struct dns_record *r, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++) {
		json_t *o = json_object();
		char type[12];

		put(o, "owner", r[i].owner);
		put_number(o, "ttl", r[i].ttl);
		dns_type_name(r[i].type, type);
		(void)json_object_set_new(o, "type", json_string(type));
		put_rdata(o, &r[i]);
		(void)json_array_append_new(list, o);
	}
	return list;
}

static json_t *
dns_json(const struct dns_answer *d)
{
	json_t *o = json_object();

	put_number(o, "rcode", d->rcode);
	put_true(o, "authentic", d->authentic);
	put_true(o, "tcp", d->over_tcp);
	put_true(o, "authoritative", d->authoritative);
	put_true(o, "referral", d->referral);
	if (d->n_chain > 0)
		(void)json_object_set_new(o, "chain",
		    dns_records(d->chain, d->n_chain));
	(void)json_object_set_new(o, "records",
	    dns_records(d->records, d->n_records));
	put(o, "soa_owner", d->soa_owner);
	return o;
}

/* ---- SMTP and HTTPS ---------------------------------------------------- */

static json_t *
pem(struct slice der)
{
	BIO *bio = BIO_new(BIO_s_mem());
	json_t *j = NULL;
	char *p = NULL;
	long n;

	if (bio == NULL)
		return NULL;
	if (PEM_write_bio(bio, "CERTIFICATE", "", der.p, (long)der.n) > 0) {
		n = BIO_get_mem_data(bio, &p);
		j = json_stringn(p, (size_t)n);
	}
	BIO_free(bio);
	return j;
}

static json_t *
tls_json(const struct tls_session *t)
{
	json_t *o = json_object(), *chain = json_array();

	put(o, "version", t->version);
	put(o, "cipher", t->cipher);
	put_number(o, "cipher_bits", (uint32_t)t->cipher_bits);
	put(o, "error", t->error);
	for (size_t i = 0; i < t->n_chain; i++)
		(void)json_array_append_new(chain, pem(t->chain[i]));
	(void)json_object_set_new(o, "chain", chain);
	return o;
}

static json_t *
lines(struct slice s)
{
	json_t *list = json_array();
	struct slice head;

	while (s.n > 0) {
		bool more = slice_cut(s, '\n', &head, &s);

		(void)json_array_append_new(list, octets(head));
		if (more && s.n == 0)
			(void)json_array_append_new(list, json_string(""));
	}
	return list;
}

static json_t *
smtp_json(const struct smtp_answer *s)
{
	json_t *o = json_object();

	(void)json_object_set_new(o, "stage",
	    json_string(recording_stages[s->stage]));
	put_number(o, "code", s->code);
	put(o, "banner", s->banner);
	put_list(o, "capabilities", s->capabilities, s->n_capabilities);
	put_true(o, "ehlo_refused", s->ehlo_refused);
	put_true(o, "starttls_offered", s->starttls_offered);
	put_number(o, "starttls_code", s->starttls_code);
	put_true(o, "injection", s->injection);
	(void)json_object_set_new(o, "tls", tls_json(&s->tls));
	(void)json_object_set_new(o, "transcript", lines(s->transcript));
	return o;
}

static json_t *
http_json(const struct http_answer *h)
{
	json_t *o = json_object();

	put_number(o, "status", h->status);
	(void)json_object_set_new(o, "headers", lines(h->headers));
	(void)json_object_set_new(o, "body", lines(h->body));
	put_true(o, "body_truncated", h->body_truncated);
	put(o, "location", h->location);
	put(o, "content_type", h->content_type);
	(void)json_object_set_new(o, "tls", tls_json(&h->tls));
	return o;
}

/* ---- a line ------------------------------------------------------------ */

static json_t *
question_json(const struct question *q)
{
	json_t *o = json_object(), *list = json_array();
	char type[12], address[IP_TEXT_MAX];

	(void)json_object_set_new(o, "kind",
	    json_string(recording_kinds[q->kind]));
	put(o, "name", q->name.p != NULL ? q->name : SLICE_LIT(""));
	if (q->kind == QUESTION_DNS) {
		dns_type_name(q->type, type);
		(void)json_object_set_new(o, "type", json_string(type));
	} else if (q->kind == QUESTION_SMTP) {
		put_number(o, "port", q->type);
	}
	put(o, "body", q->body);
	for (size_t i = 0; i < q->n_addresses; i++) {
		ip_format(&q->addresses[i], address);
		(void)json_array_append_new(list, json_string(address));
	}
	if (q->n_addresses > 0)
		(void)json_object_set_new(o, "addresses", list);
	else
		json_decref(list);
	return o;
}

static void
put_answer(json_t *o, const struct question *q, const struct answer *a)
{
	char when[CIVIL_TEXT_MAX];

	(void)json_object_set_new(o, "seen",
	    json_string(recording_seen[a->seen]));
	if (a->cause != CAUSE_NONE)
		(void)json_object_set_new(o, "cause",
		    json_string(cause_name(a->cause)));
	put(o, "detail", a->detail);
	put(o, "asked_of", a->asked_of);
	if (a->when != 0) {
		civil_rfc3339_format(a->when / 1000, when);
		(void)json_object_set_new(o, "when", json_string(when));
	}
	if (a->took > 0)
		put_number(o, "took_ms", a->took);
	if (a->seen == SEEN_NOT_ASKED)
		return;
	switch (q->kind) {
	case QUESTION_DNS:
		(void)json_object_set_new(o, "dns", dns_json(&a->as.dns));
		return;
	case QUESTION_SMTP:
		(void)json_object_set_new(o, "smtp", smtp_json(&a->as.smtp));
		return;
	case QUESTION_HTTP:
	case QUESTION_POST:
	case QUESTION_TOKEN:
	case QUESTION_POSTMASTER:
		(void)json_object_set_new(o, recording_kinds[q->kind],
		    http_json(&a->as.http));
		return;
	}
}

static json_t *
line_json(const struct question *q, const struct answer *a)
{
	json_t *o = json_object();

	(void)json_object_set_new(o, "question", question_json(q));
	put_answer(o, q, a);
	return o;
}

static enum rc
write_line(FILE *f, json_t *o)
{
	enum rc rc = RC_IO;

	if (o == NULL)
		return RC_NOMEM;
	if (json_dumpf(o, f, JSON_COMPACT) == 0 && putc('\n', f) != EOF)
		rc = RC_OK;
	json_decref(o);
	return rc;
}

enum rc
recording_begin(FILE *f, int64_t as_of)
{
	char text[CIVIL_TEXT_MAX];

	civil_rfc3339_format(as_of, text);
	return write_line(f,
	    json_pack("{s:s, s:s, s:s}", "schema", EVIDENCE_SCHEMA, "generator",
		"presend " PACKAGE_VERSION, "as_of", text));
}

enum rc
recording_write(FILE *f, const struct question *q, const struct answer *a)
{
	return write_line(f, line_json(q, a));
}

enum rc
recording_dump(const struct question *q, const struct answer *a,
    json_dump_callback_t sink, void *arg)
{
	json_t *o = line_json(q, a);
	enum rc rc = RC_NOMEM;

	if (o != NULL && json_dump_callback(o, sink, arg, JSON_COMPACT) == 0 &&
	    sink("\n", 1, arg) == 0)
		rc = RC_OK;
	json_decref(o);
	return rc;
}
