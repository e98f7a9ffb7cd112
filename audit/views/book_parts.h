#ifndef AUDIT_VIEWS_BOOK_PARTS_H
#define AUDIT_VIEWS_BOOK_PARTS_H

#include "audit/views/book.h"

/* What the files of a workbook tell each other. */

enum { BOOK_ROW_PIXELS = 20 };

/* Notes the first thing that went wrong; why: errno of a temporary file. */
void book_fail(struct book *, enum rc, const char *what, int why);
void book_check(struct book *, lxw_error);

/* Nothing did yet; NULL: something did. */
bool book_is_fine(const struct sheet *);

/* One for each style. */
void book_formats(struct book *);
bool book_style_wraps(enum book_style);

/* Once all its rows are there: columns as wide as what is in them. */
void book_end_sheet(struct sheet *);

/* What is so high goes onto the next page, if there is no room for it. */
void book_keep_together(struct sheet *, unsigned int pixels);

#endif
