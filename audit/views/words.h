#ifndef AUDIT_VIEWS_WORDS_H
#define AUDIT_VIEWS_WORDS_H

#include "audit/views/view_parts.h"

/*
 * What the forms for people say, in the same words everywhere: sentences and
 * choices of the text view that the others take.  None of it is escaped.
 */

/* ---- who is audited ---- */

struct word_sink {
	void (*line)(void *ctx, const char *label, const char *text);
	void *ctx;
};

/* "Sent from" and "203.0.113.25", and so on; texts hold until it returns. */
void words_subject(const struct view_run *, const json_t *subject,
    struct word_sink);

/* Of no audit without verdicts. */
bool words_all_compliant(const json_t *audit);

/* ---- findings ---- */

/* "rejects such mail (must)": what its provider does. */
void finding_asker(struct buf *, const json_t *result);
enum style finding_style(const json_t *result);

/* No earlier result of that provider is as grave. */
bool finding_asks(const struct finding *, size_t i);

/* An earlier result of the finding has the same member. */
bool finding_said(const struct finding *, size_t i, const char *key);

/* "; bounces 4.7.27 5.7.26"; nothing of none. */
void finding_codes(struct buf *, const struct finding *);

/* The number of the finding with the same records; 0: none. */
size_t findings_same_records(const struct findings *, const json_t *result);

enum { RECORD_SAID_MAX = 64 };

/*
 * True when the records of advice i stand above already, below a finding or
 * other advice: the text says where.
 */
bool advice_record(const struct findings *all, size_t i,
    const struct findings *before, char[RECORD_SAID_MAX]);

/* ---- what to change ---- */

/* How many of them lead, as changes that a must needs; 0 of one alone. */
size_t changes_needed(const struct findings *);

/* "So that mail is not rejected:", the gravest first; NULL: no more. */
const char *change_gain(size_t i, const char **consequence);

/* Its title (Gmail, Yahoo); then no must fails at Yahoo. */
void change_add(struct buf *, const json_t *change);
void change_add_rest(struct buf *, const json_t *change); /* no title */

/* ---- what is not known ---- */

struct unknown {
	const char *cause;
	const char *heading;   /* without a colon */
	const json_t *titles;  /* of what hangs on it */
	const json_t *details; /* what was asked in vain; NULL: says nothing */
	size_t advice;         /* of the standards, not among the titles */
	const char *todo;
};

struct unknown_sink {
	void (*cause)(void *ctx, const json_t *audit, const struct unknown *);
	void *ctx;
};

size_t unknowns_count(const json_t *audit);
void unknowns_each(const json_t *audit, struct unknown_sink);

/* "and 2 pieces of advice from the standards" */
void unknown_advice(struct buf *, const struct unknown *);

/* ---- the sample ---- */

enum { PLACE_MAX = 64 };

bool problem_is_error(const json_t *problem);

/* There is something to be said, and no finding before has said it. */
bool problem_wanted(const json_t *problem, const struct findings *before);

/* "12:8", "12" or "-" */
void problem_place(const json_t *problem, char[PLACE_MAX]);

/* "Subject (error): The subject is empty. Give the message a subject." */
void problem_sentence(struct buf *, const json_t *problem);

/* ---- SPF ---- */

/* The first of the sender's evaluations that gave the result; NULL: none. */
const json_t *spf_evaluation(const json_t *spf);
void spf_trace_title(struct buf *, const json_t *evaluation);
extern const char spf_tree_title[];

/* Steps by which a line of a trace or a tree stands further in. */
size_t spf_line_depth(const json_t *row);

/* Returns the lookups so far; -1: as many as on the line before. */
long long spf_step_text(struct buf *, const json_t *step, const json_t *before);

/* A row that costs a lookup, or of which there is something to be said. */
bool spf_row_shown(const json_t *row);

/* Returns what it costs, with all that it leads to. */
long long spf_row_text(struct buf *, const json_t *row);

#endif
