#ifndef AUDIT_VIEWS_VIEW_H
#define AUDIT_VIEWS_VIEW_H

#include <jansson.h>

#include "audit/document.h"
#include "audit/settings.h"
#include "base/buf.h"

/*
 * Views are pure functions of the document: what they show is in it, and how
 * they show it is in struct view_look.  A document streams through: header,
 * each item (an audit, an event) in order, end; of a document that is one
 * object the header is all.  What has been rendered gathers in view_run.out,
 * and goes to the sink as it grows.
 */

enum { VIEW_WIDTH_MIN = 40, VIEW_WIDTH = 80, VIEW_WIDTH_MAX = 100 };

struct view_look {
	unsigned int width; /* columns; 0 is VIEW_WIDTH; clamped */
	bool color;
	bool unicode;         /* false: nothing but ASCII comes out */
	bool quiet;           /* verdicts only */
	bool verbose;         /* also what is as it should be */
	bool many;            /* more than one audit may come */
	const char *table;    /* of CSV, by its name; NULL: the usual one */
	enum fail_on fail_on; /* what JUnit counts as a failure */
	const char *folder;   /* for temporary files; NULL: /tmp */
};

/* Where it goes; NULL: it stays in view_run.out. */
struct view_sink {
	enum rc (*take)(void *ctx, struct slice); /* RC_IO: it cannot */
	void *ctx;
};

struct view;
struct view_part;

struct view_run {
	const struct view_part *part;
	struct view_look look;
	const json_t *header; /* the document without its items */
	struct arena *arena;  /* emptied before each item */
	size_t items;         /* so far, the present one too */
	void *state;          /* the part's own, zeroed at first */
	struct buf out;
	struct view_sink sink;
	enum rc rc;      /* the first thing that went wrong */
	const char *why; /* of RC_IO that is not the sink's; or NULL */
};

/* How a form shows one kind of document.  NULL: nothing is done there. */
struct view_part {
	size_t state; /* octets */
	/* Each adds to out; out.failed is looked at afterwards. */
	void (*begin)(struct view_run *);
	void (*item)(struct view_run *, const json_t *);
	void (*end)(struct view_run *);
	void (*close)(struct view_run *); /* frees what state holds */
};

struct view {
	const char *name;      /* for --format */
	const char *extension; /* "txt" */
	enum format format;
	bool evidence; /* it shows each question and answer */
	bool binary;   /* no terminal shows it */
	const struct view_part *of[DOCUMENTS];   /* NULL: not of those */
	const struct view_part *many[DOCUMENTS]; /* of many; NULL: the same */
};

/* The register; ends with a NULL name.  Text is the first. */
extern const struct view views[];

/* By --format, or by the extension of a path ("-": text). */
const struct view *view_find(enum format, const char *path);

struct view_wishes {
	const struct view *view;
	enum document document; /* view->of[] has it */
	struct view_look look;
	const json_t *header; /* borrowed until view_close() */
	struct view_sink sink;
};

/* RC_NOMEM; RC_IO of the sink or with view_run.why. */
enum rc view_begin(struct view_run *, const struct view_wishes *);

/* The same, or RC_LIMIT past LIMIT_RENDERED that no sink takes. */
enum rc view_item(struct view_run *, const json_t *);
enum rc view_end(struct view_run *);

/* Safe on a zeroed struct and twice. */
void view_close(struct view_run *);

/* Gives the sink what has gathered, if it is much. */
void view_drain(struct view_run *);

/* Of a terminal, 0 is not known: as wide as lines are. */
unsigned int view_width(unsigned int columns);

/* A member's text; "" when it is none. */
const char *view_text_of(const json_t *object, const char *key);

/* "2026-11-21T08:00:00Z", as documents have all times. */
bool view_is_time(const char *text);

/* Whether it is that. */
bool view_is(const json_t *object, const char *key, const char *word);

/* A member's number; 0 when it is none. */
long long view_number(const json_t *object, const char *key);

/* "gmail" is "Gmail": how a provider is named to people. */
const char *view_provider(const char *id);

#endif
