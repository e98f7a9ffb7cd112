#include "audit/views/xlsx.h"

#include <stdio.h>
#include <string.h>

enum { FORM_LINES = 2 };

/* ---- columns ----------------------------------------------------------- */

static size_t
column_named(const struct table *t, const char *name)
{
	size_t i = 0;

	while (i < t->n_columns && strcmp(t->columns[i].name, name) != 0)
		i++;
	return i;
}

/* Times are UTC, and nothing in a cell says so. */
static void
add_head(struct grid *g, size_t at, unsigned int width)
{
	const struct column *c = &g->plan->table->columns[at];
	size_t i = g->n;

	(void)snprintf(g->names[i], sizeof(g->names[i]), "%s%s", c->title,
	    c->kind == CELL_TIME ? " (UTC)" : "");
	g->heads[i] = (struct book_column){ .title = g->names[i],
		.width = width > 0 ? width : c->width };
	g->of[i] = at;
	g->n++;
}

static void
choose_columns(struct grid *g)
{
	const struct plan *plan = g->plan;
	const struct choice *c = plan->columns;
	size_t n = plan->table->n_columns;

	for (size_t i = 0; c == NULL && i < n; i++)
		add_head(g, i, 0);
	for (; c != NULL && c->name != NULL; c++) {
		size_t at = column_named(plan->table, c->name);

		if (at < n)
			add_head(g, at, c->width);
	}
	for (size_t i = 0; plan->blanks != NULL && plan->blanks[i] != NULL;
	     i++) {
		g->heads[g->n + i] = (struct book_column){
			.title = plan->blanks[i],
			.width = 24,
			.shown = true,
		};
		g->n_blanks++;
	}
}

void
grid_open(struct grid *g, struct book *b, const struct plan *plan)
{
	*g = (struct grid){ .plan = plan, .empty = plan->empty };
	g->sheet = book_sheet(b,
	    plan->title != NULL ? plan->title : plan->table->title);
	if (g->sheet == NULL)
		return;
	choose_columns(g);
	g->sheet->fitted = !plan->flat;
	sheet_heads(g->sheet, g->heads, g->n + g->n_blanks, true);
}

/* ---- cells ------------------------------------------------------------- */

static bool
one_of(struct slice text, const char *const *words)
{
	for (; *words != NULL; words++) {
		if (slice_eq(text, slice_str(*words)))
			return true;
	}
	return false;
}

/* Words that say how it stands: in colour, and never by that alone. */
static enum book_style
word_style(struct slice text)
{
	static const char *const good[] = { "pass", "compliant", "better",
		"mended", "fewer", "gone", NULL };
	static const char *const bad[] = { "fail", "non-compliant", "worse",
		"error", "new", "more", "bounced", "still-failing", "reject",
		"permerror", NULL };
	static const char *const unsure[] = { "unknown", "incomplete",
		"warning", "deferred", "spam", "changed", "temperror",
		"softfail", NULL };
	static const char *const neutral[] = { "not-applicable", "same",
		"advice", "none", "neutral", "mitigation", NULL };

	if (one_of(text, good))
		return BOOK_GOOD;
	if (one_of(text, bad))
		return BOOK_BAD;
	if (one_of(text, unsure))
		return BOOK_UNSURE;
	return one_of(text, neutral) ? BOOK_NEUTRAL : BOOK_WRAP;
}

static bool
has_words(const char *column)
{
	static const char *const columns[] = { "status", "verdict", "severity",
		"change", "old", "new", "result", "today", "consequence",
		NULL };

	return one_of(slice_str(column), columns);
}

static bool
is_record(const char *column)
{
	static const char *const columns[] = { "records", "record", "value",
		"term", NULL };

	return one_of(slice_str(column), columns);
}

enum book_style
xlsx_style_of(const struct column *c, const struct cell *cell, bool flat)
{
	switch (cell->kind) {
	case CELL_NUMBER:
		return BOOK_COUNT;
	case CELL_REAL:
		return BOOK_REAL;
	case CELL_TIME:
		return BOOK_TIME;
	case CELL_DAY:
		return BOOK_DAY;
	case CELL_NONE:
	case CELL_TEXT:
	case CELL_FLAG:
	case CELL_LINK:
		break;
	}
	if (flat)
		return BOOK_TEXT;
	if (has_words(c->name))
		return word_style(cell->text);
	return is_record(c->name) ? BOOK_RECORD : BOOK_WRAP;
}

/* ---- rows -------------------------------------------------------------- */

/* What a rule that passes would have led to is no bad news. */
static enum book_style
style_of(const struct plan *plan, const struct column *column,
    const struct cell *c)
{
	if (plan->calm && strcmp(column->name, "consequence") == 0)
		return BOOK_WRAP;
	return xlsx_style_of(column, c, plan->flat);
}

/* Who writes there by hand wants room. */
static void
end_form_row(struct grid *g)
{
	for (size_t i = 0; i < g->n_blanks; i++)
		sheet_blank(g->sheet, g->n + i, BOOK_FORM);
	if (g->n_blanks > 0)
		sheet_least_lines(g->sheet, FORM_LINES);
	sheet_end_row(g->sheet);
}

static bool
add_row(void *ctx, const struct row *row, const struct cell *cells)
{
	struct grid *g = ctx;
	const struct table *t = g->plan->table;

	(void)row;
	for (size_t i = 0; i < g->n; i++) {
		const struct cell *c = &cells[g->of[i]];
		bool flat = g->plan->flat;

		if (c->kind != CELL_NONE)
			sheet_cell(g->sheet, i, c,
			    style_of(g->plan, &t->columns[g->of[i]], c));
		else if (!flat)
			sheet_blank(g->sheet, i, BOOK_WRAP);
	}
	end_form_row(g);
	g->rows++;
	return g->sheet->book->run->rc == RC_OK;
}

void
grid_rows(struct grid *g, const json_t *item, struct arena *a)
{
	struct view_run *run;
	struct row of = { .item = item, .arena = a };
	enum rc rc;

	if (g->sheet == NULL || g->sheet->book->run->rc != RC_OK)
		return;
	run = g->sheet->book->run;
	of.header = run->header;
	rc = table_rows(g->plan->table, &of,
	    (struct row_sink){ .row = add_row, .ctx = g });
	if (run->rc == RC_OK)
		run->rc = rc;
}

void
grid_note(struct grid *g, const json_t *item, const char *note)
{
	const json_t *subject = json_object_get(item, "subject");
	const char *domain = view_text_of(subject, "domain");

	if (g->sheet == NULL)
		return;
	sheet_text(g->sheet, 0, domain, BOOK_WRAP);
	sheet_text(g->sheet, item != NULL ? 3 : 0, note, BOOK_NOTE);
	sheet_end_row(g->sheet);
	g->rows++;
}

void
grid_hide(struct grid *g, const char *column)
{
	for (size_t i = 0; g->sheet != NULL && i < g->n; i++) {
		if (strcmp(g->plan->table->columns[g->of[i]].name, column) == 0)
			g->sheet->hidden[i] = true;
	}
}

static void
note_empty(struct grid *g)
{
	size_t at = 0;

	while (at + 1 < g->n && g->sheet->hidden[at])
		at++;
	for (size_t i = 0; i < g->n; i++)
		g->sheet->used[i] = true;
	if (g->empty != NULL)
		sheet_text(g->sheet, at, g->empty, BOOK_NOTE);
	sheet_end_row(g->sheet);
}

void
grid_end(struct grid *g)
{
	if (g->sheet == NULL)
		return;
	if (g->rows == 0) {
		note_empty(g);
	} else if (g->n_blanks > 0) {
		sheet_text(g->sheet, 0, "All of the above", BOOK_WRAP);
		for (size_t i = 1; i < g->n; i++)
			sheet_blank(g->sheet, i, BOOK_WRAP);
		end_form_row(g);
	}
}

/* ---- sheets that are no table ------------------------------------------ */

void
xlsx_fact(struct sheet *s, const char *label, const char *value)
{
	if (value[0] == '\0')
		return;
	sheet_text(s, 0, label, BOOK_LABEL);
	sheet_text(s, 1, value, BOOK_VALUE);
	sheet_end_row(s);
}

void
xlsx_count(struct sheet *s, const char *label, int64_t n)
{
	sheet_text(s, 0, label, BOOK_LABEL);
	sheet_number(s, 1, n, BOOK_VALUE);
	sheet_end_row(s);
}

void
xlsx_time(struct sheet *s, const char *label, const char *rfc3339)
{
	struct cell c = { .kind = CELL_TIME, .text = slice_str(rfc3339) };

	if (rfc3339[0] == '\0')
		return;
	sheet_text(s, 0, label, BOOK_LABEL);
	sheet_cell(s, 1, &c, BOOK_MOMENT);
	sheet_end_row(s);
}

void
xlsx_line(struct sheet *s, const char *text, enum book_style style)
{
	sheet_text(s, 0, text, style);
	sheet_end_row(s);
}
