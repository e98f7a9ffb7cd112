#ifndef AUDIT_VIEWS_COLUMNS_H
#define AUDIT_VIEWS_COLUMNS_H

#include "audit/views/tables.h"

/* Rows of tables of columns: struct column, as they are mostly. */

#define CELL(k, n, t, w, p) \
	{ \
		.name = (n), .title = (t), .kind = (k), .width = (w), \
		.path = (p) \
	}
#define TEXT(n, t, w)  CELL(CELL_TEXT, n, t, w, n)
#define COUNT(n, t, w) CELL(CELL_NUMBER, n, t, w, n)
#define TIME(n, t)     CELL(CELL_TIME, n, t, 20, n)
#define FLAG(n, t)     CELL(CELL_FLAG, n, t, 9, n)

/* What a function makes. */
#define MADE(n, t, w, f) \
	{ \
		.name = (n), .title = (t), .kind = CELL_TEXT, .width = (w), \
		.make = (f) \
	}

/* Whose row it is. */
#define DOMAIN CELL(CELL_TEXT, "domain", "Domain", 24, "/subject.domain")
#define MESSAGE \
	CELL(CELL_TEXT, "message", "Message", 20, "/subject.message.file")

#endif
