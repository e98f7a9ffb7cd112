#ifndef AUDIT_VIEWS_HTML_PARTS_H
#define AUDIT_VIEWS_HTML_PARTS_H

#include "audit/views/html.h"

/* What the pages of the kinds of documents are put together of. */

/* One audit on its way to the page. */
struct html_audit {
	struct html *html;
	const json_t *audit, *facts;
	struct findings all, advice; /* of the providers, of the standards */
	const char **ids;            /* of all.list */
};

/* A part of an audit's report with a heading, in the contents too. */
struct html_section {
	const char *id, *title;
	bool (*wanted)(const struct html_audit *);
	void (*show)(struct html_audit *);
};

/* All of them, in order; ends with a NULL id. */
extern const struct html_section html_sections[];

/* Gathers what is said of an audit; everything in the arena of the run. */
void html_audit_open(struct html_audit *, struct html *, const json_t *audit);

/* Verdicts, or why there are none, and all sections. */
void html_audit_show(struct html_audit *);

/* Of each kind: whether there is something, and that. */
bool html_findings_wanted(const struct html_audit *);
void html_findings_show(struct html_audit *);
bool html_advice_wanted(const struct html_audit *);
void html_advice_show(struct html_audit *);
bool html_unknown_wanted(const struct html_audit *);
void html_unknown_show(struct html_audit *);
bool html_message_wanted(const struct html_audit *);
void html_message_show(struct html_audit *);
bool html_attested_wanted(const struct html_audit *);
void html_attested_show(struct html_audit *);
bool html_scorecard_wanted(const struct html_audit *);
void html_scorecard_show(struct html_audit *);
bool html_evidence_wanted(const struct html_audit *);
void html_evidence_show(struct html_audit *);
bool html_measured_wanted(const struct html_audit *);
void html_measured_show(struct html_audit *);

/* One of its member's objects among the facts; NULL: there is none. */
const json_t *html_fact(const struct html_audit *, const char *check);

/* Three counts as lengths of one bar, and in words below it. */
struct html_share {
	const char *class; /* "good", "bad", "open" */
	const char *word;
	long long n;
};

void html_bar(struct html *, const char *label, const struct html_share[3]);

/* Who is audited; the name that leads. */
void html_subject(struct html *, const json_t *audit);
const char *html_subject_name(const json_t *audit);

/* The first lines of a page, up to <main>; its last lines. */
struct html_head {
	const char *title;                      /* of the page */
	const char *heading;                    /* <h1> */
	void (*more)(struct html *, void *ctx); /* below it; NULL: nothing */
	void *ctx;
};

void html_page_begin(struct html *, const struct html_head *);
void html_page_end(struct html *);

#endif
