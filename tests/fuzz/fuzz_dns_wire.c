/*
 * Input: the type asked (two octets), then the message.  The question's name
 * is example.test, or, as most messages then have another, the message's own.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/limits.h"
#include "probes/dns_wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
must(bool fine)
{
	if (!fine)
		__builtin_trap();
}

/* Canonical: read back it is the same name, and written again the same. */
static void
must_be_name(struct slice text)
{
	struct arena *a = arena_new(8192, 1024);
	struct dns_name name;

	must(a != NULL && text.p != NULL);
	must(text.n < (size_t)DNS_NAME_MAX * 4);
	for (size_t i = 0; i < text.n; i++)
		must(text.p[i] > ' ' && text.p[i] <= '~' &&
		     ascii_lower(text.p[i]) == text.p[i]);
	must(dns_name_parse(text, &name));
	must(slice_eq(dns_name_text(a, &name), text));
	arena_free(a);
}

static void
must_be_record(const struct dns_record *r)
{
	must_be_name(r->owner);
	must(r->ttl <= INT32_MAX);
	switch (r->type) {
	case DNS_A:
	case DNS_AAAA:
		must(r->as.address.family == (r->type == DNS_A ? 4 : 6));
		break;
	case DNS_NS:
	case DNS_CNAME:
	case DNS_PTR:
		must_be_name(r->as.name);
		break;
	case DNS_MX:
		must_be_name(r->as.mx.host);
		break;
	case DNS_SOA:
		must_be_name(r->as.soa.mname);
		must_be_name(r->as.soa.rname);
		break;
	case DNS_SRV:
		must_be_name(r->as.srv.target);
		break;
	case DNS_TXT:
		must(r->as.text.n > 0);
		for (size_t i = 0; i < r->as.text.n; i++)
			must(r->as.text.strings[i].n <= 255);
		break;
	case DNS_TLSA:
		must(r->as.tlsa.data.n > 0);
		break;
	default:
		must(r->rdata.n <= LIMIT_DNS_MESSAGE);
		break;
	}
}

/* From the question's name link by link to the records' owner. */
static void
must_be_answer(const struct answer *a, const struct question *q)
{
	const struct dns_answer *d = &a->as.dns;
	struct slice at = q->name;

	must(d->n_chain <= LIMIT_DNS_CNAMES);
	must(d->n_records <= LIMIT_DNS_RECORDS);
	must((a->seen == SEEN_ANSWERED) == (d->n_records > 0));
	must(answer_known(a) == (a->cause == CAUSE_NONE));
	must(answer_known(a) || a->detail.n > 0);
	for (size_t i = 0; i < d->n_chain; i++) {
		must(d->chain[i].type == DNS_CNAME);
		must(slice_eq(d->chain[i].owner, at));
		must_be_record(&d->chain[i]);
		at = d->chain[i].as.name;
	}
	for (size_t i = 0; i < d->n_records; i++) {
		must(d->records[i].type == q->type);
		must(slice_eq(d->records[i].owner, at));
		must_be_record(&d->records[i]);
	}
	if (d->soa_owner.p != NULL)
		must_be_name(d->soa_owner);
}

static void
ask(struct arena *a, const struct dns_message *m, const struct question *q)
{
	struct answer answer = { 0 };

	must(dns_decode(a, m, q, &answer) == RC_OK);
	must_be_answer(&answer, q);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new((size_t)64 * 1024 * 1024, 4096);
	struct cursor c = cursor_of(slice_of(data, n));
	struct question q = { .name = SLICE_LIT("example.test") };
	struct dns_message m;

	if (a == NULL)
		return 0;
	q.type = cursor_u16(&c);
	dns_message_open(cursor_rest(&c), &m);
	ask(a, &m, &q);
	if (m.fault == NULL && m.has_question) {
		q.name = dns_name_text(a, &m.name);
		q.type = m.type;
		ask(a, &m, &q);
	}
	arena_free(a);
	return 0;
}
