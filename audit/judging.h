#ifndef AUDIT_JUDGING_H
#define AUDIT_JUDGING_H

#include "audit/scorecard.h"

enum outcome {
	OUTCOME_PASS,
	OUTCOME_FAIL,
	OUTCOME_UNKNOWN,
	OUTCOME_NOT_APPLICABLE
};

enum { N_OUTCOMES = OUTCOME_NOT_APPLICABLE + 1 };

/* One rule over one audit. */
struct judging {
	const struct rule *rule;
	const struct attestation *attested; /* or NULL */
	struct scorecard_label *label;
	struct audit *audit;
	enum outcome outcome;
	bool applies;   /* to this audience, this class and these facts */
	bool answered;  /* an attestation settled what was unknown */
	json_t *absent; /* fact paths, when unknown */
};

/* Sets the outcome and what follows it. */
void judge(const struct scorecard_settings *, struct judging *);

/*
 * Why the outcome is unknown: a list of {"fact", "cause", "detail"}, and last
 * the question that the user may answer, without "fact".  Owned by the caller.
 */
json_t *judging_reasons(const struct judging *);

#endif
