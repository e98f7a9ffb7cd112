#include <stdlib.h>

#include "base/limits.h"
#include "checks/certificate.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/*
 * The input: an octet that chooses the host, one each for usage, selector and
 * matching of a TLSA record, one for the audit's time; then certificates, each
 * after two octets of length.  The record's data is what follows the last.
 */
enum { CHOICES = 5, CHAIN_MAX = 8, YEAR = 365 * 24 * 3600 };

static const char *const hosts[] = { "mx.example.com", "", ".example.com",
	"example.com", "192.0.2.1" };

static size_t
split(struct slice in, struct slice *chain, struct slice *rest)
{
	size_t n = 0;

	while (n < CHAIN_MAX && in.n >= 2) {
		size_t size = (size_t)in.p[0] << 8 | in.p[1];

		if (size > in.n - 2)
			break;
		chain[n++] = slice_sub(in, 2, size);
		in = slice_from(in, 2 + size);
	}
	*rest = in;
	return n;
}

static void
check_read(struct check_run *run, const struct tls_session *tls,
    struct slice host)
{
	struct certificate c;
	json_t *o;

	if (certificate_read(run, tls, host, &c) != RC_OK || !c.readable)
		return;
	if (c.matches_san && !c.matches_host)
		__builtin_trap();
	if (host.n == 0 && c.matches_host)
		__builtin_trap();
	if (c.trusted && !c.trust_known)
		__builtin_trap();
	o = certificate_json(&c);
	if (o == NULL || json_object_get(o, "names") == NULL)
		__builtin_trap();
	json_decref(o);
}

static void
check_dane(struct check_run *run, const struct tls_session *tls,
    const struct dns_record *r, struct slice host)
{
	static const struct tls_session none = { 0 };
	enum dane_match match = certificate_dane(run, tls, r, host);

	/* Whether it is usable is the record's own affair. */
	if ((match == DANE_UNUSABLE) !=
	    (certificate_dane(run, &none, r, host) == DANE_UNUSABLE))
		__builtin_trap();
	if (match != DANE_UNUSABLE &&
	    (r->as.tlsa.usage < 2 || r->as.tlsa.usage > 3))
		__builtin_trap();
	if (match == DANE_MATCH && tls->n_chain == 0)
		__builtin_trap();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new(LIMIT_AUDIT_ARENA, 8192);
	struct subject subject = { .domain = SLICE_LIT("example.com") };
	struct check_run run = { .subject = &subject, .arena = arena };
	struct dns_record r = { .type = DNS_TLSA };
	struct slice chain[CHAIN_MAX], host;
	struct tls_session tls = { .chain = chain };

	if (arena != NULL && size >= CHOICES) {
		host = slice_str(
		    hosts[data[0] % (sizeof(hosts) / sizeof(hosts[0]))]);
		r.as.tlsa.usage = data[1];
		r.as.tlsa.selector = data[2];
		r.as.tlsa.matching = data[3];
		subject.as_of = (int64_t)data[4] * YEAR;
		tls.n_chain = split(slice_of(data + CHOICES, size - CHOICES),
		    chain, &r.as.tlsa.data);
		check_read(&run, &tls, host);
		check_dane(&run, &tls, &r, host);
	}
	arena_free(arena);
	return 0;
}
