#include "audit/views/table.h"
#include "audit/views/view_parts.h"
#include "base/escape.h"
#include "base/limits.h"

/* One table of the document (RFC 4180, with CRLF and a header line). */

enum { ARENA_BLOCK = 16 * 1024 };

struct csv {
	const struct table *table;
	struct arena *arena; /* of a row */
};

static void
end_field(struct buf *out, size_t i, size_t n)
{
	if (i + 1 < n)
		buf_add_char(out, ',');
	else
		buf_add(out, SLICE_LIT("\r\n"));
}

static void
add_cell(struct buf *out, const struct cell *c)
{
	switch (c->kind) {
	case CELL_NONE:
		break;
	case CELL_NUMBER:
		buf_printf(out, "%lld", (long long)c->number);
		break;
	case CELL_REAL:
		buf_printf(out, "%.15g", c->real);
		break;
	case CELL_FLAG:
		buf_add_str(out, c->number ? "yes" : "no");
		break;
	case CELL_TEXT:
	case CELL_TIME:
	case CELL_DAY:
	case CELL_LINK:
		escape_csv(out, c->text);
		break;
	}
}

static bool
csv_row(void *ctx, const struct row *row, const struct cell *cells)
{
	struct view_run *run = ctx;
	const struct csv *csv = run->state;
	size_t n = csv->table->n_columns;

	(void)row;
	for (size_t i = 0; i < n; i++) {
		add_cell(&run->out, &cells[i]);
		end_field(&run->out, i, n);
	}
	view_drain(run);
	return run->rc == RC_OK;
}

static void
csv_rows(struct view_run *run, const json_t *item)
{
	struct csv *csv = run->state;
	struct row of = { .header = run->header,
		.item = item,
		.arena = csv->arena };
	enum rc rc = table_rows(csv->table, &of,
	    (struct row_sink){ .row = csv_row, .ctx = run });

	if (run->rc == RC_OK)
		run->rc = rc;
}

static void
csv_open(struct view_run *run, enum document document)
{
	struct csv *csv = run->state;
	size_t n;

	csv->table = table_find(document, run->look.table);
	csv->arena = arena_new(LIMIT_AUDIT_ARENA, ARENA_BLOCK);
	if (csv->table == NULL || csv->arena == NULL) {
		run->rc = csv->table == NULL ? RC_INVALID : RC_NOMEM;
		return;
	}
	n = csv->table->n_columns;
	for (size_t i = 0; i < n; i++) {
		buf_add_str(&run->out, csv->table->columns[i].name);
		end_field(&run->out, i, n);
	}
}

static void
csv_close(struct view_run *run)
{
	struct csv *csv = run->state;

	arena_free(csv->arena);
}

static void
begin_audits(struct view_run *run)
{
	csv_open(run, DOCUMENT_AUDIT);
}

static void
begin_diff(struct view_run *run)
{
	csv_open(run, DOCUMENT_DIFF);
}

static void
begin_events(struct view_run *run)
{
	csv_open(run, DOCUMENT_EVENTS);
}

static void
begin_bounces(struct view_run *run)
{
	csv_open(run, DOCUMENT_BOUNCES);
	if (run->rc == RC_OK)
		csv_rows(run, run->header);
}

static void
begin_bounces_diff(struct view_run *run)
{
	csv_open(run, DOCUMENT_BOUNCES_DIFF);
	if (run->rc == RC_OK)
		csv_rows(run, run->header);
}

const struct view_part csv_of_audits = {
	.state = sizeof(struct csv),
	.begin = begin_audits,
	.item = csv_rows,
	.close = csv_close,
};

const struct view_part csv_of_diff = {
	.state = sizeof(struct csv),
	.begin = begin_diff,
	.item = csv_rows,
	.close = csv_close,
};

const struct view_part csv_of_events = {
	.state = sizeof(struct csv),
	.begin = begin_events,
	.item = csv_rows,
	.close = csv_close,
};

const struct view_part csv_of_bounces = {
	.state = sizeof(struct csv),
	.begin = begin_bounces,
	.close = csv_close,
};

const struct view_part csv_of_bounces_diff = {
	.state = sizeof(struct csv),
	.begin = begin_bounces_diff,
	.close = csv_close,
};
