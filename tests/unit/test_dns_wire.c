#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/limits.h"
#include "probes/dns_wire.h"
#include "probes/store.h"

/*
 * Messages are written out as octets.  The question is example.test, at 12;
 * PTR points at it, and UNDER at its "test".
 */
#define HEAD(flags, an, ns, ar) \
	"\x12\x34" flags "\0\1" \
	"\0" an "\0" ns "\0" ar
#define ASKED(type) "\7example\4test\0" type "\0\1"
#define PTR         "\300\14"
#define UNDER       "\300\24"
#define RR(type, n) \
	type "\0\1" \
	     "\0\0\1\54" \
	     "\0" n
#define OK    "\x81\x80"
#define NX    "\x81\x83"
#define A     "\0\1"
#define NS    "\0\2"
#define CNAME "\0\5"
#define SOA   "\0\6"
#define MX    "\0\17"
#define TXT   "\0\20"
#define AAAA  "\0\34"
#define SRV   "\0\41"
#define TLSA  "\0\64"
#define OPT   "\0\0\51\4\320\0\0\0\0\0\0"
#define SOA_RECORD \
	UNDER RR(SOA, "\34") "\1n" UNDER "\1h" UNDER "\0\0\0\1\0\0\0\2" \
			     "\0\0\0\3\0\0\0\4\0\0\0\5"

struct row {
	const char *title;
	uint16_t type;
	struct slice packet;
	const char *expected;
};

#define ROW(title, type, packet, expected) \
	{ \
		title, type, \
		    { (const unsigned char *)(packet), sizeof(packet) - 1 }, \
		    expected \
	}

static const struct row rows[] = {
	/* --- records of each type ------------------------------------ */
	ROW("an address", DNS_A,
	    HEAD(OK, "\1", "\0", "\0") ASKED(A) PTR RR(A, "\4") "\300\0\2\1",
	    "answered; example.test 300 A 192.0.2.1"),
	ROW("an owner that is spelled out, in other case", DNS_A,
	    HEAD(OK, "\1", "\0", "\0")
		ASKED(A) "\7EXAMPLE\4tEsT\0" RR(A, "\4") "\300\0\2\1",
	    "answered; example.test 300 A 192.0.2.1"),
	ROW("an IPv6 address", DNS_AAAA,
	    HEAD(OK, "\1", "\0", "\0") ASKED(AAAA)
		PTR RR(AAAA, "\20") "\x20\1\xd\xb8\0\0\0\0"
				    "\0\0\0\0\0\0\0\1",
	    "answered; example.test 300 AAAA 2001:db8::1"),
	ROW("mail exchangers, compressed, and a null one", DNS_MX,
	    HEAD(OK, "\2", "\0", "\0") ASKED(MX)
		PTR RR(MX, "\7") "\0\12"
				 "\2MX" PTR PTR RR(MX, "\3") "\0\0\0",
	    "answered; example.test 300 MX 10 mx.example.test; "
	    "example.test 300 MX 0 "),
	ROW("strings as published", DNS_TXT,
	    HEAD(OK, "\1", "\0", "\0") ASKED(TXT)
		PTR RR(TXT, "\10") "\3v=x\0\2\377z",
	    "answered; example.test 300 TXT [v=x][][\377z]"),
	ROW("name servers", DNS_NS,
	    HEAD(OK, "\1", "\0", "\0") ASKED(NS) PTR RR(NS, "\4") "\1n" UNDER,
	    "answered; example.test 300 NS n.test"),
	ROW("a start of authority", DNS_SOA,
	    HEAD(OK, "\1", "\0", "\0") ASKED(SOA)
		PTR RR(SOA, "\34") "\1n" UNDER "\1h" UNDER "\0\0\0\1\0\0\0\2"
				   "\0\0\0\3\0\0\0\4\0\0\0\5",
	    "answered; example.test 300 SOA n.test h.test 1 2 3 4 5"),
	ROW("a service", DNS_SRV,
	    HEAD(OK, "\1", "\0", "\0") ASKED(SRV)
		PTR RR(SRV, "\10") "\0\1\0\2\0\3" PTR,
	    "answered; example.test 300 SRV 1 2 3 example.test"),
	ROW("a certificate association", DNS_TLSA,
	    HEAD(OK, "\1", "\0", "\0") ASKED(TLSA)
		PTR RR(TLSA, "\5") "\3\1\1\0\377",
	    "answered; example.test 300 TLSA 3 1 1 2"),
	ROW("any other type is raw", 65280,
	    HEAD(OK, "\1", "\0", "\0") ASKED("\377\0")
		PTR RR("\377\0", "\3") "\1\2\3",
	    "answered; example.test 300 TYPE65280 3"),
	ROW("an unknown type without data", 65280,
	    HEAD(OK, "\1", "\0", "\0") ASKED("\377\0") PTR RR("\377\0", "\0"),
	    "answered; example.test 300 TYPE65280 0"),
	ROW("a TTL with its top bit set is 0", DNS_A,
	    HEAD(OK, "\1", "\0", "\0") ASKED(A) PTR A
	    "\0\1\200\0\0\1\0\4\300\0\2\1",
	    "answered; example.test 0 A 192.0.2.1"),
	ROW("AD is passed on", DNS_A,
	    HEAD("\x81\xa0", "\1", "\0", "\0") ASKED(A)
		PTR RR(A, "\4") "\300\0\2\1",
	    "answered; AD; example.test 300 A 192.0.2.1"),

	/* --- absence ------------------------------------------------- */
	ROW("NXDOMAIN with its zone", DNS_A,
	    HEAD(NX, "\0", "\1", "\0") ASKED(A) SOA_RECORD,
	    "absent; rcode 3; zone test"),
	ROW("NODATA with its zone", DNS_A,
	    HEAD(OK, "\0", "\1", "\0") ASKED(A) SOA_RECORD,
	    "absent; zone test"),
	ROW("NODATA without anything", DNS_A,
	    HEAD(OK, "\0", "\0", "\0") ASKED(A), "absent"),
	ROW("a SOA of another zone is not its zone", DNS_A,
	    HEAD(NX, "\0", "\1", "\0")
		ASKED(A) "\3org\0" RR(SOA, "\26") "\0\0\0\0\0\1\0\0\0\2"
						  "\0\0\0\3\0\0\0\4\0\0\0\5",
	    "absent; rcode 3"),
	ROW("records of other names only", DNS_A,
	    HEAD(OK, "\1", "\0", "\0") ASKED(A) UNDER RR(A, "\4") "\300\0\2\1",
	    "absent"),
	ROW("records of other types only", DNS_A,
	    HEAD(OK, "\1", "\0", "\0") ASKED(A) PTR RR(TXT, "\2") "\1x",
	    "absent"),
	ROW("records of another class only", DNS_A,
	    HEAD(OK, "\1", "\0", "\0") ASKED(A) PTR A
	    "\0\3\0\0\1\54\0\4\300\0\2\1",
	    "absent"),
	ROW("a referral of a server that does not recurse", DNS_A,
	    HEAD("\x81\0", "\0", "\1", "\0") ASKED(A)
		UNDER RR(NS, "\4") "\1n" UNDER,
	    "temporary refused (the resolver only refers to other servers)"),
	ROW("name servers beside NODATA of a resolver", DNS_A,
	    HEAD(OK, "\0", "\1", "\0") ASKED(A) UNDER RR(NS, "\4") "\1n" UNDER,
	    "absent"),

	/* --- aliases ------------------------------------------------- */
	ROW("aliases in another order", DNS_A,
	    HEAD(OK, "\3", "\0", "\0") ASKED(A) "\1b" UNDER RR(A,
		"\4") "\300\0\2\1"
		      "\1a" UNDER RR(CNAME, "\4") "\1b" UNDER PTR RR(CNAME,
			  "\4") "\1a" UNDER,
	    "answered; example.test 300 CNAME a.test; "
	    "a.test 300 CNAME b.test; b.test 300 A 192.0.2.1"),
	ROW("an alias that is asked for is not followed", DNS_CNAME,
	    HEAD(OK, "\2", "\0", "\0") ASKED(CNAME) PTR RR(CNAME,
		"\4") "\1a" UNDER "\1a" UNDER RR(CNAME, "\4") "\1b" UNDER,
	    "answered; example.test 300 CNAME a.test"),
	ROW("records beside an alias are not the answer", DNS_A,
	    HEAD(OK, "\3", "\0", "\0") ASKED(A)
		PTR RR(A, "\4") "\300\0\2\1" PTR RR(CNAME,
		    "\4") "\1a" UNDER "\1a" UNDER RR(A, "\4") "\300\0\2\2",
	    "answered; example.test 300 CNAME a.test; "
	    "a.test 300 A 192.0.2.2"),
	ROW("an alias to nothing, RFC 6604", DNS_A,
	    HEAD(NX, "\1", "\1", "\0") ASKED(A)
		PTR RR(CNAME, "\4") "\1a" UNDER SOA_RECORD,
	    "absent; rcode 3; example.test 300 CNAME a.test; zone test"),
	ROW("an alias to a name without the type", DNS_A,
	    HEAD(OK, "\1", "\0", "\0") ASKED(A) PTR RR(CNAME, "\4") "\1a" UNDER,
	    "absent; example.test 300 CNAME a.test"),
	ROW("an alias of itself", DNS_A,
	    HEAD(OK, "\1", "\0", "\0") ASKED(A) PTR RR(CNAME, "\2") PTR,
	    "malformed cname-loop (the aliases lead in a circle)"),
	ROW("aliases of one another", DNS_A,
	    HEAD(OK, "\2", "\0", "\0") ASKED(A)
		PTR RR(CNAME, "\4") "\1a" UNDER "\1a" UNDER RR(CNAME, "\2") PTR,
	    "malformed cname-loop (the aliases lead in a circle)"),
	ROW("the same alias twice", DNS_A,
	    HEAD(OK, "\2", "\0", "\0") ASKED(A)
		PTR RR(CNAME, "\4") "\1a" UNDER PTR RR(CNAME, "\4") "\1a" UNDER,
	    "absent; example.test 300 CNAME a.test"),
	ROW("two aliases of one name", DNS_A,
	    HEAD(OK, "\2", "\0", "\0") ASKED(A)
		PTR RR(CNAME, "\4") "\1a" UNDER PTR RR(CNAME, "\4") "\1b" UNDER,
	    "malformed malformed (a name has several CNAMEs)"),
	ROW("an alias that cannot be read", DNS_A,
	    HEAD(OK, "\1", "\0", "\0") ASKED(A) PTR RR(CNAME, "\2") "\2a",
	    "malformed malformed (a CNAME cannot be read)"),

	/* --- rcodes -------------------------------------------------- */
	ROW("SERVFAIL", DNS_A, HEAD("\x81\x82", "\0", "\0", "\0") ASKED(A),
	    "temporary servfail (SERVFAIL); rcode 2"),
	ROW("REFUSED", DNS_A, HEAD("\x81\x85", "\0", "\0", "\0") ASKED(A),
	    "temporary refused (REFUSED); rcode 5"),
	ROW("FORMERR without its question", DNS_A,
	    "\x12\x34\x81\x81\0\0\0\0\0\0\0\0",
	    "temporary rcode (FORMERR); rcode 1"),
	ROW("NOTIMP", DNS_A, HEAD("\x81\x84", "\0", "\0", "\0") ASKED(A),
	    "temporary rcode (NOTIMP); rcode 4"),
	ROW("an rcode without a name", DNS_A,
	    HEAD("\x81\x8f", "\0", "\0", "\0") ASKED(A),
	    "temporary rcode (RCODE15); rcode 15"),
	ROW("BADVERS is in OPT", DNS_A,
	    HEAD(OK, "\0", "\0", "\1") ASKED(A) "\0\0\51\4\320\1\0\0\0\0\0",
	    "temporary rcode (BADVERS); rcode 16; OPT"),
	ROW("an rcode to another question", DNS_A,
	    HEAD("\x81\x82", "\0", "\0", "\0") ASKED(AAAA),
	    "malformed malformed (it answers another question); rcode 2"),
	ROW("OPT is noticed", DNS_A, HEAD(OK, "\0", "\0", "\1") ASKED(A) OPT,
	    "absent; OPT"),

	/* --- what cannot be read ------------------------------------- */
	ROW("nothing", DNS_A, "",
	    "malformed malformed (it is shorter than a header)"),
	ROW("half a header", DNS_A, "\x12\x34\x81\x80\0\1\0\0\0\0\0",
	    "malformed malformed (it is shorter than a header)"),
	ROW("a query", DNS_A, HEAD("\1\0", "\0", "\0", "\0") ASKED(A),
	    "malformed malformed (it is not an answer to a query)"),
	ROW("a notification", DNS_A,
	    HEAD("\xa1\x80", "\0", "\0", "\0") ASKED(A),
	    "malformed malformed (it is not an answer to a query)"),
	ROW("no question", DNS_A, "\x12\x34\x81\x80\0\0\0\0\0\0\0\0",
	    "malformed malformed (it answers another question)"),
	ROW("two questions", DNS_A,
	    "\x12\x34\x81\x80\0\2\0\0\0\0\0\0" ASKED(A) ASKED(A),
	    "malformed malformed (it has several questions)"),
	ROW("another name", DNS_A,
	    HEAD(OK, "\0", "\0", "\0") "\10examples\4test\0" A "\0\1",
	    "malformed malformed (it answers another question)"),
	ROW("another type", DNS_A, HEAD(OK, "\0", "\0", "\0") ASKED(MX),
	    "malformed malformed (it answers another question)"),
	ROW("another class", DNS_A,
	    HEAD(OK, "\0", "\0", "\0") "\7example\4test\0" A "\0\3",
	    "malformed malformed (it answers another question)"),
	ROW("a question that ends early", DNS_A,
	    HEAD(OK, "\0", "\0", "\0") "\7example\4test\0\0\1\0",
	    "malformed malformed (it is cut short in the question)"),
	ROW("a question's name that points at itself", DNS_A,
	    HEAD(OK, "\0", "\0", "\0") "\300\14" A "\0\1",
	    "malformed malformed (its question cannot be read)"),
	ROW("fewer records than it says", DNS_A,
	    HEAD(OK, "\2", "\0", "\0") ASKED(A) PTR RR(A, "\4") "\300\0\2\1",
	    "malformed malformed (it is cut short in the answer section)"),
	ROW("data that ends early", DNS_A,
	    HEAD(OK, "\1", "\0", "\0") ASKED(A) PTR RR(A, "\4") "\300\0\2",
	    "malformed malformed (it is cut short in the answer section)"),
	ROW("no authority where it says so", DNS_A,
	    HEAD(NX, "\0", "\1", "\0") ASKED(A),
	    "malformed malformed (it is cut short in the authority section); "
	    "rcode 3"),
	ROW("truncated", DNS_A, HEAD("\x83\x80", "\0", "\0", "\0") ASKED(A),
	    "malformed malformed (it is truncated)"),
	ROW("NXDOMAIN with the record", DNS_A,
	    HEAD(NX, "\1", "\0", "\0") ASKED(A) PTR RR(A, "\4") "\300\0\2\1",
	    "malformed malformed (it has records of a name that it says is "
	    "not there); rcode 3"),
	ROW("additional records that end early do no harm", DNS_A,
	    HEAD(OK, "\1", "\0", "\3") ASKED(A)
		PTR RR(A, "\4") "\300\0\2\1\300",
	    "answered; example.test 300 A 192.0.2.1"),

	/* --- bad records --------------------------------------------- */
	ROW("an address of three octets, the second of two", DNS_A,
	    HEAD(OK, "\2", "\0", "\0") ASKED(A)
		PTR RR(A, "\4") "\300\0\2\1" PTR RR(A, "\3") "\300\0\2",
	    "malformed malformed (A record 2 of 2 cannot be read)"),
	ROW("an address of five octets", DNS_A,
	    HEAD(OK, "\1", "\0", "\0") ASKED(A) PTR RR(A, "\5") "\300\0\2\1\1",
	    "malformed malformed (A record 1 of 1 cannot be read)"),
	ROW("a string that passes the end", DNS_TXT,
	    HEAD(OK, "\1", "\0", "\0") ASKED(TXT) PTR RR(TXT, "\3") "\3ab",
	    "malformed malformed (TXT record 1 of 1 cannot be read)"),
	ROW("no string at all", DNS_TXT,
	    HEAD(OK, "\1", "\0", "\0") ASKED(TXT) PTR RR(TXT, "\0"),
	    "malformed malformed (TXT record 1 of 1 cannot be read)"),
	ROW("octets after the exchanger", DNS_MX,
	    HEAD(OK, "\1", "\0", "\0") ASKED(MX) PTR RR(MX, "\4") "\0\0\0\0",
	    "malformed malformed (MX record 1 of 1 cannot be read)"),
	ROW("an exchanger that runs out of its record", DNS_MX,
	    HEAD(OK, "\2", "\0", "\0") ASKED(MX)
		PTR RR(MX, "\4") "\0\0\1a" PTR RR(MX, "\3") "\0\0\0",
	    "malformed malformed (MX record 1 of 2 cannot be read)"),
	ROW("a TLSA without data", DNS_TLSA,
	    HEAD(OK, "\1", "\0", "\0") ASKED(TLSA) PTR RR(TLSA, "\3") "\3\1\1",
	    "malformed malformed (TLSA record 1 of 1 cannot be read)"),
	ROW("a SOA that ends early", DNS_SOA,
	    HEAD(OK, "\1", "\0", "\0") ASKED(SOA) PTR RR(SOA, "\4") "\0\0\0\1",
	    "malformed malformed (SOA record 1 of 1 cannot be read)"),
	ROW("a bad record of another name does no harm", DNS_A,
	    HEAD(OK, "\2", "\0", "\0") ASKED(A)
		UNDER RR(A, "\1") "x" PTR RR(A, "\4") "\300\0\2\1",
	    "answered; example.test 300 A 192.0.2.1"),
	ROW("a bad owner of another record does no harm", DNS_A,
	    HEAD(OK, "\2", "\0", "\0") ASKED(A) "\300\77" RR(A,
		"\4") "\0\0\0\0" PTR RR(A, "\4") "\300\0\2\1",
	    "answered; example.test 300 A 192.0.2.1"),
	ROW("a bad record of another type does no harm", DNS_A,
	    HEAD(OK, "\2", "\0", "\0") ASKED(A)
		PTR RR(MX, "\1") "x" PTR RR(A, "\4") "\300\0\2\1",
	    "answered; example.test 300 A 192.0.2.1"),
};

/* ---- an answer as text -------------------------------------------------- */

static void
show_data(struct buf *b, const struct dns_record *r)
{
	char ip[IP_TEXT_MAX];

	switch (r->type) {
	case DNS_A:
	case DNS_AAAA:
		ip_format(&r->as.address, ip);
		buf_add_str(b, ip);
		break;
	case DNS_NS:
	case DNS_CNAME:
		buf_add(b, r->as.name);
		break;
	case DNS_MX:
		buf_printf(b, "%u ", r->as.mx.preference);
		buf_add(b, r->as.mx.host);
		break;
	case DNS_TXT:
		for (size_t i = 0; i < r->as.text.n; i++) {
			buf_add_char(b, '[');
			buf_add(b, r->as.text.strings[i]);
			buf_add_char(b, ']');
		}
		break;
	case DNS_SOA:
		buf_add(b, r->as.soa.mname);
		buf_add_char(b, ' ');
		buf_add(b, r->as.soa.rname);
		buf_printf(b, " %u %u %u %u %u", r->as.soa.serial,
		    r->as.soa.refresh, r->as.soa.retry, r->as.soa.expire,
		    r->as.soa.minimum);
		break;
	case DNS_SRV:
		buf_printf(b, "%u %u %u ", r->as.srv.priority, r->as.srv.weight,
		    r->as.srv.port);
		buf_add(b, r->as.srv.target);
		break;
	case DNS_TLSA:
		buf_printf(b, "%u %u %u %zu", r->as.tlsa.usage,
		    r->as.tlsa.selector, r->as.tlsa.matching,
		    r->as.tlsa.data.n);
		break;
	default:
		buf_printf(b, "%zu", r->rdata.n);
		break;
	}
}

static void
show_records(struct buf *b, const struct dns_record *r, size_t n)
{
	char type[12];

	for (; n > 0; n--, r++) {
		dns_type_name(r->type, type);
		buf_add_str(b, "; ");
		buf_add(b, r->owner);
		buf_printf(b, " %u %s ", r->ttl, type);
		show_data(b, r);
	}
}

static void
show(struct buf *b, const struct answer *a, const struct dns_message *m)
{
	static const char *const seen[] = { "answered", "absent", "malformed",
		"temporary", "not-asked" };

	buf_add_str(b, seen[a->seen]);
	if (a->cause != CAUSE_NONE)
		buf_printf(b, " %s", cause_name(a->cause));
	if (a->detail.n > 0)
		buf_printf(b, " (%.*s)", SLICE_FMT(a->detail));
	if (a->as.dns.rcode != 0)
		buf_printf(b, "; rcode %u", a->as.dns.rcode);
	if (a->as.dns.authentic)
		buf_add_str(b, "; AD");
	if (m->has_opt)
		buf_add_str(b, "; OPT");
	show_records(b, a->as.dns.chain, a->as.dns.n_chain);
	show_records(b, a->as.dns.records, a->as.dns.n_records);
	if (a->as.dns.soa_owner.p != NULL) {
		buf_add_str(b, "; zone ");
		buf_add(b, a->as.dns.soa_owner);
	}
}

static const struct question *
asking(uint16_t type)
{
	static struct question q;

	q = (struct question){ .kind = QUESTION_DNS,
		.name = SLICE_LIT("example.test"),
		.type = type };
	return &q;
}

static enum rc
decode(struct arena *a, struct slice packet, uint16_t type, struct answer *out)
{
	struct dns_message m;

	dns_message_open(packet, &m);
	return dns_decode(a, &m, asking(type), out);
}

/* ---- tests -------------------------------------------------------------- */

static void
messages_are_told_apart(void **state)
{
	struct arena *a = arena_new(64 * 1024, 1024);
	struct dns_message m;
	struct answer answer;
	struct buf b;

	(void)state;
	assert_non_null(a);
	buf_init(&b, 4096);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		dns_message_open(rows[i].packet, &m);
		assert_int_equal(dns_decode(a, &m, asking(rows[i].type),
				     &answer),
		    RC_OK);
		buf_reset(&b);
		show(&b, &answer, &m);
		buf_add_char(&b, '\0');
		if (strcmp((const char *)b.p, rows[i].expected) != 0)
			fail_msg("%s:\n    %s\nnot %s", rows[i].title,
			    (const char *)b.p, rows[i].expected);
		arena_reset(a);
	}
	buf_free(&b);
	arena_free(a);
}

static void
no_message_says_more_when_cut_short(void **state)
{
	struct arena *a = arena_new(64 * 1024, 1024);
	struct answer answer;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct slice whole = rows[i].packet;

		for (size_t n = 0; n < whole.n; n++) {
			assert_int_equal(decode(a, slice_sub(whole, 0, n),
					     rows[i].type, &answer),
			    RC_OK);
			if (answer.seen == SEEN_ANSWERED)
				assert_memory_equal(rows[i].expected,
				    "answered", 8);
			arena_reset(a);
		}
	}
	arena_free(a);
}

static void
every_allocation_may_fail(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		enum rc rc = RC_LIMIT;

		for (size_t limit = 0; rc != RC_OK; limit += 16) {
			struct arena *a = arena_new(limit, 16);
			struct answer answer;

			assert_true(limit < 64 * 1024);
			rc = decode(a, rows[i].packet, rows[i].type, &answer);
			assert_true(rc == RC_OK || rc == RC_LIMIT);
			arena_free(a);
		}
	}
}

/* A chain of n aliases: 0.example.test to n.example.test. */
static size_t
chain_make(unsigned char *p, unsigned int n)
{
	static const unsigned char head[] = HEAD(OK, "\0", "\0", "\0") ASKED(A);
	size_t at = sizeof(head) - 1;

	memcpy(p, head, at);
	p[7] = (unsigned char)n;
	for (unsigned int i = 0; i < n; i++) {
		static const unsigned char middle[] = PTR RR(CNAME, "\4");

		if (i > 0) {
			p[at++] = 1;
			p[at++] = (unsigned char)('a' + i - 1);
		}
		memcpy(p + at, middle, sizeof(middle) - 1);
		at += sizeof(middle) - 1;
		p[at++] = 1;
		p[at++] = (unsigned char)('a' + i);
		p[at++] = 0300;
		p[at++] = 014;
	}
	return at;
}

static void
aliases_are_followed_up_to_the_limit(void **state)
{
	unsigned char p[1024];
	struct arena *a = arena_new(64 * 1024, 1024);
	struct answer answer;
	size_t n;

	(void)state;
	n = chain_make(p, LIMIT_DNS_CNAMES);
	assert_int_equal(decode(a, slice_of(p, n), DNS_A, &answer), RC_OK);
	assert_int_equal(answer.seen, SEEN_ABSENT);
	assert_int_equal(answer.as.dns.n_chain, LIMIT_DNS_CNAMES);
	n = chain_make(p, LIMIT_DNS_CNAMES + 1);
	assert_int_equal(decode(a, slice_of(p, n), DNS_A, &answer), RC_OK);
	assert_int_equal(answer.seen, SEEN_MALFORMED);
	assert_int_equal(answer.cause, CAUSE_CNAME_LOOP);
	assert_int_equal(answer.as.dns.n_chain, 0);
	arena_free(a);
}

static void
more_records_than_the_limit_are_said(void **state)
{
	static unsigned char p[65535];
	static const unsigned char head[] =
	    HEAD(OK, "\0", "\0", "\0") ASKED("\377\0");
	static const unsigned char record[] = PTR RR("\377\0", "\0");
	struct arena *a = arena_new(LIMIT_ANSWER_ARENA, 1024);
	size_t at = sizeof(head) - 1;
	struct answer answer;

	(void)state;
	memcpy(p, head, at);
	p[6] = (LIMIT_DNS_RECORDS + 1) >> 8;
	p[7] = (LIMIT_DNS_RECORDS + 1) & 255;
	for (int i = 0; i <= LIMIT_DNS_RECORDS; i++) {
		memcpy(p + at, record, sizeof(record) - 1);
		at += sizeof(record) - 1;
	}
	assert_int_equal(decode(a, slice_of(p, at), 65280, &answer), RC_OK);
	assert_int_equal(answer.seen, SEEN_NOT_ASKED);
	assert_int_equal(answer.cause, CAUSE_LIMIT);
	p[7]--;
	assert_int_equal(decode(a, slice_of(p, at), 65280, &answer), RC_OK);
	assert_int_equal(answer.seen, SEEN_ANSWERED);
	assert_int_equal(answer.as.dns.n_records, LIMIT_DNS_RECORDS);
	arena_free(a);
}

static void
a_question_asks_for_recursion_ad_and_edns(void **state)
{
	static const unsigned char expected[] =
	    "\xbe\xef\1\x20\0\1\0\0\0\0\0\1" ASKED(MX) OPT;
	struct dns_query q;

	(void)state;
	assert_true(dns_query_make(asking(DNS_MX), 0xbeef, true, &q));
	assert_int_equal(q.n, sizeof(expected) - 1);
	assert_memory_equal(q.wire, expected, q.n);
	assert_true(dns_query_make(asking(DNS_MX), 0xbeef, false, &q));
	assert_int_equal(q.n, sizeof(expected) - 1 - 11);
	assert_int_equal(q.wire[11], 0);
}

static void
a_name_that_is_none_is_not_asked(void **state)
{
	struct arena *a = arena_new(4096, 1024);
	struct question q = { .name = SLICE_LIT("a..b"), .type = DNS_A };
	struct dns_message m;
	struct dns_query query;
	struct answer answer;

	(void)state;
	assert_false(dns_query_make(&q, 1, true, &query));
	dns_message_open(rows[0].packet, &m);
	assert_int_equal(dns_decode(a, &m, &q, &answer), RC_OK);
	assert_int_equal(answer.seen, SEEN_NOT_ASKED);
	assert_int_equal(answer.cause, CAUSE_LIMIT);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_are_told_apart),
		cmocka_unit_test(no_message_says_more_when_cut_short),
		cmocka_unit_test(every_allocation_may_fail),
		cmocka_unit_test(aliases_are_followed_up_to_the_limit),
		cmocka_unit_test(more_records_than_the_limit_are_said),
		cmocka_unit_test(a_question_asks_for_recursion_ad_and_edns),
		cmocka_unit_test(a_name_that_is_none_is_not_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
