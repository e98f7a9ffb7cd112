#include "audit/evidence_text.h"

#include "base/escape.h"
#include "probes/store.h"

/* ---- questions --------------------------------------------------------- */

static void
add_addresses(struct buf *b, const struct question *q)
{
	char text[IP_TEXT_MAX];

	for (size_t i = 0; i < q->n_addresses; i++) {
		ip_format(&q->addresses[i], text);
		buf_printf(b, "%s%s", i > 0 ? ", " : " at ", text);
	}
}

void
evidence_text_name(struct buf *b, struct slice name)
{
	escape_terminal(b, name);
	buf_add_char(b, '.');
}

static const char *
verb(const struct question *q)
{
	switch (q->kind) {
	case QUESTION_DNS:
	case QUESTION_SMTP:
		break;
	case QUESTION_HTTP:
		return "GET ";
	case QUESTION_POST:
		return "POST ";
	case QUESTION_TOKEN:
		return "token of ";
	case QUESTION_POSTMASTER:
		return q->body.n > 0 ? "POST " : "GET ";
	}
	return "";
}

void
evidence_text_question(struct buf *b, const struct question *q)
{
	char type[12];

	if (q->kind == QUESTION_DNS) {
		dns_type_name(q->type, type);
		buf_printf(b, "%s ", type);
		evidence_text_name(b, q->name);
		add_addresses(b, q);
		return;
	}
	buf_add_str(b, verb(q));
	escape_terminal(b, q->name);
	if (q->kind == QUESTION_SMTP)
		buf_printf(b, " port %u", q->type);
	if (q->kind == QUESTION_SMTP)
		add_addresses(b, q);
	if (q->body.n > 0) {
		buf_add_char(b, ' ');
		escape_terminal(b, q->body);
	}
}

/* ---- records ----------------------------------------------------------- */

/* RFC 1035 5.1: within quotes, those two are behind a backslash. */
static void
add_string(struct buf *b, struct slice s)
{
	size_t from = 0;

	buf_add_char(b, '"');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] != '"' && s.p[i] != '\\')
			continue;
		escape_terminal(b, slice_sub(s, from, i - from));
		buf_add_char(b, '\\');
		from = i;
	}
	escape_terminal(b, slice_from(s, from));
	buf_add_char(b, '"');
}

static void
add_hex(struct buf *b, struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		buf_printf(b, "%02x", s.p[i]);
}

static void
add_soa(struct buf *b, const struct dns_record *r)
{
	evidence_text_name(b, r->as.soa.mname);
	buf_add_char(b, ' ');
	evidence_text_name(b, r->as.soa.rname);
	buf_printf(b, " %u %u %u %u %u", r->as.soa.serial, r->as.soa.refresh,
	    r->as.soa.retry, r->as.soa.expire, r->as.soa.minimum);
}

static void
add_srv(struct buf *b, const struct dns_record *r)
{
	buf_printf(b, "%u %u %u ", r->as.srv.priority, r->as.srv.weight,
	    r->as.srv.port);
	evidence_text_name(b, r->as.srv.target);
}

static void
add_tlsa(struct buf *b, const struct dns_record *r)
{
	buf_printf(b, "%u %u %u ", r->as.tlsa.usage, r->as.tlsa.selector,
	    r->as.tlsa.matching);
	add_hex(b, r->as.tlsa.data);
}

void
evidence_text_record(struct buf *b, const struct dns_record *r)
{
	char text[IP_TEXT_MAX];

	switch (r->type) {
	case DNS_A:
	case DNS_AAAA:
		ip_format(&r->as.address, text);
		buf_add_str(b, text);
		return;
	case DNS_NS:
	case DNS_CNAME:
	case DNS_PTR:
		evidence_text_name(b, r->as.name);
		return;
	case DNS_MX:
		buf_printf(b, "%u ", r->as.mx.preference);
		evidence_text_name(b, r->as.mx.host);
		return;
	case DNS_TXT:
		for (size_t i = 0; i < r->as.text.n; i++) {
			if (i > 0)
				buf_add_char(b, ' ');
			add_string(b, r->as.text.strings[i]);
		}
		return;
	case DNS_SOA:
		add_soa(b, r);
		return;
	case DNS_SRV:
		add_srv(b, r);
		return;
	case DNS_TLSA:
		add_tlsa(b, r);
		return;
	default:
		/* RFC 3597 5 */
		buf_printf(b, "\\# %zu ", r->rdata.n);
		add_hex(b, r->rdata);
		return;
	}
}

/* ---- answers ----------------------------------------------------------- */

static void
add_rcode(struct buf *b, const struct answer *a)
{
	static const char *const names[] = { "NOERROR", "FORMERR", "SERVFAIL",
		"NXDOMAIN", "NOTIMP", "REFUSED" };
	uint16_t rcode = a->as.dns.rcode;

	if (a->seen == SEEN_ABSENT && rcode == 0)
		buf_add_str(b, "no record of that type");
	else if (rcode < sizeof(names) / sizeof(names[0]))
		buf_add_str(b, names[rcode]);
	else
		buf_printf(b, "rcode %u", rcode);
}

static void
add_dns(struct buf *b, const struct answer *a)
{
	const struct dns_answer *d = &a->as.dns;

	for (size_t i = 0; i < d->n_chain; i++) {
		buf_add_str(b, i > 0 ? ", CNAME " : "CNAME ");
		evidence_text_record(b, &d->chain[i]);
	}
	if (d->n_chain > 0)
		buf_add_str(b, ", ");
	for (size_t i = 0; i < d->n_records; i++) {
		if (i > 0)
			buf_add_str(b, ", ");
		evidence_text_record(b, &d->records[i]);
	}
	if (d->n_records == 0)
		add_rcode(b, a);
}

/* The last thing that the server said. */
static struct slice
last_reply(struct slice transcript)
{
	struct slice line, last = SLICE_NONE;

	while (slice_line(&transcript, &line)) {
		if (slice_starts(line, SLICE_LIT("S: ")))
			last = slice_from(line, 3);
	}
	return last;
}

static void
add_tls(struct buf *b, const struct tls_session *t)
{
	if (t->version.n > 0) {
		buf_add_str(b, "; ");
		escape_terminal(b, t->version);
	} else if (t->error.n > 0) {
		buf_add_str(b, "; no TLS: ");
		escape_terminal(b, t->error);
	}
}

static void
add_smtp(struct buf *b, const struct smtp_answer *s)
{
	struct slice last = last_reply(s->transcript);

	if (s->banner.n == 0)
		buf_add_str(b, "no banner");
	else
		escape_terminal(b, s->banner);
	if (s->tls.version.n == 0 && s->tls.error.n == 0 &&
	    s->stage > SMTP_EHLO && !s->starttls_offered)
		buf_add_str(b, "; no STARTTLS");
	add_tls(b, &s->tls);
	if (last.n > 0) {
		buf_add_str(b, "; last reply: ");
		escape_terminal(b, last);
	}
}

static void
add_http(struct buf *b, const struct http_answer *h)
{
	buf_printf(b, "status %u", h->status);
	if (h->location.n > 0) {
		buf_add_str(b, " to ");
		escape_terminal(b, h->location);
	}
	if (h->content_type.n > 0) {
		buf_add_str(b, "; ");
		escape_terminal(b, h->content_type);
	}
	if (h->body.n > 0)
		buf_printf(b, "; %zu octets%s", h->body.n,
		    h->body_truncated ? " and more" : "");
	add_tls(b, &h->tls);
}

static void
add_what(struct buf *b, const struct question *q, const struct answer *a)
{
	switch (q->kind) {
	case QUESTION_DNS:
		add_dns(b, a);
		return;
	case QUESTION_SMTP:
		add_smtp(b, &a->as.smtp);
		return;
	case QUESTION_HTTP:
	case QUESTION_POST:
	case QUESTION_TOKEN:
	case QUESTION_POSTMASTER:
		add_http(b, &a->as.http);
		return;
	}
}

/* Whether there is more to tell of an answer than its cause. */
static bool
has_more(const struct question *q, const struct answer *a)
{
	switch (q->kind) {
	case QUESTION_DNS:
		return answer_known(a);
	case QUESTION_SMTP:
		return a->seen != SEEN_NOT_ASKED && a->as.smtp.banner.n > 0;
	case QUESTION_HTTP:
	case QUESTION_POST:
	case QUESTION_TOKEN:
	case QUESTION_POSTMASTER:
		return a->seen != SEEN_NOT_ASKED && a->as.http.status > 0;
	}
	return false;
}

void
evidence_text_answer(struct buf *b, const struct question *q,
    const struct answer *a)
{
	static const char *const seen[] = { "answered", "absent", "malformed",
		"no answer", "not asked" };
	bool more = has_more(q, a);

	if (!answer_known(a) || !more) {
		buf_add_str(b, seen[a->seen]);
		if (a->cause != CAUSE_NONE)
			buf_printf(b, ", %s", cause_name(a->cause));
		if (a->detail.n > 0) {
			buf_add_str(b, ": ");
			escape_terminal(b, a->detail);
		}
		if (more)
			buf_add_str(b, "; ");
	}
	if (more)
		add_what(b, q, a);
}
