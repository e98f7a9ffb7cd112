#include "audit/views/view_bounces.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "audit/views/view_parts.h"

enum {
	INPUTS_SHOWN = 5,
	UNKNOWN_SHOWN = 100,
	STEPS_MAX = 60, /* bars of the chart: days or hours */
	BAR_MIN = 5,
};

/* ---- numbers and times ------------------------------------------------- */

const char *
view_grouped(uint64_t n, char out[GROUPED_MAX])
{
	char digits[GROUPED_MAX];
	size_t len = (size_t)snprintf(digits, sizeof(digits), "%" PRIu64, n);
	size_t k = 0;

	for (size_t i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			out[k++] = ',';
		out[k++] = digits[i];
	}
	out[k] = '\0';
	return out;
}

uint64_t
view_count(const json_t *o, const char *key)
{
	json_int_t n = json_integer_value(json_object_get(o, key));

	return n > 0 ? (uint64_t)n : 0;
}

void
view_add_count(struct buf *b, uint64_t n, const char *one, const char *many)
{
	char text[GROUPED_MAX];

	buf_printf(b, "%s %s", view_grouped(n, text), n == 1 ? one : many);
}

void
page_count(struct page *p, uint64_t n, size_t columns)
{
	char text[GROUPED_MAX];
	size_t len = strlen(view_grouped(n, text));

	page_spaces(p, len < columns ? columns - len : 0);
	(void)page_add(p, text);
}

size_t
view_count_columns(const json_t *list)
{
	char text[GROUPED_MAX];
	uint64_t most = 0, n;
	const json_t *o;
	size_t i;

	json_array_foreach(list, i, o)
	{
		n = view_count(o, "count");
		most = n > most ? n : most;
	}
	return strlen(view_grouped(most, text));
}

void
page_fill_buf(struct page *p, struct buf *text, size_t at, size_t indent)
{
	buf_add(text, slice_of("", 1));
	if (text->failed)
		p->out->failed = true;
	else
		page_fill(p, (const char *)text->p, at, indent);
	buf_free(text);
}

void
view_add_minute(struct buf *b, const char *time)
{
	struct slice s = slice_str(time);

	if (s.n != sizeof("2026-11-21T04:05:06Z") - 1 || s.p[10] != 'T') {
		buf_add(b, s);
		return;
	}
	buf_add(b, slice_sub(s, 0, 10));
	buf_add_char(b, ' ');
	buf_add(b, slice_sub(s, 11, 5));
}

const char *
view_bounce_provider(const json_t *o)
{
	const char *id = view_text_of(o, "provider");

	return strcmp(id, "other") == 0 || *id == '\0' ? "others"
						       : view_provider(id);
}

/* ---- the head ---------------------------------------------------------- */

static void
show_totals(struct page *p, const json_t *totals)
{
	static const char *const kinds[] = { "bounced", "deferred",
		"delivered" };
	struct buf text;

	buf_init(&text, p->out->limit);
	for (size_t i = 0; i < 3; i++) {
		buf_add_str(&text, i > 0 ? ", " : "");
		view_add_count(&text, view_count(totals, kinds[i]), kinds[i],
		    kinds[i]);
	}
	page_style(p, STYLE_BOLD);
	page_fill_buf(p, &text, 0, 2);
	page_style(p, STYLE_PLAIN);
}

/* An error begins with the file's name, which stands there already. */
static const char *
without_name(const char *error, const char *file)
{
	size_t n = strlen(file);

	return strncmp(error, file, n) == 0 && strncmp(error + n, ": ", 2) == 0
		   ? error + n + 2
		   : error;
}

static void
add_input(struct buf *b, const json_t *in)
{
	uint64_t odd = view_count(in, "unrecognised_lines");
	char n[GROUPED_MAX];

	buf_printf(b, "%s, ", view_text_of(in, "format"));
	view_add_count(b, view_count(in, "lines"), "line", "lines");
	if (odd > 0)
		buf_printf(b, ", %s of them in no format that is known",
		    view_grouped(odd, n));
}

static void
show_note(struct page *p, const char *text)
{
	page_spaces(p, 2);
	page_fill(p, text, 2, 2);
}

const char *
bounces_year_note(const json_t *in)
{
	if (json_is_true(json_object_get(in, "later_than_now")))
		return "Its times have no year, and lead beyond today: give "
		       "the year of its first line by --year.";
	if (json_is_true(json_object_get(in, "year_guessed")))
		return "Its times have no year: the latest that fits is taken; "
		       "--year gives another.";
	return NULL;
}

void
bounces_cuts(struct buf *b, const json_t *in)
{
	uint64_t n = view_count(in, "cut_records");
	const char *what, *before = " (";
	char number[GROUPED_MAX];
	json_t *count;

	if (n == 0)
		return;
	view_add_count(b, n, "record is", "records are");
	buf_add_str(b, " too large and read in part");
	json_object_foreach(json_object_get(in, "cut"), what, count)
	{
		json_int_t times = json_integer_value(count);

		buf_printf(b, "%s%s %s", before, what,
		    view_grouped(times > 0 ? (uint64_t)times : 0, number));
		before = ", ";
	}
	buf_add_str(b, before[0] == ',' ? ")." : ".");
}

static void
show_notes(struct page *p, const json_t *in)
{
	const char *year = bounces_year_note(in);
	struct buf cuts;

	if (year != NULL)
		show_note(p, year);
	buf_init(&cuts, p->out->limit);
	bounces_cuts(&cuts, in);
	if (cuts.n > 0) {
		page_spaces(p, 2);
		page_fill_buf(p, &cuts, 2, 2);
	}
	buf_free(&cuts);
}

static void
show_input(struct page *p, const json_t *in)
{
	const char *file = view_text_of(in, "file");
	const char *error = without_name(view_text_of(in, "error"), file);
	struct buf text;

	buf_init(&text, p->out->limit);
	buf_printf(&text, "%s: ", file);
	if (*error == '\0' || view_count(in, "lines") > 0)
		add_input(&text, in);
	page_style(p, STYLE_DIM);
	if (*error == '\0') {
		page_fill_buf(p, &text, 0, 2);
	} else {
		page_style(p, STYLE_PLAIN);
		page_style(p, STYLE_BAD);
		buf_printf(&text, "%s%s",
		    view_count(in, "lines") > 0
			? "; then it could not be read: "
			: "could not be read: ",
		    error);
		page_fill_buf(p, &text, 0, 2);
	}
	page_style(p, STYLE_PLAIN);
	show_notes(p, in);
}

/* Of many only those that could not be read; the others are counted. */
static void
show_inputs(struct page *p, const json_t *inputs)
{
	size_t n = json_array_size(inputs), i;
	uint64_t lines = 0, cut = 0;
	char number[GROUPED_MAX];
	const json_t *in;
	struct buf text;

	json_array_foreach(inputs, i, in)
	{
		if (n <= INPUTS_SHOWN || json_object_get(in, "error") != NULL)
			show_input(p, in);
		lines += view_count(in, "lines");
		cut += view_count(in, "cut_records");
	}
	if (n <= INPUTS_SHOWN)
		return;
	buf_init(&text, p->out->limit);
	view_add_count(&text, n, "file", "files");
	buf_add_str(&text, ", ");
	view_add_count(&text, lines, "line", "lines");
	if (cut > 0)
		buf_printf(&text, ", of which %s too large and read in part",
		    view_grouped(cut, number));
	page_style(p, STYLE_DIM);
	page_fill_buf(p, &text, 0, 2);
	page_style(p, STYLE_PLAIN);
}

void
bounces_audited(struct buf *b, const json_t *audit)
{
	const char *domain =
	    view_text_of(json_object_get(audit, "subject"), "domain");
	const char *error = view_text_of(audit, "error"), *before = ": ";
	const json_t *verdict;
	size_t i;

	buf_printf(b, "Audited beside it: %s", domain);
	if (*error != '\0')
		buf_printf(b, ", which could not be done: %s", error);
	json_array_foreach(json_object_get(audit, "verdicts"), i, verdict)
	{
		if (strcmp(view_text_of(verdict, "verdict"), "compliant") == 0)
			continue;
		buf_printf(b, "%s%s %s", before,
		    view_provider(view_text_of(verdict, "provider")),
		    view_text_of(verdict, "verdict"));
		before = ", ";
	}
}

/* The audit beside it: whom, and what came out. */
static void
show_audit(struct page *p, const json_t *audit)
{
	struct buf text;

	if (audit == NULL)
		return;
	buf_init(&text, p->out->limit);
	bounces_audited(&text, audit);
	page_fill_buf(p, &text, 0, 2);
}

/* ---- the chart --------------------------------------------------------- */

struct bar {
	const char *when;
	uint64_t count;
};

struct chart {
	struct bar bars[STEPS_MAX]; /* the last of them */
	size_t n;
	size_t all;
};

/* Sums up the rows of a day or an hour; they are in order of time. */
static void
chart_of(const json_t *steps, const char *key, struct chart *c)
{
	const json_t *step;
	size_t i;

	*c = (struct chart){ .n = 0 };
	json_array_foreach(steps, i, step)
	{
		const char *when = view_text_of(step, key);

		if (c->n == 0 || strcmp(c->bars[c->n - 1].when, when) != 0) {
			if (c->n == STEPS_MAX)
				memmove(c->bars, c->bars + 1,
				    --c->n * sizeof(c->bars[0]));
			c->bars[c->n++] = (struct bar){ when, 0 };
			c->all++;
		}
		c->bars[c->n - 1].count += view_count(step, "count");
	}
}

static void
show_bar(struct page *p, const struct bar *b, size_t when, uint64_t most)
{
	char n[GROUPED_MAX];
	size_t label = when + strlen(view_grouped(most, n)) + 2;
	size_t room =
	    p->look->width > label + BAR_MIN ? p->look->width - label : BAR_MIN;
	size_t full =
	    most > 0 ? (size_t)((double)b->count * (double)room / (double)most)
		     : 0;
	struct buf text;

	buf_init(&text, p->out->limit);
	view_add_minute(&text, b->when);
	buf_add(&text, slice_of("", 1));
	if (!text.failed)
		page_cell(p, (const char *)text.p, when);
	buf_free(&text);
	page_count(p, b->count, label - when - 2);
	page_spaces(p, 2);
	page_style(p, STYLE_BAD);
	for (size_t i = 0; i < full || (i == 0 && b->count > 0); i++)
		buf_add_str(p->out, p->look->unicode ? "\xe2\x96\x88" : "#");
	page_style(p, STYLE_PLAIN);
	buf_add_char(p->out, '\n');
}

static void
show_chart(struct page *p, const json_t *doc)
{
	const json_t *hours = json_object_get(doc, "hours");
	bool by_hour = json_array_size(hours) > 0;
	uint64_t most = 0;
	struct chart c;
	char title[80];

	chart_of(by_hour ? hours : json_object_get(doc, "days"),
	    by_hour ? "hour" : "day", &c);
	if (c.n < 2 || p->look->quiet)
		return;
	(void)snprintf(title, sizeof(title), "FAILED BY %s%s",
	    by_hour ? "HOUR" : "DAY", by_hour ? " (UTC)" : "");
	if (c.all > c.n)
		(void)snprintf(title, sizeof(title),
		    "FAILED BY DAY, THE LAST %zu OF %zu", c.n, c.all);
	page_heading(p, title);
	for (size_t i = 0; i < c.n; i++)
		most = c.bars[i].count > most ? c.bars[i].count : most;
	for (size_t i = 0; i < c.n; i++)
		show_bar(p, &c.bars[i],
		    by_hour ? sizeof("2026-11-21 00:00 ")
			    : sizeof("2026-11-21 "),
		    most);
}

/* ---- what no pattern knows --------------------------------------------- */

static void
show_unknown(struct page *p, const json_t *u, size_t columns)
{
	const char *reply = view_text_of(u, "reply");
	struct buf text;

	page_count(p, view_count(u, "count"), columns);
	page_spaces(p, 2);
	buf_init(&text, p->out->limit);
	if (strcmp(view_text_of(u, "provider"), "other") != 0)
		buf_printf(&text, "%s ", view_bounce_provider(u));
	buf_printf(&text, "%s%s%s", reply, *reply != '\0' ? " " : "",
	    view_text_of(u, "text"));
	page_fill_buf(p, &text, columns + 2, columns + 2);
}

static void
show_unclassified(struct page *p, const json_t *list)
{
	size_t n = json_array_size(list), columns = view_count_columns(list), i;
	const json_t *u;
	char line[160];

	if (list == NULL)
		return;
	page_heading(p, "REPLIES THAT NO BOUNCE PACK KNOWS");
	if (n == 0)
		(void)page_add(p, "None.");
	json_array_foreach(list, i, u)
	{
		if (i < UNKNOWN_SHOWN)
			show_unknown(p, u, columns);
	}
	if (n == 0)
		buf_add_char(p->out, '\n');
	if (n <= UNKNOWN_SHOWN)
		return;
	(void)snprintf(line, sizeof(line),
	    "And %zu more: --table unclassified --format csv has all of them.",
	    n - UNKNOWN_SHOWN);
	page_fill(p, line, 0, 0);
}

/* ---- all --------------------------------------------------------------- */

static void
show_all(struct page *p, const json_t *doc)
{
	show_totals(p, json_object_get(doc, "totals"));
	if (!p->look->quiet) {
		show_inputs(p, json_object_get(doc, "inputs"));
		show_audit(p, json_object_get(doc, "audit"));
	}
	show_unclassified(p, json_object_get(doc, "unclassified"));
	clusters_print(p, json_object_get(doc, "clusters"));
	show_chart(p, doc);
}

static void
show(struct view_run *run)
{
	struct page p;

	page_init(&p, &run->out, &run->look);
	show_all(&p, run->header);
	page_close(&p);
}

const struct view_part text_of_bounces = { .begin = show };
