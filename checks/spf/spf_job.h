#ifndef CHECKS_SPF_SPF_JOB_H
#define CHECKS_SPF_SPF_JOB_H

#include "checks/spf/spf_problems.h"
#include "checks/spf/spf_report.h"

/* What the check `spf` has in hand in one run; between its own files. */

struct spf_evaluation {
	enum spf_identity identity;
	struct spf_query query;
	struct spf_outcome outcome;
};

/* Everything that is evaluated, and the record of the envelope sender. */
struct spf_job {
	struct check_run *run;
	struct spf_records *records;
	struct slice domain; /* canonical; nothing: no domain name */
	const struct spf_published *published; /* of it */
	struct spf_tree tree;
	struct spf_judged judged;
	struct slice suggested; /* nothing: none is, or it is not known */
	struct spf_evaluation *list;
	size_t n;
	bool waiting;
};

/*
 * The name of an identity as given, HELO's in the place of the null sender's
 * (RFC 7208 2.4); nothing: it is not known.
 */
struct slice spf_identity_name(const struct subject *, enum spf_identity);

/* Text, or null where there is nothing. */
void spf_put(json_t *, const char *key, struct slice);
void spf_put_count(json_t *, const char *key, size_t);

/* The sending IPs that do not get pass, temperror apart; NULL: no memory. */
struct ip *spf_not_covered(const struct spf_job *, size_t *n);

/*
 * The facts result, pass, reason and not_covered.  What it gives is the first
 * evaluation that lacks an answer, or NULL.
 */
const struct spf_evaluation *spf_sender_facts(struct spf_job *);

/* What to publish, once it is known whom the record does not cover. */
enum rc spf_suggested_fact(struct spf_job *, const struct spf_evaluation *lost);

/*
 * The facts that come of the evaluations: evaluations, result, pass, reason,
 * not_covered, the three of helo, suggested, flattened.
 */
enum rc spf_result_facts(struct spf_job *);

#endif
