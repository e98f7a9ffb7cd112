#ifndef AUDIT_VIEW_H
#define AUDIT_VIEW_H

#include <jansson.h>

#include "audit/settings.h"
#include "base/buf.h"

/*
 * Views are pure functions of the document: what they show is in it, and how
 * they show it is in struct view_look.  A document streams through: header,
 * each audit in order, end; what has been rendered gathers in view_run.out,
 * and the caller drains it as it likes.
 */

enum { VIEW_WIDTH_MIN = 40, VIEW_WIDTH = 80, VIEW_WIDTH_MAX = 100 };

struct view_look {
	unsigned int width; /* columns; 0 is VIEW_WIDTH; clamped */
	bool color;
	bool unicode; /* false: nothing but ASCII comes out */
	bool quiet;   /* verdicts only */
	bool verbose; /* also what is as it should be */
	bool many;    /* more than one audit may come */
};

struct view;

struct view_run {
	const struct view *view;
	struct view_look look;
	const json_t *header; /* the document without "audits" */
	struct arena *arena;  /* emptied before each audit */
	size_t audits;        /* so far, the present one too */
	json_t *failures;     /* title: check and how many audits */
	json_t *unknowns;     /* cause: how many audits */
	struct buf early;     /* rows that wait for the head of the table */
	json_t *totals;       /* provider: {verdict: count} */
	size_t unjudged;      /* audits with an error */
	struct buf out;
};

struct view {
	const char *name;      /* for --format */
	const char *extension; /* "txt" */
	enum format format;
	bool evidence; /* it shows each question and answer */
	/* Each adds to out; out.failed is looked at afterwards. */
	void (*begin)(struct view_run *);
	void (*audit)(struct view_run *, const json_t *);
	void (*end)(struct view_run *);
};

/* The register; ends with a NULL name.  Text is the first. */
extern const struct view views[];

/* As text, of many audits: in the register under no name of its own. */
extern const struct view view_summary;

/* As text, of a comparison (presend.diff/1): likewise. */
extern const struct view view_diff;

/* By --format, or by the extension of a path ("-": text). */
const struct view *view_find(enum format, const char *path);

/* header is borrowed until view_close().  RC_NOMEM. */
enum rc view_begin(struct view_run *, const struct view *,
    const struct view_look *, const json_t *header);

/* RC_NOMEM, or RC_LIMIT past LIMIT_RENDERED not drained. */
enum rc view_audit(struct view_run *, const json_t *audit);
enum rc view_end(struct view_run *);

/* Safe on a zeroed struct and twice. */
void view_close(struct view_run *);

/* A member's text; "" when it is none. */
const char *view_text_of(const json_t *object, const char *key);

/* "gmail" is "Gmail": how a provider is named to people. */
const char *view_provider(const char *id);

#endif
