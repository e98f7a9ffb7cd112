#include "audit/verbose.h"

#include "audit/evidence_text.h"
#include "base/buf.h"
#include "base/escape.h"
#include "base/limits.h"
#include "probes/store.h"

static void
add_addresses(struct buf *b, const struct question *q)
{
	char text[IP_TEXT_MAX];

	for (size_t i = 0; i < q->n_addresses; i++) {
		ip_format(&q->addresses[i], text);
		buf_printf(b, " %s", text);
	}
}

static void
add_question(struct buf *b, const struct question *q)
{
	char type[12];

	switch (q->kind) {
	case QUESTION_DNS:
		dns_type_name(q->type, type);
		buf_add_str(b, "dns ");
		escape_terminal(b, q->name);
		buf_printf(b, " %s", type);
		add_addresses(b, q);
		return;
	case QUESTION_SMTP:
		buf_add_str(b, "smtp ");
		escape_terminal(b, q->name);
		add_addresses(b, q);
		buf_printf(b, " port %u", q->type);
		return;
	case QUESTION_HTTP:
	case QUESTION_POST:
		buf_add_str(b, q->kind == QUESTION_POST ? "post " : "get ");
		escape_terminal(b, q->name);
		add_addresses(b, q);
		return;
	case QUESTION_TOKEN:
	case QUESTION_POSTMASTER:
		buf_add_str(b,
		    q->kind == QUESTION_TOKEN ? "token " : "postmaster ");
		escape_terminal(b, q->name);
		if (q->body.n > 0)
			buf_printf(b, " (%zu octets of body)", q->body.n);
		add_addresses(b, q);
		return;
	}
}

static void
add_records(struct buf *b, const struct dns_record *r, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		buf_printf(b, "\n    %u ", r[i].ttl);
		evidence_text_record(b, &r[i]);
	}
}

static void
add_answer(struct buf *b, const struct question *q, const struct answer *a)
{
	struct slice rest, line;

	switch (q->kind) {
	case QUESTION_DNS:
		add_records(b, a->as.dns.chain, a->as.dns.n_chain);
		add_records(b, a->as.dns.records, a->as.dns.n_records);
		return;
	case QUESTION_SMTP:
		rest = a->as.smtp.transcript;
		while (slice_line(&rest, &line)) {
			buf_add_str(b, "\n    ");
			escape_terminal(b, line);
		}
		return;
	case QUESTION_HTTP:
	case QUESTION_POST:
	case QUESTION_TOKEN:
	case QUESTION_POSTMASTER:
		buf_printf(b, "\n    status %u, %zu octets", a->as.http.status,
		    a->as.http.body.n);
		return;
	}
}

void
verbose_print(FILE *f, const struct question *q, const struct answer *a)
{
	static const char *const seen[] = { "answered", "absent", "malformed",
		"temporary", "not asked" };
	struct buf b;

	buf_init(&b, LIMIT_EVIDENCE_LINE);
	add_question(&b, q);
	buf_printf(&b, ": %s", seen[a->seen]);
	if (a->cause != CAUSE_NONE)
		buf_printf(&b, " (%s)", cause_name(a->cause));
	if (a->detail.n > 0) {
		buf_add_str(&b, ": ");
		escape_terminal(&b, a->detail);
	}
	if (a->asked_of.n > 0) {
		buf_add_str(&b, " by ");
		escape_terminal(&b, a->asked_of);
	}
	if (a->seen != SEEN_NOT_ASKED)
		add_answer(&b, q, a);
	buf_add_char(&b, '\n');
	if (!b.failed)
		(void)fwrite(b.p, 1, b.n, f);
	buf_free(&b);
}
