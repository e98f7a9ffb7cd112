#include <stdio.h>
#include <string.h>

#include "audit/views/view_bounces.h"
#include "audit/views/view_parts.h"

/* Two analyses of bounces (presend.bounces-diff/1) for a person. */

enum { INDENT = 4, LABEL = 14 };

struct told {
	const char *change, *heading;
	enum style style;
};

static const struct told told[] = {
	{ "new", "WHAT FAILS NOW, AND DID NOT BEFORE", STYLE_BAD },
	{ "more", "WHAT FAILS MORE OFTEN", STYLE_BAD },
	{ "fewer", "WHAT FAILS LESS OFTEN", STYLE_GOOD },
	{ "gone", "WHAT IS GONE", STYLE_GOOD },
};

static bool
is(const json_t *cluster, const char *change)
{
	return strcmp(view_text_of(cluster, "change"), change) == 0;
}

/* ---- the two ----------------------------------------------------------- */

void
bounces_diff_origin(struct buf *b, const json_t *o)
{
	static const char *const kinds[] = { "bounced", "deferred",
		"delivered" };
	const char *first = view_text_of(o, "first");
	const char *last = view_text_of(o, "last");

	buf_add_str(b, view_text_of(o, "file"));
	for (size_t i = 0; i < 3; i++) {
		buf_add_str(b, ", ");
		view_add_count(b, view_count(o, kinds[i]), kinds[i], kinds[i]);
	}
	if (*first != '\0') {
		buf_add_str(b, ", ");
		view_add_minute(b, first);
		buf_add_str(b, " to ");
		view_add_minute(b, last);
		buf_add_str(b, " UTC");
	}
}

static void
show_origin(struct page *p, const json_t *o, const char *label)
{
	struct buf text;

	buf_init(&text, p->out->limit);
	bounces_diff_origin(&text, o);
	page_style(p, STYLE_DIM);
	page_pad(p, label, LABEL);
	page_style(p, STYLE_PLAIN);
	page_fill_buf(p, &text, LABEL, LABEL);
}

/* ---- a cluster --------------------------------------------------------- */

/* "12 (0.34 %)" */
static void
add_side(struct buf *b, const json_t *cluster, const char *side)
{
	const json_t *o = json_object_get(cluster, side);
	const json_t *percent = json_object_get(o, "percent");
	char n[GROUPED_MAX];

	buf_add_str(b, view_grouped(view_count(o, "count"), n));
	if (json_is_number(percent))
		buf_printf(b, " (%.3g %%)", json_number_value(percent));
}

void
bounces_diff_numbers(struct buf *b, const json_t *cluster)
{
	if (is(cluster, "new")) {
		add_side(b, cluster, "new");
		return;
	}
	add_side(b, cluster, "old");
	buf_add_str(b, ", now ");
	if (is(cluster, "gone"))
		buf_add_str(b, "none");
	else
		add_side(b, cluster, "new");
}

/* "bounced by Gmail, 550 5.7.26: dmarc" */
static void
show_cluster(struct page *p, const json_t *cluster, const struct told *t,
    bool worse)
{
	struct buf text;

	page_spaces(p, 2);
	page_style(p, t->style);
	(void)page_add(p, "- ");
	buf_init(&text, p->out->limit);
	bounces_diff_numbers(&text, cluster);
	buf_add_str(&text, ": ");
	view_add_cluster(&text, cluster);
	page_fill_buf(p, &text, INDENT, INDENT);
	page_style(p, STYLE_PLAIN);
	page_spaces(p, INDENT);
	page_fill(p, view_text_of(cluster, "title"), INDENT, INDENT);
	if (!worse || *view_text_of(cluster, "fix") == '\0')
		return;
	page_spaces(p, INDENT);
	page_style(p, STYLE_BOLD);
	(void)page_add(p, "Do: ");
	page_style(p, STYLE_PLAIN);
	page_fill(p, view_text_of(cluster, "fix"), INDENT + 4, INDENT);
}

static void
show_quiet(struct page *p, const json_t *clusters)
{
	const json_t *cluster;
	struct buf text;
	size_t i;

	json_array_foreach(clusters, i, cluster)
	{
		buf_init(&text, p->out->limit);
		buf_printf(&text, "%s  ", view_text_of(cluster, "change"));
		bounces_diff_numbers(&text, cluster);
		buf_add_str(&text, ": ");
		view_add_cluster(&text, cluster);
		buf_add(&text, slice_of("", 1));
		if (!text.failed)
			(void)page_add(p, (const char *)text.p);
		buf_free(&text);
		buf_add_char(p->out, '\n');
	}
}

static void
show_changes(struct page *p, const json_t *clusters, const struct told *t)
{
	bool head = false, worse = t->style == STYLE_BAD;
	const json_t *cluster;
	size_t i;

	json_array_foreach(clusters, i, cluster)
	{
		if (!is(cluster, t->change))
			continue;
		if (!head)
			page_heading(p, t->heading);
		else if (worse)
			page_gap(p);
		head = true;
		show_cluster(p, cluster, t, worse);
	}
}

/* ---- all --------------------------------------------------------------- */

const char bounces_diff_by_count[] =
    "One of them tells of no delivery: numbers are compared, not shares.";

void
bounces_diff_counts(struct buf *b, const json_t *counts)
{
	buf_printf(b,
	    "%llu new, %llu more often, %llu less often, %llu gone, %llu as "
	    "before",
	    (unsigned long long)view_count(counts, "new"),
	    (unsigned long long)view_count(counts, "more"),
	    (unsigned long long)view_count(counts, "fewer"),
	    (unsigned long long)view_count(counts, "gone"),
	    (unsigned long long)view_count(counts, "same"));
}

static void
show_end(struct page *p, const json_t *counts)
{
	uint64_t worse = view_count(counts, "new") + view_count(counts, "more");
	struct buf text;

	if (!p->look->quiet)
		page_gap(p);
	buf_init(&text, p->out->limit);
	bounces_diff_counts(&text, counts);
	page_style(p, worse > 0 ? STYLE_BAD : STYLE_GOOD);
	page_fill_buf(p, &text, 0, 0);
	page_style(p, STYLE_PLAIN);
}

static void
show_all(struct page *p, const json_t *doc)
{
	const json_t *clusters = json_object_get(doc, "clusters");

	if (p->look->quiet) {
		show_quiet(p, clusters);
	} else {
		show_origin(p, json_object_get(doc, "old"), "Before");
		show_origin(p, json_object_get(doc, "new"), "Now");
		if (strcmp(view_text_of(doc, "by"), "share") != 0)
			page_fill(p, bounces_diff_by_count, 0, 0);
		for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
			show_changes(p, clusters, &told[i]);
	}
	show_end(p, json_object_get(doc, "counts"));
}

static void
show(struct view_run *run)
{
	struct page p;

	page_init(&p, &run->out, &run->look);
	show_all(&p, run->header);
	page_close(&p);
}

const struct view_part text_of_bounces_diff = { .begin = show };
