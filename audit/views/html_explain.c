#include "audit/views/html_parts.h"

/* The page of what a reply means. */

static void
put_pair(struct html *h, const char *label, const char *text)
{
	if (*text != '\0')
		html_pair(h, label, text);
}

static void
put_rule(struct html *h, const json_t *rule)
{
	const char *title = view_text_of(rule, "title");

	html_put(h, "<div><dt>Rule</dt><dd>");
	html_bdi(h, view_text_of(rule, "id"));
	html_line(h, ": ", title, "");
	html_line(h, "<br>", view_text_of(rule, "fix"), "");
	html_put(h, "</dd></div>\n");
}

static void
put_meaning(struct html *h, const json_t *meaning)
{
	const json_t *rule;
	size_t i;

	html_wrap(h, "<section id=\"",
	    html_id(h, view_text_of(meaning, "pattern")), "\">\n");
	html_heading(h, 0, NULL, view_text_of(meaning, "title"));
	html_line(h, "<p><strong>What to do:</strong> ",
	    view_text_of(meaning, "fix"), "</p>\n");
	html_pairs_open(h);
	put_pair(h, "At", view_text_of(meaning, "provider_title"));
	html_list(h, "Codes", json_object_get(meaning, "codes"));
	html_list(h, "Tags", json_object_get(meaning, "tags"));
	html_list(h, "If it says", json_object_get(meaning, "texts"));
	put_pair(h, "Reason", view_text_of(meaning, "reason"));
	json_array_foreach(json_object_get(meaning, "rules"), i, rule)
	{
		put_rule(h, rule);
	}
	html_pairs_close(h);
	html_put(h, "<p class=\"dim\">");
	html_link(h, view_text_of(meaning, "source"));
	html_line(h, " (as of ", view_text_of(meaning, "checked"), ")");
	html_put(h, "</p>\n</section>\n");
}

static void
put_others(struct html *h, const json_t *others)
{
	const json_t *o;
	size_t i;

	if (json_array_size(others) == 0)
		return;
	html_put(h, "<section>\n");
	html_heading(h, 0, NULL,
	    "The same code means other things where it says:");
	html_put(h, "<ul>\n");
	json_array_foreach(others, i, o)
	{
		const char *text = json_string_value(
		    json_array_get(json_object_get(o, "texts"), 0));

		html_put(h, "<li>");
		html_bdi(h, view_text_of(o, "provider_title"));
		html_put(h, ", ");
		html_bdi(h, text != NULL ? text : "anything else");
		html_put(h, ": ");
		html_text(h, view_text_of(o, "title"));
		html_line(h, " (", view_text_of(o, "reason"), ")");
		html_put(h, "</li>\n");
	}
	html_put(h, "</ul>\n</section>\n");
}

static void
put_outcome(struct html *h, const json_t *doc)
{
	size_t n = json_array_size(json_object_get(doc, "meanings"));

	if (strcmp(view_text_of(doc, "outcome"), "ambiguous") == 0) {
		html_put(h, "<p>");
		explain_ambiguous(html_words(h), doc);
		html_say(h);
		html_put(h, "</p>\n");
	}
	if (n == 0)
		html_line(h, "<p>", explain_unknown, "</p>\n");
}

static void
explain_begin(struct view_run *run)
{
	const json_t *doc = run->header, *meaning;
	const char *who = view_text_of(doc, "provider_title");
	const char *reply = view_text_of(doc, "reply");
	const char *status = view_text_of(doc, "status");
	struct html *h = run->state;
	const char *heading = arena_printf(run->arena, "%s%s%s%s%s",
	    *reply == '\0' && *status == '\0' ? view_text_of(doc, "input")
					      : reply,
	    *reply != '\0' && *status != '\0' ? " " : "", status,
	    *who != '\0' ? " at " : "", who);
	size_t i;

	run->rc = html_open(h, run);
	if (run->rc != RC_OK)
		return;
	(void)html_id(h, "main");
	html_page_begin(h,
	    &(struct html_head){ .title = heading != NULL ? heading : "",
		.heading = heading != NULL ? heading : "" });
	put_outcome(h, doc);
	json_array_foreach(json_object_get(doc, "meanings"), i, meaning)
	{
		put_meaning(h, meaning);
	}
	put_others(h, json_object_get(doc, "others"));
	html_page_end(h);
}

static void
explain_close(struct view_run *run)
{
	html_close(run->state);
}

const struct view_part html_of_explain = {
	.state = sizeof(struct html),
	.begin = explain_begin,
	.close = explain_close,
};
