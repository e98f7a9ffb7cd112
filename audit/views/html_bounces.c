#include "audit/views/html_chart.h"
#include "audit/views/html_parts.h"
#include "audit/views/tables.h"
#include "audit/views/view_bounces.h"

/* The page of an analysis of bounces. */

enum { DETAILED = 8 }; /* clusters that are told in full */

static bool
is_bounced(const json_t *c)
{
	return strcmp(view_text_of(c, "kind"), "bounced") == 0;
}

static const char *
provider_name(const char *id)
{
	return strcmp(id, "other") == 0 ? "others" : view_provider(id);
}

/* ---- one cluster ------------------------------------------------------- */

/* "781 bounced by Gmail, 550 5.7.26: authentication" */
static void
put_what(struct html *h, const json_t *c)
{
	html_put(h, is_bounced(c) ? "<strong class=\"bad\">"
				  : "<strong class=\"open\">");
	html_count(h, view_count(c, "count"));
	html_put(h, "</strong> ");
	view_add_cluster(html_words(h), c);
	html_say(h);
}

/* A pair whose value is in the words; nothing when there are none. */
static void
put_words(struct html *h, const char *label)
{
	if (h->words.n == 0)
		return;
	html_wrap(h, "<div><dt>", label, "</dt><dd>");
	html_say(h);
	html_put(h, "</dd></div>\n");
}

/* ---- the audit beside it ----------------------------------------------- */

static void
show_result(struct html *h, const json_t *r)
{
	bool fails = strcmp(view_text_of(r, "status"), "fail") == 0;

	html_put(h, "<p>");
	html_status(h, view_text_of(r, "status"));
	html_put(h, fails ? " now: " : ": ");
	html_bdi(h, view_text_of(r, "rule"));
	html_line(h, ": ", view_text_of(r, fails ? "why" : "title"), "");
	html_put(h, "</p>\n");
	if (!fails)
		return;
	html_line(h, "<p><strong>Fix:</strong> ", view_text_of(r, "fix"),
	    "</p>\n");
	html_records(h, json_object_get(r, "records"));
}

static void
show_today(struct html *h, const json_t *c)
{
	static const char *const words[][3] = {
		{ "still-failing", "still failing", "bad" },
		{ "mended", "mended since", "good" },
		{ "unknown", "not known: the audit had not enough to tell",
		    "open" },
	};
	const char *today = view_text_of(c, "today");
	const json_t *r;
	size_t i;

	for (i = 0; i < 3; i++) {
		if (strcmp(words[i][0], today) != 0)
			continue;
		html_wrap(h, "<p><strong>Today:</strong> <span class=\"",
		    words[i][2], "\">");
		html_wrap(h, "", words[i][1], "</span></p>\n");
	}
	json_array_foreach(json_object_get(c, "results"), i, r)
	{
		show_result(h, r);
	}
}

static const char *
cluster_name(const json_t *c)
{
	const char *pattern = view_text_of(c, "pattern");

	return *pattern != '\0' ? pattern : "reply";
}

static void
show_cluster(struct html *h, const json_t *c, size_t number)
{
	html_wrap(h, "<article id=\"", html_id(h, cluster_name(c)), "\">\n");
	html_heading_open(h, 1, NULL);
	buf_printf(h->out, "<span class=\"number\">%zu</span> ", number);
	html_text(h, view_text_of(c, "title"));
	html_heading_close(h, 1);
	html_put(h, "<p>");
	put_what(h, c);
	html_put(h, "</p>\n");
	html_line(h, "<blockquote><p dir=\"auto\">", view_text_of(c, "text"),
	    "</p></blockquote>\n");
	html_line(h, "<p><strong>What to do:</strong> ", view_text_of(c, "fix"),
	    "</p>\n");
	show_today(h, c);
	html_pairs_open(h);
	cluster_recipients(html_words(h), c);
	put_words(h, "To");
	cluster_senders(html_words(h), c);
	put_words(h, "From");
	html_list(h, "Rule", json_object_get(c, "rules"));
	html_pairs_close(h);
	if (*view_text_of(c, "source") != '\0') {
		html_put(h, "<p class=\"dim\">");
		html_link(h, view_text_of(c, "source"));
		html_put(h, "</p>\n");
	}
	html_put(h, "</article>\n");
}

static void
show_row(struct html *h, const json_t *c)
{
	html_put(h, is_bounced(c) ? "<tr><td class=\"n bad\">"
				  : "<tr><td class=\"n open\">");
	html_count(h, view_count(c, "count"));
	html_put(h, "</td><td><div class=\"two\"><div>");
	html_text(h, view_text_of(c, "title"));
	html_put(h, "<br><span class=\"dim\">");
	view_add_cluster(html_words(h), c);
	html_say(h);
	html_put(h, "</span></div><div>");
	html_text(h, view_text_of(c, "fix"));
	html_put(h, "</div></div></td></tr>\n");
}

static void
show_rest(struct html *h, const json_t *clusters)
{
	size_t n = json_array_size(clusters);

	if (n <= DETAILED)
		return;
	html_put(h, "<section id=\"further\">\n");
	html_heading(h, 0, NULL, "And further");
	html_table_open(h, "What else failed");
	html_put(h, "<thead><tr><th scope=\"col\" class=\"n\">Count</th>"
		    "<th scope=\"col\">What it is, and what to do</th>"
		    "</tr></thead>\n<tbody>");
	for (size_t i = DETAILED; i < n; i++) {
		show_row(h, json_array_get(clusters, i));
		view_drain(h->run);
	}
	html_table_close(h);
	html_put(h, "</section>\n");
}

static void
show_clusters(struct html *h, const json_t *clusters)
{
	size_t n = json_array_size(clusters);

	if (n == 0)
		return;
	html_put(h, "<section id=\"first\">\n");
	html_heading(h, 0, NULL, "What to mend first");
	for (size_t i = 0; i < n && i < DETAILED; i++)
		show_cluster(h, json_array_get(clusters, i), i + 1);
	html_put(h, "</section>\n");
	show_rest(h, clusters);
}

/* ---- time -------------------------------------------------------------- */

static void
show_charts(struct html *h, const json_t *doc)
{
	const json_t *hours = json_object_get(doc, "hours");
	bool by_hour = json_array_size(hours) > 0;
	struct html_chart chart = {
		.steps = by_hour ? hours : json_object_get(doc, "days"),
		.when = by_hour ? "hour" : "day",
		.series = "reason",
		.title = "By reason",
	};

	if (!html_chart_wanted(&chart))
		return;
	html_put(h, "<section id=\"time\">\n");
	html_heading(h, 0, NULL,
	    by_hour ? "Failed by hour (UTC)" : "Failed by day");
	html_chart_show(h, &chart);
	chart.series = "provider";
	chart.title = "By provider";
	chart.name = provider_name;
	html_chart_show(h, &chart);
	html_put(h, "</section>\n");
}

/* ---- the page ---------------------------------------------------------- */

static void
show_section(struct html *h, const char *id, const char *heading,
    const struct html_table *t)
{
	html_wrap(h, "<section id=\"", id, "\">\n");
	html_heading(h, 0, NULL, heading);
	if (!html_table(h, t, h->run->header))
		html_put(h, "<p>None.</p>\n");
	html_put(h, "</section>\n");
}

/* What its inputs leave open. */
static void
show_notes(struct html *h, const json_t *inputs)
{
	const json_t *in;
	size_t i;

	json_array_foreach(inputs, i, in)
	{
		const char *year = bounces_year_note(in);
		struct buf *words = html_words(h);

		bounces_cuts(words, in);
		if (year == NULL && words->n == 0)
			continue;
		html_put(h, "<p>");
		html_bdi(h, view_text_of(in, "file"));
		html_put(h, ": ");
		html_line(h, "", year, words->n > 0 ? " " : "");
		html_say(h);
		html_put(h, "</p>\n");
	}
}

static void
show_inputs(struct html *h, const json_t *inputs)
{
	static const char *const names[] = { "file", "format", "lines",
		"attempts", "failed", "unrecognised_lines", "error", NULL };

	html_put(h, "<section id=\"inputs\">\n");
	html_heading(h, 0, NULL, "What was read");
	(void)html_table(h,
	    &(struct html_table){ &table_inputs, names, "Inputs" },
	    h->run->header);
	show_notes(h, inputs);
	html_put(h, "</section>\n");
}

/* The audit beside it: whom, and what came out. */
static void
show_audit(struct html *h, const json_t *audit)
{
	if (audit == NULL)
		return;
	html_put(h, "<p>");
	bounces_audited(html_words(h), audit);
	html_say(h);
	html_put(h, "</p>\n");
}

/* What is no count of attempts is none. */
static long long
count_of(const json_t *totals, const char *key)
{
	uint64_t n = view_count(totals, key);

	return n > INT64_MAX / 4 ? 0 : (long long)n;
}

static void
show_totals(struct html *h, void *doc)
{
	const json_t *totals = json_object_get(doc, "totals");
	struct html_share parts[] = {
		{ "good", "delivered", count_of(totals, "delivered") },
		{ "bad", "bounced", count_of(totals, "bounced") },
		{ "open", "deferred", count_of(totals, "deferred") },
	};

	html_put(h, "<p class=\"totals\">");
	for (size_t i = 1; i < 4; i++) {
		html_put(h, i > 1 ? ", " : "");
		html_wrap(h, "<strong class=\"", parts[i % 3].class, "\">");
		html_count(h, (uint64_t)parts[i % 3].n);
		html_wrap(h, " ", parts[i % 3].word, "</strong>");
	}
	html_put(h, "</p>\n");
	html_bar(h, "Attempts", parts);
	show_audit(h, json_object_get(doc, "audit"));
}

static void
bounces_show(struct html *h, const json_t *doc)
{
	static const char *const unknown[] = { "count", "text", NULL };
	const json_t *unclassified = json_object_get(doc, "unclassified");

	show_clusters(h, json_object_get(doc, "clusters"));
	if (unclassified == NULL)
		show_charts(h, doc);
	else
		show_section(h, "unclassified",
		    "Replies that no bounce pack knows",
		    &(struct html_table){ &table_unclassified, unknown,
			"The most frequent first" });
	show_inputs(h, json_object_get(doc, "inputs"));
}

static void
bounces_begin(struct view_run *run)
{
	struct html *h = run->state;
	static const char *const taken[] = { "main", "first", "further", "time",
		"unclassified", "inputs" };

	run->rc = html_open(h, run);
	if (run->rc != RC_OK)
		return;
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		(void)html_id(h, taken[i]);
	html_page_begin(h, &(struct html_head){ .title = "Bounces, by presend",
			       .heading = "Bounces",
			       .more = show_totals,
			       .ctx = (void *)(uintptr_t)run->header });
	bounces_show(h, run->header);
	html_page_end(h);
}

static void
bounces_close(struct view_run *run)
{
	html_close(run->state);
}

const struct view_part html_of_bounces = {
	.state = sizeof(struct html),
	.begin = bounces_begin,
	.close = bounces_close,
};
