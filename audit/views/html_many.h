#ifndef AUDIT_VIEWS_HTML_MANY_H
#define AUDIT_VIEWS_HTML_MANY_H

#include "audit/views/html_parts.h"
#include "audit/views/spool.h"

/*
 * A page of many items: they come one after another, and the table that leads
 * to each stands before them.  So both are kept until the end.
 */
struct html_many {
	struct html html;
	struct spool rows, bodies;
	struct buf row;
	json_t *names; /* ids of the items */
};

/* RC_NOMEM.  Closing is safe on a zeroed struct. */
enum rc html_many_open(struct html_many *, struct view_run *);
void html_many_close(struct html_many *);

/* The id of an item, by its name; ids inside it begin with that. */
const char *html_many_id(struct html_many *, const char *name);

/* From here on to the end of the row, what is put goes into the overview. */
struct html *html_many_row(struct html_many *);
void html_many_row_end(struct html_many *);

/* What is in the output is kept as the item's body. */
void html_many_body(struct html_many *);

/* The first cell of a row: a link to the item. */
void html_many_name(struct html_many *, const char *id, const char *name);

#endif
