#ifndef PROBES_EVIDENCE_H
#define PROBES_EVIDENCE_H

#include "base/arena.h"
#include "base/ip.h"
#include "base/rc.h"
#include "base/slice.h"

/*
 * Questions, answers, and the store that keeps one answer per question for
 * however many audits want it.  A check reads this header and no other of
 * this room.
 */

/* ---- what the world did ------------------------------------------------ */

enum seen {
	SEEN_ANSWERED,  /* there is something, and it is in the answer */
	SEEN_ABSENT,    /* known not to exist: NXDOMAIN, NODATA */
	SEEN_MALFORMED, /* there was an answer that cannot be read */
	SEEN_TEMPORARY, /* no answer this time: timeout, SERVFAIL, 421 */
	SEEN_NOT_ASKED, /* offline, refused by policy, over a limit */
};

/* Why something is not known.  Names in the document: cause_name(). */
enum cause {
	CAUSE_NONE,
	CAUSE_TIMEOUT,       /* no answer in time */
	CAUSE_SERVFAIL,      /* DNS rcode 2 */
	CAUSE_REFUSED,       /* DNS rcode 5, or connection refused */
	CAUSE_NETWORK,       /* no route, reset, closed early */
	CAUSE_BLOCKED,       /* port 25 seems blocked from here */
	CAUSE_DEFERRED,      /* the server said 421 or 4xx */
	CAUSE_REJECTED,      /* the server said 5xx to us, not to the sender */
	CAUSE_MALFORMED,     /* an answer that breaks its protocol */
	CAUSE_CNAME_LOOP,    /* aliases that lead nowhere */
	CAUSE_RCODE,         /* another DNS rcode: FORMERR, NOTIMP, ... */
	CAUSE_TLS,           /* no TLS session with an HTTPS server */
	CAUSE_DEADLINE,      /* the audit's time was over */
	CAUSE_OFFLINE,       /* --offline, or not in the recording */
	CAUSE_PRIVATE,       /* a private address, not connected to */
	CAUSE_LIMIT,         /* one of base/limits.h */
	CAUSE_UNPROVEN,      /* DNSSEC would have to prove it */
	CAUSE_NEEDS_MESSAGE, /* only a sample message tells */
	CAUSE_NEEDS_IP,      /* only the sending IP tells */
	CAUSE_NEEDS_HELO,    /* only the HELO name tells */
	CAUSE_NEEDS_ATTESTATION, /* only who runs the sender tells */
	CAUSE_NEEDS_SPAM_RATE,   /* only the provider's figures tell */
	CAUSE_NO_LIST,           /* there is no public suffix list */
	CAUSE_NO_BLOCKLISTS,     /* the user named no list to be asked */
	CAUSE_LIST_NAME,         /* a blocklist says: a wrong zone or key */
	CAUSE_PUBLIC_DNS,        /* it does not serve public resolvers */
	CAUSE_RATE_LIMIT,        /* it was asked too often */
	CAUSE_DEAD_LIST,         /* it fails its test points (RFC 5782 5) */
	CAUSE_UNSUPPORTED,       /* not looked at by this release */
	CAUSE_SKIPPED,           /* --check or --skip left it out */
	CAUSE_NEEDS_POSTMASTER,  /* only Google tells, and only its user */
	CAUSE_CREDENTIALS,       /* what --postmaster names was refused */
	CAUSE_FORBIDDEN,         /* the domain is not shared with that user */
	CAUSE_UNREGISTERED,      /* the domain is not in Postmaster Tools */
	CAUSE_RATE,              /* asked too often (HTTP 429) */
	CAUSE_NO_DATA,           /* whoever was asked has no figures */
};

/* "timeout", "needs-ip": stable, part of the contract. */
const char *cause_name(enum cause);

/* The reverse; false when there is no such cause. */
bool cause_parse(struct slice, enum cause *);

/* ---- questions --------------------------------------------------------- */

enum question_kind {
	QUESTION_DNS,
	QUESTION_SMTP,
	QUESTION_HTTP, /* GET */
	/*
	 * The POST that unsubscribes (RFC 8058 3.2): it does something.  So it
	 * is sent once a run at most, and only if the user wants it sent.
	 */
	QUESTION_POST,
	/*
	 * Whether the user's credentials give access to the Gmail Postmaster
	 * Tools: answered means yes, and nothing that is secret is part of it.
	 * It comes before the first QUESTION_POSTMASTER.
	 */
	QUESTION_TOKEN,
	/* GET of that API; with a body POST, which reads too. */
	QUESTION_POSTMASTER,
};

enum {
	DNS_A = 1,
	DNS_NS = 2,
	DNS_CNAME = 5,
	DNS_SOA = 6,
	DNS_PTR = 12,
	DNS_MX = 15,
	DNS_TXT = 16,
	DNS_AAAA = 28,
	DNS_SRV = 33,
	DNS_OPT = 41,
	DNS_TLSA = 52,
	DNS_SPF = 99, /* RFC 7208 3.1: obsolete */
};

/*
 * A DNS question with an address goes to the name server there, and asks for
 * no recursion; without one it goes to the resolvers.
 *
 * name: DNS: canonical domain (base/domain.h); SMTP: the host name, for SNI;
 * all others: an https URL.  All but DNS say where to connect in addresses;
 * the first that answers is used (SMTP questions have exactly one).
 */
struct question {
	enum question_kind kind;
	struct slice name;
	uint16_t type; /* DNS: the record type; SMTP: the port, usually 25 */
	const struct ip *addresses;
	size_t n_addresses;
	struct slice body; /* POSTMASTER: JSON; or nothing */
};

/* ---- answers ----------------------------------------------------------- */

struct dns_text {
	const struct slice *strings; /* as published, not joined */
	size_t n;
};

struct dns_record {
	struct slice owner; /* canonical */
	uint16_t type;
	uint32_t ttl;       /* seconds */
	struct slice rdata; /* raw; only for types that are not below */

	union {
		struct ip address;    /* A, AAAA */
		struct slice name;    /* NS, CNAME, PTR: canonical */
		struct dns_text text; /* TXT */

		struct {
			uint16_t preference;
			struct slice host; /* empty: null MX, RFC 7505 */
		} mx;

		struct {
			struct slice mname;
			struct slice rname;
			uint32_t serial, refresh, retry, expire, minimum;
		} soa;

		struct {
			uint16_t priority, weight, port;
			struct slice target;
		} srv;

		struct {
			uint8_t usage, selector, matching;
			struct slice data;
		} tlsa;
	} as;
};

struct dns_answer {
	uint16_t rcode; /* with the upper bits of EDNS */
	bool authentic; /* AD, from a resolver on this machine's loopback */
	bool over_tcp;
	/* Of a name server that was asked directly, else false. */
	bool authoritative; /* AA */
	bool referral;      /* it only names other servers */
	const struct dns_record
	    *chain; /* CNAMEs that were followed, in order */
	size_t n_chain;
	const struct dns_record *records; /* of the type asked, chain's end */
	size_t n_records;
	struct slice soa_owner; /* SOA in the authority section; or nothing */
};

/* How far an SMTP conversation went. */
enum smtp_stage {
	SMTP_CONNECT,   /* the TCP connection was not made */
	SMTP_BANNER,    /* waiting for 220 */
	SMTP_EHLO,      /* waiting for the reply to EHLO */
	SMTP_STARTTLS,  /* waiting for 220 to STARTTLS */
	SMTP_HANDSHAKE, /* in the TLS handshake */
	SMTP_EHLO_TLS,  /* TLS is up; waiting for the second EHLO's reply */
	SMTP_DONE,      /* QUIT sent */
};

/* What was seen of one TLS session; shared by SMTP and HTTP answers. */
struct tls_session {
	struct slice version; /* "TLSv1.3"; nothing: no session */
	struct slice cipher;  /* OpenSSL's name */
	int cipher_bits;
	struct slice error;        /* why the handshake failed; or nothing */
	const struct slice *chain; /* certificates in DER, leaf first */
	size_t n_chain;
};

struct smtp_answer {
	enum smtp_stage stage; /* the furthest one reached */
	uint16_t code;         /* the last reply code read; 0: none */
	struct slice banner;   /* text of the greeting */
	const struct slice *capabilities; /* of the last EHLO, with arguments */
	size_t n_capabilities;
	bool ehlo_refused; /* 5xx to EHLO: a server without extensions */
	bool starttls_offered;
	uint16_t starttls_code; /* the reply to STARTTLS; 0: none */
	bool injection; /* octets followed the 220 of STARTTLS in clear */
	struct tls_session tls;
	struct slice transcript; /* "S: 220 ...\nC: EHLO ...\n" */
};

/* Of HTTP and POST, and of TOKEN and POSTMASTER but for tls. */
struct http_answer {
	uint16_t status;      /* of the only request: nothing was followed */
	struct slice headers; /* raw, CRLF lines, without the status line */
	struct slice body;
	bool body_truncated;   /* LIMIT_HTTP_BODY */
	struct slice location; /* a redirect's target; or nothing */
	struct slice content_type;
	struct tls_session tls;
};

/*
 * What a reader has made of an answer, by a pure function of it: made once for
 * all runs and audits that get it.  It lives as long as the answer, in this
 * arena, so it must be small.  by: the address of something of that reader's.
 */
struct answer_reading {
	struct arena *arena;
	const void *by; /* NULL: nobody has kept anything yet */
	const void *what;
};

/*
 * Everything an answer points to lives as long as the answer; an audit's pins
 * keep it.
 */
struct answer {
	enum seen seen;
	enum cause cause;      /* CAUSE_NONE when answered or absent */
	struct slice detail;   /* a sentence part for people; or nothing */
	struct slice asked_of; /* resolver, or address that answered */
	int64_t when;          /* milliseconds since 1970 */
	/*
	 * Milliseconds from the first sending to the answer, further tries
	 * included, at least 1; 0: not known, not sent, or not DNS.
	 */
	uint32_t took;
	struct answer_reading *reading; /* NULL: not from the store */

	union {
		struct dns_answer dns;
		struct smtp_answer smtp;
		struct http_answer http;
	} as;
};

/* Whether it is known: answered or absent. */
static inline bool
answer_known(const struct answer *a)
{
	return a->seen == SEEN_ANSWERED || a->seen == SEEN_ABSENT;
}

/* ---- the store as a check sees it -------------------------------------- */

struct asker; /* one check of one audit */

/*
 * The answer to a question, or NULL: not yet known.  Then it is noted as
 * wanted, and the asker is woken when all that it wanted has an answer.  The
 * question's slices are copied.
 */
const struct answer *evidence_ask(struct asker *, const struct question *);

#endif
