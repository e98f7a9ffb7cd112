#include "audit/views/html_parts.h"
#include "audit/views/view_bounces.h"

/* The page of two analyses of bounces (presend.bounces-diff/1). */

static const struct told {
	const char *change, *heading, *class;
} told[] = {
	{ "new", "What fails now, and did not before", "bad" },
	{ "more", "What fails more often", "bad" },
	{ "fewer", "What fails less often", "good" },
	{ "gone", "What is gone", "good" },
};

static void
put_origin(struct html *h, const json_t *o, const char *label)
{
	html_wrap(h, "<div><dt>", label, "</dt><dd>");
	bounces_diff_origin(html_words(h), o);
	html_say(h);
	html_put(h, "</dd></div>\n");
}

static void
show_head(struct html *h, void *ctx)
{
	const json_t *doc = ctx;

	html_pairs_open(h);
	put_origin(h, json_object_get(doc, "old"), "Before");
	put_origin(h, json_object_get(doc, "new"), "Now");
	html_pairs_close(h);
	html_put(h, "<p>");
	bounces_diff_counts(html_words(h), json_object_get(doc, "counts"));
	html_say(h);
	html_put(h, "</p>\n");
	if (strcmp(view_text_of(doc, "by"), "share") != 0)
		html_line(h, "<p>", bounces_diff_by_count, "</p>\n");
}

static void
put_cluster(struct html *h, const json_t *c, const struct told *t)
{
	html_put(h, "<tr><td>");
	html_wrap(h, "<strong class=\"", t->class, "\">");
	bounces_diff_numbers(html_words(h), c);
	html_say(h);
	html_put(h, "</strong></td><td><div class=\"two\"><div>");
	html_text(h, view_text_of(c, "title"));
	html_put(h, "<br><span class=\"dim\">");
	view_add_cluster(html_words(h), c);
	html_say(h);
	html_put(h, "</span></div><div>");
	html_text(h, view_text_of(c, "fix"));
	html_put(h, "</div></div></td></tr>\n");
	view_drain(h->run);
}

static void
show_changes(struct html *h, const json_t *clusters, const struct told *t)
{
	bool begun = false;
	const json_t *c;
	size_t i;

	json_array_foreach(clusters, i, c)
	{
		if (strcmp(view_text_of(c, "change"), t->change) != 0)
			continue;
		if (!begun) {
			html_wrap(h, "<section id=\"", t->change, "\">\n");
			html_heading(h, 0, NULL, t->heading);
			html_table_open(h, t->heading);
			html_put(h,
			    "<thead><tr><th scope=\"col\">How often</th>"
			    "<th scope=\"col\">What it is, and what to do</th>"
			    "</tr></thead>\n<tbody>");
		}
		begun = true;
		put_cluster(h, c, t);
	}
	if (!begun)
		return;
	html_table_close(h);
	html_put(h, "</section>\n");
}

static void
diff_begin(struct view_run *run)
{
	struct html *h = run->state;

	run->rc = html_open(h, run);
	if (run->rc != RC_OK)
		return;
	html_page_begin(h,
	    &(struct html_head){ .title = "What changed in bounces, by presend",
		.heading = "What changed in bounces",
		.more = show_head,
		.ctx = (void *)(uintptr_t)run->header });
	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
		show_changes(h, json_object_get(run->header, "clusters"),
		    &told[i]);
	html_page_end(h);
}

static void
diff_close(struct view_run *run)
{
	html_close(run->state);
}

const struct view_part html_of_bounces_diff = {
	.state = sizeof(struct html),
	.begin = diff_begin,
	.close = diff_close,
};
