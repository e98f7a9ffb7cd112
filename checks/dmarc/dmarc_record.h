#ifndef CHECKS_DMARC_DMARC_RECORD_H
#define CHECKS_DMARC_DMARC_RECORD_H

#include "checks/dmarc/dmarc_tags.h"

/* One DMARC Policy Record, as receivers read it (RFC 9989 4.7, 4.10.1). */

struct dmarc_value {
	bool there;
	bool valid;
	struct slice text; /* as published */
};

struct dmarc_record {
	struct slice text;
	struct dmarc_value tags[DMARC_TAGS];
};

/* Never fails: what cannot be read is left out (RFC 9989 4.7). */
void dmarc_record_read(struct slice text, struct dmarc_record *);

/* The canonical name of a policy, or NULL: not there or not valid. */
const char *dmarc_record_policy(const struct dmarc_record *, enum dmarc_tag);

/* 'y', 'n' or 'u'; 'u' when it is not there or not valid. */
char dmarc_record_psd(const struct dmarc_record *);

/* adkim=s, aspf=s. */
bool dmarc_record_is_strict(const struct dmarc_record *, enum dmarc_tag);

/* t=y */
bool dmarc_record_is_testing(const struct dmarc_record *);

/*
 * What the record asks for.  modern: by RFC 9989 4.10.1, with np and t; else by
 * RFC 7489 6.6.3, with pct=0.
 */
struct dmarc_wish {
	const char *policy;  /* as it applies; NULL: no DMARC is done */
	const char *applies; /* "p", "sp", "np"; NULL: p=none was assumed */
};

enum dmarc_position {
	DMARC_OWN,     /* the record is the domain's own */
	DMARC_BELOW,   /* it is a domain's above, and this one exists */
	DMARC_NOWHERE, /* the same, and this one does not exist */
};

struct dmarc_wish dmarc_record_wish(const struct dmarc_record *,
    enum dmarc_position, bool modern);

#endif
