#include "audit/views/html_chart.h"

#include <inttypes.h>

#include "base/escape.h"

enum {
	STEPS_MAX = 60, /* days or hours: the last of them */
	SERIES_MAX = 6, /* that have a colour; the rest is one more */
	SERIES = SERIES_MAX + 1,
	LEFT = 64, /* room for "1,234,567" */
	TOP = 8,
	HEIGHT = 180, /* of the columns */
	BELOW = 24,
	LABEL_WIDTH = 48,
	LINES = 5, /* at most, across */
	LABEL_MAX = 16,
};

struct step {
	const char *when;
	uint64_t counts[SERIES];
	uint64_t all;
};

struct chart {
	const struct html_chart *of;
	struct step steps[STEPS_MAX];
	size_t n;
	const char *series[SERIES];
	uint64_t sums[SERIES];
	size_t n_series;
	uint64_t most; /* of a step */
};

static uint64_t
count_of(const json_t *o)
{
	json_int_t n = json_integer_value(json_object_get(o, "count"));

	/* No sum of LIMIT_DOCUMENT such rows overflows. */
	return n < 0 ? 0 : n > INT32_MAX ? INT32_MAX : (uint64_t)n;
}

/* ---- what is in it ----------------------------------------------------- */

/* The largest of a table of sums that is not among the series yet. */
static const char *
largest(const struct chart *c, json_t *sums)
{
	const char *name, *best = NULL;
	json_int_t most = 0;
	const json_t *n;

	json_object_foreach(sums, name, n)
	{
		bool taken = false;

		for (size_t i = 0; i < c->n_series; i++)
			taken |= strcmp(c->series[i], name) == 0;
		if (!taken && json_integer_value(n) > most) {
			most = json_integer_value(n);
			best = name;
		}
	}
	return best;
}

/* The series by their sums; names are borrowed from the table. */
static void
find_series(struct chart *c, json_t *sums)
{
	const char *name;
	const json_t *o;
	size_t i;

	json_array_foreach(c->of->steps, i, o)
	{
		name = view_text_of(o, c->of->series);
		(void)json_object_set_new(sums, name,
		    json_integer(
			json_integer_value(json_object_get(sums, name)) +
			(json_int_t)count_of(o)));
	}
	while (c->n_series < SERIES_MAX && (name = largest(c, sums)) != NULL)
		c->series[c->n_series++] = name;
	if (largest(c, sums) != NULL)
		c->series[c->n_series++] = NULL;
}

static size_t
series_of(const struct chart *c, const char *name)
{
	size_t i = 0;

	while (i + 1 < c->n_series && c->series[i] != NULL &&
	       strcmp(c->series[i], name) != 0)
		i++;
	return i;
}

static struct step *
step_of(struct chart *c, const char *when)
{
	if (c->n > 0 && strcmp(c->steps[c->n - 1].when, when) == 0)
		return &c->steps[c->n - 1];
	if (c->n == STEPS_MAX)
		memmove(c->steps, c->steps + 1, --c->n * sizeof(c->steps[0]));
	c->steps[c->n] = (struct step){ .when = when };
	return &c->steps[c->n++];
}

static void
gather(struct chart *c)
{
	const json_t *o;
	size_t i;

	json_array_foreach(c->of->steps, i, o)
	{
		struct step *s = step_of(c, view_text_of(o, c->of->when));
		uint64_t n = count_of(o);

		s->counts[series_of(c, view_text_of(o, c->of->series))] += n;
		s->all += n;
	}
	for (i = 0; i < c->n; i++) {
		c->most = c->steps[i].all > c->most ? c->steps[i].all : c->most;
		for (size_t k = 0; k < c->n_series; k++)
			c->sums[k] += c->steps[i].counts[k];
	}
}

static const char *
series_name(const struct chart *c, size_t i)
{
	if (c->series[i] == NULL)
		return "the rest";
	return c->of->name != NULL ? c->of->name(c->series[i]) : c->series[i];
}

/* ---- the drawing ------------------------------------------------------- */

static unsigned int
column_width(size_t n)
{
	return n <= 12 ? 40 : n <= 31 ? 20 : 12;
}

/* 1, 2 or 5 times a power of ten: so few lines reach the top. */
static uint64_t
line_step(uint64_t most)
{
	static const unsigned int nice[] = { 1, 2, 5 };

	for (uint64_t ten = 1; ten <= UINT64_MAX / 100; ten *= 10) {
		for (size_t i = 0; i < 3; i++) {
			if (ten * nice[i] * LINES >= most)
				return ten * nice[i];
		}
	}
	return most;
}

static double
height_of(uint64_t n, uint64_t top)
{
	return (double)n * HEIGHT / (double)top;
}

static void
draw_lines(struct html *h, uint64_t step, uint64_t top, unsigned int right)
{
	for (uint64_t n = 0; n <= top; n += step) {
		double y = TOP + HEIGHT - height_of(n, top);

		buf_printf(h->out,
		    "<path class=\"line\" d=\"M%d %.1fH%u\"/>"
		    "<text class=\"y\" x=\"%d\" y=\"%.1f\">",
		    LEFT, y, right, LEFT - 6, y + 4);
		html_count(h, n);
		html_put(h, "</text>\n");
	}
}

/* "11-21" of a day, "04:00" of an hour; of anything else nothing. */
static struct slice
short_label(const char *when)
{
	struct slice s = slice_str(when);

	if (s.n == sizeof("2026-11-21") - 1)
		return slice_from(s, 5);
	if (s.n == sizeof("2026-11-21T04:00:00Z") - 1)
		return slice_sub(s, 11, 5);
	return SLICE_NONE;
}

static void
draw_column(struct html *h, const struct chart *c, size_t i, uint64_t top)
{
	const struct step *s = &c->steps[i];
	unsigned int width = column_width(c->n);
	unsigned int x = LEFT + (unsigned int)i * width + 2;
	uint64_t below = 0;

	for (size_t k = 0; k < c->n_series; k++) {
		double high = height_of(s->counts[k], top);

		if (s->counts[k] == 0)
			continue;
		below += s->counts[k];
		buf_printf(h->out,
		    "<rect class=\"s%zu\" x=\"%u\" y=\"%.1f\" width=\"%u\" "
		    "height=\"%.1f\"><title>",
		    k + 1, x, TOP + HEIGHT - height_of(below, top), width - 3,
		    high);
		html_text(h, s->when);
		html_put(h, ", ");
		html_text(h, series_name(c, k));
		buf_printf(h->out, ": %" PRIu64 "</title></rect>\n",
		    s->counts[k]);
	}
}

static void
draw_labels(struct html *h, const struct chart *c)
{
	unsigned int width = column_width(c->n);
	size_t every = (LABEL_WIDTH + width - 1) / width;

	for (size_t i = 0; i < c->n; i += every) {
		struct slice text = short_label(c->steps[i].when);

		buf_printf(h->out, "<text x=\"%u\" y=\"%d\">",
		    LEFT + (unsigned int)i * width + 2, TOP + HEIGHT + 16);
		escape_html(h->out, text);
		html_put(h, "</text>\n");
	}
}

static void
draw(struct html *h, const struct chart *c)
{
	uint64_t step = line_step(c->most);
	uint64_t top = (c->most + step - 1) / step * step;
	unsigned int right = LEFT + (unsigned int)c->n * column_width(c->n) + 2;

	buf_printf(h->out,
	    "<svg class=\"chart\" role=\"img\" width=\"%u\" height=\"%d\" "
	    "viewBox=\"0 0 %u %d\" aria-label=\"",
	    right, TOP + HEIGHT + BELOW, right, TOP + HEIGHT + BELOW);
	html_text(h, c->of->title);
	buf_printf(h->out,
	    ": %zu columns, the highest of %" PRIu64
	    "; the numbers are in the table below\">\n",
	    c->n, c->most);
	draw_lines(h, step, top, right);
	for (size_t i = 0; i < c->n; i++)
		draw_column(h, c, i, top);
	draw_labels(h, c);
	html_put(h, "</svg>\n");
}

/* ---- beside it --------------------------------------------------------- */

static void
show_legend(struct html *h, const struct chart *c)
{
	html_put(h, "<ul class=\"legend\">\n");
	for (size_t i = 0; i < c->n_series; i++) {
		buf_printf(h->out,
		    "<li><svg width=\"12\" height=\"12\" aria-hidden=\"true\">"
		    "<rect class=\"s%zu\" width=\"12\" height=\"12\"/></svg> ",
		    i + 1);
		html_bdi(h, series_name(c, i));
		html_put(h, " ");
		html_count(h, c->sums[i]);
		html_put(h, "</li>\n");
	}
	html_put(h, "</ul>\n");
}

static void
show_row(struct html *h, const struct chart *c, const struct step *s)
{
	html_wrap(h, "<tr><th scope=\"row\" class=\"k\">",
	    *s->when != '\0' ? s->when : "-", "</th>");
	for (size_t k = 0; k < c->n_series; k++) {
		html_put(h, "<td class=\"n\">");
		html_count(h, s->counts[k]);
		html_put(h, "</td>");
	}
	html_put(h, "<td class=\"n\">");
	html_count(h, s->all);
	html_put(h, "</td></tr>\n");
}

static void
show_numbers(struct html *h, const struct chart *c)
{
	html_fold(h, "The numbers");
	html_table_open(h, c->of->title);
	html_put(h, "<thead><tr><th scope=\"col\">When</th>");
	for (size_t k = 0; k < c->n_series; k++) {
		html_put(h, "<th scope=\"col\" class=\"n\">");
		html_bdi(h, series_name(c, k));
		html_put(h, "</th>");
	}
	html_put(h, "<th scope=\"col\" class=\"n\">All</th></tr></thead>\n"
		    "<tbody>");
	for (size_t i = 0; i < c->n; i++)
		show_row(h, c, &c->steps[i]);
	html_table_close(h);
	html_fold_close(h);
}

bool
html_chart_wanted(const struct html_chart *of)
{
	const char *first =
	    view_text_of(json_array_get(of->steps, 0), of->when);
	size_t n = json_array_size(of->steps);

	return n > 1 &&
	       strcmp(first, view_text_of(json_array_get(of->steps, n - 1),
				 of->when)) != 0;
}

void
html_chart_show(struct html *h, const struct html_chart *of)
{
	struct chart *c = arena_new_of(h->run->arena, struct chart, 1);
	json_t *sums = json_object();

	if (c != NULL && sums != NULL) {
		c->of = of;
		find_series(c, sums);
		gather(c);
		html_heading(h, 1, NULL, of->title);
		html_put(h, "<div class=\"scroll\" role=\"group\" "
			    "tabindex=\"0\" aria-label=\"Chart: ");
		html_text(h, of->title);
		html_put(h, "\">\n");
		draw(h, c);
		html_put(h, "</div>\n");
		show_legend(h, c);
		show_numbers(h, c);
	}
	json_decref(sums);
}
