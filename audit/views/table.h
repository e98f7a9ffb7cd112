#ifndef AUDIT_VIEWS_TABLE_H
#define AUDIT_VIEWS_TABLE_H

#include <jansson.h>

#include "audit/document.h"
#include "base/arena.h"
#include "base/rc.h"
#include "base/slice.h"

/*
 * What of a document is rows and columns: for CSV, workbooks, pages and
 * tickets alike.  A table is data: where its rows are, and what of each stands
 * in which column.
 */

enum cell_kind {
	CELL_NONE, /* not known, or not there */
	CELL_TEXT,
	CELL_NUMBER,
	CELL_REAL,
	CELL_TIME, /* text of RFC 3339, UTC */
	CELL_DAY,  /* text: "2026-11-21" */
	CELL_FLAG, /* number: 0 or 1 */
	CELL_LINK, /* text: an https URI */
};

struct cell {
	enum cell_kind kind;
	struct slice text; /* of the document or the arena: not escaped */
	int64_t number;
	double real;
};

/* One row, and all that it is of. */
struct row {
	const json_t *header; /* of the document */
	const json_t *item;   /* an audit; the document, where it is one */
	const json_t *value;  /* of the list */
	const char *list;     /* the one of the table's that it is in */
	struct arena *arena;  /* emptied before each row */
};

struct column {
	const char *name;  /* of CSV: "first_seen" */
	const char *title; /* for people: "First seen" */
	enum cell_kind kind;
	unsigned int width; /* characters that most of its texts have */
	/* Members, with points between: of the value; "/...": of the item. */
	const char *path;
	/* What no path tells; path is NULL then. */
	void (*make)(const struct row *, struct cell *);
};

struct table {
	const char *name;  /* for --table: "results" */
	const char *title; /* 31 characters at most: of a sheet too */
	enum document document;
	/* Paths of the item; ends with NULL.  "": the item is the row. */
	const char *const *lists;
	bool header; /* of the document's header instead: once, with no item */
	bool (*wanted)(const json_t *value); /* NULL: all */
	const struct column *columns;
	size_t n_columns;
};

/* The register: the first of a kind of document is its usual one. */
extern const struct table *const tables[];

/* name NULL: the usual one.  NULL: there is none. */
const struct table *table_find(enum document, const char *name);

/* False ends it.  The cells hold until it returns. */
struct row_sink {
	bool (*row)(void *ctx, const struct row *, const struct cell *);
	void *ctx;
};

/*
 * All rows of an item, in order; the row's value and list are set by this, the
 * others by the caller.  RC_LIMIT when one did not fit into the arena.
 */
enum rc table_rows(const struct table *, const struct row *, struct row_sink);

/* A member by its path, as struct column has it; NULL: there is none. */
const json_t *table_value(const struct row *, const char *path);

/* What a value of the document is in a column of that kind. */
void table_cell(const struct row *, const json_t *value, enum cell_kind,
    struct cell *);

#endif
