#include "base/limits.h"
#include "message/trace.h"

/* A header: each Received by itself, then the last hop of all. */

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check(bool fine)
{
	if (!fine)
		__builtin_trap();
}

static void
check_received(const struct received *r)
{
	check(r->from.n <= LIMIT_TRACE_FIELD && r->by.n <= LIMIT_TRACE_FIELD);
	check(!r->over_tls || r->tls_known);
	check(r->over_tls || r->tls_version.n + r->tls_cipher.n == 0);
	check(r->ip.family == 0 || r->ip.family == 4 || r->ip.family == 6);
	if (r->reverse.n > 0)
		check(memchr(r->reverse.p, '.', r->reverse.n) != NULL);
}

static void
check_hop(const struct last_hop *h)
{
	check(h->has_mail_from == (h->null_sender || h->mail_from.n > 0));
	check(!h->null_sender || h->mail_from.n == 0);
	if (h->mail_from.n > 0)
		check(memchr(h->mail_from.p, '@', h->mail_from.n) != NULL);
	if (!h->found)
		return;
	check_received(&h->hop);
	check(h->hop.by.n > 0 && !h->hop.submitted && h->hop.line > 0);
	if (h->hop.ip.family != 0) {
		enum ip_scope scope = ip_scope(&h->hop.ip);

		check(scope == IP_PUBLIC || scope == IP_DOCUMENTATION);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(4 * 1024 * 1024, 4096);
	const struct field *f = NULL;
	struct received r;
	struct last_hop h;
	struct message m;

	if (a == NULL)
		return 0;
	if (message_parse(a, slice_of(data, size), &m) == RC_OK) {
		while (m.n_fields > 0 &&
		       (f = message_next(&m, "Received", f)) != NULL) {
			received_parse(a, f, &r);
			check(r.line == f->line);
			check_received(&r);
		}
		if (last_hop_find(a, &m, &h) == RC_OK)
			check_hop(&h);
		else
			check(arena_failed(a));
	}
	arena_free(a);
	return 0;
}
