#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "audit/views/view_parts.h"

enum {
	DETAILED = 8,      /* clusters that are told in full */
	LABEL = 15,        /* column of what stands behind a label */
	COUNT_COLUMNS = 9, /* "1,234,567" */
	NUMBER_MAX = 32,
	DOMAINS_SHOWN = 3,
	STEPS_MAX = 60, /* bars of the chart: days or hours */
};

/* ---- numbers ----------------------------------------------------------- */

/* "1,234,567" */
static const char *
grouped(uint64_t n, char out[NUMBER_MAX])
{
	char digits[NUMBER_MAX];
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

static uint64_t
number_of(const json_t *o, const char *key)
{
	json_int_t n = json_integer_value(json_object_get(o, key));

	return n > 0 ? (uint64_t)n : 0;
}

static size_t
add_number(struct page *p, uint64_t n)
{
	char text[NUMBER_MAX];

	return page_add(p, grouped(n, text));
}

static void
add_counted(struct page *p, uint64_t n, const char *one, const char *many)
{
	(void)add_number(p, n);
	page_spaces(p, 1);
	(void)page_add(p, n == 1 ? one : many);
}

/* At the right end of its columns. */
static void
add_count(struct page *p, uint64_t n, size_t columns)
{
	char text[NUMBER_MAX];
	size_t len = strlen(grouped(n, text));

	page_spaces(p, len < columns ? columns - len : 0);
	(void)page_add(p, text);
}

/* ---- the head ---------------------------------------------------------- */

static void
show_totals(struct page *p, const json_t *totals)
{
	page_style(p, STYLE_BOLD);
	add_counted(p, number_of(totals, "bounced"), "bounced", "bounced");
	(void)page_add(p, ", ");
	add_counted(p, number_of(totals, "deferred"), "deferred", "deferred");
	page_style(p, STYLE_PLAIN);
	(void)page_add(p, ", ");
	add_counted(p, number_of(totals, "delivered"), "delivered",
	    "delivered");
	buf_add_char(p->out, '\n');
}

/* "1 record is too large and read in part (text 1)." */
static void
show_cuts(struct page *p, const json_t *in)
{
	uint64_t n = number_of(in, "cut_records");
	const char *what, *before = " (";
	json_t *count;

	if (n == 0)
		return;
	page_spaces(p, 2);
	add_counted(p, n, "record is", "records are");
	(void)page_add(p, " too large and read in part");
	json_object_foreach(json_object_get(in, "cut"), what, count)
	{
		(void)page_add(p, before);
		(void)page_add(p, what);
		page_spaces(p, 1);
		(void)add_number(p, (uint64_t)json_integer_value(count));
		before = ", ";
	}
	(void)page_add(p, before[0] == ',' ? ")." : ".");
	buf_add_char(p->out, '\n');
}

static void
show_input(struct page *p, const json_t *in)
{
	const char *error = view_text_of(in, "error");

	page_style(p, STYLE_DIM);
	(void)page_add(p, view_text_of(in, "file"));
	(void)page_add(p, ": ");
	(void)page_add(p, view_text_of(in, "format"));
	(void)page_add(p, ", ");
	add_counted(p, number_of(in, "lines"), "line", "lines");
	if (number_of(in, "unrecognised_lines") > 0) {
		(void)page_add(p, ", ");
		(void)add_number(p, number_of(in, "unrecognised_lines"));
		(void)page_add(p, " of no format that is known");
	}
	page_style(p, STYLE_PLAIN);
	buf_add_char(p->out, '\n');
	if (json_is_true(json_object_get(in, "later_than_now")))
		page_fill(p,
		    "  Its times have no year, and lead beyond today: give the "
		    "year of its first line by --year.",
		    0, 2);
	show_cuts(p, in);
	if (error[0] != '\0') {
		page_style(p, STYLE_BAD);
		page_spaces(p, 2);
		page_fill(p, error, 2, 2);
		page_style(p, STYLE_PLAIN);
	}
}

static void
show_inputs(struct page *p, const json_t *inputs)
{
	size_t n = json_array_size(inputs), i;
	uint64_t lines = 0, cut = 0;
	const json_t *in;

	json_array_foreach(inputs, i, in)
	{
		if (n <= 5 || json_object_get(in, "error") != NULL)
			show_input(p, in);
		lines += number_of(in, "lines");
		cut += number_of(in, "cut_records");
	}
	if (n <= 5)
		return;
	page_style(p, STYLE_DIM);
	add_counted(p, n, "file", "files");
	(void)page_add(p, ", ");
	add_counted(p, lines, "line", "lines");
	if (cut > 0) {
		(void)page_add(p, ", of which ");
		(void)add_number(p, cut);
		(void)page_add(p, " too large and read in part");
	}
	page_style(p, STYLE_PLAIN);
	buf_add_char(p->out, '\n');
}

/* ---- clusters ---------------------------------------------------------- */

/* "550 5.7.26" */
static void
codes_of(const json_t *c, char *out, size_t size)
{
	const char *reply = view_text_of(c, "reply");
	const char *status = view_text_of(c, "status");

	(void)snprintf(out, size, "%s%s%s", reply,
	    reply[0] != '\0' && status[0] != '\0' ? " " : "", status);
}

static const char *
provider_of(const json_t *c)
{
	const char *id = view_text_of(c, "provider");

	return strcmp(id, "other") == 0 ? "Others" : view_provider(id);
}

static void
label(struct page *p, const char *text)
{
	page_spaces(p, 3);
	page_style(p, STYLE_DIM);
	page_pad(p, text, LABEL - 3);
	page_style(p, STYLE_PLAIN);
}

static void
field(struct page *p, const char *name, const char *text)
{
	if (text[0] == '\0')
		return;
	label(p, name);
	page_fill(p, text, LABEL, LABEL);
}

static void
show_heading(struct page *p, const json_t *c, size_t number)
{
	char codes[64], n[NUMBER_MAX];
	bool bounced = strcmp(view_text_of(c, "kind"), "bounced") == 0;

	page_gap(p);
	(void)snprintf(n, sizeof(n), "%zu", number);
	page_pad(p, n, 3);
	codes_of(c, codes, sizeof(codes));
	page_style(p, bounced ? STYLE_BAD : STYLE_OPEN);
	add_counted(p, number_of(c, "count"), view_text_of(c, "kind"),
	    view_text_of(c, "kind"));
	page_style(p, STYLE_PLAIN);
	(void)page_add(p, " by ");
	(void)page_add(p, provider_of(c));
	if (codes[0] != '\0') {
		(void)page_add(p, ", ");
		(void)page_add(p, codes);
	}
	(void)page_add(p, ": ");
	(void)page_add(p, view_text_of(c, "reason"));
	buf_add_char(p->out, '\n');
	page_spaces(p, 3);
	page_style(p, STYLE_BOLD);
	page_fill(p, view_text_of(c, "title"), 3, 3);
	page_style(p, STYLE_PLAIN);
}

/* Who sent it, to how many, and when. */
static void
show_extent(struct page *p, const json_t *c)
{
	json_t *domains = json_object_get(c, "sender_domains");
	size_t n = json_object_size(domains), i = 0;
	uint64_t more = number_of(c, "other_sender_domains");
	const char *first = view_text_of(c, "first"), *name;
	const json_t *count;

	label(p, "To");
	if (json_is_true(json_object_get(c, "recipients_estimated")))
		(void)page_add(p, "about ");
	add_counted(p, number_of(c, "recipients"), "recipient", "recipients");
	if (first[0] != '\0') {
		(void)page_add(p, ", ");
		(void)page_add(p, first);
		(void)page_add(p, " to ");
		(void)page_add(p, view_text_of(c, "last"));
	}
	buf_add_char(p->out, '\n');
	if (n == 0)
		return;
	label(p, "From");
	json_object_foreach(domains, name, count)
	{
		if (i >= DOMAINS_SHOWN)
			break;
		(void)page_add(p, i++ > 0 ? ", " : "");
		(void)page_cut(p, name, 40);
		page_spaces(p, 1);
		(void)add_number(p, (uint64_t)json_integer_value(count));
	}
	if (n > DOMAINS_SHOWN || more > 0)
		(void)page_add(p, ", and others");
	buf_add_char(p->out, '\n');
}

static void
show_rules(struct page *p, const json_t *rules)
{
	const json_t *rule;
	size_t i;

	if (json_array_size(rules) == 0)
		return;
	label(p, "Rule");
	json_array_foreach(rules, i, rule)
	{
		(void)page_add(p, i > 0 ? ", " : "");
		(void)page_add(p, json_string_value(rule));
	}
	buf_add_char(p->out, '\n');
}

/* ---- the audit beside it ----------------------------------------------- */

static void
show_records(struct page *p, const json_t *records)
{
	const json_t *r;
	size_t i;

	json_array_foreach(records, i, r)
	{
		char line[8192];

		(void)snprintf(line, sizeof(line), "%s %s %s",
		    view_text_of(r, "name"), view_text_of(r, "type"),
		    view_text_of(r, "value"));
		page_spaces(p, LABEL);
		(void)page_add(p, line);
		buf_add_char(p->out, '\n');
	}
}

static void
show_result(struct page *p, const json_t *r)
{
	bool fails = strcmp(view_text_of(r, "status"), "fail") == 0;
	size_t at = LABEL;

	label(p, fails ? "Fails now" : view_text_of(r, "status"));
	at += page_add(p, view_text_of(r, "rule"));
	at += page_add(p, ": ");
	page_fill(p, view_text_of(r, fails ? "why" : "title"), at, LABEL);
	if (!fails)
		return;
	page_spaces(p, LABEL);
	page_fill(p, view_text_of(r, "fix"), LABEL, LABEL);
	show_records(p, json_object_get(r, "records"));
}

static void
show_today(struct page *p, const json_t *c)
{
	static const char *const words[][2] = {
		{ "still-failing", "still failing" },
		{ "mended", "mended since" },
		{ "unknown", "not known: the audit had not enough to tell" },
	};
	const char *today = view_text_of(c, "today");
	const json_t *r;
	size_t i;

	if (today[0] == '\0')
		return;
	label(p, "Today");
	for (i = 0; i < 3; i++) {
		if (strcmp(words[i][0], today) == 0)
			(void)page_add(p, words[i][1]);
	}
	buf_add_char(p->out, '\n');
	json_array_foreach(json_object_get(c, "results"), i, r)
	    show_result(p, r);
}

static void
show_cluster(struct page *p, const json_t *c, size_t number)
{
	show_heading(p, c, number);
	show_extent(p, c);
	field(p, "Reply", view_text_of(c, "text"));
	field(p, "What to do", view_text_of(c, "fix"));
	show_rules(p, json_object_get(c, "rules"));
	show_today(p, c);
}

static void
show_row(struct page *p, const json_t *c)
{
	size_t width = p->look->width;
	char codes[64], text[512];
	size_t at = COUNT_COLUMNS + 2 + 10 + 16 + 14;

	codes_of(c, codes, sizeof(codes));
	add_count(p, number_of(c, "count"), COUNT_COLUMNS);
	page_spaces(p, 2);
	page_cell(p, view_text_of(c, "kind"), 10);
	page_cell(p, provider_of(c), 16);
	page_cell(p, codes, 14);
	(void)snprintf(text, sizeof(text), "%s", view_text_of(c, "title"));
	(void)page_clip(p, text, width > at ? width - at : 20);
	buf_add_char(p->out, '\n');
}

static void
show_clusters(struct page *p, const json_t *clusters)
{
	size_t n = json_array_size(clusters), i;
	size_t detailed = p->look->quiet ? 0 : DETAILED;
	const json_t *c;

	if (n == 0)
		return;
	if (detailed > 0)
		page_heading(p, "What to mend first");
	json_array_foreach(clusters, i, c)
	{
		if (i < detailed)
			show_cluster(p, c, i + 1);
		if (i == detailed)
			page_heading(p,
			    detailed > 0 ? "And further" : "What failed");
		if (i >= detailed)
			show_row(p, c);
	}
}

/* ---- the chart --------------------------------------------------------- */

struct bar {
	const char *when;
	uint64_t count;
};

/* Sums up the rows of a day or an hour; they are in order of time. */
static size_t
bars_of(const json_t *steps, const char *key, struct bar *bars)
{
	const json_t *step;
	size_t n = 0, i;

	json_array_foreach(steps, i, step)
	{
		const char *when = view_text_of(step, key);

		if (n == 0 || strcmp(bars[n - 1].when, when) != 0) {
			if (n == STEPS_MAX)
				memmove(bars, bars + 1, --n * sizeof(bars[0]));
			bars[n++] = (struct bar){ when, 0 };
		}
		bars[n - 1].count += number_of(step, "count");
	}
	return n;
}

static void
show_bar(struct page *p, const struct bar *b, size_t when, uint64_t most)
{
	size_t room = p->look->width - when - COUNT_COLUMNS - 4;
	size_t n = most > 0 ? (size_t)(b->count * room / most) : 0;

	page_pad(p, b->when, when);
	add_count(p, b->count, COUNT_COLUMNS);
	page_spaces(p, 2);
	page_style(p, STYLE_BAD);
	for (size_t i = 0; i < n || (i == 0 && b->count > 0); i++)
		buf_add_str(p->out, p->look->unicode ? "\xe2\x96\x88" : "#");
	page_style(p, STYLE_PLAIN);
	buf_add_char(p->out, '\n');
}

static void
show_chart(struct page *p, const json_t *doc)
{
	const json_t *hours = json_object_get(doc, "hours");
	bool by_hour = json_array_size(hours) > 0;
	struct bar bars[STEPS_MAX];
	size_t n = by_hour ? bars_of(hours, "hour", bars)
			   : bars_of(json_object_get(doc, "days"), "day", bars);
	uint64_t most = 0;

	if (n < 2 || p->look->quiet)
		return;
	page_heading(p, by_hour ? "Failed by hour (UTC)" : "Failed by day");
	for (size_t i = 0; i < n; i++)
		most = bars[i].count > most ? bars[i].count : most;
	for (size_t i = 0; i < n; i++)
		show_bar(p, &bars[i],
		    by_hour ? sizeof("2026-11-21T00:00:00Z")
			    : sizeof("2026-11-21"),
		    most);
}

/* ---- what no pattern knows --------------------------------------------- */

static void
show_unclassified(struct page *p, const json_t *list)
{
	const json_t *u;
	size_t i;

	if (list == NULL)
		return;
	page_heading(p, "Replies that no bounce pack knows");
	if (json_array_size(list) == 0)
		(void)page_add(p, "None.\n");
	json_array_foreach(list, i, u)
	{
		add_count(p, number_of(u, "count"), COUNT_COLUMNS);
		page_spaces(p, 2);
		page_fill(p, view_text_of(u, "text"), COUNT_COLUMNS + 2,
		    COUNT_COLUMNS + 2);
	}
}

static void
show_all(struct page *p, const json_t *doc)
{
	show_totals(p, json_object_get(doc, "totals"));
	show_inputs(p, json_object_get(doc, "inputs"));
	if (json_object_get(doc, "unclassified") != NULL) {
		show_unclassified(p, json_object_get(doc, "unclassified"));
		return;
	}
	show_clusters(p, json_object_get(doc, "clusters"));
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
