#include "audit/views/book_parts.h"
#include "base/escape.h"

static void
add_series(struct sheet *s, lxw_chart *chart, const struct book_chart *c,
    const struct book_series *one)
{
	const struct xlsx_library *lib = &s->book->library;
	lxw_chart_fill fill = { .color = one->color };
	lxw_chart_series *series = lib->add_series(chart, NULL, NULL);
	struct buf *name = &s->book->text;

	if (series == NULL)
		return;
	lib->set_categories(series, s->title, (lxw_row_t)c->first,
	    (lxw_col_t)c->labels, (lxw_row_t)c->last,
	    (lxw_col_t)(c->labels + c->label_columns - 1));
	/* Without a copy of the labels it would take them for numbers. */
	series->categories->has_string_cache = LXW_TRUE;
	lib->set_values(series, s->title, (lxw_row_t)c->first,
	    (lxw_col_t)one->column, (lxw_row_t)c->last, (lxw_col_t)one->column);
	buf_reset(name);
	escape_xlsx(name, slice_str(one->name));
	buf_add_char(name, '\0');
	if (!name->failed)
		lib->set_series_name(series, (const char *)name->p);
	lib->set_series_fill(series, &fill);
}

static uint8_t
chart_type(const struct book_chart *c)
{
	if (c->lying)
		return c->stacked ? LXW_CHART_BAR_STACKED : LXW_CHART_BAR;
	return c->stacked ? LXW_CHART_COLUMN_STACKED : LXW_CHART_COLUMN;
}

/* What lies has them the other way round, and its first row at the top. */
static void
set_axes(const struct xlsx_library *lib, lxw_chart *chart,
    const struct book_chart *c)
{
	lxw_chart_axis *numbers = c->lying ? chart->x_axis : chart->y_axis;

	lib->set_axis_format(numbers, "#,##0");
	if (c->lying) {
		lib->set_axis_reverse(chart->y_axis);
		lib->set_axis_crossing_max(chart->y_axis);
	}
}

void
sheet_chart(struct sheet *s, const struct book_chart *c, size_t column)
{
	const struct xlsx_library *lib;
	lxw_chart_options options = { .object_position =
					  LXW_OBJECT_MOVE_DONT_SIZE };
	lxw_chart_font title = { .size = 12, .bold = LXW_TRUE };
	lxw_chart *chart;

	if (!book_is_fine(s))
		return;
	lib = &s->book->library;
	book_keep_together(s, c->height);
	chart = lib->add_chart(s->book->workbook, chart_type(c));
	if (chart == NULL) {
		book_fail(s->book, RC_NOMEM, NULL, 0);
		return;
	}
	for (size_t i = 0; i < c->n_series; i++)
		add_series(s, chart, c, &c->series[i]);
	lib->set_title(chart, c->title);
	lib->set_title_font(chart, &title);
	lib->set_legend_position(chart,
	    c->n_series > 1 ? LXW_CHART_LEGEND_BOTTOM : LXW_CHART_LEGEND_NONE);
	lib->set_series_gap(chart, 60);
	set_axes(lib, chart, c);
	options.y_offset = BOOK_ROW_PIXELS / 4; /* off a page's edge */
	options.x_scale = c->width / 480.0;
	options.y_scale = c->height / 288.0;
	book_check(s->book, lib->insert_chart(s->worksheet, (lxw_row_t)s->row,
				(lxw_col_t)column, chart, &options));
}

void
sheet_below_chart(struct sheet *s, const struct book_chart *c)
{
	for (unsigned int i = 0; i < c->height / BOOK_ROW_PIXELS + 2; i++)
		sheet_end_row(s);
}
