#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdlib.h>

#include "base/civil.h"
#include "base/escape.h"
#include "base/limits.h"
#include "probes/recording.h"

enum { ERROR_MAX = 1024 };

/*
 * The reader of recordings.  A recording may be written by hand (tests are),
 * so whatever is missing has its zero value; what is there must be right.
 */
struct reader {
	struct arena *arena; /* of the entry that is being filled */
	const char *wrong;   /* the first thing that was not right */
};

static void
wrong(struct reader *r, const char *what)
{
	if (r->wrong == NULL)
		r->wrong = what;
}

/* ---- values ------------------------------------------------------------ */

static struct slice
get_octets(struct reader *r, const json_t *j, const char *what)
{
	struct slice s = SLICE_NONE;
	struct buf b;

	if (j == NULL)
		return SLICE_NONE;
	if (!json_is_string(j)) {
		wrong(r, what);
		return SLICE_NONE;
	}
	buf_init(&b, LIMIT_EVIDENCE_LINE);
	if (!unescape_octets(&b,
		slice_of(json_string_value(j), json_string_length(j))))
		wrong(r, what);
	else
		s = arena_copy(r->arena, buf_slice(&b));
	buf_free(&b);
	return s;
}

static struct slice
get(struct reader *r, const json_t *o, const char *key)
{
	return get_octets(r, json_object_get(o, key), key);
}

static uint32_t
get_number(struct reader *r, const json_t *o, const char *key, uint32_t max)
{
	const json_t *j = json_object_get(o, key);
	json_int_t n = json_integer_value(j);

	if (j == NULL)
		return 0;
	if (!json_is_integer(j) || n < 0 || n > max) {
		wrong(r, key);
		return 0;
	}
	return (uint32_t)n;
}

static bool
get_true(const json_t *o, const char *key)
{
	return json_is_true(json_object_get(o, key));
}

/* The index of a word in a list that ends with NULL; -1 and wrong if none. */
static int
get_word(struct reader *r, const json_t *o, const char *key,
    const char *const *words)
{
	const char *s = json_string_value(json_object_get(o, key));

	for (int i = 0; s != NULL && words[i] != NULL; i++) {
		if (strcmp(words[i], s) == 0)
			return i;
	}
	wrong(r, key);
	return -1;
}

static const struct slice *
get_list(struct reader *r, const json_t *o, const char *key, size_t *n)
{
	const json_t *list = json_object_get(o, key);
	struct slice *s;

	*n = 0;
	if (list == NULL)
		return NULL;
	if (!json_is_array(list)) {
		wrong(r, key);
		return NULL;
	}
	s = arena_new_of(r->arena, struct slice, json_array_size(list) + 1);
	if (s == NULL)
		return NULL;
	*n = json_array_size(list);
	for (size_t i = 0; i < *n; i++)
		s[i] = get_octets(r, json_array_get(list, i), key);
	return s;
}

static struct slice
get_hex(struct reader *r, const json_t *o, const char *key)
{
	struct slice text = get(r, o, key);
	unsigned char *p =
	    arena_new_of(r->arena, unsigned char, text.n / 2 + 1);

	if (p == NULL || text.n % 2 != 0) {
		wrong(r, key);
		return SLICE_NONE;
	}
	for (size_t i = 0; i < text.n / 2; i++) {
		int high = ascii_hex(text.p[2 * i]);
		int low = ascii_hex(text.p[2 * i + 1]);

		if (high < 0 || low < 0) {
			wrong(r, key);
			return SLICE_NONE;
		}
		p[i] = (unsigned char)(high << 4 | low);
	}
	return slice_of(p, text.n / 2);
}

/* Lines joined by LF. */
static struct slice
get_lines(struct reader *r, const json_t *o, const char *key)
{
	size_t n;
	const struct slice *s = get_list(r, o, key, &n);
	struct slice all = SLICE_NONE;
	struct buf b;

	if (n == 0)
		return SLICE_NONE;
	buf_init(&b, LIMIT_EVIDENCE_LINE);
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_add_char(&b, '\n');
		buf_add(&b, s[i]);
	}
	if (!b.failed)
		all = arena_copy(r->arena, buf_slice(&b));
	buf_free(&b);
	return all;
}

/* ---- DNS --------------------------------------------------------------- */

static void
get_soa(struct reader *r, const json_t *o, struct dns_record *rec)
{
	rec->as.soa.mname = get(r, o, "mname");
	rec->as.soa.rname = get(r, o, "rname");
	rec->as.soa.serial = get_number(r, o, "serial", UINT32_MAX);
	rec->as.soa.refresh = get_number(r, o, "refresh", UINT32_MAX);
	rec->as.soa.retry = get_number(r, o, "retry", UINT32_MAX);
	rec->as.soa.expire = get_number(r, o, "expire", UINT32_MAX);
	rec->as.soa.minimum = get_number(r, o, "minimum", UINT32_MAX);
}

static void
get_address(struct reader *r, const json_t *o, struct dns_record *rec)
{
	uint8_t family = rec->type == DNS_A ? 4 : 6;

	if (!ip_parse(get(r, o, "address"), &rec->as.address) ||
	    rec->as.address.family != family)
		wrong(r, "address");
}

static void
get_numbers16(struct reader *r, const json_t *o, struct dns_record *rec)
{
	if (rec->type == DNS_MX) {
		rec->as.mx.preference =
		    (uint16_t)get_number(r, o, "preference", UINT16_MAX);
		rec->as.mx.host = get(r, o, "host");
		return;
	}
	rec->as.srv.priority =
	    (uint16_t)get_number(r, o, "priority", UINT16_MAX);
	rec->as.srv.weight = (uint16_t)get_number(r, o, "weight", UINT16_MAX);
	rec->as.srv.port = (uint16_t)get_number(r, o, "port", UINT16_MAX);
	rec->as.srv.target = get(r, o, "target");
}

static void
get_rdata(struct reader *r, const json_t *o, struct dns_record *rec)
{
	switch (rec->type) {
	case DNS_A:
	case DNS_AAAA:
		get_address(r, o, rec);
		return;
	case DNS_NS:
	case DNS_CNAME:
	case DNS_PTR:
		rec->as.name = get(r, o, "name");
		return;
	case DNS_MX:
	case DNS_SRV:
		get_numbers16(r, o, rec);
		return;
	case DNS_TXT:
		rec->as.text.strings =
		    get_list(r, o, "strings", &rec->as.text.n);
		return;
	case DNS_SOA:
		get_soa(r, o, rec);
		return;
	case DNS_TLSA:
		rec->as.tlsa.usage = (uint8_t)get_number(r, o, "usage", 255);
		rec->as.tlsa.selector =
		    (uint8_t)get_number(r, o, "selector", 255);
		rec->as.tlsa.matching =
		    (uint8_t)get_number(r, o, "matching", 255);
		rec->as.tlsa.data = get_hex(r, o, "data");
		return;
	default:
		rec->rdata = get_hex(r, o, "rdata");
		return;
	}
}

/* type: what each must be, as a check reads the union by what it asked. */
static const struct dns_record *
get_records(struct reader *r, const json_t *list, uint16_t type, size_t *n)
{
	struct dns_record *rec;

	*n = 0;
	if (list == NULL)
		return NULL;
	rec = arena_new_of(r->arena, struct dns_record,
	    json_array_size(list) + 1);
	if (rec == NULL)
		return NULL;
	*n = json_array_size(list);
	for (size_t i = 0; i < *n; i++) {
		const json_t *item = json_array_get(list, i);

		rec[i].owner = get(r, item, "owner");
		rec[i].ttl = get_number(r, item, "ttl", INT32_MAX);
		rec[i].type = dns_type_parse(get(r, item, "type"));
		if (rec[i].type != type)
			wrong(r, "type of a record");
		get_rdata(r, item, &rec[i]);
	}
	return rec;
}

static void
get_dns(struct reader *r, const json_t *o, uint16_t type, struct dns_answer *d)
{
	d->rcode = (uint16_t)get_number(r, o, "rcode", 4095);
	d->authentic = get_true(o, "authentic");
	d->over_tcp = get_true(o, "tcp");
	d->authoritative = get_true(o, "authoritative");
	d->referral = get_true(o, "referral");
	d->chain =
	    get_records(r, json_object_get(o, "chain"), DNS_CNAME, &d->n_chain);
	d->records =
	    get_records(r, json_object_get(o, "records"), type, &d->n_records);
	d->soa_owner = get(r, o, "soa_owner");
}

/* ---- SMTP and HTTPS ---------------------------------------------------- */

static struct slice
get_pem(struct reader *r, const json_t *j)
{
	struct slice der = SLICE_NONE;
	char *name = NULL, *header = NULL;
	unsigned char *data = NULL;
	long n = 0;
	BIO *bio;

	bio = BIO_new_mem_buf(json_string_value(j), (int)json_string_length(j));
	if (bio != NULL && PEM_read_bio(bio, &name, &header, &data, &n) > 0)
		der = arena_copy(r->arena, slice_of(data, (size_t)n));
	else
		wrong(r, "chain");
	OPENSSL_free(name);
	OPENSSL_free(header);
	OPENSSL_free(data);
	BIO_free(bio);
	ERR_clear_error();
	return der;
}

static void
get_tls(struct reader *r, const json_t *parent, struct tls_session *t)
{
	const json_t *o = json_object_get(parent, "tls");
	const json_t *chain = json_object_get(o, "chain");
	struct slice *der;

	t->version = get(r, o, "version");
	t->cipher = get(r, o, "cipher");
	t->cipher_bits = (int)get_number(r, o, "cipher_bits", 4096);
	t->error = get(r, o, "error");
	if (json_array_size(chain) > LIMIT_CERTIFICATES) {
		wrong(r, "chain");
		return;
	}
	der = arena_new_of(r->arena, struct slice, LIMIT_CERTIFICATES);
	if (der == NULL)
		return;
	t->chain = der;
	t->n_chain = json_array_size(chain);
	for (size_t i = 0; i < t->n_chain; i++) {
		if (json_is_string(json_array_get(chain, i)))
			der[i] = get_pem(r, json_array_get(chain, i));
		else
			wrong(r, "chain");
	}
}

static void
get_smtp(struct reader *r, const json_t *o, struct smtp_answer *s)
{
	int stage = get_word(r, o, "stage", recording_stages);

	s->stage = stage >= 0 ? (enum smtp_stage)stage : SMTP_CONNECT;
	s->code = (uint16_t)get_number(r, o, "code", 999);
	s->banner = get(r, o, "banner");
	s->capabilities = get_list(r, o, "capabilities", &s->n_capabilities);
	s->ehlo_refused = get_true(o, "ehlo_refused");
	s->starttls_offered = get_true(o, "starttls_offered");
	s->starttls_code = (uint16_t)get_number(r, o, "starttls_code", 999);
	s->injection = get_true(o, "injection");
	get_tls(r, o, &s->tls);
	s->transcript = get_lines(r, o, "transcript");
}

static void
get_http(struct reader *r, const json_t *o, struct http_answer *h)
{
	h->status = (uint16_t)get_number(r, o, "status", 999);
	h->headers = get_lines(r, o, "headers");
	h->body = get_lines(r, o, "body");
	h->body_truncated = get_true(o, "body_truncated");
	h->location = get(r, o, "location");
	h->content_type = get(r, o, "content_type");
	get_tls(r, o, &h->tls);
}

/* ---- a line ------------------------------------------------------------ */

static void
get_question(struct reader *r, const json_t *o, struct question *q)
{
	const json_t *list = json_object_get(o, "addresses");
	size_t n = json_array_size(list);
	int kind = get_word(r, o, "kind", recording_kinds);
	struct ip *ips;

	q->kind = kind >= 0 ? (enum question_kind)kind : QUESTION_DNS;
	q->name = get(r, o, "name");
	q->body = get(r, o, "body");
	if (q->kind == QUESTION_DNS)
		q->type = dns_type_parse(get(r, o, "type"));
	else
		q->type = (uint16_t)get_number(r, o, "port", UINT16_MAX);
	if (q->kind == QUESTION_DNS && q->type == 0)
		wrong(r, "type");
	ips = arena_new_of(r->arena, struct ip, n + 1);
	if (ips == NULL)
		return;
	q->addresses = ips;
	q->n_addresses = n;
	for (size_t i = 0; i < n; i++) {
		if (!ip_parse(get_octets(r, json_array_get(list, i),
				  "addresses"),
			&ips[i]))
			wrong(r, "addresses");
	}
}

static void
get_answer(struct reader *r, const json_t *line, const struct question *q,
    struct answer *a)
{
	const json_t *o = json_object_get(line, recording_kinds[q->kind]);
	int seen = get_word(r, line, "seen", recording_seen);
	struct slice cause = get(r, line, "cause");
	struct slice when = get(r, line, "when");

	a->seen = seen >= 0 ? (enum seen)seen : SEEN_NOT_ASKED;
	if (cause.p != NULL && !cause_parse(cause, &a->cause))
		wrong(r, "cause");
	if (!answer_known(a) && a->cause == CAUSE_NONE)
		wrong(r, "cause");
	a->detail = get(r, line, "detail");
	a->asked_of = get(r, line, "asked_of");
	if (when.p != NULL && civil_rfc3339_parse(when, &a->when))
		a->when *= 1000;
	a->took = get_number(r, line, "took_ms", UINT32_MAX);
	if (o == NULL) {
		if (a->seen == SEEN_ANSWERED)
			wrong(r, recording_kinds[q->kind]);
		return;
	}
	switch (q->kind) {
	case QUESTION_DNS:
		get_dns(r, o, q->type, &a->as.dns);
		return;
	case QUESTION_SMTP:
		get_smtp(r, o, &a->as.smtp);
		return;
	case QUESTION_HTTP:
	case QUESTION_POST:
	case QUESTION_TOKEN:
	case QUESTION_POSTMASTER:
		get_http(r, o, &a->as.http);
		return;
	}
}

/* The words are said at once: the arena may be an entry's. */
static enum rc
outcome(const struct reader *r, struct buf *what)
{
	if (arena_starved(r->arena))
		return RC_NOMEM;
	if (arena_failed(r->arena))
		buf_add_str(what, "there is more than one answer may hold");
	else if (r->wrong != NULL)
		buf_printf(what, "%s: is missing or not right", r->wrong);
	else
		return RC_OK;
	return RC_INVALID;
}

static enum rc
load_line(struct store *s, const json_t *line, struct arena *scratch,
    struct buf *what)
{
	struct reader r = { .arena = scratch };
	struct question q = { 0 };
	struct answer a = { 0 };
	struct entry *e;
	enum rc rc;

	get_question(&r, json_object_get(line, "question"), &q);
	if ((rc = outcome(&r, what)) != RC_OK)
		return rc;
	rc = store_preload(s, &q, &e);
	if (rc || e == NULL)
		return rc;
	r.arena = entry_arena(e);
	get_answer(&r, line, &q, &a);
	rc = outcome(&r, what);
	entry_answer(e, &a);
	return rc;
}

static enum rc
load_header(const json_t *line, int64_t *as_of, struct buf *what)
{
	const char *schema = json_string_value(json_object_get(line, "schema"));
	const char *time = json_string_value(json_object_get(line, "as_of"));

	if (schema == NULL || strcmp(schema, EVIDENCE_SCHEMA) != 0) {
		buf_add_str(what, "schema: is not " EVIDENCE_SCHEMA);
		return RC_INVALID;
	}
	if (time == NULL || !civil_rfc3339_parse(slice_str(time), as_of)) {
		buf_add_str(what, "as_of: is missing or no time");
		return RC_INVALID;
	}
	return RC_OK;
}

static enum rc
load_text(struct store *s, struct slice text, int64_t *as_of,
    struct arena *scratch, struct buf *what)
{
	enum rc rc = RC_INVALID;
	struct slice line;

	buf_add_str(what, "is empty");
	for (size_t number = 1; slice_line(&text, &line); number++) {
		json_error_t fault;
		json_t *j;

		arena_reset(scratch);
		buf_reset(what);
		buf_printf(what, "line %zu: ", number);
		j = json_loadb((const char *)line.p, line.n,
		    JSON_REJECT_DUPLICATES, &fault);
		rc = RC_INVALID;
		if (j == NULL)
			buf_printf(what, "column %d: %s", fault.column,
			    fault.text);
		else if (!json_is_object(j))
			buf_add_str(what, "is not a JSON object");
		else if (number == 1)
			rc = load_header(j, as_of, what);
		else
			rc = load_line(s, j, scratch, what);
		json_decref(j);
		if (rc)
			break;
	}
	return rc;
}

enum rc
recording_load(struct store *s, struct slice text, int64_t *as_of,
    struct arena *a, struct slice *error)
{
	struct arena *scratch = arena_new(LIMIT_ANSWER_ARENA, 4096);
	struct buf what;
	enum rc rc;

	if (scratch == NULL)
		return RC_NOMEM;
	store_set_recorded(s);
	buf_init(&what, ERROR_MAX);
	rc = load_text(s, text, as_of, scratch, &what);
	if (rc == RC_INVALID)
		*error = arena_copy(a, buf_slice(&what));
	buf_free(&what);
	arena_free(scratch);
	return rc;
}
