#ifndef CHECKS_SPF_SPF_JUDGE_H
#define CHECKS_SPF_SPF_JUDGE_H

#include "checks/spf/spf_problems.h"

/* What the parts of spf_problems.h share. */

enum spf_severity { SPF_ERROR, SPF_WARNING, SPF_ADVICE };

struct spf_judge {
	struct check_run *run;
	const struct spf_judged *of;
	/* The record whose all counts: the domain's, or by its redirect. */
	const struct spf_published *effective;
};

/* What a problem is about, but for its detail. */
struct spf_claim {
	const char *code;
	enum spf_severity severity;
	struct slice domain; /* whose record */
	struct slice term;   /* nothing: the record as a whole */
};

void spf_claim(struct spf_judge *, struct spf_claim, struct slice detail);

/* No more are kept: what is said would be for nothing. */
bool spf_is_full(const struct spf_judge *);

/* Octets from outside for a sentence: visible, and cut if they are many. */
struct slice spf_shown(const struct spf_judge *, struct slice);

/* Whether the record at that name is the sender's own. */
bool spf_is_own(const struct spf_judge *, struct slice domain);

/* One term of the tree, by what it leads to. */
void spf_judge_row(struct spf_judge *, const struct spf_row *);

/* One record of the tree, which is there and alone. */
void spf_judge_record(struct spf_judge *, const struct spf_published *);

/* The same: its addresses, and what is in it twice. */
enum rc spf_judge_ranges(struct spf_judge *, const struct spf_published *);

/* All addresses that the records of the tree let pass, together. */
void spf_judge_sum(struct spf_judge *);

#endif
