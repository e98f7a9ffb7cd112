#ifndef CHECKS_BIMI_BIMI_RECORD_H
#define CHECKS_BIMI_BIMI_RECORD_H

#include "checks/check.h"

/*
 * A BIMI Assertion Record (draft-brand-indicators-for-message-identification,
 * 4.2) taken apart.  What it names is not fetched.
 */

enum bimi_tag {
	BIMI_V,
	BIMI_L,   /* the logo */
	BIMI_A,   /* the certificate */
	BIMI_S,   /* of BIMI-Selector alone */
	BIMI_AVP, /* the brand's logo or the person's picture first */
	BIMI_LPS, /* local parts that have selectors of their own */
	BIMI_TAGS,
};

struct bimi_record {
	struct slice tags[BIMI_TAGS]; /* nothing: not there */
	bool valid;
	bool declined; /* l= and a= are empty: no logo is wanted */
};

/* What a problem costs. */
#define BIMI_ERROR   "error"   /* no logo is shown */
#define BIMI_WARNING "warning" /* some receivers show none */
#define BIMI_ADVICE  "advice"

/* Adds {code, severity, detail} to facts["problems"]. */
void bimi_tell(struct check_run *, const char *code, const char *severity,
    struct slice detail);

/* Reads a text that begins with the version, and tells what is wrong. */
void bimi_record_read(struct check_run *, struct slice text, struct slice name,
    struct bimi_record *);

/*
 * The selector that BIMI-Selector names, canonical; nothing: the sample has no
 * such field, or it is wrong, which is told.  *there: there is one.
 */
struct slice bimi_selector(struct check_run *, bool *there);

#endif
