#ifndef CHECKS_DMARC_RECORD_H
#define CHECKS_DMARC_RECORD_H

#include "base/slice.h"
#include "checks/check.h"
#include "checks/tags.h"

/* The tags of one DMARC Policy Record that decide which policy applies. */

enum dmarc_tag {
	DMARC_P,
	DMARC_SP,
	DMARC_NP,
	DMARC_PSD,
	DMARC_RUA,
	DMARC_TAGS,
};

struct dmarc_value {
	bool there;
	bool valid;
	struct slice text; /* as published */
};

struct dmarc_record {
	struct slice text;
	struct dmarc_value tags[DMARC_TAGS];
};

extern const struct version dmarc_version;

/* Never fails: what cannot be read is left out (RFC 9989 4.7). */
void dmarc_record_read(struct slice text, struct dmarc_record *);

/* "none", "quarantine", "reject", or NULL for a value that is none of them. */
const char *dmarc_policy_name(struct slice value);

/* 'y', 'n' or 'u'; 'u' when it is not there or not valid. */
char dmarc_record_psd(const struct dmarc_record *);

/*
 * Adds what is wrong with the record to facts["problems"]; where: its name.
 */
void dmarc_record_problems(struct check_run *, const struct dmarc_record *,
    struct slice where);

#endif
