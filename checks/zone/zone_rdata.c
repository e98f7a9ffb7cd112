#include "checks/zone/zone_rdata.h"

#include "base/buf.h"
#include "base/cursor.h"
#include "base/limits.h"

enum { STRING_MAX = 255, RDATA_MAX = 65535 };

static const struct {
	const char *name;
	uint16_t type;
} types[] = {
	{ "A", DNS_A },
	{ "NS", DNS_NS },
	{ "CNAME", DNS_CNAME },
	{ "SOA", DNS_SOA },
	{ "MX", DNS_MX },
	{ "TXT", DNS_TXT },
	{ "AAAA", DNS_AAAA },
};

enum { N_TYPES = sizeof(types) / sizeof(types[0]) };

/* RFC 3597 5: also TYPE16. */
uint16_t
zone_type(struct slice name)
{
	uint64_t number = 0;

	if (slice_starts_nocase(name, SLICE_LIT("TYPE")))
		(void)slice_number(slice_from(name, 4), UINT16_MAX, &number);
	for (size_t i = 0; i < N_TYPES; i++) {
		if (types[i].type == number ||
		    slice_eq_nocase(name, slice_str(types[i].name)))
			return types[i].type;
	}
	return 0;
}

const char *
zone_type_name(uint16_t type)
{
	for (size_t i = 0; i < N_TYPES; i++) {
		if (types[i].type == type)
			return types[i].name;
	}
	return "?";
}

static void
note(struct zone_rdata *in, enum zone_note what, struct zone_place at)
{
	if (in->notes == 0)
		in->noted = at;
	in->notes |= what;
}

/* ---- names and addresses ----------------------------------------------- */

static const char *
take_name(struct zone_rdata *in, struct slice *out)
{
	const struct zone_word *w = &in->words[in->at];
	const struct zone_origin *o = in->origin;
	const char *wrong;

	if (in->at == in->n)
		return "has no name behind its type";
	wrong = zone_name_read(in->arena, w->raw, o, out);
	if (wrong != NULL)
		return wrong;
	/* "mail.example.com" in example.com, but for the dot. */
	if (o->known && o->name.n > 0 && slice_ends_nocase(w->raw, o->name))
		note(in, ZONE_NOTE_NO_DOT, w->at);
	in->at++;
	return NULL;
}

static const char *
take_address(struct zone_rdata *in, struct dns_record *out)
{
	uint8_t family = out->type == DNS_A ? 4 : 6;
	struct ip ip;

	if (in->at == in->n)
		return "has no address";
	if (!ip_parse(in->words[in->at].raw, &ip) || ip.family != family)
		return family == 4 ? "is no IPv4 address"
				   : "is no IPv6 address";
	out->as.address = ip;
	in->at++;
	return NULL;
}

static const char *
take_number(struct zone_rdata *in, uint64_t max, uint64_t *out)
{
	if (in->at == in->n)
		return "has no number where one must be";
	if (!slice_number(in->words[in->at].raw, max, out))
		return "is no number that can be there";
	in->at++;
	return NULL;
}

static const char *
take_mx(struct zone_rdata *in, struct dns_record *out)
{
	uint64_t preference = 0;
	const char *wrong = take_number(in, UINT16_MAX, &preference);

	if (wrong == NULL)
		wrong = take_name(in, &out->as.mx.host);
	out->as.mx.preference = (uint16_t)preference;
	return wrong;
}

/* Its times may have units ("1h"), and nobody here wants them. */
static const char *
take_soa(struct zone_rdata *in, struct dns_record *out)
{
	uint64_t serial = 0;
	const char *wrong = take_name(in, &out->as.soa.mname);

	if (wrong == NULL)
		wrong = take_name(in, &out->as.soa.rname);
	if (wrong == NULL)
		wrong = take_number(in, UINT32_MAX, &serial);
	out->as.soa.serial = (uint32_t)serial;
	if (wrong == NULL && in->n - in->at < 4) {
		in->at = in->n;
		return "ends before its four times";
	}
	in->at += wrong == NULL ? 4 : 0;
	return wrong;
}

/* ---- TXT --------------------------------------------------------------- */

static const char *
set_strings(struct zone_rdata *in, const struct slice *from, size_t n,
    struct dns_record *out)
{
	struct slice *strings;
	size_t pieces = 0, i, k = 0, all = 0;

	for (i = 0; i < n; i++) {
		pieces += from[i].n / STRING_MAX + 1;
		all += from[i].n;
	}
	if (all + pieces > RDATA_MAX)
		return "is larger than a record may be (65,535 octets)";
	strings = arena_new_of(in->arena, struct slice, pieces + 1);
	if (strings == NULL)
		return NULL;
	for (i = 0; i < n; i++) {
		struct slice rest = from[i];

		do {
			strings[k] = slice_sub(rest, 0, STRING_MAX);
			rest = slice_from(rest, strings[k++].n);
		} while (rest.n > 0);
	}
	out->as.text = (struct dns_text){ strings, k };
	return NULL;
}

/*
 * v=DKIM1; k=rsa; p=... without quotes: to a name server three strings and a
 * comment, to its author one text.  It is taken as it was meant, and said.
 */
static bool
quotes_forgotten(const struct zone_rdata *in)
{
	size_t i;

	if (!slice_starts_nocase(in->words[0].raw, SLICE_LIT("v=")))
		return false;
	for (i = 0; i < in->n; i++)
		if (in->words[i].quoted)
			return false;
	return in->n > 1 || in->tail.p != NULL;
}

static const char *
take_unquoted(struct zone_rdata *in, struct dns_record *out)
{
	struct slice all = in->words[0].raw, one;
	const char *wrong;
	size_t i;

	note(in, ZONE_NOTE_UNQUOTED, in->words[0].at);
	if (in->tail.p != NULL) {
		all = slice_trim(slice_span(all, in->tail));
	} else {
		struct buf b;

		buf_init(&b, LIMIT_ZONE_ENTRY);
		for (i = 0; i < in->n; i++) {
			buf_add_str(&b, i > 0 ? " " : "");
			buf_add(&b, in->words[i].raw);
		}
		all = arena_copy(in->arena, buf_slice(&b));
		buf_free(&b);
	}
	wrong = zone_string_read(in->arena, all, &one);
	in->at = in->n;
	return wrong != NULL ? wrong : set_strings(in, &one, 1, out);
}

static const char *
take_text(struct zone_rdata *in, struct dns_record *out)
{
	struct slice *strings;
	size_t i;

	if (in->n == 0)
		return "has no text";
	if (quotes_forgotten(in))
		return take_unquoted(in, out);
	strings = arena_new_of(in->arena, struct slice, in->n);
	for (i = 0; strings != NULL && i < in->n; i++) {
		const struct zone_word *w = &in->words[i];
		const char *wrong =
		    zone_string_read(in->arena, w->raw, &strings[i]);

		in->at = i;
		if (wrong != NULL)
			return wrong;
		if (strings[i].n > STRING_MAX)
			note(in, ZONE_NOTE_LONG_STRING, w->at);
	}
	in->at = in->n;
	return strings != NULL ? set_strings(in, strings, in->n, out) : NULL;
}

/* ---- \# (RFC 3597 5) --------------------------------------------------- */

static const char *
take_hex(struct zone_rdata *in, struct slice *out)
{
	unsigned char *p;
	uint64_t length;
	size_t n = 0;
	int half = -1;

	in->at = 1;
	if (in->n < 2 || !slice_number(in->words[1].raw, RDATA_MAX, &length))
		return "is no length in octets";
	p = arena_new_of(in->arena, unsigned char, (size_t)length + 1);
	for (in->at = 2; p != NULL && in->at < in->n; in->at++) {
		struct slice hex = in->words[in->at].raw;

		for (size_t i = 0; i < hex.n; i++) {
			int digit = ascii_hex(hex.p[i]);

			if (digit < 0 || n == length)
				return digit < 0 ? "is not hexadecimal"
						 : "is longer than it says";
			if (half >= 0)
				p[n++] = (unsigned char)(half << 4 | digit);
			half = half >= 0 ? -1 : digit;
		}
	}
	*out = slice_of(p, n);
	return n == length && half < 0 ? NULL : "is shorter than it says";
}

static const char *
wire_text(struct zone_rdata *in, struct slice octets, struct dns_record *out)
{
	struct cursor c = cursor_of(octets);
	struct slice *strings =
	    arena_new_of(in->arena, struct slice, octets.n + 1);
	size_t n = 0;

	while (strings != NULL && !cursor_done(&c))
		strings[n++] = cursor_bytes(&c, cursor_u8(&c));
	if (c.failed || n == 0)
		return "holds no strings of TXT";
	out->as.text = (struct dns_text){ strings, n };
	return NULL;
}

static const char *
wire_mx(struct zone_rdata *in, struct slice octets, struct dns_record *out)
{
	struct cursor c = cursor_of(octets);
	struct slice rest;

	out->as.mx.preference = cursor_u16(&c);
	rest = cursor_rest(&c);
	if (c.failed)
		return "is cut short";
	return zone_name_wire(in->arena, &rest, &out->as.mx.host);
}

static const char *
take_generic(struct zone_rdata *in, struct dns_record *out)
{
	struct slice octets = SLICE_NONE;
	const char *wrong = take_hex(in, &octets);

	if (wrong != NULL)
		return wrong;
	switch (out->type) {
	case DNS_TXT:
		return wire_text(in, octets, out);
	case DNS_A:
	case DNS_AAAA:
		return octets.n == (out->type == DNS_A ? 4 : 16) &&
			       ip_from_octets(octets, &out->as.address)
			   ? NULL
			   : "holds no address";
	case DNS_MX:
		return wire_mx(in, octets, out);
	case DNS_SOA:
		return "is a SOA in hexadecimal, which is not read";
	default:
		return zone_name_wire(in->arena, &octets, &out->as.name);
	}
}

/* ------------------------------------------------------------------------ */

static const char *
take_plain(struct zone_rdata *in, struct dns_record *out)
{
	switch (out->type) {
	case DNS_A:
	case DNS_AAAA:
		return take_address(in, out);
	case DNS_MX:
		return take_mx(in, out);
	case DNS_SOA:
		return take_soa(in, out);
	case DNS_TXT:
		return take_text(in, out);
	default:
		return take_name(in, &out->as.name);
	}
}

const char *
zone_rdata_read(struct zone_rdata *in, struct dns_record *out)
{
	const char *wrong;

	in->at = 0;
	if (in->n > 0 && !in->words[0].quoted &&
	    slice_eq(in->words[0].raw, SLICE_LIT("\\#")))
		return take_generic(in, out);
	wrong = take_plain(in, out);
	if (wrong == NULL && in->at < in->n)
		return "stands behind the end of the record";
	return wrong;
}
