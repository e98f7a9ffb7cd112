#ifndef AUDIT_SCORECARD_H
#define AUDIT_SCORECARD_H

#include <jansson.h>

#include "audit/engine.h"
#include "rules/attest.h"
#include "rules/rules.h"

/* What is the same in all results of one rule. */
struct scorecard_label;

/* What the audit's facts are judged by. */
struct scorecard_settings {
	const struct rules *rules;
	const struct attestations *attested; /* answers; or NULL */
	const struct slice *providers;       /* verdicts are given for these */
	size_t n_providers;
	bool advice; /* the rules of "standards" too, without a verdict */
	enum audience audience;
	enum mail_class class;
	int64_t as_of;
	bool (*selected)(void *arg, const struct check *);
	void *arg;
	struct scorecard_label *labels; /* by rule; scorecard_open()'s */
};

/* To be called once the rules are there; RC_NOMEM only. */
enum rc scorecard_open(struct scorecard_settings *);
void scorecard_close(struct scorecard_settings *);

/* What an audit comes to, for the exit code. */
struct scorecard_counts {
	size_t failed[LEVEL_MUST + 1];
	size_t unknown[LEVEL_MUST + 1];
};

/*
 * The document's element for one audit: subject, verdicts, results, facts,
 * gaps.  Adds to *counts.  NULL: out of memory.
 */
json_t *scorecard_make(const struct scorecard_settings *, struct audit *,
    struct scorecard_counts *counts);

#endif
