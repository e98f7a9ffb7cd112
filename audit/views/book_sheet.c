#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "audit/views/book_parts.h"
#include "base/civil.h"
#include "base/escape.h"

enum {
	PAPER_A4 = 9,
	/* 1900-01-01 is day 1; its 29 February, which never was, day 60. */
	EPOCH_DAY = 25569,  /* 1970-01-01 */
	FIRST_DAY = 61,     /* 1900-03-01 */
	LAST_DAY = 2958465, /* 9999-12-31 */
	DAY = 24 * 60 * 60,
	LABEL_WIDTH = 26,
	VALUE_WIDTH = 20, /* a time and more */
	LINE_POINTS = 15,
	ROW_POINTS_MAX = 409, /* Excel has no higher row */
	HEAD_MAX = 100,       /* octets behind the title of a page */
	PAGE_SCALE = 85,      /* percent */
	PAGE_ROWS = 36,       /* of a landscape page at that scale */
};

/* A double has no more whole numbers in a row. */
static const int64_t exact_max = INT64_C(1) << 53;

#define PAGE_HEAD "&L&\"Calibri,Bold\"&A"

/* ---- sheets ------------------------------------------------------------ */

static void
set_up_page(struct sheet *s)
{
	const struct xlsx_library *lib = &s->book->library;
	lxw_worksheet *w = s->worksheet;

	lib->set_landscape(w);
	lib->set_paper(w, PAPER_A4);
	lib->set_margins(w, 0.4, 0.4, 0.6, 0.6);
	lib->fit_to_pages(w, 1, 0);
	(void)lib->set_header(w, PAGE_HEAD);
	(void)lib->set_footer(w, "&Lpresend&RPage &P of &N");
	/* "550" is a text; no green corner shall doubt it. */
	(void)lib->ignore_errors(w, LXW_IGNORE_NUMBER_STORED_AS_TEXT,
	    "A1:XFD1048576");
}

static void
add_worksheet(struct sheet *s)
{
	struct book *b = s->book;
	char name[BOOK_NAME_MAX];

	if (s->part == 0)
		(void)snprintf(name, sizeof(name), "%s", s->title);
	else
		(void)snprintf(name, sizeof(name), "%.24s %u", s->title,
		    s->part + 1);
	s->worksheet = b->library.add_worksheet(b->workbook, name);
	if (s->worksheet == NULL || s->worksheet->optimize_tmpfile == NULL)
		book_fail(b, RC_IO, "cannot make a temporary file", errno);
	else
		set_up_page(s);
}

struct sheet *
book_sheet(struct book *b, const char *title)
{
	struct sheet *s = &b->sheets[b->n_sheets];

	if (b->run->rc == RC_OK && b->n_sheets == BOOK_SHEETS)
		book_fail(b, RC_BUG, NULL, 0);
	if (b->run->rc != RC_OK)
		return NULL;
	b->n_sheets++;
	*s = (struct sheet){ .book = b, .title = title };
	add_worksheet(s);
	return b->run->rc == RC_OK ? s : NULL;
}

/* Once all rows are there: columns as wide as what is in them. */
void
book_end_sheet(struct sheet *s)
{
	const struct xlsx_library *lib = &s->book->library;

	for (size_t i = 0; i < s->n_columns; i++) {
		lxw_row_col_options options = {
			.hidden = s->hidden[i] ||
				  (!s->used[i] && !s->columns[i].shown)
		};

		book_check(s->book,
		    lib->set_column(s->worksheet, (lxw_col_t)i, (lxw_col_t)i,
			s->widths[i] + 1.5, NULL, &options));
	}
	if (s->n_breaks > 0)
		book_check(s->book, lib->set_breaks(s->worksheet, s->breaks));
	if (s->headed && s->frozen && s->row > s->head + 1)
		book_check(s->book,
		    lib->autofilter(s->worksheet, (lxw_row_t)s->head, 0,
			(lxw_row_t)s->row - 1, (lxw_col_t)(s->n_columns - 1)));
}

/* ---- cells ------------------------------------------------------------- */

bool
book_is_fine(const struct sheet *s)
{
	return s != NULL && s->book->run->rc == RC_OK;
}

/* The longest line of it, as far as it matters. */
static unsigned int
columns_of(struct slice text, unsigned int max)
{
	unsigned int widest = 0, now = 0;
	size_t n;

	while (text.n > 0 && now < max) {
		uint32_t c = utf8_next(text, &n);

		text = slice_from(text, n);
		now = c == '\n' ? 0 : now + (unsigned int)utf8_width(c);
		if (now > widest)
			widest = now;
	}
	return widest;
}

static void
widen(struct sheet *s, size_t column, struct slice text)
{
	unsigned int width;

	if (column >= s->n_columns || !s->headed)
		return;
	s->used[column] = true;
	/* No text has more columns than octets. */
	if (text.n <= s->widths[column])
		return;
	width = columns_of(text, s->columns[column].width);
	if (width > s->widths[column])
		s->widths[column] = width;
}

/* How many lines it takes, broken at spaces where it can be. */
static unsigned int
lines_of(struct slice text, unsigned int width)
{
	unsigned int lines = 1, now = 0, word = 0;
	size_t n;

	for (; text.n > 0; text = slice_from(text, n)) {
		uint32_t c = utf8_next(text, &n);
		unsigned int w = (unsigned int)utf8_width(c);

		if (c == '\n') {
			lines++;
			now = word = 0;
			continue;
		}
		word = c == ' ' ? 0 : word + w;
		now += w;
		if (now <= width || c == ' ')
			continue;
		lines++;
		if (word > width)
			word = w;
		now = word;
	}
	return lines;
}

/* The width that the column has in the end is this, or all fits in a line. */
static void
heighten(struct sheet *s, size_t column, struct slice text)
{
	unsigned int width, lines;

	if (column >= s->n_columns)
		return;
	width = s->widths[column];
	if (s->headed && s->columns[column].width > width)
		width = s->columns[column].width;
	/* By digits: letters are narrower, so that a line is seldom cut. */
	lines = lines_of(text, width);
	if (lines > s->lines)
		s->lines = lines;
}

static void
put_text(struct sheet *s, size_t column, struct slice text,
    enum book_style style)
{
	struct book *b = s->book;

	buf_reset(&b->text);
	escape_xlsx(&b->text, text);
	/* A note goes on over the columns behind it. */
	if (style != BOOK_NOTE)
		widen(s, column, buf_slice(&b->text));
	if (s->fitted && book_style_wraps(style))
		heighten(s, column, buf_slice(&b->text));
	buf_add_char(&b->text, '\0');
	if (b->text.failed)
		book_fail(b, RC_NOMEM, NULL, 0);
	else if (b->text.n > 1)
		book_check(b, b->library.write_string(s->worksheet,
				  (lxw_row_t)s->row, (lxw_col_t)column,
				  (const char *)b->text.p, b->formats[style]));
}

static void
put_number(struct sheet *s, size_t column, double n, enum book_style style)
{
	book_check(s->book,
	    s->book->library.write_number(s->worksheet, (lxw_row_t)s->row,
		(lxw_col_t)column, n, s->book->formats[style]));
}

void
sheet_text(struct sheet *s, size_t column, const char *text,
    enum book_style style)
{
	if (book_is_fine(s))
		put_text(s, column, slice_str(text), style);
}

void
sheet_number(struct sheet *s, size_t column, int64_t n, enum book_style style)
{
	char digits[32];

	if (!book_is_fine(s))
		return;
	(void)snprintf(digits, sizeof(digits), "%lld", (long long)n);
	if (n >= -exact_max && n <= exact_max) {
		widen(s, column, slice_str(digits));
		put_number(s, column, (double)n, style);
	} else {
		put_text(s, column, slice_str(digits), BOOK_TEXT);
	}
}

void
sheet_blank(struct sheet *s, size_t column, enum book_style style)
{
	if (book_is_fine(s))
		book_check(s->book, s->book->library.write_blank(s->worksheet,
					(lxw_row_t)s->row, (lxw_col_t)column,
					s->book->formats[style]));
}

/* What is no time, or before what Excel knows, stays text. */
static void
put_time(struct sheet *s, size_t column, const struct cell *c,
    enum book_style style)
{
	int64_t seconds, day;

	if (!civil_rfc3339_parse(c->text, &seconds) ||
	    (day = EPOCH_DAY + seconds / DAY) < FIRST_DAY || day > LAST_DAY) {
		put_text(s, column, c->text, BOOK_WRAP);
		return;
	}
	widen(s, column,
	    c->kind == CELL_DAY ? SLICE_LIT("2026-11-21")
				: SLICE_LIT("2026-11-21 00:00:00"));
	put_number(s, column, EPOCH_DAY + (double)seconds / DAY, style);
}

void
sheet_cell(struct sheet *s, size_t column, const struct cell *c,
    enum book_style style)
{
	if (!book_is_fine(s))
		return;
	switch (c->kind) {
	case CELL_NONE:
		break;
	case CELL_TEXT:
	case CELL_LINK:
		put_text(s, column, c->text, style);
		break;
	case CELL_NUMBER:
		sheet_number(s, column, c->number, style);
		break;
	case CELL_REAL:
		widen(s, column, SLICE_LIT("0.0001"));
		put_number(s, column, c->real, style);
		break;
	case CELL_TIME:
	case CELL_DAY:
		put_time(s, column, c, style);
		break;
	case CELL_FLAG:
		put_text(s, column, slice_str(c->number ? "yes" : "no"), style);
		break;
	}
}

/* ---- rows -------------------------------------------------------------- */

static void
put_height(struct sheet *s, unsigned int points)
{
	if (points > ROW_POINTS_MAX)
		points = ROW_POINTS_MAX;
	if (book_is_fine(s))
		book_check(s->book, s->book->library.set_row(s->worksheet,
					(lxw_row_t)s->row, points, NULL));
}

/* Not every program makes rows as high as what is wrapped in them. */
static void
set_height(struct sheet *s)
{
	if (s->lines > 1)
		put_height(s, s->lines * LINE_POINTS);
	s->lines = 0;
}

static void
write_heads(struct sheet *s)
{
	const struct xlsx_library *lib = &s->book->library;
	bool fitted = s->fitted;

	s->head = s->row;
	s->headed = false; /* a head may be wrapped */
	s->fitted = true;
	for (size_t i = 0; i < s->n_columns; i++)
		sheet_text(s, i, s->columns[i].title, BOOK_HEAD);
	s->headed = true;
	set_height(s);
	s->fitted = fitted;
	if (s->frozen) {
		lib->freeze_panes(s->worksheet, (lxw_row_t)s->row + 1, 0);
		(void)lib->repeat_rows(s->worksheet, (lxw_row_t)s->row,
		    (lxw_row_t)s->row);
	}
	s->row++;
}

/* Its longest word, half of it, and room for the button of the filter. */
static unsigned int
least_width(const struct book_column *c)
{
	struct slice title = slice_str(c->title);
	unsigned int width = 3;

	if (c->shown)
		return c->width;
	while (lines_of(title, width) > 2)
		width++;
	for (const char *at = c->title; *at != '\0';) {
		size_t n = strcspn(at, " ");

		if (n > width)
			width = (unsigned int)n;
		at += n + (at[n] == ' ');
	}
	return width + 3;
}

void
sheet_heads(struct sheet *s, const struct book_column *columns, size_t n,
    bool frozen)
{
	if (!book_is_fine(s))
		return;
	/* What a sheet has more than one of, is not hidden in any. */
	for (size_t i = 0; s->headed && i < s->n_columns; i++)
		s->used[i] = true;
	memcpy(s->columns, columns, n * sizeof(*columns));
	s->n_columns = n;
	s->frozen = frozen;
	for (size_t i = 0; i < n; i++) {
		unsigned int least = least_width(&columns[i]);

		if (least > s->widths[i])
			s->widths[i] = least;
	}
	write_heads(s);
}

static void
continue_sheet(struct sheet *s)
{
	char note[80];

	(void)snprintf(note, sizeof(note), "Continued on sheet %.24s %u",
	    s->title, s->part + 2);
	sheet_text(s, 0, note, BOOK_NOTE);
	s->row++;
	book_end_sheet(s);
	s->part++;
	s->row = 0;
	add_worksheet(s);
	if (book_is_fine(s))
		write_heads(s);
}

void
sheet_end_row(struct sheet *s)
{
	if (!book_is_fine(s))
		return;
	set_height(s);
	errno = 0;
	if (ferror(s->worksheet->optimize_tmpfile) != 0)
		book_fail(s->book, RC_IO, "cannot write a temporary file",
		    errno != 0 ? errno : ENOSPC);
	s->row++;
	/* The last row has no room for another but to say so. */
	if (book_is_fine(s) && s->headed && s->row + 1 == s->book->rows_max)
		continue_sheet(s);
}

void
sheet_title(struct sheet *s, const char *text)
{
	sheet_text(s, 0, text, BOOK_TITLE);
	put_height(s, 2 * LINE_POINTS);
	sheet_end_row(s);
}

/* ---- pages ------------------------------------------------------------- */

void
sheet_is_page(struct sheet *s)
{
	const struct xlsx_library *lib;

	if (!book_is_fine(s))
		return;
	lib = &s->book->library;
	/* Labels, and what they are of. */
	s->n_columns = 2;
	s->widths[0] = LABEL_WIDTH;
	s->widths[1] = VALUE_WIDTH;
	s->used[0] = s->used[1] = true;
	lib->gridlines(s->worksheet, LXW_HIDE_ALL_GRIDLINES);
	/* Excel honours no page break where a page has to fit. */
	lib->set_scale(s->worksheet, PAGE_SCALE);
}

/* What is so high goes onto the next page, if there is no room for it. */
void
book_keep_together(struct sheet *s, unsigned int pixels)
{
	size_t before = (s->row - s->page) % PAGE_ROWS;

	if (before + pixels / BOOK_ROW_PIXELS < PAGE_ROWS ||
	    s->n_breaks == BOOK_BREAKS)
		return;
	s->breaks[s->n_breaks++] = (lxw_row_t)s->row;
	s->page = s->row;
}

void
sheet_new_page(struct sheet *s)
{
	if (book_is_fine(s))
		book_keep_together(s, PAGE_ROWS * BOOK_ROW_PIXELS);
}

void
sheet_least_lines(struct sheet *s, unsigned int lines)
{
	if (book_is_fine(s) && s->lines < lines)
		s->lines = lines;
}

void
book_page_head(struct book *b, struct slice what)
{
	char head[LXW_HEADER_FOOTER_MAX];
	lxw_worksheet *w;

	/* An ampersand would be a command. */
	if (b->run->rc != RC_OK || !slice_is_printable(what) ||
	    what.n > HEAD_MAX || memchr(what.p, '&', what.n) != NULL)
		return;
	(void)snprintf(head, sizeof(head), PAGE_HEAD "&R%.*s", SLICE_FMT(what));
	LXW_FOREACH_WORKSHEET(w, b->workbook)
	(void)b->library.set_header(w, head);
}
