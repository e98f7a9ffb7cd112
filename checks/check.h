#ifndef CHECKS_CHECK_H
#define CHECKS_CHECK_H

#include <jansson.h>

#include "base/arena.h"
#include "base/ip.h"
#include "base/rc.h"
#include "base/slice.h"
#include "probes/evidence.h"

struct blocklist_zones;
struct dkim_keys;
struct message;
struct spam_rates;
struct suffix_list;
struct trust_anchors;
struct zone_file;

/* ---- what is audited --------------------------------------------------- */

struct subject {
	struct slice domain; /* canonical; the From domain */
	const struct ip *ips;
	size_t n_ips;
	struct slice helo;      /* as given; nothing: not known */
	struct slice mail_from; /* address, or empty for the null sender */
	/*
	 * Its parts before and behind the last "@", as given: either may be
	 * empty, and the domain any octets but controls.  Nothing for the null
	 * sender.
	 */
	struct slice mail_from_local, mail_from_raw_domain;
	/* Canonical; nothing for the null sender and when it is none. */
	struct slice mail_from_domain;
	const struct message *message; /* NULL: no sample */
	struct slice receiver; /* host that took the sample, from Received */
	int64_t as_of;         /* seconds since 1970 */
	/* Given by the user, not read off the message: worth a probe. */
	bool ips_named;
	/* The user wants the recipient unsubscribed (--probe-unsubscribe). */
	bool unsubscribe;
	/* The user has credentials for Google's view, or a recording of it. */
	bool postmaster;
	/* Of the audit; NULL: none could be read (checks/certificate.h). */
	struct trust_anchors *anchors;
	/* The public suffix list; NULL: none (base/suffix.h). */
	struct suffix_list *suffixes;
	/* Of the run; NULL: each use has its own (checks/dkim/dkim_keys.h). */
	struct dkim_keys *dkim_keys;
	/* checks/blocklist/blocklist_zone.h; NULL: the user named none. */
	const struct blocklist_zones *blocklists;
	/* DKIM selectors to be looked up at the domain, as given. */
	const struct slice *selectors;
	size_t n_selectors;
	/*
	 * The zone file that the sender believes in (--expect-zone); NULL: none
	 * is given that has the domain (checks/zone/zone_file.h).
	 */
	const struct zone_file *zone;
	/* What the user tells of spam rates; NULL: nothing (--spam-rate). */
	const struct spam_rates *spam_rates;
	/* Each authoritative name server is to be asked (--authoritative). */
	bool authoritative;
};

/* ---- what several checks of one audit want ----------------------------- */

/*
 * Worked out once by whichever check needs it first, from the subject and from
 * answers that are all there; then it stays as it is.  Each has one function
 * that makes it or gives it, in the header named here.
 */
enum memo {
	MEMO_DKIM, /* checks/dkim/dkim_verify.h */
	MEMO_DKIM_SIGNATURES,
	MEMO_DKIM_BODIES, /* checks/dkim/dkim_hash.h */
	MEMO_MIME,        /* checks/content.h */
	MEMO_HTML,        /* checks/html.h */
	MEMOS,
};

struct memos {
	struct arena *arena; /* the audit's: for what a memo is made of */
	const void *of[MEMOS];
};

/* ---- one run of one check ---------------------------------------------- */

/*
 * A check is a pure function of subject and evidence.  It runs from its start
 * each time that everything it asked for has been answered, until it comes
 * through without a question open.  What it says before that is thrown away:
 * facts and gaps count from the last run only.
 */
struct check_run {
	const struct subject *subject;
	struct asker *asker;
	struct arena *arena; /* emptied before each run */
	json_t *facts;       /* this check's object, empty at the start */
	json_t *gaps;        /* array; see check_gap() */
	bool waiting;        /* a question is open */
	struct memos *memos; /* of the audit */
};

/*
 * rule of the house: an answer of NULL means "asked, not here yet": go on and
 * ask for everything else that can be foreseen, then return.
 */
const struct answer *check_ask(struct check_run *, const struct question *);
const struct answer *check_ask_dns(struct check_run *, struct slice name,
    uint16_t type);
/* The same of the name server at this address, without recursion. */
const struct answer *check_ask_server(struct check_run *, struct slice name,
    uint16_t type, const struct ip *server);
const struct answer *check_ask_smtp(struct check_run *, struct slice host,
    const struct ip *, uint16_t port);
const struct answer *check_ask_https(struct check_run *, struct slice url,
    const struct ip *addresses, size_t n);
/* The POST that unsubscribes; only where subject->unsubscribe says so. */
const struct answer *check_ask_post(struct check_run *, struct slice url,
    const struct ip *addresses, size_t n);

/*
 * The addresses of a host, from A and AAAA together.  Known when both are:
 * seen is SEEN_ANSWERED with n > 0, or SEEN_ABSENT.  When one family is
 * there and the other is not known, ips holds what is there and seen and
 * cause are those of the one that failed.
 */
struct addresses {
	bool waiting;
	enum seen seen;
	enum cause cause;
	struct slice detail;
	bool nxdomain;
	bool authentic;      /* DNSSEC proved all that is known */
	bool alias;          /* the name is a CNAME */
	struct slice target; /* where the CNAMEs end; or nothing */
	const struct ip *ips;
	size_t n;
	bool cut; /* there are more: LIMIT_MX_ADDRESSES */
};
struct addresses check_ask_addresses(struct check_run *, struct slice host);

/*
 * Says that the fact (path within this check, "" for all of it, "hosts" also
 * for what is in each) is not known, why, and of what: "asking DNS for
 * mx.example.com A".  The fact itself must be left out.
 */
void check_gap(struct check_run *, const char *fact, enum cause,
    struct slice detail);

/* The same for an answer that is not known. */
void check_gap_answer(struct check_run *, const char *fact,
    const struct answer *, struct slice what);

/* JSON strings from bytes of outside: UTF-8, other octets as \DDD. */
json_t *check_json(struct slice);
void check_fact_text(json_t *object, const char *key, struct slice);
void check_fact_bool(json_t *object, const char *key, bool);
void check_fact_null(json_t *object, const char *key);

/*
 * Appends {"code": code, "detail": detail} to object[key], a list.  In the
 * place of the first one over LIMIT_PROBLEMS stands "problems.more".  Returns
 * what was appended, for more members; NULL: nothing was.
 */
json_t *check_problem(json_t *object, const char *key, const char *code,
    struct slice detail);

/* TXT strings of one record joined without a separator. */
struct slice check_text(struct arena *, const struct dns_record *);

/* ---- the register ------------------------------------------------------ */

struct fact_doc {
	const char *path; /* below the check's name: "ips[].confirmed" */
	const char *type; /* "bool", "text", "number", "list", "object" */
	const char *meaning;
};

struct check {
	const char *name; /* section of the facts, and for --check */
	const char *summary;
	const char *standards;        /* "RFC 7208" */
	const struct fact_doc *facts; /* ends with a NULL path */
	enum rc (*run)(struct check_run *);
};

/*
 * What the check says when it was not asked to look: each fact of the table is
 * null, and each list empty.
 */
void check_facts_none(struct check_run *, const struct fact_doc *);

/*
 * Whether a fact can be null, which its meaning says: "null: there is none"; or
 * another's of the check: "null, and with it all else".
 */
bool checks_may_be_null(const struct check *, const struct fact_doc *);

/* Ends with NULL; order is report order.  In checks/table.c. */
extern const struct check *const checks[];

#endif
