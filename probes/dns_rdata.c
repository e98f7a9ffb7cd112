#include "probes/dns_rdata.h"

bool
dns_rr_take(struct cursor *c, struct dns_rr *rr)
{
	rr->owner = *c;
	dns_name_skip(c);
	rr->type = cursor_u16(c);
	rr->class = cursor_u16(c);
	rr->ttl = cursor_u32(c);
	if (rr->ttl > INT32_MAX) /* RFC 2181 8 */
		rr->ttl = 0;
	rr->size = cursor_u16(c);
	rr->rdata = cursor_at(slice_sub(c->all, 0, c->at + rr->size), c->at);
	(void)cursor_bytes(c, rr->size);
	return !c->failed;
}

static struct slice
name_take(struct arena *a, struct cursor *c)
{
	struct dns_name name;

	return dns_name_take(c, &name) ? dns_name_text(a, &name) : SLICE_NONE;
}

/* ---- one function a type ----------------------------------------------- */

static bool
address_decode(struct cursor *c, struct dns_record *r)
{
	size_t size = r->type == DNS_A ? 4 : 16; /* RFC 1035 3.4.1, RFC 3596 */

	return ip_from_octets(cursor_bytes(c, size), &r->as.address);
}

/* RFC 1035 3.3.14: one or more <character-string>s. */
static bool
text_decode(struct arena *a, struct cursor *c, struct dns_record *r)
{
	struct cursor in = cursor_of(arena_copy(a, cursor_rest(c)));
	struct cursor count = in;
	struct slice *strings;
	size_t n = 0;

	for (; !cursor_done(&count); n++)
		(void)cursor_bytes(&count, cursor_u8(&count));
	if (count.failed || n == 0)
		return false;
	strings = arena_new_of(a, struct slice, n);
	if (strings == NULL)
		return false;
	for (size_t i = 0; i < n; i++)
		strings[i] = cursor_bytes(&in, cursor_u8(&in));
	r->as.text = (struct dns_text){ strings, n };
	return true;
}

/* RFC 1035 3.3.9. */
static void
mx_decode(struct arena *a, struct cursor *c, struct dns_record *r)
{
	r->as.mx.preference = cursor_u16(c);
	r->as.mx.host = name_take(a, c);
}

/* RFC 1035 3.3.13. */
static void
soa_decode(struct arena *a, struct cursor *c, struct dns_record *r)
{
	r->as.soa.mname = name_take(a, c);
	r->as.soa.rname = name_take(a, c);
	r->as.soa.serial = cursor_u32(c);
	r->as.soa.refresh = cursor_u32(c);
	r->as.soa.retry = cursor_u32(c);
	r->as.soa.expire = cursor_u32(c);
	r->as.soa.minimum = cursor_u32(c);
}

/* RFC 2782. */
static void
srv_decode(struct arena *a, struct cursor *c, struct dns_record *r)
{
	r->as.srv.priority = cursor_u16(c);
	r->as.srv.weight = cursor_u16(c);
	r->as.srv.port = cursor_u16(c);
	r->as.srv.target = name_take(a, c);
}

/* RFC 6698 2.1; the data may not be empty. */
static bool
tlsa_decode(struct arena *a, struct cursor *c, struct dns_record *r)
{
	r->as.tlsa.usage = cursor_u8(c);
	r->as.tlsa.selector = cursor_u8(c);
	r->as.tlsa.matching = cursor_u8(c);
	r->as.tlsa.data = arena_copy(a, cursor_rest(c));
	return r->as.tlsa.data.n > 0;
}

bool
dns_rdata_decode(struct arena *a, const struct dns_rr *rr, struct dns_record *r)
{
	struct cursor c = rr->rdata;
	bool fine = true;

	r->type = rr->type;
	r->ttl = rr->ttl;
	switch (rr->type) {
	case DNS_A:
	case DNS_AAAA:
		fine = address_decode(&c, r);
		break;
	case DNS_NS:
	case DNS_CNAME:
	case DNS_PTR:
		r->as.name = name_take(a, &c);
		break;
	case DNS_MX:
		mx_decode(a, &c, r);
		break;
	case DNS_SOA:
		soa_decode(a, &c, r);
		break;
	case DNS_SRV:
		srv_decode(a, &c, r);
		break;
	case DNS_TXT:
		fine = text_decode(a, &c, r);
		break;
	case DNS_TLSA:
		fine = tlsa_decode(a, &c, r);
		break;
	default:
		r->rdata = arena_copy(a, cursor_rest(&c));
		break;
	}
	return fine && !c.failed && cursor_done(&c);
}
