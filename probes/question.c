#include <stdio.h>

#include "probes/store.h"

static const struct {
	uint16_t type;
	const char *name;
} dns_types[] = {
	{ DNS_A, "A" },
	{ DNS_NS, "NS" },
	{ DNS_CNAME, "CNAME" },
	{ DNS_SOA, "SOA" },
	{ DNS_PTR, "PTR" },
	{ DNS_MX, "MX" },
	{ DNS_TXT, "TXT" },
	{ DNS_AAAA, "AAAA" },
	{ DNS_SRV, "SRV" },
	{ DNS_TLSA, "TLSA" },
	{ DNS_SPF, "SPF" },
};

enum { N_DNS_TYPES = sizeof(dns_types) / sizeof(dns_types[0]) };

void
dns_type_name(uint16_t type, char out[12])
{
	for (size_t i = 0; i < N_DNS_TYPES; i++) {
		/* Not by snprintf: it is asked for with every question. */
		if (dns_types[i].type == type) {
			memcpy(out, dns_types[i].name,
			    strlen(dns_types[i].name) + 1);
			return;
		}
	}
	(void)snprintf(out, 12, "TYPE%u", type); /* RFC 3597 5 */
}

uint16_t
dns_type_parse(struct slice s)
{
	uint64_t n;

	for (size_t i = 0; i < N_DNS_TYPES; i++) {
		if (slice_eq(s, slice_str(dns_types[i].name)))
			return dns_types[i].type;
	}
	if (slice_starts(s, SLICE_LIT("TYPE")) &&
	    slice_number(slice_from(s, 4), UINT16_MAX, &n))
		return (uint16_t)n;
	return 0;
}

static struct slice
dns_key_of_server(struct arena *a, const struct question *q, const char *type)
{
	char address[IP_TEXT_MAX];

	ip_format(&q->addresses[0], address);
	return arena_slicef(a, "dns %.*s %s %s", SLICE_FMT(q->name), type,
	    address);
}

static struct slice
dns_key(struct arena *a, const struct question *q)
{
	char type[12];
	size_t n;
	char *p;

	dns_type_name(q->type, type);
	if (q->n_addresses > 0)
		return dns_key_of_server(a, q, type);
	n = strlen(type);
	p = arena_new_of(a, char, q->name.n + n + 6);
	if (p == NULL)
		return SLICE_NONE;
	memcpy(p, "dns ", 4);
	if (q->name.n > 0)
		memcpy(p + 4, q->name.p, q->name.n);
	p[4 + q->name.n] = ' ';
	memcpy(p + 5 + q->name.n, type, n);
	return slice_of(p, q->name.n + n + 5);
}

struct slice
question_key(struct arena *a, const struct question *q)
{
	char address[IP_TEXT_MAX] = "";

	switch (q->kind) {
	case QUESTION_DNS:
		return dns_key(a, q);
	case QUESTION_SMTP:
		if (q->n_addresses > 0)
			ip_format(&q->addresses[0], address);
		return arena_slicef(a, "smtp %.*s %s %u", SLICE_FMT(q->name),
		    address, q->type);
	case QUESTION_HTTP:
		return arena_slicef(a, "https %.*s", SLICE_FMT(q->name));
	case QUESTION_POST:
		return arena_slicef(a, "post %.*s", SLICE_FMT(q->name));
	case QUESTION_TOKEN:
		return arena_slicef(a, "token %.*s", SLICE_FMT(q->name));
	case QUESTION_POSTMASTER:
		return arena_slicef(a, "postmaster %.*s %.*s",
		    SLICE_FMT(q->name), SLICE_FMT(q->body));
	}
	return SLICE_NONE;
}

static const char *const cause_names[] = {
	[CAUSE_NONE] = "none",
	[CAUSE_TIMEOUT] = "timeout",
	[CAUSE_SERVFAIL] = "servfail",
	[CAUSE_REFUSED] = "refused",
	[CAUSE_NETWORK] = "network",
	[CAUSE_BLOCKED] = "blocked",
	[CAUSE_DEFERRED] = "deferred",
	[CAUSE_REJECTED] = "rejected",
	[CAUSE_MALFORMED] = "malformed",
	[CAUSE_CNAME_LOOP] = "cname-loop",
	[CAUSE_RCODE] = "rcode",
	[CAUSE_TLS] = "tls",
	[CAUSE_DEADLINE] = "deadline",
	[CAUSE_OFFLINE] = "offline",
	[CAUSE_PRIVATE] = "private",
	[CAUSE_LIMIT] = "limit",
	[CAUSE_UNPROVEN] = "unproven",
	[CAUSE_NEEDS_MESSAGE] = "needs-message",
	[CAUSE_NEEDS_IP] = "needs-ip",
	[CAUSE_NEEDS_HELO] = "needs-helo",
	[CAUSE_NEEDS_ATTESTATION] = "needs-attestation",
	[CAUSE_NEEDS_SPAM_RATE] = "needs-spam-rate",
	[CAUSE_NO_LIST] = "no-list",
	[CAUSE_NO_BLOCKLISTS] = "no-blocklists",
	[CAUSE_LIST_NAME] = "list-name",
	[CAUSE_PUBLIC_DNS] = "public-resolver",
	[CAUSE_RATE_LIMIT] = "rate-limit",
	[CAUSE_DEAD_LIST] = "dead-list",
	[CAUSE_UNSUPPORTED] = "unsupported",
	[CAUSE_SKIPPED] = "skipped",
	[CAUSE_NEEDS_POSTMASTER] = "needs-postmaster",
	[CAUSE_CREDENTIALS] = "credentials",
	[CAUSE_FORBIDDEN] = "forbidden",
	[CAUSE_UNREGISTERED] = "unregistered",
	[CAUSE_RATE] = "rate",
	[CAUSE_NO_DATA] = "no-data",
};

enum { N_CAUSES = sizeof(cause_names) / sizeof(cause_names[0]) };

const char *
cause_name(enum cause c)
{
	return cause_names[c];
}

bool
cause_parse(struct slice s, enum cause *out)
{
	for (unsigned int i = 0; i < N_CAUSES; i++) {
		if (slice_eq(s, slice_str(cause_names[i]))) {
			*out = (enum cause)i;
			return true;
		}
	}
	return false;
}
