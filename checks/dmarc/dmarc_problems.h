#ifndef CHECKS_DMARC_DMARC_PROBLEMS_H
#define CHECKS_DMARC_DMARC_PROBLEMS_H

#include "checks/check.h"
#include "checks/dmarc/dmarc_record.h"

/* What is wrong with a record, in sentences: what it does, what to write. */

/* What a problem costs. */
#define DMARC_ERROR   "error"   /* it does not do what it is there for */
#define DMARC_WARNING "warning" /* some receivers will not do it */
#define DMARC_ADVICE  "advice"  /* it does; there is better */

/* Adds {code, severity, detail} to facts["problems"]. */
void dmarc_tell(struct check_run *, const char *code, const char *severity,
    struct slice detail);

/* There is room for one more; if not, none need be made. */
bool dmarc_may_tell(const struct check_run *);

/* The beginning of what is too long to be shown, cut between characters. */
struct slice dmarc_clip(struct slice);

/* All that is wrong with a record at a name. */
void dmarc_record_problems(struct check_run *, const struct dmarc_record *,
    struct slice name);

/* A text at a name that was meant to be a record and is none. */
void dmarc_near_problem(struct check_run *, struct slice text,
    struct slice name);

/* The octets that have no place in a record (RFC 9989 4.8). */
struct dmarc_octets {
	bool quotes;       /* " */
	bool smart_quotes; /* U+2018 to U+201F */
	bool backslash;    /* before a semicolon, as zone files have it */
	bool other;        /* not of printable ASCII, nor blank */
};

struct dmarc_octets dmarc_octets_look(struct slice text);

/*
 * Where in a value another tag begins, because what should part them is a
 * blank or a comma: "none rua=..."; the offset of the blank or comma.
 * SIZE_MAX: nowhere.  *comma: it is one.
 */
size_t dmarc_find_bundled(struct slice value, bool *comma);

#endif
