#ifndef CHECKS_SPF_SPF_REPORT_H
#define CHECKS_SPF_SPF_REPORT_H

#include "checks/spf/spf_eval.h"
#include "checks/spf/spf_tree.h"

/* SPF's outcomes and trees as facts, and in words. */

/* Which name was evaluated (RFC 7208 2.3, 2.4). */
enum spf_identity { SPF_HELO, SPF_MAILFROM };

/* One entry of spf.evaluations. */
json_t *spf_evaluation_json(struct check_run *, enum spf_identity,
    const struct spf_query *, const struct spf_outcome *);

/* The entries of spf.tree. */
json_t *spf_tree_json(struct check_run *, const struct spf_tree *);

/* Why the outcome is what it is: a sentence without its full stop. */
struct slice spf_reason_text(struct check_run *, const struct spf_query *,
    const struct spf_outcome *);

/* "include:a.example": as much of a term as a sentence has room for. */
struct slice spf_term_shown(const struct spf_term *);

#endif
