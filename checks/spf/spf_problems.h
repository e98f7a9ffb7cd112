#ifndef CHECKS_SPF_SPF_PROBLEMS_H
#define CHECKS_SPF_SPF_PROBLEMS_H

#include "checks/spf/spf_tree.h"

/* What is looked at. */
struct spf_judged {
	struct spf_records *records;
	const struct spf_tree *tree;
	struct slice domain; /* whose record, canonical */
	/*
	 * The organizational domain: records of names at or under it are the
	 * sender's own.  In those of others only what breaks the sender's own
	 * evaluation is a problem.  Nothing: the domain itself.
	 */
	struct slice own;
	/* Sending IPs for which an evaluation did not end with pass. */
	const struct ip *not_covered;
	size_t n_not_covered;
	/* A sending IP is one of the documentation's: so those are meant. */
	bool examples;
};

/*
 * Appends {code, severity, detail, domain, term} to facts["problems"], which
 * it makes if it is not there.  detail is a sentence: what is there, and what
 * a receiver does with it.  term is its text, or null: the record as a whole.
 *
 *   error    receivers get permerror or none, or the record does not do what
 *            it says, or lets anybody send
 *   warning  risky, or counted against the sender
 *   advice   better otherwise
 *
 * Asks for type 99 at the domain as well; says a gap of "problems" for each
 * answer without which there might be more of them.  Waiting is in the run.
 */
enum rc spf_problems(struct check_run *, const struct spf_judged *);

/* The codes, ending with NULL: for tests and the manual. */
extern const char *const spf_problem_codes[];

#endif
