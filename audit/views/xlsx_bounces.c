#include "audit/views/xlsx.h"

#include <stdlib.h>
#include <string.h>

/*
 * The first sheet of an analysis of bounces.  What its charts show stands in
 * tables on the same sheet: by day and reason, by provider.
 */

enum {
	REASONS = 7,    /* of their own; the rest is one */
	PROVIDERS = 30, /* in the chart */
	DAYS = 62,      /* in the chart: the last ones */
	NAMES = 64,     /* reasons or providers that are told apart */
	CHART_WIDTH = 900,
	CHART_HEIGHT = 380,
	CHART_HEAD = 110,
	CHART_BAR = 26,
};

static const uint32_t colors[REASONS + 1] = { 0xC0392B, 0x1F5FA8, 0xE0A800,
	0x3A9E4E, 0x7D4FA6, 0xD9772B, 0x2A9DA0, 0x9A9A9A };

struct tally {
	const char *name;
	int64_t count;
};

struct tallies {
	struct tally all[NAMES];
	size_t n;
	int64_t other; /* of names past NAMES */
};

/* A document may say anything: no sum of it is past the last number. */
static int64_t
sum(int64_t a, int64_t b)
{
	if (a < 0 || b < 0)
		return a < 0 ? b : a;
	return a > INT64_MAX - b ? INT64_MAX : a + b;
}

static void
add(struct tallies *t, const char *name, int64_t count)
{
	size_t i = 0;

	while (i < t->n && strcmp(t->all[i].name, name) != 0)
		i++;
	if (i == NAMES) {
		t->other = sum(t->other, count);
		return;
	}
	if (i == t->n)
		t->all[t->n++] = (struct tally){ .name = name };
	t->all[i].count = sum(t->all[i].count, count);
}

static int
by_count(const void *a, const void *b)
{
	const struct tally *x = a, *y = b;

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return strcmp(x->name, y->name);
}

/* The most frequent first. */
static void
gather(const json_t *list, const char *key, struct tallies *out)
{
	const json_t *one;
	size_t i;

	*out = (struct tallies){ .n = 0 };
	json_array_foreach(list, i, one) add(out, view_text_of(one, key),
	    json_integer_value(json_object_get(one, "count")));
	qsort(out->all, out->n, sizeof(out->all[0]), by_count);
}

/* ---- the head ---------------------------------------------------------- */

static void
write_head(struct sheet *s, const json_t *document)
{
	static const char *const counts[][2] = {
		{ "bounced", "Bounced" },
		{ "deferred", "Deferred" },
		{ "delivered", "Delivered" },
		{ "lines", "Lines read" },
		{ "unrecognised_lines", "Lines of no known format" },
		{ "undated", "Failures without a date" },
	};
	const json_t *totals = json_object_get(document, "totals");

	sheet_is_page(s);
	s->fitted = true;
	sheet_title(s, "Mail that bounced");
	sheet_end_row(s);
	xlsx_fact(s, "Made by", view_text_of(document, "generator"));
	xlsx_count(s, "Files read (see Inputs)",
	    (int64_t)json_array_size(json_object_get(document, "inputs")));
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		xlsx_count(s, counts[i][1],
		    json_integer_value(json_object_get(totals, counts[i][0])));
	xlsx_count(s, "Clusters: causes that are one",
	    (int64_t)json_array_size(json_object_get(document, "clusters")));
}

/* ---- by provider ------------------------------------------------------- */

static void
write_providers(struct sheet *s, const json_t *document)
{
	static const struct book_column heads[] = {
		{ "Provider", 26, true },
		{ "Failures", 20, true },
	};
	static const struct book_series series[] = { { "failures", 0x1F5FA8,
	    1 } };
	struct tallies t;
	struct book_chart c = {
		.title = "Failed deliveries, by provider",
		.lying = true,
		.label_columns = 1,
		.series = series,
		.n_series = 1,
		.width = CHART_WIDTH,
	};

	gather(json_object_get(document, "clusters"), "provider", &t);
	if (t.n == 0)
		return;
	sheet_end_row(s);
	xlsx_line(s, "By provider", BOOK_HEADING);
	sheet_heads(s, heads, 2, false);
	c.first = s->row;
	for (size_t i = 0; i < t.n; i++) {
		sheet_text(s, 0, view_provider(t.all[i].name), BOOK_WRAP);
		sheet_number(s, 1, t.all[i].count, BOOK_COUNT);
		sheet_end_row(s);
	}
	c.last = s->row - 1;
	if (c.last - c.first >= PROVIDERS)
		c.last = c.first + PROVIDERS - 1;
	c.height =
	    (unsigned int)(CHART_HEAD + CHART_BAR * (c.last - c.first + 1));
	sheet_end_row(s);
	sheet_chart(s, &c, 0);
	sheet_below_chart(s, &c);
}

/* ---- by day and reason ------------------------------------------------- */

struct pivot {
	struct tallies reasons;
	size_t shown; /* reasons with a column of their own */
	bool rest;    /* and one for all others */
	struct book_column heads[REASONS + 2];
	struct book_series series[REASONS + 1];
};

static void
set_up_pivot(struct pivot *p)
{
	size_t n = p->reasons.n;

	p->shown = n < REASONS ? n : REASONS;
	p->rest = p->shown < n || p->reasons.other > 0;
	p->heads[0] = (struct book_column){ "Day (UTC)", 26, true };
	for (size_t i = 0; i < p->shown + p->rest; i++) {
		const char *name =
		    i < p->shown ? p->reasons.all[i].name : "other reasons";

		p->heads[i + 1] =
		    (struct book_column){ name, i == 0 ? 20 : 11, true };
		p->series[i] = (struct book_series){ name, colors[i], i + 1 };
	}
}

static size_t
column_of(const struct pivot *p, const char *reason)
{
	size_t i = 0;

	while (i < p->shown && strcmp(p->reasons.all[i].name, reason) != 0)
		i++;
	return i;
}

static void
write_day(struct sheet *s, const struct pivot *p, const char *day,
    const int64_t *counts)
{
	/* A text: a chart of days shows months where there are few. */
	sheet_text(s, 0, day, BOOK_WRAP);
	for (size_t i = 0; i < p->shown + p->rest; i++)
		sheet_number(s, i + 1, counts[i], BOOK_COUNT);
	sheet_end_row(s);
}

/* Days are in order, and those of one follow each other. */
static void
write_rows(struct sheet *s, const struct pivot *p, const json_t *days)
{
	int64_t counts[REASONS + 1] = { 0 };
	const char *day = NULL;
	const json_t *one;
	size_t i, at;

	json_array_foreach(days, i, one)
	{
		const char *now = view_text_of(one, "day");

		if (day != NULL && strcmp(day, now) != 0) {
			write_day(s, p, day, counts);
			memset(counts, 0, sizeof(counts));
		}
		day = now;
		at = column_of(p, view_text_of(one, "reason"));
		counts[at] = sum(counts[at],
		    json_integer_value(json_object_get(one, "count")));
	}
	if (day != NULL)
		write_day(s, p, day, counts);
}

static void
write_days(struct sheet *s, const json_t *document)
{
	struct pivot pivot = { .shown = 0 }, *p = &pivot;
	const json_t *days = json_object_get(document, "days");
	struct book_chart c = {
		.title = "Failed deliveries by day, stacked by reason",
		.stacked = true,
		.label_columns = 1,
		.width = CHART_WIDTH,
		.height = CHART_HEIGHT,
	};

	gather(days, "reason", &p->reasons);
	if (p->reasons.n == 0)
		return;
	set_up_pivot(p);
	sheet_new_page(s);
	xlsx_line(s, "By day and reason", BOOK_HEADING);
	sheet_heads(s, p->heads, p->shown + p->rest + 1, false);
	c.first = s->row;
	write_rows(s, p, days);
	c.last = s->row - 1;
	if (c.last - c.first >= DAYS)
		c.first = c.last - DAYS + 1;
	c.series = p->series;
	c.n_series = p->shown + p->rest;
	sheet_end_row(s);
	sheet_chart(s, &c, 0);
}

void
bounces_summary_write(struct sheet *s, const json_t *document)
{
	write_head(s, document);
	write_providers(s, document);
	write_days(s, document);
}
