#ifndef CHECKS_DMARC_DMARC_JOB_H
#define CHECKS_DMARC_DMARC_JOB_H

#include "checks/dmarc/dmarc_psl.h"
#include "checks/dmarc/dmarc_result.h"

/* One run of the check, for the files that make its facts. */

enum { RCODE_NXDOMAIN = 3 };

/* What is aligned, by one of the two ways. */
struct dmarc_aligned {
	struct dmarc_alignment spf;
	struct dmarc_dkim_said dkim;
};

struct dmarc {
	struct check_run *run;
	const struct dmarc_walk *walk;
	struct dmarc_psl psl;
	const struct answer *exists; /* SOA of the domain, for np */
	struct dmarc_spf_said spf;
	struct dmarc_aligned by_walk; /* by RFC 9989 */
	struct dmarc_aligned by_list; /* by RFC 7489 */
	struct dmarc_wish wish;       /* by RFC 9989 */
	struct dmarc_wish psl_wish;   /* by RFC 7489 */
	bool wish_known;
};

/* The record that applies, its facts and its problems; sets d->wish. */
enum rc dmarc_policy_facts(struct dmarc *);

/* NULL is a JSON null. */
void dmarc_fact_name(json_t *facts, const char *key, const char *name);

/* A gap for want of the record at that level. */
void dmarc_lose(const struct dmarc *, const char *fact,
    const struct dmarc_level *lost);

#endif
