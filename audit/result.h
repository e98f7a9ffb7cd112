#ifndef AUDIT_RESULT_H
#define AUDIT_RESULT_H

#include "audit/judging.h"

/* Results of a rule that are kept to be used again. */
enum { RESULTS_KEPT = 8 };

/*
 * What all results of one rule have in common.  Most of a result is the same
 * for every audit, so one that nobody holds any more is said anew, and one
 * that would say the same again is given again.
 */
struct scorecard_label {
	json_t *blank; /* all members in their order, with nothing said */
	json_t *none;  /* the records of who needs none */
	json_t *idle;  /* why it does not apply, when it does not */
	const struct attestation *attested; /* the answer to it; or NULL */
	json_t *attested_json; /* the same for the document; or NULL */
	json_t *outcomes[N_OUTCOMES];
	json_t *kept[RESULTS_KEPT];
	json_t *last; /* one of them, or NULL */
	size_t next;  /* to be given up for another */
};

/* Of a rule, zeroed before. */
void result_label_open(struct scorecard_label *,
    const struct scorecard_settings *, const struct rule *);
void result_label_close(struct scorecard_label *);

/* The document's element for what has been judged; owned by the caller. */
json_t *result_json(const struct judging *);

#endif
