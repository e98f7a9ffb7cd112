#ifndef CHECKS_SPF_SPF_RECORD_H
#define CHECKS_SPF_SPF_RECORD_H

#include "base/arena.h"
#include "base/ip.h"
#include "base/rc.h"
#include "base/slice.h"

/*
 * One SPF record, RFC 7208 4.6 and 12, taken apart.  A term with a fault does
 * not stop the reading: every fault of a record is found.
 */

enum spf_kind {
	SPF_ALL,
	SPF_INCLUDE,
	SPF_A,
	SPF_MX,
	SPF_PTR,
	SPF_IP4,
	SPF_IP6,
	SPF_EXISTS,
	SPF_REDIRECT,
	SPF_EXP,
	SPF_MODIFIER, /* one that is not known: no fault (RFC 7208 6) */
	SPF_NONSENSE, /* neither a known mechanism nor a modifier */
};

/* Each but SPF_FINE makes the whole record a permerror (RFC 7208 4.6). */
enum spf_fault {
	SPF_FINE,
	SPF_UNKNOWN_MECHANISM, /* "foo", "include_spf.example.com" */
	SPF_BAD_QUALIFIER,     /* "+ a", "--all", a qualifier of a modifier */
	SPF_NO_VALUE,          /* "include:", "redirect=", "ip4" */
	SPF_SURPLUS_VALUE,     /* "all:x", "ip4:192.0.2.1:x" */
	SPF_BAD_ADDRESS,       /* of ip4 and ip6 */
	SPF_BAD_PREFIX,        /* a CIDR length: over 32 or 128, "/08" */
	SPF_BAD_MACRO,         /* "%", "%{z}" */
	SPF_BAD_DOMAIN,        /* a domain-spec without its end */
	SPF_BAD_OCTET,         /* NUL, controls, not ASCII; RFC 7208 12 */
	SPF_REPEATED,          /* a second redirect= or exp= */
	SPF_FAULTS,
};

struct spf_term {
	enum spf_kind kind;
	char qualifier;    /* '+', '-', '~', '?'; 0 for modifiers */
	bool qualified;    /* a mechanism whose qualifier is written */
	struct slice text; /* as published */
	size_t at;         /* its offset in the record */
	struct slice name; /* as written; empty: none is there */
	struct slice spec; /* the domain-spec, address or value of a modifier as
			      written, without CIDR; or nothing */
	bool macros;       /* spec has a macro, or one that is faulty */
	struct ip ip;      /* ip4, ip6 */
	uint8_t bits4;     /* CIDR length, 32 when none is given */
	uint8_t bits6;     /* 128 when none is given */
	enum spf_fault fault;
};

struct spf_record {
	struct slice text; /* as published, strings joined */
	const struct spf_term *terms;
	size_t n;
	size_t faults;                   /* terms with one */
	const struct spf_term *all;      /* the first, or NULL */
	const struct spf_term *redirect; /* the first, or NULL */
	const struct spf_term *exp;      /* the first, or NULL */
	bool cut; /* more than LIMIT_SPF_TERMS; the rest is not there */
};

/*
 * Takes the text of a record apart; what stands before its first space is its
 * version and not judged.  Slices borrow from text.  RC_NOMEM or RC_LIMIT by the arena; a bad record is no
 * failure.
 */
enum rc spf_record_parse(struct arena *, struct slice text,
    struct spf_record *out);

/*
 * RFC 7208 4.5: whether a TXT record is an SPF record: "v=spf1" followed by a
 * space or the end.  Letter case does not matter (RFC 5234 2.3).
 */
bool spf_record_is(struct slice text);

/* "include", "redirect"; the field's name for it. */
const char *spf_kind_name(enum spf_kind);

/* Half a sentence: "is no mechanism that SPF knows". */
const char *spf_fault_text(enum spf_fault);

/* Whether it counts among the ten (RFC 7208 4.6.4). */
bool spf_kind_asks(enum spf_kind);

#endif
