#ifndef CHECKS_SPF_SPF_EVAL_H
#define CHECKS_SPF_SPF_EVAL_H

#include "checks/check.h"
#include "checks/spf/spf_record.h"

/*
 * check_host() of RFC 7208 4, with an account of each step.  All that can be
 * foreseen is asked at once; what the limits count is counted by the
 * evaluation, in its order, never by what was asked ahead.
 */

enum spf_result {
	SPF_NONE,
	SPF_NEUTRAL,
	SPF_PASS,
	SPF_FAIL,
	SPF_SOFTFAIL,
	SPF_TEMPERROR,
	SPF_PERMERROR,
};

/* "none", "temperror": RFC 8601 2.7.2. */
const char *spf_result_name(enum spf_result);

/* "TXT", "AAAA": of the types that SPF asks for; else "". */
const char *spf_type_name(uint16_t type);

/* Why it came out so, where the result alone does not say. */
enum spf_reason {
	SPF_BY_TERM,       /* the mechanism in matched */
	SPF_NO_MATCH,      /* nothing matched, no redirect: neutral */
	SPF_BAD_NAME,      /* none: the domain is no domain name */
	SPF_NO_DOMAIN,     /* none: NXDOMAIN */
	SPF_NO_RECORD,     /* none: no SPF record there */
	SPF_MANY_RECORDS,  /* permerror: two or more */
	SPF_SYNTAX,        /* permerror: see where and failing */
	SPF_INCLUDE_NONE,  /* permerror: an include without a record */
	SPF_REDIRECT_NONE, /* permerror: the same for a redirect */
	SPF_REDIRECT_NAME, /* permerror: of a redirect, no domain name */
	SPF_OVER_LOOKUPS,  /* permerror: an eleventh term that asks */
	SPF_OVER_VOIDS,    /* permerror: a third void lookup */
	SPF_OVER_MX,       /* permerror: more than ten MX names */
	SPF_OVER_TIME,     /* temperror: the lookups took over 20 s */
	SPF_OVER_SIZE,     /* permerror: an expansion over our ceiling */
	SPF_DNS,           /* temperror: see lost */
};

/* What is asked: one sending IP and one identity. */
struct spf_query {
	struct ip ip;
	struct slice domain;   /* of the identity, as given */
	struct slice local;    /* nothing: "postmaster" (RFC 7208 4.3) */
	struct slice helo;     /* nothing: it is not known */
	struct slice receiver; /* nothing: "unknown" */
	int64_t now;
	bool traced; /* whether steps are wanted */
};

/*
 * One step of the trace: a term that was come to, or a record (term NULL).
 * Steps stand in the order of evaluation; depth is that of include and
 * redirect.  What include and redirect ask for stands in the step of the
 * record that they lead to; their own has the target alone.
 */
struct spf_step {
	unsigned int depth;
	struct slice domain;         /* whose record */
	struct slice record;         /* term NULL: its text, or nothing */
	const struct spf_term *term; /* as published */
	/*
	 * Ranges in a row that do not match are one step: from term to last,
	 * so many of them.  The last of a trace may have one by itself.
	 */
	const struct spf_term *last;
	size_t terms;
	struct slice target; /* the name that is asked for; or nothing */
	uint16_t type;       /* DNS_TXT, DNS_A, ...; 0: nothing is asked */
	/* What came of the (first) question. */
	enum seen seen;
	enum cause cause;
	struct slice answer;  /* "192.0.2.1, 192.0.2.2", cut; or nothing */
	unsigned int lookups; /* counted so far, this one included */
	unsigned int voids;   /* the same */
	bool matched;
	/* include, redirect and records: what their evaluation gave. */
	bool has_result;
	enum spf_result result;
};

struct spf_outcome {
	bool waiting; /* questions are open: nothing below counts */
	enum spf_result result;
	enum spf_reason reason;
	/* The mechanism, in the first record or one it was redirected to. */
	const struct spf_term *matched;
	struct slice where;             /* the domain of the deciding record */
	const struct spf_term *failing; /* the term that is at fault, or NULL */
	const struct answer *lost;      /* SPF_DNS: the answer */
	struct slice lost_what;         /* "mx.example.com A" */
	struct slice explanation;       /* of a fail, expanded; or nothing */
	/* An answer that cannot be had, on which it hangs; or NULL. */
	const struct answer *explanation_lost;
	struct slice explanation_lost_what; /* "x.example.com TXT" */
	/*
	 * An answer that cannot be had and that is no error, of ptr or of %{p}
	 * (RFC 7208 5.5, 7.3): the result is that of who lacks it, too.
	 */
	const struct answer *passed_over; /* the first; or NULL */
	struct slice passed_over_what;
	/* %{h} stood for nothing, as the query has no HELO name. */
	bool lacks_helo;
	bool explanation_lacks_helo;
	unsigned int lookups;         /* terms that ask, as evaluated */
	unsigned int voids;           /* void lookups (RFC 7208 4.6.4) */
	const struct spf_step *steps; /* when the query says traced */
	size_t n_steps;
	bool steps_cut; /* over LIMIT_SPF_STEPS, of a run */
};

/*
 * RFC 7208 4.3: whether an identity's domain, as given, is a domain name of
 * two labels or more, and what it is asked for as; an address is none.
 */
bool spf_domain_canonical(struct arena *, struct slice given,
    struct slice *out);

/*
 * Records that were read in this run, by domain: shared by all evaluations of
 * a run and by the tree (checks/spf/spf_tree.h).
 */
struct spf_records;

/* In the run's arena; NULL past its ceiling. */
struct spf_records *spf_records_new(struct check_run *);

/* One domain's SPF record (RFC 7208 4.4, 4.5). */
struct spf_published {
	struct slice domain;            /* canonical */
	const struct answer *answer;    /* NULL: not here yet */
	size_t found;                   /* SPF records there */
	const struct dns_record *first; /* the first of them; NULL: none */
	struct spf_record record;       /* taken apart when found is 1 */
};

/*
 * Asks for a domain's record and, once it is here, for those that it leads to
 * (include, redirect; without macros): LIMIT_SPF_RECORDS of them at most, each
 * once a run.  The domain is canonical.  NULL past the arena's ceiling.
 */
const struct spf_published *spf_published(struct spf_records *,
    struct slice domain);

/*
 * Evaluates.  RC_OK also when waiting.  The outcome lives in the run's arena.
 */
enum rc spf_evaluate(struct spf_records *, const struct spf_query *,
    struct spf_outcome *out);

#endif
