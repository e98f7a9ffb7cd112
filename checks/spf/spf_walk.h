#ifndef CHECKS_SPF_SPF_WALK_H
#define CHECKS_SPF_SPF_WALK_H

#include "checks/spf/spf_eval.h"
#include "checks/spf/spf_macro.h"

/*
 * One evaluation under way.  Where an answer is not here yet, it is taken for
 * one that does not match and the walk goes on: what it asks for from there on
 * is what can be needed, and no more than the limits let it.  Of such a walk
 * nothing but its questions counts.
 */
struct spf_walk {
	struct spf_records *records;
	struct arena *arena;
	const struct spf_query *query;
	struct spf_outcome *out;
	struct spf_letters letters;  /* domain: whose record this is */
	const struct spf_term *term; /* that is being evaluated */
	unsigned int depth;
	uint16_t address; /* A or AAAA: the client's family decides */
	bool waits;       /* something was not here */
	bool over;        /* an error has decided, or the arena is full */
	int64_t took;     /* milliseconds, of all the answers so far */
	struct spf_step *steps;
	size_t steps_cap;
	size_t step; /* the one that is being made; SPF_NO_STEP */
};

#define SPF_NO_STEP SIZE_MAX

/* ---- the end by an error (spf_walk.c) ---------------------------------- */

/* Always false, for "return spf_walk_fail(...)". */
bool spf_walk_fail(struct spf_walk *, enum spf_result, enum spf_reason,
    const struct spf_term *failing);

/* ---- asking ------------------------------------------------------------ */

/*
 * What is to be done with the answer, once it is here: the trace, the time
 * that it took.  False: it is not here, or the time is over.
 */
bool spf_walk_take(struct spf_walk *, struct slice name, uint16_t type,
    const struct answer *);

/* temperror, as this answer cannot be had.  Always false. */
bool spf_walk_lose(struct spf_walk *, struct slice name, uint16_t type,
    const struct answer *);

/*
 * A question of a mechanism: what cannot be had is a temperror, and a third
 * void lookup a permerror.  NULL: not here yet, or the walk is over.
 */
const struct answer *spf_walk_ask(struct spf_walk *, struct slice name,
    uint16_t type);

/*
 * The names of the client that lead back to it, of the first SPF_PTR_NAMES
 * (RFC 7208 5.5).  NULL when the walk is over.
 */
struct spf_names {
	const struct dns_record *const *list; /* PTR records */
	size_t n;
	unsigned int lost; /* names whose addresses cannot be had */
	bool waits;        /* not all is here: the list is not whole */
};

/* counted: void lookups are (of ptr), or nothing is (of %{p}). */
bool spf_walk_names(struct spf_walk *, bool counted, struct spf_names *);

/* ---- names ------------------------------------------------------------- */

/*
 * Sees to the letters that the text has.  False: what %{p} needs is not here
 * yet, or the walk is over.
 */
bool spf_walk_letters(struct spf_walk *, struct slice text);

/*
 * The name that the term asks for: its domain-spec expanded, or the record's
 * domain.  As spf_walk_letters(); *out is nothing when it is no name that DNS
 * can have.
 */
bool spf_walk_target(struct spf_walk *, struct slice *out);

/* ---- mechanisms (spf_mechanism.c) -------------------------------------- */

/* Whether the term matches, any but include; false, too, when it is over. */
bool spf_mechanism_matches(struct spf_walk *);

/* ---- explanation (spf_exp.c) ------------------------------------------- */

/* Of a fail by this record, whose domain the letters have. */
void spf_explain(struct spf_walk *, const struct spf_record *);

/* ---- trace (spf_trace.c) ----------------------------------------------- */

/* Begins a step of the term at hand; NULL: of a record. */
void spf_trace_begin(struct spf_walk *, const struct spf_term *);

/* The step at hand; NULL: none is kept. */
struct spf_step *spf_trace_step(struct spf_walk *);

/* What the step at hand asks first, and the answer. */
void spf_trace_asked(struct spf_walk *, struct slice name, uint16_t type,
    const struct answer *);

#endif
