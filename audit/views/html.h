#ifndef AUDIT_VIEWS_HTML_H
#define AUDIT_VIEWS_HTML_H

#include "audit/views/table.h"
#include "audit/views/words.h"

/*
 * A page (HTML Living Standard), made of markup that stands in our sources and
 * of texts that go through escape_html().  Names of elements, classes and
 * attributes are never of the document; ids and links are made here.
 */
struct html {
	struct view_run *run;
	struct buf *out;
	struct buf words;   /* html_words() */
	struct arena *rows; /* of one row of a table */
	json_t *ids;        /* taken, below base */
	const char *base;   /* leads each id: "" or "shop.example/" */
	unsigned int level; /* of the headings of sections: 2 or 3 */
};

/* RC_NOMEM.  html_close() is safe on a zeroed struct and twice. */
enum rc html_open(struct html *, struct view_run *);
void html_close(struct html *);

/* Markup, as it stands in the source. */
void html_put(struct html *, const char *markup);

/* Any text, escaped; html_bdi() where it is foreign and among our words. */
void html_text(struct html *, const char *text);
void html_bdi(struct html *, const char *text);

/* The text, or "-" where that is nothing that is seen: of a heading. */
void html_or_dash(struct html *, const char *text);

/* open, the text, close. */
void html_wrap(struct html *, const char *open, const char *text,
    const char *close);

/*
 * The same, but nothing at all when the text is empty; so what open begins,
 * close ends.
 */
void html_line(struct html *, const char *open, const char *text,
    const char *close);

/* A number with commas: "1,234". */
void html_count(struct html *, uint64_t);
void html_add_count(struct buf *, uint64_t);

/* An empty buffer for words; html_say() is its text, escaped. */
struct buf *html_words(struct html *);
void html_say(struct html *);

/* The text; a link too when it is an https URI and looks like one. */
void html_link(struct html *, const char *uri);

/*
 * An id like the text that no other element has: "gmail.dmarc.record", with
 * "-2" behind it if it was given out before.  In the arena of the run; "" when
 * that is full.
 */
const char *html_id(struct html *, const char *text);

/* Forgets the ids; from here on base leads them, which is one itself. */
void html_rebase(struct html *, const char *base);

/* <h2 id="...">; deeper: so many levels below that of sections.  id or NULL. */
void html_heading(struct html *, unsigned int deeper, const char *id,
    const char *text);
void html_heading_open(struct html *, unsigned int deeper, const char *id);
void html_heading_close(struct html *, unsigned int deeper);

/* A folded part; its summary is a text, or what stands between the two. */
void html_fold(struct html *, const char *summary);
void html_fold_open(struct html *);
void html_fold_body(struct html *);
void html_fold_close(struct html *);

/* Records to be copied, a line each; nothing of none. */
void html_records(struct html *, const json_t *records);

/* "fail", "pass", ...: a status with its sign. */
void html_status(struct html *, const char *status);

/* "good", "bad", "open" or "plain": a class. */
const char *html_class(enum style);

/* <table> in a region that scrolls; its head, <tbody> and rows are put. */
void html_table_open(struct html *, const char *caption);
void html_table_close(struct html *);

/*
 * The rows of a table of the document as a table of the page: the columns by
 * their names, ended by NULL; or NULL: all.  False, and nothing shown, when there is no row.
 */
struct html_table {
	const struct table *table;
	const char *const *columns;
	const char *caption;
};

bool html_table(struct html *, const struct html_table *, const json_t *item);

/* Labels and values: <dl>. */
void html_pairs_open(struct html *);
void html_pair(void *html, const char *label, const char *text);
/* Of texts, with commas between; nothing of none. */
void html_list(struct html *, const char *label, const json_t *list);
void html_pairs_close(struct html *);

#endif
