#include <stdlib.h>

#include "tests/differential/ours.h"

enum { TTL = 60, RCODE_NXDOMAIN = 3, OCTET_DIGITS = 3 };

static void
no_wake(struct asker *a)
{
	(void)a;
}

void
zone_store_open(struct zone_store *z, struct test_case *c)
{
	*z = (struct zone_store){ .of = c, .store = store_new() };
	if (z->store == NULL)
		abort();
	z->asker = (struct asker){ z->store, &z->pins, no_wake, NULL, 0 };
}

void
zone_store_close(struct zone_store *z)
{
	pins_release(z->store, &z->pins);
	store_free(z->store);
}

/* ---- names ------------------------------------------------------------- */

/* \DDD or \X at the start of a canonical name, or an octet. */
static size_t
octet_at(struct slice name, unsigned char *out)
{
	uint64_t value;

	*out = name.p[0];
	if (name.p[0] != '\\' || name.n < 2)
		return 1;
	if (name.n > OCTET_DIGITS &&
	    slice_number(slice_sub(name, 1, OCTET_DIGITS), UINT8_MAX, &value)) {
		*out = (unsigned char)value;
		return 1 + OCTET_DIGITS;
	}
	*out = name.p[1];
	return 2;
}

/* As octets; the zone of a case knows no escapes. */
static char *
plain_name(struct arena *arena, struct slice name)
{
	char *out = arena_alloc(arena, name.n + 1, 1);
	size_t n = 0;

	if (out == NULL)
		abort();
	while (name.n > 0) {
		unsigned char octet;

		name = slice_from(name, octet_at(name, &octet));
		out[n++] = (char)octet;
	}
	return out;
}

void
reply_name(FILE *out, struct slice name)
{
	while (name.n > 0) {
		unsigned char octet;

		name = slice_from(name, octet_at(name, &octet));
		case_encode(out, &octet, 1);
	}
}

static struct slice
lower(struct arena *arena, const char *name)
{
	size_t n = strlen(name), i;
	unsigned char *out;

	if (n > 0 && name[n - 1] == '.')
		n--;
	out = arena_alloc(arena, n + 1, 1);
	if (out == NULL)
		abort();
	for (i = 0; i < n; i++)
		out[i] = ascii_lower((unsigned char)name[i]);
	return slice_of(out, n);
}

/* ---- answers ----------------------------------------------------------- */

static struct dns_text
text_of(struct arena *arena, char *data)
{
	struct slice *strings = NULL;
	struct dns_text out = { NULL, 0 };
	size_t cap = 0;
	char *s;

	while ((s = case_text(&data)) != NULL) {
		strings =
		    arena_grow(arena, strings, out.n, &cap, sizeof(*strings));
		if (strings == NULL)
			abort();
		strings[out.n++] = arena_copy(arena, slice_str(s));
		free(s);
	}
	out.strings = strings;
	return out;
}

static struct dns_record
record_of(struct arena *arena, const struct case_record *r, uint16_t type)
{
	struct dns_record out = { .type = type, .ttl = TTL };

	out.owner = lower(arena, r->name);
	if (type == DNS_A || type == DNS_AAAA) {
		if (!ip_parse(slice_str(r->data), &out.as.address))
			abort();
	} else if (type == DNS_TXT) {
		out.as.text = text_of(arena, r->data);
	} else if (type == DNS_MX) {
		out.as.mx.host = lower(arena, case_host(r->data));
		out.as.mx.preference = (uint16_t)strtoul(r->data, NULL, 10);
	} else {
		out.as.name = lower(arena, r->data);
	}
	return out;
}

static const struct dns_record *
chain_of(struct arena *arena, const char *name,
    const struct found_records *found)
{
	struct dns_record *out =
	    arena_new_of(arena, struct dns_record, found->n_chain + 1);
	size_t i;

	if (out == NULL)
		abort();
	for (i = 0; i < found->n_chain; i++)
		out[i] = (struct dns_record){
			.owner =
			    lower(arena, i > 0 ? found->chain[i - 1] : name),
			.type = DNS_CNAME,
			.ttl = TTL,
			.as.name = lower(arena, found->chain[i]),
		};
	return out;
}

static struct answer
answer_of(struct arena *arena, const char *name, uint16_t type,
    const struct found_records *found)
{
	struct answer out = { .seen = SEEN_ABSENT };
	struct dns_record *records =
	    arena_new_of(arena, struct dns_record, found->n + 1);
	size_t i;

	if (records == NULL)
		abort();
	for (i = 0; i < found->n; i++)
		records[i] = record_of(arena, found->records[i], type);
	if (found->n > 0)
		out.seen = SEEN_ANSWERED;
	out.as.dns.records = records;
	out.as.dns.n_records = found->n;
	out.as.dns.chain = chain_of(arena, name, found);
	out.as.dns.n_chain = found->n_chain;
	if (found->found == FOUND_NXDOMAIN)
		out.as.dns.rcode = RCODE_NXDOMAIN;
	return out;
}

static void
answer_one(struct zone_store *z, struct entry *e, struct found_records *found)
{
	const struct question *q = entry_question(e);
	struct arena *arena = entry_arena(e);
	char *name = plain_name(arena, q->name);
	struct answer answer;
	char type[12];

	dns_type_name(q->type, type);
	case_find(z->of, name, type, found);
	if (found->found == FOUND_SERVFAIL || found->found == FOUND_TIMEOUT) {
		entry_fail(e, SEEN_TEMPORARY,
		    found->found == FOUND_TIMEOUT ? CAUSE_TIMEOUT
						  : CAUSE_SERVFAIL,
		    NULL);
		return;
	}
	answer = answer_of(arena, name, q->type, found);
	entry_answer(e, &answer);
}

void
zone_store_answer(struct zone_store *z)
{
	struct found_records *found = malloc(sizeof(*found));
	struct entry *e;

	if (found == NULL)
		abort();
	while ((e = store_next_wanted(z->store)) != NULL)
		answer_one(z, e, found);
	free(found);
}
