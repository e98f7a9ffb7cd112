#ifndef CHECKS_SPF_SPF_SUSPICION_H
#define CHECKS_SPF_SPF_SUSPICION_H

#include "checks/spf/spf_mistakes.h"
#include "checks/spf/spf_names.h"

/* What the rules of spf_mistakes.h share. */

/* One term under suspicion, and what comes of it. */
struct spf_suspicion {
	const struct spf_suspect *of;
	const struct spf_term *term;
	const struct spf_term *prev, *next; /* or NULL */
	struct spf_parts parts;
	struct spf_mistake *out;
};

/* Says what it is; true. */
bool spf_found(struct spf_suspicion *, const char *code, const char *said,
    bool sure);

/* Keeps what might be meant, if it reads. */
bool spf_means(struct spf_suspicion *, struct slice text);

/* Rules: the value of a term, then its name. */
bool spf_term_address(struct spf_suspicion *);
bool spf_term_host_in_ip(struct spf_suspicion *);
bool spf_term_range(struct spf_suspicion *);
bool spf_term_brackets(struct spf_suspicion *);
bool spf_term_locator(struct spf_suspicion *);
bool spf_term_colon_too_many(struct spf_suspicion *);
bool spf_term_nothing_behind(struct spf_suspicion *);
bool spf_term_doubled(struct spf_suspicion *);
bool spf_term_include_colon(struct spf_suspicion *);
bool spf_term_mistyped(struct spf_suspicion *);
bool spf_term_bare_host(struct spf_suspicion *);

#endif
