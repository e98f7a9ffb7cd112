#include "probes/dns_wire.h"

#include "base/limits.h"
#include "probes/dns_rdata.h"
#include "probes/store.h"

enum {
	CLASS_IN = 1,
	FLAG_QR = 0x8000,
	FLAG_AA = 0x0400,
	FLAG_TC = 0x0200,
	FLAG_RD = 0x0100,
	FLAG_RA = 0x0080,
	FLAG_AD = 0x0020,
	MASK_OPCODE = 0x7800,
	MASK_RCODE = 0x000F,
};

enum {
	RCODE_NOERROR = 0,
	RCODE_SERVFAIL = 2,
	RCODE_NXDOMAIN = 3,
	RCODE_REFUSED = 5,
};

/* ---- the question ------------------------------------------------------ */

static void
query_add(struct dns_query *q, unsigned int high, unsigned int low)
{
	q->wire[q->n++] = (unsigned char)high;
	q->wire[q->n++] = (unsigned char)low;
}

static void
query_u16(struct dns_query *q, unsigned int value)
{
	query_add(q, value >> 8, value & 0xFF);
}

bool
dns_query_make(const struct question *question, uint16_t id, bool edns,
    struct dns_query *q)
{
	struct dns_name name;

	if (!dns_name_parse(question->name, &name))
		return false;
	q->n = 0;
	query_u16(q, id);
	query_u16(q, question->n_addresses > 0 ? 0 : FLAG_RD | FLAG_AD);
	query_u16(q, 1); /* QDCOUNT */
	query_u16(q, 0);
	query_u16(q, 0);
	query_u16(q, edns ? 1 : 0); /* ARCOUNT */
	memcpy(q->wire + q->n, name.wire, name.n);
	q->n += name.n;
	query_u16(q, question->type);
	query_u16(q, CLASS_IN);
	if (!edns)
		return true;
	q->wire[q->n++] = 0; /* RFC 6891 6.1.2: owner is the root */
	query_u16(q, DNS_OPT);
	query_u16(q, DNS_EDNS_SIZE);
	query_u16(q, 0); /* extended rcode and version */
	query_u16(q, 0); /* flags */
	query_u16(q, 0); /* RDLEN */
	return true;
}

/* ---- the frame --------------------------------------------------------- */

static bool
section_skip(struct cursor *c, unsigned int n)
{
	struct dns_rr rr;

	for (; n > 0; n--) {
		if (!dns_rr_take(c, &rr))
			return false;
	}
	return true;
}

/* The additional section matters for OPT alone: it may well be broken. */
static void
opt_find(struct dns_message *m, struct cursor c, unsigned int n)
{
	struct dns_rr rr;

	for (; n > 0 && dns_rr_take(&c, &rr); n--) {
		if (rr.type != DNS_OPT || cursor_peek(&rr.owner) != 0)
			continue;
		m->has_opt = true;
		/* RFC 6891 6.1.3: the rcode's upper eight bits. */
		m->rcode |= (uint16_t)(rr.ttl >> 24 << 4);
		return;
	}
}

static const char *
question_read(struct dns_message *m, struct cursor *c, unsigned int n)
{
	if (n > 1)
		return "it has several questions";
	m->has_question = n == 1;
	if (n == 0)
		return NULL;
	if (!dns_name_take(c, &m->name))
		return "its question cannot be read";
	m->type = cursor_u16(c);
	m->class = cursor_u16(c);
	return c->failed ? "it is cut short in the question" : NULL;
}

static const char *
message_read(struct dns_message *m)
{
	struct cursor c = cursor_of(m->packet);
	unsigned int n_questions, n_additional;
	const char *fault;

	(void)cursor_u16(&c); /* the id is the transport's */
	m->flags = cursor_u16(&c);
	n_questions = cursor_u16(&c);
	m->n_answers = cursor_u16(&c);
	m->n_authority = cursor_u16(&c);
	n_additional = cursor_u16(&c);
	if (c.failed)
		return "it is shorter than a header";
	m->truncated = (m->flags & FLAG_TC) != 0;
	m->rcode = m->flags & MASK_RCODE;
	if ((m->flags & FLAG_QR) == 0 || (m->flags & MASK_OPCODE) != 0)
		return "it is not an answer to a query";
	fault = question_read(m, &c, n_questions);
	if (fault != NULL)
		return fault;
	m->answers = c;
	if (!section_skip(&c, m->n_answers))
		return "it is cut short in the answer section";
	m->authority = c;
	if (!section_skip(&c, m->n_authority))
		return "it is cut short in the authority section";
	opt_find(m, c, n_additional);
	return NULL;
}

void
dns_message_open(struct slice packet, struct dns_message *m)
{
	m->packet = packet;
	m->has_question = m->has_opt = m->truncated = false;
	m->flags = m->rcode = 0;
	m->fault = message_read(m);
}

/* ---- the answer -------------------------------------------------------- */

struct decoder {
	struct arena *arena;
	const struct dns_message *message;
	uint16_t type;
	struct answer *out;
	struct dns_name name;   /* where the chain has led so far */
	struct dns_name target; /* where its alias leads, if n_aliases > 0 */
	uint32_t alias_ttl;
	unsigned int n_aliases; /* CNAMEs of the name */
	size_t n_records;       /* of the type asked, of the name */
	bool direct;            /* asked of a name server, not of a resolver */
};

/* The answer is not one.  False, to be returned. */
static bool
spoilt(struct decoder *d, enum cause cause, const char *why)
{
	d->out->seen = SEEN_MALFORMED;
	d->out->cause = cause;
	d->out->detail = slice_str(why);
	return false;
}

/* Whether the record is one of this name, of the type or an alias. */
static bool
rr_matters(const struct decoder *d, const struct dns_rr *rr)
{
	struct cursor owner = rr->owner;
	struct dns_name name;

	return rr->class == CLASS_IN &&
	       (rr->type == d->type || rr->type == DNS_CNAME) &&
	       dns_name_take(&owner, &name) && dns_name_eq(&name, &d->name);
}

static bool
alias_note(struct decoder *d, const struct dns_rr *rr)
{
	struct cursor c = rr->rdata;
	struct dns_name target;

	if (!dns_name_take(&c, &target) || !cursor_done(&c))
		return spoilt(d, CAUSE_MALFORMED, "a CNAME cannot be read");
	if (d->n_aliases++ == 0) {
		d->alias_ttl = rr->ttl;
		d->target = target;
		return true;
	}
	/* RFC 2181 10.1: one at most; which one is not for us to guess. */
	if (!dns_name_eq(&target, &d->target))
		return spoilt(d, CAUSE_MALFORMED, "a name has several CNAMEs");
	return true;
}

/* Counts what is at the name, and finds its alias. */
static bool
name_survey(struct decoder *d)
{
	struct cursor c = d->message->answers;
	struct dns_rr rr;

	d->n_aliases = 0;
	d->n_records = 0;
	for (unsigned int n = d->message->n_answers; n > 0; n--) {
		if (!dns_rr_take(&c, &rr))
			break;
		if (!rr_matters(d, &rr))
			continue;
		if (rr.type == d->type)
			d->n_records++;
		else if (!alias_note(d, &rr))
			return false;
	}
	return true;
}

static bool
chain_has(const struct dns_record *chain, size_t n, struct slice name)
{
	for (size_t i = 0; i < n; i++) {
		if (slice_eq(chain[i].owner, name))
			return true;
	}
	return false;
}

/*
 * From the question's name to the end of the aliases, in their own order: the
 * records may come in any.
 */
static bool
chain_follow(struct decoder *d, struct slice *end)
{
	struct dns_record chain[LIMIT_DNS_CNAMES], *kept;
	size_t n = 0;
	bool fine = name_survey(d);

	*end = dns_name_text(d->arena, &d->name);
	while (fine && d->n_aliases > 0) {
		if (n == LIMIT_DNS_CNAMES)
			return spoilt(d, CAUSE_CNAME_LOOP,
			    "the aliases do not come to an end");
		chain[n] = (struct dns_record){
			.owner = *end,
			.type = DNS_CNAME,
			.ttl = d->alias_ttl,
		};
		*end = dns_name_text(d->arena, &d->target);
		chain[n++].as.name = *end;
		if (chain_has(chain, n, *end))
			return spoilt(d, CAUSE_CNAME_LOOP,
			    "the aliases lead in a circle");
		d->name = d->target;
		fine = name_survey(d);
	}
	if (!fine || n == 0)
		return fine;
	kept = arena_new_of(d->arena, struct dns_record, n);
	if (kept == NULL)
		return false;
	memcpy(kept, chain, n * sizeof(*kept));
	d->out->as.dns.chain = kept;
	d->out->as.dns.n_chain = n;
	return true;
}

static bool
record_spoilt(struct decoder *d, size_t i)
{
	char type[12];

	dns_type_name(d->type, type);
	d->out->seen = SEEN_MALFORMED;
	d->out->cause = CAUSE_MALFORMED;
	d->out->detail = arena_slicef(d->arena,
	    "%s record %zu of %zu cannot be read", type, i + 1, d->n_records);
	return false;
}

/* The records at the chain's end. */
static bool
records_decode(struct decoder *d, struct slice owner)
{
	struct cursor c = d->message->answers;
	struct dns_record *records;
	struct dns_rr rr;
	size_t i = 0;

	if (d->n_records > LIMIT_DNS_RECORDS) {
		d->out->seen = SEEN_NOT_ASKED;
		d->out->cause = CAUSE_LIMIT;
		d->out->detail = SLICE_LIT("too many records");
		return false;
	}
	records = arena_new_of(d->arena, struct dns_record, d->n_records);
	if (records == NULL)
		return false;
	while (i < d->n_records && dns_rr_take(&c, &rr)) {
		if (rr.type != d->type || !rr_matters(d, &rr))
			continue;
		if (!dns_rdata_decode(d->arena, &rr, &records[i]))
			return record_spoilt(d, i);
		records[i++].owner = owner;
	}
	d->out->as.dns.records = records;
	d->out->as.dns.n_records = i;
	return true;
}

/*
 * The authority section: the zone in which the name is not, or another
 * server's name instead of an answer (RFC 2308 2.2).
 */
static bool
authority_read(struct decoder *d)
{
	const unsigned int honest = FLAG_RA | FLAG_AA;
	struct cursor c = d->message->authority;
	struct dns_name owner;
	struct dns_rr rr;
	bool servers = false;

	for (unsigned int n = d->message->n_authority; n > 0; n--) {
		if (!dns_rr_take(&c, &rr))
			break;
		if (rr.class != CLASS_IN)
			continue;
		if (rr.type == DNS_NS)
			servers = true;
		if (rr.type == DNS_SOA && dns_name_take(&rr.owner, &owner) &&
		    dns_name_is_under(&d->name, &owner)) {
			d->out->as.dns.soa_owner =
			    dns_name_text(d->arena, &owner);
			return true;
		}
	}
	if (!servers || d->n_records > 0 || (d->message->flags & honest) != 0)
		return true;
	d->out->seen = SEEN_TEMPORARY;
	d->out->cause = CAUSE_REFUSED;
	d->out->detail =
	    d->direct ? SLICE_LIT("it only refers to other servers")
		      : SLICE_LIT("the resolver only refers to other servers");
	d->out->as.dns.referral = d->direct;
	return false;
}

static const char *
rcode_name(unsigned int rcode)
{
	static const char *const names[] = { "NOERROR", "FORMERR", "SERVFAIL",
		"NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN", "YXRRSET",
		"NXRRSET", "NOTAUTH", "NOTZONE", "DSOTYPENI" };

	if (rcode < sizeof(names) / sizeof(names[0]))
		return names[rcode];
	if (rcode == 16)
		return "BADVERS";
	return rcode == 23 ? "BADCOOKIE" : NULL;
}

/* An rcode other than NOERROR and NXDOMAIN: ask again, or elsewhere. */
static void
rcode_report(struct decoder *d, unsigned int rcode)
{
	const char *name = rcode_name(rcode);

	d->out->seen = SEEN_TEMPORARY;
	switch (rcode) {
	case RCODE_SERVFAIL:
		d->out->cause = CAUSE_SERVFAIL;
		break;
	case RCODE_REFUSED:
		d->out->cause = CAUSE_REFUSED;
		break;
	default:
		d->out->cause = CAUSE_RCODE;
		break;
	}
	if (name != NULL)
		d->out->detail = slice_str(name);
	else
		d->out->detail = arena_slicef(d->arena, "RCODE%u", rcode);
}

static bool
question_matches(const struct decoder *d)
{
	const struct dns_message *m = d->message;

	return m->has_question && m->type == d->type && m->class == CLASS_IN &&
	       dns_name_eq(&m->name, &d->name);
}

static bool
message_sound(struct decoder *d)
{
	const struct dns_message *m = d->message;

	if (m->fault != NULL)
		return spoilt(d, CAUSE_MALFORMED, m->fault);
	/* An error may come without its question, but not with another. */
	if (m->rcode != RCODE_NOERROR && m->rcode != RCODE_NXDOMAIN &&
	    (!m->has_question || question_matches(d))) {
		rcode_report(d, m->rcode);
		return false;
	}
	if (!question_matches(d))
		return spoilt(d, CAUSE_MALFORMED,
		    "it answers another question");
	if (m->truncated)
		return spoilt(d, CAUSE_MALFORMED, "it is truncated");
	return true;
}

static void
answer_read(struct decoder *d)
{
	struct slice end = SLICE_NONE;

	if (!message_sound(d))
		return;
	if (d->message->n_answers > 0 && !chain_follow(d, &end))
		return;
	if (d->message->rcode == RCODE_NXDOMAIN && d->n_records > 0) {
		(void)spoilt(d, CAUSE_MALFORMED,
		    "it has records of a name that it says is not there");
		return;
	}
	if (!authority_read(d))
		return;
	if (d->n_records == 0)
		d->out->seen = SEEN_ABSENT;
	else if (records_decode(d, end))
		d->out->seen = SEEN_ANSWERED;
}

enum rc
dns_decode(struct arena *a, const struct dns_message *m,
    const struct question *q, struct answer *out)
{
	struct decoder d = { .arena = a, .message = m, .out = out };

	d.type = q->type;
	d.direct = q->n_addresses > 0;
	out->seen = SEEN_MALFORMED;
	out->cause = CAUSE_NONE;
	out->detail = SLICE_NONE;
	out->as.dns = (struct dns_answer){ 0 };
	out->as.dns.rcode = m->rcode;
	out->as.dns.authentic = (m->flags & FLAG_AD) != 0;
	out->as.dns.authoritative = d.direct && (m->flags & FLAG_AA) != 0;
	if (!dns_name_parse(q->name, &d.name)) {
		out->seen = SEEN_NOT_ASKED;
		out->cause = CAUSE_LIMIT;
		out->detail = SLICE_LIT("the name cannot be a DNS name");
		return RC_OK;
	}
	answer_read(&d);
	return arena_failed(a) ? RC_LIMIT : RC_OK;
}
