#ifndef CHECKS_SPF_SPF_RECORDS_H
#define CHECKS_SPF_SPF_RECORDS_H

#include "checks/spf/spf_eval.h"

/* What the evaluation needs of the memo besides what spf_eval.h says. */

struct arena *spf_records_arena(const struct spf_records *);

/*
 * The answer to a question, from the memo if it was asked in this run; NULL:
 * not here yet.  The name is borrowed for as long as the run lasts.
 */
const struct answer *spf_ask(struct spf_records *, struct slice name,
    uint16_t type);

/* As spf_published(), but asks for that record alone. */
const struct spf_published *spf_published_alone(struct spf_records *,
    struct slice domain);

/*
 * Whether spf_published() came to the domain.  One that it did not, though a
 * record names it, is over LIMIT_SPF_RECORDS.
 */
bool spf_is_led_to(const struct spf_records *, struct slice domain);

/* Takes the room of one step of a trace; false: LIMIT_SPF_STEPS are there. */
bool spf_records_step(struct spf_records *);

/* Gives it back: the step has become part of the one before. */
void spf_records_step_back(struct spf_records *);

#endif
