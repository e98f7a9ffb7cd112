#ifndef AUDIT_VIEWS_PAGE_H
#define AUDIT_VIEWS_PAGE_H

#include "audit/views/view.h"
#include "base/buf.h"
#include "base/slice.h"

/*
 * Lines of a terminal.  Every text goes through escape_terminal(), and to
 * ASCII where the terminal is not UTF-8; widths are columns.
 */
struct page {
	struct buf *out;
	const struct view_look *look;
	struct buf scratch; /* the text escaped */
	struct buf ascii;   /* and without anything but ASCII */
	const char
	    *margin; /* begins each further line of page_fill(); or NULL */
};

enum style {
	STYLE_PLAIN,
	STYLE_BOLD,
	STYLE_DIM,
	STYLE_GOOD,
	STYLE_BAD,
	STYLE_OPEN,
};

void page_init(struct page *, struct buf *out, const struct view_look *);
void page_close(struct page *);

/* From here on; STYLE_PLAIN ends it.  Nothing without colour. */
void page_style(struct page *, enum style);

/* As it is, in one go; returns its columns. */
size_t page_add(struct page *, const char *text);

/* The same, then spaces up to so many columns. */
void page_pad(struct page *, const char *text, size_t columns);
void page_spaces(struct page *, size_t n);

/* At most so many columns, cut in the middle; returns its columns. */
size_t page_cut(struct page *, const char *text, size_t columns);

/* The same, cut at its end. */
size_t page_clip(struct page *, const char *text, size_t columns);

/* Clipped to one column less, then spaces up to so many columns. */
void page_cell(struct page *, const char *text, size_t columns);

/*
 * Words filled into lines and a newline at the end; at is the column where
 * it begins now, indent that of the further lines.  Links are not cut.
 */
void page_fill(struct page *, const char *text, size_t at, size_t indent);

/* An empty line, unless there is one. */
void page_gap(struct page *);

/* A heading: an empty line, the words, a newline. */
void page_heading(struct page *, const char *text);

/* Columns that a text takes. */
size_t page_columns(struct page *, const char *text);

#endif
