#ifndef AUDIT_VIEWS_XLSX_H
#define AUDIT_VIEWS_XLSX_H

#include "audit/views/book.h"

/* What the workbooks of all kinds of documents share. */

/* A column of a table; width 0: the table's. */
struct choice {
	const char *name;
	unsigned int width;
};

/* A sheet that is a table of the document. */
struct plan {
	const struct table *table;
	const char *title; /* NULL: the table's */
	/* Columns of it, in order; ends with a NULL name.  NULL: all. */
	const struct choice *columns;
	/* Columns to be filled in, behind; ends with NULL.  Or NULL. */
	const char *const *blanks;
	const char *empty; /* what is said where there is no row */
	bool flat;         /* nothing is wrapped: there may be many rows */
	bool calm;         /* it has what is fine too: less colour */
	bool subject;      /* what is audited stands in it even if it is one */
};

/* Such a sheet under way. */
struct grid {
	const struct plan *plan;
	struct sheet *sheet;
	struct book_column heads[BOOK_COLUMNS];
	char names[BOOK_COLUMNS][48];
	size_t of[BOOK_COLUMNS]; /* columns of the table */
	size_t n, n_blanks;
	size_t rows;
	const char *empty; /* the plan's, at first */
};

/* The sheet with its heads. */
void grid_open(struct grid *, struct book *, const struct plan *);

/* All rows of an item; the arena is for one row. */
void grid_rows(struct grid *, const json_t *item, struct arena *);

/* A row that is one remark, at the item's domain where it has one. */
void grid_note(struct grid *, const json_t *item, const char *note);

/* That column, if it is there, does not show. */
void grid_hide(struct grid *, const char *column);

/* Says so if there was none. */
void grid_end(struct grid *);

/* What a word means: "fail" is bad.  Other words, or columns: as it is. */
enum book_style xlsx_style_of(const struct column *, const struct cell *,
    bool flat);

/* "Label" and what it is, in the first two columns. */
void xlsx_fact(struct sheet *, const char *label, const char *value);
void xlsx_count(struct sheet *, const char *label, int64_t);
void xlsx_time(struct sheet *, const char *label, const char *rfc3339);

/* A line of text in the first column. */
void xlsx_line(struct sheet *, const char *, enum book_style);

/* ---- of audits --------------------------------------------------------- */

enum {
	SUMMARY_ROWS = 40,      /* verdicts that it names one by one */
	SUMMARY_PROVIDERS = 24, /* that it counts */
};

struct summary_count {
	char *provider; /* of the heap */
	uint64_t compliant, incomplete, failing;
	uint64_t reject, spam; /* of those that fail */
};

struct summary {
	struct sheet *sheet;
	uint64_t audits, broken; /* that could not be done */
	uint64_t untold;         /* that do not say what to change */

	/* The first ones: each has a reference. */
	struct {
		json_t *subject, *verdict;
	} rows[SUMMARY_ROWS];

	size_t n_rows;
	uint64_t verdicts;
	struct summary_count counts[SUMMARY_PROVIDERS];
	size_t n_counts;
	json_t *evidence; /* of the first audit, or NULL */
	char *domain;     /* likewise */
};

/* Notes an audit for it. */
void summary_add(struct summary *, const json_t *audit);
void summary_write(struct summary *, const json_t *header);
void summary_close(struct summary *);

/* ---- of bounces -------------------------------------------------------- */

void bounces_summary_write(struct sheet *, const json_t *document);

#endif
