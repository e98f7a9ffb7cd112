#ifndef CHECKS_DKIM_DKIM_REPORT_H
#define CHECKS_DKIM_DKIM_REPORT_H

#include "checks/dkim/dkim_key.h"
#include "checks/dkim/dkim_verify.h"
#include "checks/dmarc/dmarc_walk.h"

/* What the check gathers, and what it says of it. */

/* A key that a signature or --selector names. */
struct dkim_named_key {
	struct slice domain, selector, name; /* canonical */
	const struct answer *answer;         /* NULL: not here yet */
	struct dkim_key *key;                /* NULL: lost, or there is none */
	const char *fault; /* --selector: it is no name, and why */
	bool by_selector;  /* --selector named it */
};

struct dkim_report {
	struct check_run *run;
	const struct dkim_verdicts *verdicts;
	const struct dmarc_walk *walk; /* of the From domain */
	struct dkim_named_key *keys;
	size_t n_keys;
};

extern const struct fact_doc dkim_facts[];

/* Says signatures[] and keys[]. */
enum rc dkim_report_signatures(const struct dkim_report *);
enum rc dkim_report_keys(const struct dkim_report *);

/* ---- problems ---------------------------------------------------------- */

/* What a problem costs. */
#define DKIM_ERROR   "error"   /* receivers do not count the signature */
#define DKIM_WARNING "warning" /* some do not, or it is risky */
#define DKIM_ADVICE  "advice"  /* it works; there is better */

/* The record without what is wrong; nothing: see the facts. */
struct slice dkim_suggested_key(struct arena *, const struct dkim_key *);

/* All that is wrong; keys have problems of their own as well. */
enum rc dkim_report_problems(const struct dkim_report *);

/* The problems of one key, into object["problems"]. */
void dkim_key_problems(const struct dkim_report *,
    const struct dkim_named_key *, json_t *object);

/* Header fields that a signature should cover, where they are; ends NULL. */
extern const char *const dkim_important[];

/* The h= that covers this message, with what is to be oversigned. */
struct slice dkim_suggested_names(const struct dkim_report *);

#endif
