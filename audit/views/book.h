#ifndef AUDIT_VIEWS_BOOK_H
#define AUDIT_VIEWS_BOOK_H

#include "audit/views/table.h"
#include "audit/views/view.h"
#include "audit/views/xlsx_library.h"

/*
 * A workbook that is written row by row: only the rows under way are in
 * memory, whatever comes before is in temporary files.  What goes wrong is in
 * view_run.rc, and nothing is done any more then.
 */

enum book_style {
	BOOK_TEXT,
	BOOK_WRAP,
	BOOK_RECORD, /* wrapped, to be pasted */
	BOOK_COUNT,
	BOOK_REAL,
	BOOK_TIME,
	BOOK_DAY,
	BOOK_HEAD, /* of a column */
	BOOK_TITLE,
	BOOK_HEADING,
	BOOK_LABEL,
	BOOK_VALUE, /* at the left, whatever it is */
	BOOK_MOMENT,
	BOOK_NOTE,
	BOOK_GOOD,
	BOOK_BAD,
	BOOK_UNSURE,
	BOOK_NEUTRAL,
	BOOK_FORM, /* to be filled in */
};

enum {
	BOOK_STYLES = BOOK_FORM + 1,
	BOOK_COLUMNS = 32, /* of one sheet at most */
	BOOK_SHEETS = 24,
	BOOK_BREAKS = 4,    /* of pages */
	BOOK_NAME_MAX = 32, /* of a sheet, with its NUL */
};

struct book_column {
	const char *title;
	unsigned int width; /* characters at most; more is wrapped */
	bool shown;         /* so wide at least, though nothing stands in it */
};

struct book;

struct sheet {
	struct book *book;
	lxw_worksheet *worksheet;
	const char *title;
	unsigned int part; /* 0; then 1: "Events 2" */
	size_t row;        /* the one under way, from 0 */
	struct book_column columns[BOOK_COLUMNS];
	size_t n_columns;
	size_t head; /* row of the heads */
	bool headed;
	bool frozen;                       /* the heads stay in sight */
	bool fitted;                       /* rows as high as what is in them */
	unsigned int lines;                /* of the row under way */
	unsigned int widths[BOOK_COLUMNS]; /* so far */
	bool used[BOOK_COLUMNS], hidden[BOOK_COLUMNS];
	lxw_row_t breaks[BOOK_BREAKS + 1];
	size_t n_breaks;
	size_t page; /* row that begins one */
};

struct book {
	struct view_run *run;
	struct xlsx_library library;
	lxw_workbook *workbook;
	lxw_format *formats[BOOK_STYLES];
	int file; /* the workbook when it is closed: has no name */
	struct buf text;
	size_t row_octets; /* the longest row so far, as XML */
	struct sheet sheets[BOOK_SHEETS];
	size_t n_sheets;
	size_t rows_max; /* of a sheet */
};

/* The title goes into its properties, as the document's as_of does. */
void book_open(struct book *, struct view_run *, const char *title);

/* In the order of the tabs.  NULL: something went wrong. */
struct sheet *book_sheet(struct book *, const char *title);

/* All of it goes to the view's output. */
void book_finish(struct book *);

/* Safe on a zeroed struct and twice. */
void book_close(struct book *);

/* The heads of columns in the row under way; frozen: they stay in sight. */
void sheet_heads(struct sheet *, const struct book_column *, size_t n,
    bool frozen);

/* Cells from left to right, then the end of the row. */
void sheet_cell(struct sheet *, size_t column, const struct cell *,
    enum book_style);
void sheet_text(struct sheet *, size_t column, const char *, enum book_style);
void sheet_number(struct sheet *, size_t column, int64_t, enum book_style);
void sheet_blank(struct sheet *, size_t column, enum book_style);
void sheet_end_row(struct sheet *);

/* A row that is the title of the sheet. */
void sheet_title(struct sheet *, const char *);

/* Text and charts, without lines between cells. */
void sheet_is_page(struct sheet *);

/* What follows begins on a page of its own when it is printed. */
void sheet_new_page(struct sheet *);

/* The row under way is as high as so many lines. */
void sheet_least_lines(struct sheet *, unsigned int lines);

/* At the head of each page that is printed, if it is plain and short. */
void book_page_head(struct book *, struct slice);

/* ---- charts ------------------------------------------------------------ */

struct book_series {
	const char *name; /* not escaped */
	uint32_t color;
	size_t column; /* of the values */
};

struct book_chart {
	const char *title;
	bool lying; /* bars from the left; else columns */
	bool stacked;
	size_t labels; /* the column of what stands at the axis */
	size_t label_columns;
	size_t first, last; /* rows */
	const struct book_series *series;
	size_t n_series;
	unsigned int width, height; /* in pixels */
};

/* With its corner at the row under way. */
void sheet_chart(struct sheet *, const struct book_chart *, size_t column);

/* As many rows on as it covers. */
void sheet_below_chart(struct sheet *, const struct book_chart *);

#endif
