#ifndef CHECKS_DMARC_DMARC_RESULT_H
#define CHECKS_DMARC_DMARC_RESULT_H

#include "checks/check.h"
#include "checks/dmarc/dmarc_dkim.h"

/* What comes of it for the mail that is sent (RFC 9989 5.3.5). */

/* The SPF identifier: MAIL FROM, or postmaster@HELO for the null sender. */
struct dmarc_identity {
	bool known;          /* there is one, if only an address literal */
	struct slice domain; /* canonical; nothing: it is no domain */
};

struct dmarc_identity dmarc_identity(struct check_run *);

/* What SPF says of all sending IPs together. */
enum dmarc_spf {
	DMARC_SPF_NO_IP,   /* none is known */
	DMARC_SPF_PASS,    /* of every one */
	DMARC_SPF_LOST,    /* of some it cannot be said now, the rest pass */
	DMARC_SPF_NO_HELO, /* a macro of the record has nothing to go by */
	DMARC_SPF_OTHER,   /* of some it is no pass */
};

struct dmarc_spf_said {
	enum dmarc_spf all;
	/* DMARC_SPF_LOST: why; NULL: the lookups take too long together. */
	const struct answer *lost;
	struct slice what; /* "example.com TXT" */
};

/* Counts only once no question is open.  RC_NOMEM, RC_LIMIT. */
enum rc dmarc_spf(struct check_run *, struct dmarc_spf_said *);

/* How one of the two ways came out. */
struct dmarc_way {
	const char *below; /* of "dmarc.": "" or "psl.", for gaps */
	json_t *facts;     /* where result, aligned_spf and aligned_dkim go */
	bool lost;         /* the record is not known for the time being */
	bool none;         /* no record that DMARC is done by */
	struct dmarc_alignment alignment; /* of the SPF identifier */
	struct dmarc_dkim_said dkim;
};

/* Says these three facts.  authored: From has one domain. */
void dmarc_say_result(struct check_run *, const struct dmarc_way *,
    const struct dmarc_spf_said *, bool authored);

#endif
