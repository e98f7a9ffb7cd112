#include "audit/views/view_parts.h"
#include "audit/views/words.h"

enum { LABEL = 15 };

static void
field(struct page *p, const char *label, const char *text)
{
	if (text[0] == '\0')
		return;
	page_style(p, STYLE_DIM);
	page_pad(p, label, LABEL);
	page_style(p, STYLE_PLAIN);
	page_fill(p, text, LABEL, LABEL);
}

/* Its strings with something between. */
static void
add_list(struct page *p, const char *label, const json_t *list,
    const char *quote)
{
	const json_t *value;
	struct buf all;
	size_t i;

	buf_init(&all, 64 * 1024);
	json_array_foreach(list, i, value)
	{
		buf_add_str(&all, i > 0 ? ", " : "");
		buf_add_str(&all, quote);
		buf_add_str(&all, json_string_value(value));
		buf_add_str(&all, quote);
	}
	buf_add_char(&all, '\0');
	if (!all.failed)
		field(p, label, (const char *)all.p);
	buf_free(&all);
}

/* ---- the head ---------------------------------------------------------- */

static const char *
said_by(const char *by)
{
	if (strcmp(by, "text") == 0)
		return " (by its words)";
	if (strcmp(by, "host") == 0 || strcmp(by, "ip") == 0)
		return " (by the mail host)";
	return "";
}

static void
show_head(const json_t *doc, struct page *p)
{
	const char *reply = view_text_of(doc, "reply");
	const char *status = view_text_of(doc, "status");
	const char *who = view_text_of(doc, "provider_title");

	page_style(p, STYLE_BOLD);
	if (reply[0] == '\0' && status[0] == '\0')
		(void)page_add(p, view_text_of(doc, "input"));
	(void)page_add(p, reply);
	if (reply[0] != '\0' && status[0] != '\0')
		page_spaces(p, 1);
	(void)page_add(p, status);
	page_style(p, STYLE_PLAIN);
	if (who[0] != '\0') {
		(void)page_add(p, " at ");
		(void)page_add(p, who);
		(void)page_add(p, said_by(view_text_of(doc, "provider_by")));
	} else if (json_object_get(doc, "text") != NULL) {
		(void)page_add(p, ", from whom is not known");
	}
	buf_add_char(p->out, '\n');
}

/* ---- a meaning --------------------------------------------------------- */

static void
show_rule(struct page *p, const json_t *rule, bool many)
{
	char line[512];

	(void)snprintf(line, sizeof(line), "%s%s%s", view_text_of(rule, "id"),
	    view_text_of(rule, "title")[0] != '\0' ? ": " : "",
	    view_text_of(rule, "title"));
	field(p, "Rule", line);
	if (!many)
		field(p, "", view_text_of(rule, "fix"));
}

/* Where more of them is to be read. */
static void
show_rules(struct page *p, const json_t *rules, bool many)
{
	size_t n = json_array_size(rules), i;
	const json_t *rule;
	char line[512];

	json_array_foreach(rules, i, rule)
	{
		show_rule(p, rule, many);
	}
	if (n == 0 ||
	    view_text_of(json_array_get(rules, 0), "title")[0] == '\0')
		return;
	(void)snprintf(line, sizeof(line), "presend rules show %s",
	    n == 1 ? view_text_of(json_array_get(rules, 0), "id") : "ID");
	page_spaces(p, LABEL);
	page_style(p, STYLE_DIM);
	page_fill(p, line, LABEL, LABEL);
	page_style(p, STYLE_PLAIN);
}

static void
show_title(struct page *p, const json_t *meaning)
{
	page_gap(p);
	page_style(p, STYLE_BOLD);
	page_fill(p, view_text_of(meaning, "title"), 0, 0);
	page_style(p, STYLE_PLAIN);
}

/* many: of several that the code may have. */
static void
show_meaning(struct page *p, const json_t *meaning, bool many)
{
	char source[512];

	show_title(p, meaning);
	if (many) {
		field(p, "At", view_text_of(meaning, "provider_title"));
		add_list(p, "Codes", json_object_get(meaning, "codes"), "");
		add_list(p, "Tags", json_object_get(meaning, "tags"), "");
		add_list(p, "If it says", json_object_get(meaning, "texts"),
		    "\"");
	}
	field(p, "Reason", view_text_of(meaning, "reason"));
	field(p, "What to do", view_text_of(meaning, "fix"));
	show_rules(p, json_object_get(meaning, "rules"), many);
	(void)snprintf(source, sizeof(source), "%s (as of %s)",
	    view_text_of(meaning, "source"), view_text_of(meaning, "checked"));
	field(p, "Source", source);
}

static void
show_identity(struct page *p, const json_t *identity)
{
	const char *kind;
	const json_t *value;
	struct buf all;

	buf_init(&all, 4096);
	json_object_foreach((json_t *)(uintptr_t)identity, kind, value)
	{
		buf_add_str(&all, all.n > 0 ? ", " : "");
		buf_add_str(&all, kind);
		buf_add_char(&all, ' ');
		buf_add_str(&all, json_string_value(value));
	}
	buf_add_char(&all, '\0');
	if (!all.failed)
		field(p, "About", (const char *)all.p);
	buf_free(&all);
}

static void
show_others(struct page *p, const json_t *others)
{
	const json_t *other;
	size_t i;

	if (json_array_size(others) == 0)
		return;
	page_heading(p, "The same code means other things where it says:");
	json_array_foreach(others, i, other)
	{
		const json_t *texts = json_object_get(other, "texts");
		const json_t *text = json_array_get(texts, 0);
		const char *quote = text != NULL ? "\"" : "";
		char line[1024];

		(void)snprintf(line, sizeof(line), "%s, %s%s%s: %s (%s)",
		    view_text_of(other, "provider_title"), quote,
		    text != NULL ? json_string_value(text) : "anything else",
		    quote, view_text_of(other, "title"),
		    view_text_of(other, "reason"));
		page_spaces(p, 2);
		page_fill(p, line, 2, 4);
	}
}

const char explain_unknown[] =
    "No bounce pack knows it. If there is a text behind the code, give all of "
    "it; the receiver's postmaster pages may tell.";

void
explain_ambiguous(struct buf *b, const json_t *doc)
{
	buf_printf(b,
	    "It means one of %zu things%s; who gave it and the words behind it "
	    "settle which.",
	    json_array_size(json_object_get(doc, "meanings")),
	    json_is_true(json_object_get(doc, "cut")) ? " and more" : "");
}

static void
show_all(const json_t *doc, struct page *p)
{
	const json_t *meanings = json_object_get(doc, "meanings");
	const char *outcome = view_text_of(doc, "outcome");
	size_t n = json_array_size(meanings), i;
	const json_t *meaning;

	show_head(doc, p);
	if (strcmp(outcome, "ambiguous") == 0) {
		struct buf line;

		buf_init(&line, p->out->limit);
		explain_ambiguous(&line, doc);
		buf_add(&line, slice_of("", 1));
		if (!line.failed)
			page_fill(p, (const char *)line.p, 0, 0);
		buf_free(&line);
	}
	if (n == 0) {
		page_gap(p);
		page_fill(p, explain_unknown, 0, 0);
	}
	json_array_foreach(meanings, i, meaning)
	    show_meaning(p, meaning, json_object_get(doc, "text") == NULL);
	show_identity(p, json_object_get(doc, "identity"));
	show_others(p, json_object_get(doc, "others"));
}

static void
show(struct view_run *run)
{
	struct page p;

	page_init(&p, &run->out, &run->look);
	show_all(run->header, &p);
	page_close(&p);
}

const struct view_part text_of_explain = { .begin = show };
