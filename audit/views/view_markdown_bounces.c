#include "audit/views/mark.h"
#include "audit/views/markdown.h"
#include "audit/views/view_parts.h"
#include "base/escape.h"
#include "base/limits.h"

static const char *
provider_of(const json_t *c)
{
	const char *id = view_text_of(c, "provider");

	return strcmp(id, "other") == 0 ? "Others" : view_provider(id);
}

static void
add_totals(struct buf *out, const json_t *totals)
{
	buf_printf(out, "**%lld bounced, %lld deferred**, %lld delivered.\n\n",
	    view_number(totals, "bounced"), view_number(totals, "deferred"),
	    view_number(totals, "delivered"));
}

static void
add_inputs(struct buf *out, const json_t *inputs)
{
	const json_t *in;
	size_t i;

	json_array_foreach(inputs, i, in)
	{
		if (i == LIMIT_MARKDOWN_DETAILED)
			break;
		buf_add_str(out, "- ");
		mark_text(out, view_text_of(in, "file"));
		buf_add_str(out, ": ");
		mark_text(out, view_text_of(in, "format"));
		buf_printf(out, ", %lld lines", view_number(in, "lines"));
		if (*view_text_of(in, "error") != '\0') {
			buf_add_str(out, ": ");
			mark_text(out, view_text_of(in, "error"));
		}
		buf_add_char(out, '\n');
	}
	if (json_array_size(inputs) > i)
		buf_printf(out, "- and %zu more files\n",
		    json_array_size(inputs) - i);
	buf_add_str(out, i > 0 ? "\n" : "");
}

/* "550 5.7.26" */
static void
add_codes(struct buf *out, const json_t *c)
{
	mark_text(out, view_text_of(c, "reply"));
	buf_add_char(out, ' ');
	mark_text(out, view_text_of(c, "status"));
}

static void
add_row(struct buf *out, const json_t *c)
{
	buf_printf(out, "| %lld | ", view_number(c, "count"));
	mark_text(out, view_text_of(c, "kind"));
	buf_add_str(out, " | ");
	mark_text(out, provider_of(c));
	buf_add_str(out, " | ");
	add_codes(out, c);
	buf_add_str(out, " | ");
	mark_text(out, view_text_of(c, "reason"));
	buf_add_str(out, " | ");
	mark_text(out, view_text_of(c, "title"));
	buf_add_str(out, " |\n");
}

static void
add_table(struct buf *out, const json_t *clusters)
{
	const json_t *c;
	size_t i;

	if (json_array_size(clusters) == 0)
		return;
	buf_add_str(out, "## What failed\n\n"
			 "| Count | Kind | Provider | Reply | Reason | What it "
			 "means |\n"
			 "| ---: | --- | --- | --- | --- | --- |\n");
	json_array_foreach(clusters, i, c)
	{
		add_row(out, c);
	}
	buf_add_char(out, '\n');
}

/* ---- what to mend ------------------------------------------------------ */

static void
add_reply(struct buf *out, const json_t *c)
{
	struct buf line;

	if (*view_text_of(c, "text") == '\0')
		return;
	buf_init(&line, LIMIT_RENDERED);
	escape_terminal(&line, slice_str(view_text_of(c, "text")));
	out->failed |= line.failed;
	mark_fenced(out, buf_slice(&line));
	buf_add_char(out, '\n');
	buf_free(&line);
}

static void
add_extent(struct buf *out, const json_t *c)
{
	buf_printf(out, "%s%lld recipients",
	    json_is_true(json_object_get(c, "recipients_estimated")) ? "About "
								     : "",
	    view_number(c, "recipients"));
	if (*view_text_of(c, "first") != '\0') {
		buf_add_str(out, ", ");
		mark_text(out, view_text_of(c, "first"));
		buf_add_str(out, " to ");
		mark_text(out, view_text_of(c, "last"));
	}
	buf_add_str(out, ".\n\n");
}

static void
add_rules(struct buf *out, const json_t *c)
{
	const json_t *rule;
	size_t i;

	json_array_foreach(json_object_get(c, "rules"), i, rule)
	{
		buf_add_str(out, i > 0 ? ", " : "Rule: ");
		mark_text(out, json_string_value(rule) != NULL
				   ? json_string_value(rule)
				   : "");
	}
	buf_add_str(out, i > 0 ? "\n\n" : "");
}

/* What the audit beside it says of those rules. */
static void
add_results(struct buf *out, const json_t *c)
{
	const json_t *r;
	size_t i;

	json_array_foreach(json_object_get(c, "results"), i, r)
	{
		if (strcmp(view_text_of(r, "status"), "fail") != 0)
			continue;
		markdown_paragraph(out, "Fails now: ", view_text_of(r, "why"));
		markdown_paragraph(out, "**Fix:** ", view_text_of(r, "fix"));
		mark_records(out, json_object_get(r, "records"));
		if (json_array_size(json_object_get(r, "records")) > 0)
			buf_add_char(out, '\n');
	}
}

static void
add_cluster(struct buf *out, const json_t *c, size_t number)
{
	buf_printf(out, "### %zu. ", number);
	mark_text(out, view_text_of(c, "title"));
	buf_printf(out, "\n\n%lld ", view_number(c, "count"));
	mark_text(out, view_text_of(c, "kind"));
	buf_add_str(out, " by ");
	mark_text(out, provider_of(c));
	buf_add_str(out, "; ");
	add_extent(out, c);
	add_reply(out, c);
	markdown_paragraph(out, "**What to do:** ", view_text_of(c, "fix"));
	add_rules(out, c);
	markdown_paragraph(out, "Today: ", view_text_of(c, "today"));
	add_results(out, c);
	if (*view_text_of(c, "source") != '\0') {
		buf_add_str(out, "Source: ");
		mark_link(out, view_text_of(c, "source"));
		buf_add_str(out, "\n\n");
	}
}

static void
add_clusters(struct buf *out, const json_t *clusters)
{
	size_t n = json_array_size(clusters);

	if (n > 0)
		buf_add_str(out, "## What to mend first\n\n");
	for (size_t i = 0; i < n && i < LIMIT_MARKDOWN_DETAILED; i++)
		add_cluster(out, json_array_get(clusters, i), i + 1);
}

static void
add_unclassified(struct buf *out, const json_t *list)
{
	const json_t *u;
	size_t i;

	if (list == NULL)
		return;
	buf_add_str(out, "## Replies that no bounce pack knows\n\n");
	buf_add_str(out, json_array_size(list) == 0
			     ? "None.\n"
			     : "| Count | Reply |\n| ---: | --- |\n");
	json_array_foreach(list, i, u)
	{
		buf_printf(out, "| %lld | ", view_number(u, "count"));
		mark_text(out, view_text_of(u, "text"));
		buf_add_str(out, " |\n");
	}
}

static void
show(struct view_run *run)
{
	const json_t *doc = run->header;
	const json_t *clusters = json_object_get(doc, "clusters");
	struct buf *out = &run->out;

	buf_add_str(out, "# Bounces\n\n");
	add_totals(out, json_object_get(doc, "totals"));
	add_inputs(out, json_object_get(doc, "inputs"));
	add_table(out, clusters);
	if (run->look.quiet)
		return;
	add_clusters(out, clusters);
	add_unclassified(out, json_object_get(doc, "unclassified"));
}

const struct view_part markdown_of_bounces = { .begin = show };
