#ifndef AUDIT_VIEWS_VIEW_PARTS_H
#define AUDIT_VIEWS_VIEW_PARTS_H

#include "audit/views/page.h"
#include "audit/views/view.h"

/* What the rows of the register point to, and what they share. */

extern const struct view_part text_of_audit;
extern const struct view_part text_of_audits;
extern const struct view_part text_of_diff;
extern const struct view_part text_of_bounces;
extern const struct view_part text_of_bounces_diff;
extern const struct view_part text_of_explain;
extern const struct view_part json_of_items;
extern const struct view_part json_of_one;
extern const struct view_part jsonl_of_items;
extern const struct view_part jsonl_of_events;
extern const struct view_part csv_of_audits;
extern const struct view_part csv_of_diff;
extern const struct view_part csv_of_bounces;
extern const struct view_part csv_of_events;
extern const struct view_part csv_of_bounces_diff;
extern const struct view_part html_of_audit;
extern const struct view_part html_of_audits;
extern const struct view_part html_of_diff;
extern const struct view_part html_of_bounces;
extern const struct view_part html_of_explain;
extern const struct view_part html_of_bounces_diff;
extern const struct view_part junit_of_audits;
extern const struct view_part sarif_of_audits;
extern const struct view_part markdown_of_audit;
extern const struct view_part markdown_of_audits;
extern const struct view_part markdown_of_diff;
extern const struct view_part markdown_of_bounces;
extern const struct view_part xlsx_of_audits;
extern const struct view_part xlsx_of_diff;
extern const struct view_part xlsx_of_bounces;
extern const struct view_part xlsx_of_bounces_diff;
extern const struct view_part xlsx_of_events;

/*
 * Results that one and the same deed mends: same check, requirement and
 * records (or fix, where there are no records), asked for by one provider or
 * several.  What is said is said in the words of the gravest.
 */
struct finding {
	const json_t *change;   /* of the document; NULL: it does not say */
	const json_t **results; /* the gravest first */
	size_t n;
	size_t cap;
	int gravity;
};

struct findings {
	struct finding *list; /* the gravest first */
	size_t n;
	size_t cap;
};

/* Of "standards": no provider asks for it. */
bool view_is_advice(const json_t *result);

/*
 * The failed results of an audit: those of "standards" (advice) or those of
 * the providers, in the order of the document's changes where it has some.
 * All in the arena.
 */
void findings_gather(struct arena *, const json_t *audit, bool advice,
    struct findings *);

/* What a report says once, below the first finding that it explains. */
struct explained {
	const json_t *facts;           /* of the audit */
	const struct findings *before; /* that have been printed; or NULL */
	bool spf;
};

/* A line for each change that a must needs, when there are several. */
void changes_print(struct page *, const struct findings *);

void findings_print(struct page *, const struct findings *, struct explained *);
void findings_print_advice(struct page *, const struct findings *,
    struct explained *);

/*
 * If the result is one of SPF: how the evaluation went, step by step; or,
 * when there are too many lookups, where they are.
 */
void view_spf_explain(struct page *, const json_t *result, struct explained *);

/*
 * What is wrong with the sample by line and column, errors first, but for what
 * one of those findings says.
 */
void view_message_print(struct page *, const json_t *audit,
    const struct findings *before);

/* All that the document has of them; NULL of none. */
const json_t *view_message_problems(const json_t *audit);

/* Whether a failed result is said there, or would be. */
bool view_message_says(const json_t *audit, const json_t *result);

/* What is not known, by cause, and what settles it. */
void unknowns_print(struct page *, const json_t *audit);

/*
 * What an attest file (rules/attest.c) begins with, and a question in it to
 * be answered: from the first column, to be copied.
 */
void attest_head(struct page *);
void attest_question(struct page *, const char *rule, const char *question);

/* The lines of such a file for what only an answer settles; nothing of none. */
void attest_print(struct page *, const json_t *audit);

/* What somebody answered, by whom and when; nothing of none. */
void attested_print(struct page *, const json_t *audit);

/* Whether a sample message would mend it: "needs-message", "needs-ip". */
bool unknown_needs_message(const char *cause);

/* The way of the sample message, if there is more to it than one clean hop. */
void hops_print(struct page *, const json_t *audit);

/* A failed result of that check has said it in the same words. */
bool view_is_said(const json_t *audit, const char *check, const char *detail);

/* What the receiver said, where it differs from ours; all, when verbose. */
void receiver_print(struct page *, const json_t *audit);

/* The zone file and each name server, where they are looked at. */
void zone_print(struct page *, const json_t *audit);

/* Google's verdicts and figures, where --postmaster brought some. */
void postmaster_print(struct page *, const json_t *audit);

/* A cause in words: "There was no answer in time". */
const char *unknown_heading(const char *cause);

/* "gmail" among the verdicts has this many of a status among its musts. */
long long verdict_count(const json_t *verdict, const char *level,
    const char *status);

/*
 * The word that leads: what follows of what fails ("WILL REJECT"), or the
 * verdict itself; and "for 2 of 14 requirements; 1 not known".
 */
const char *verdict_head(const json_t *verdict);
enum style verdict_head_style(const json_t *verdict);
void verdict_sentence(struct buf *, const json_t *verdict);

/* The worst consequence of a failed must: "mitigation"; "": nothing is said. */
const char *verdict_consequence(const json_t *verdict);

/* That its rules were read long ago; nothing when they were not. */
void verdict_stale(struct buf *, const json_t *verdict);

/* The verdict alone. */
enum style verdict_style(const char *verdict);
const char *verdict_word(const char *verdict);

/*
 * A record as it is pasted: zone-file syntax (RFC 1035 5.1), or a header
 * line.  Nothing but ASCII; no octet from outside ends a string or a line.
 */
void record_print(struct buf *, const json_t *record);

#endif
