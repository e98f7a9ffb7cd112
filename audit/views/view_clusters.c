#include <stdio.h>
#include <string.h>

#include "audit/views/view_bounces.h"
#include "audit/views/view_parts.h"

enum {
	DETAILED = 8, /* clusters that are told in full */
	INDENT = 4,   /* behind "12  " */
	LABEL = 16,   /* column of what stands behind a label */
	DOMAINS_SHOWN = 3,
	DOMAIN_MAX = 40,
	/* Columns of a row. */
	KIND = 10,
	PROVIDER = 11,
	CODES = 13,
	TITLE_MIN = 24,
};

/* ---- parts ------------------------------------------------------------- */

/* "550 5.7.26" */
static void
codes_of(const json_t *c, char *out, size_t size)
{
	const char *reply = view_text_of(c, "reply");
	const char *status = view_text_of(c, "status");

	(void)snprintf(out, size, "%s%s%s", reply,
	    *reply != '\0' && *status != '\0' ? " " : "", status);
}

static void
label(struct page *p, const char *text)
{
	page_spaces(p, INDENT);
	page_style(p, STYLE_DIM);
	page_pad(p, text, LABEL - INDENT);
	page_style(p, STYLE_PLAIN);
}

static void
field(struct page *p, const char *name, const char *text)
{
	if (*text == '\0')
		return;
	label(p, name);
	page_fill(p, text, LABEL, LABEL);
}

static void
field_buf(struct page *p, const char *name, struct buf *text)
{
	label(p, name);
	page_fill_buf(p, text, LABEL, LABEL);
}

void
view_add_cluster(struct buf *b, const json_t *c)
{
	const char *reason = view_text_of(c, "reason");
	char codes[64];

	codes_of(c, codes, sizeof(codes));
	buf_printf(b, "%s by %s", view_text_of(c, "kind"),
	    view_bounce_provider(c));
	if (codes[0] != '\0')
		buf_printf(b, ", %s", codes);
	if (*reason != '\0')
		buf_printf(b, ": %s", reason);
}

static enum style
style_of(const json_t *c)
{
	return strcmp(view_text_of(c, "kind"), "bounced") == 0 ? STYLE_BAD
							       : STYLE_OPEN;
}

/* ---- one in full ------------------------------------------------------- */

static void
show_heading(struct page *p, const json_t *c, size_t number)
{
	char n[GROUPED_MAX];
	struct buf text;

	page_gap(p);
	(void)snprintf(n, sizeof(n), "%2zu  ", number);
	(void)page_add(p, n);
	buf_init(&text, p->out->limit);
	buf_printf(&text, "%s ", view_grouped(view_count(c, "count"), n));
	view_add_cluster(&text, c);
	page_style(p, style_of(c));
	page_fill_buf(p, &text, INDENT, INDENT);
	page_style(p, STYLE_PLAIN);
	page_spaces(p, INDENT);
	page_style(p, STYLE_BOLD);
	page_fill(p, view_text_of(c, "title"), INDENT, INDENT);
	page_style(p, STYLE_PLAIN);
}

/* To how many, and when. */
void
cluster_recipients(struct buf *b, const json_t *c)
{
	const char *first = view_text_of(c, "first");
	const char *last = view_text_of(c, "last");

	if (json_is_true(json_object_get(c, "recipients_estimated")))
		buf_add_str(b, "about ");
	view_add_count(b, view_count(c, "recipients"), "recipient",
	    "recipients");
	if (*first != '\0') {
		buf_add_str(b, ", ");
		view_add_minute(b, first);
		if (strcmp(first, last) != 0) {
			buf_add_str(b, " to ");
			view_add_minute(b, last);
		}
		buf_add_str(b, " UTC");
	}
}

static void
show_recipients(struct page *p, const json_t *c)
{
	struct buf text;

	buf_init(&text, p->out->limit);
	cluster_recipients(&text, c);
	field_buf(p, "To", &text);
}

void
cluster_senders(struct buf *b, const json_t *c)
{
	json_t *domains = json_object_get(c, "sender_domains");
	size_t n = json_object_size(domains), i = 0;
	char number[GROUPED_MAX];
	const json_t *count;
	const char *name;

	if (n == 0)
		return;
	json_object_foreach(domains, name, count)
	{
		json_int_t times = json_integer_value(count);

		if (i == DOMAINS_SHOWN)
			break;
		buf_printf(b, "%s%.*s (%s)", i++ > 0 ? ", " : "",
		    DOMAIN_MAX * 4, name,
		    view_grouped(times > 0 ? (uint64_t)times : 0, number));
	}
	if (n > DOMAINS_SHOWN || view_count(c, "other_sender_domains") > 0)
		buf_add_str(b, ", and others");
}

static void
show_senders(struct page *p, const json_t *c)
{
	struct buf text;

	buf_init(&text, p->out->limit);
	cluster_senders(&text, c);
	if (text.n > 0)
		field_buf(p, "From", &text);
	buf_free(&text);
}

static void
show_rules(struct page *p, const json_t *rules)
{
	const json_t *rule;
	struct buf text;
	size_t i;

	if (json_array_size(rules) == 0)
		return;
	buf_init(&text, p->out->limit);
	json_array_foreach(rules, i, rule)
	{
		const char *id = json_string_value(rule);

		buf_printf(&text, "%s%s", i > 0 ? ", " : "",
		    id != NULL ? id : "");
	}
	field_buf(p, i > 1 ? "Rules" : "Rule", &text);
}

/* ---- the audit beside it ----------------------------------------------- */

/* From the first column, unwrapped, without colour: to be copied. */
static void
show_records(struct page *p, const json_t *records)
{
	const json_t *r;
	size_t i;

	if (json_array_size(records) == 0)
		return;
	page_gap(p);
	json_array_foreach(records, i, r)
	{
		record_print(p->out, r);
		buf_add_char(p->out, '\n');
	}
	page_gap(p);
}

static void
show_result(struct page *p, const json_t *r)
{
	const char *status = view_text_of(r, "status");
	bool fails = strcmp(status, "fail") == 0;
	struct buf text;

	buf_init(&text, p->out->limit);
	buf_printf(&text, "%s: %s", view_text_of(r, "rule"),
	    view_text_of(r, fails ? "why" : "title"));
	field_buf(p,
	    fails                            ? "Fails now"
	    : strcmp(status, "pass") == 0    ? "Passes now"
	    : strcmp(status, "unknown") == 0 ? "Not known"
					     : "Now",
	    &text);
	if (!fails)
		return;
	field(p, "Mend it", view_text_of(r, "fix"));
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

	if (*today == '\0')
		return;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(words[i][0], today) == 0)
			field(p, "Today", words[i][1]);
	}
	json_array_foreach(json_object_get(c, "results"), i, r)
	    show_result(p, r);
}

static void
show_cluster(struct page *p, const json_t *c, size_t number)
{
	show_heading(p, c, number);
	show_recipients(p, c);
	show_senders(p, c);
	field(p, "Reply", view_text_of(c, "text"));
	field(p, "What to do", view_text_of(c, "fix"));
	show_rules(p, json_object_get(c, "rules"));
	show_today(p, c);
}

/* ---- the others -------------------------------------------------------- */

static void
show_row(struct page *p, const json_t *c, size_t columns)
{
	size_t at = columns + 2 + KIND + PROVIDER + CODES;
	size_t width = p->look->width;
	char codes[64];

	page_count(p, view_count(c, "count"), columns);
	page_spaces(p, 2);
	page_style(p, style_of(c));
	page_cell(p, view_text_of(c, "kind"), KIND);
	page_style(p, STYLE_PLAIN);
	page_cell(p, view_bounce_provider(c), PROVIDER);
	codes_of(c, codes, sizeof(codes));
	page_cell(p, codes, CODES);
	if (p->look->quiet) {
		(void)page_clip(p, view_text_of(c, "title"), width - at);
		buf_add_char(p->out, '\n');
	} else {
		page_fill(p, view_text_of(c, "title"), at, at);
	}
}

/* The same where a title has no room beside the rest. */
static void
show_narrow_row(struct page *p, const json_t *c, size_t columns)
{
	struct buf text;

	page_count(p, view_count(c, "count"), columns);
	page_spaces(p, 2);
	buf_init(&text, p->out->limit);
	view_add_cluster(&text, c);
	page_style(p, style_of(c));
	page_fill_buf(p, &text, columns + 2, columns + 2);
	page_style(p, STYLE_PLAIN);
	if (p->look->quiet)
		return;
	page_spaces(p, columns + 2);
	page_fill(p, view_text_of(c, "title"), columns + 2, columns + 2);
}

void
clusters_print(struct page *p, const json_t *clusters)
{
	size_t n = json_array_size(clusters),
	       columns = view_count_columns(clusters);
	size_t detailed = p->look->quiet ? 0 : DETAILED, i;
	bool wide =
	    columns + 2 + KIND + PROVIDER + CODES + TITLE_MIN <= p->look->width;
	const json_t *c;

	if (n == 0) {
		page_heading(p, "Nothing failed.");
		return;
	}
	if (detailed > 0)
		page_heading(p, "WHAT TO MEND FIRST");
	json_array_foreach(clusters, i, c)
	{
		if (i < detailed) {
			show_cluster(p, c, i + 1);
			continue;
		}
		if (i == detailed && detailed > 0)
			page_heading(p, "AND THEN, IN THIS ORDER");
		if (wide)
			show_row(p, c, columns);
		else
			show_narrow_row(p, c, columns);
	}
}
