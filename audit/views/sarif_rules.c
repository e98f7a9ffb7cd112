#include "audit/views/mark.h"
#include "audit/views/sarif.h"
#include "audit/views/words.h"
#include "base/escape.h"
#include "base/limits.h"

/* Rules of SARIF (3.49): those of providers, and codes of problems. */

/* "gmail.auth.dkim" is "GmailAuthDkim" (3.49.7); NULL of one word. */
static json_t *
pascal_case(const char *id)
{
	bool first = true, parted = false;
	json_t *out = NULL;
	struct buf b;

	buf_init(&b, LIMIT_RENDERED);
	for (; *id != '\0'; id++) {
		unsigned char c = (unsigned char)*id;

		parted |= !ascii_is_alnum(c);
		if (first && c >= 'a' && c <= 'z')
			c = (unsigned char)(c - 'a' + 'A');
		if (ascii_is_alnum(c))
			buf_add_char(&b, (char)c);
		first = !ascii_is_alnum(c);
	}
	if (!b.failed && b.n > 0 && parted)
		out = json_stringn((const char *)b.p, b.n);
	buf_free(&b);
	return out;
}

/* ---- what there is to read of one -------------------------------------- */

/* "Gmail rejects such mail (must); bounces 5.7.26.  Note." */
static json_t *
full_description(const json_t *result)
{
	const struct finding alone = { .results = &result, .n = 1 };
	struct buf line, text;
	json_t *o;

	buf_init(&line, LIMIT_RENDERED);
	buf_init(&text, LIMIT_RENDERED);
	buf_printf(&line, "%s ",
	    view_provider(view_text_of(result, "provider")));
	finding_asker(&line, result);
	finding_codes(&line, &alone);
	buf_add_char(&line, '.');
	if (*view_text_of(result, "notes") != '\0')
		buf_printf(&line, " %s", view_text_of(result, "notes"));
	escape_terminal(&text, buf_slice(&line));
	o = sarif_message(&text, NULL);
	buf_free(&line);
	buf_free(&text);
	return o;
}

/* Title, what follows, and where it is written. */
static json_t *
help_of(const json_t *result)
{
	const char *source = view_text_of(result, "source");
	struct buf text, markdown;
	json_t *o;

	buf_init(&text, LIMIT_RENDERED);
	buf_init(&markdown, LIMIT_RENDERED);
	escape_terminal(&text, slice_str(view_text_of(result, "title")));
	buf_add_char(&text, '.');
	buf_add_str(&markdown, "**");
	mark_text(&markdown, view_text_of(result, "title"));
	buf_add_str(&markdown, "**");
	if (*source != '\0') {
		buf_add_str(&text, " Source: ");
		escape_terminal(&text, slice_str(source));
		buf_add_str(&text, ", read on ");
		escape_terminal(&text,
		    slice_str(view_text_of(result, "checked")));
		buf_add_char(&text, '.');
		buf_add_str(&markdown, "\n\nSource: ");
		mark_link(&markdown, source);
		buf_add_str(&markdown, ", read on ");
		mark_text(&markdown, view_text_of(result, "checked"));
	}
	o = sarif_message(&text, &markdown);
	buf_free(&text);
	buf_free(&markdown);
	return o;
}

/* All text members that say what kind of rule it is, and tags to filter by. */
static json_t *
properties(const json_t *result)
{
	static const char *const keys[] = { "provider", "check", "level",
		"consequence", "requirement", "audience", "checked" };
	json_t *o = json_object(), *tags = json_pack("[s]", "email");

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const char *text = view_text_of(result, keys[i]);

		if (*text == '\0')
			continue;
		(void)json_object_set_new(o, keys[i], sarif_shown(text));
		if (i < 2 && strcmp(text, "email") != 0 &&
		    (i == 0 ||
			strcmp(text, view_text_of(result, keys[0])) != 0))
			(void)json_array_append_new(tags, sarif_shown(text));
	}
	(void)json_object_set_new(o, "tags", tags);
	return o;
}

/* ---- rules ------------------------------------------------------------- */

static void
describe_result(json_t *o, const json_t *result)
{
	const char *source = view_text_of(result, "source");

	(void)json_object_set_new(o, "shortDescription",
	    sarif_text(view_text_of(result, "title")));
	(void)json_object_set_new(o, "fullDescription",
	    full_description(result));
	(void)json_object_set_new(o, "help", help_of(result));
	if (mark_is_link(source))
		(void)json_object_set_new(o, "helpUri", json_string(source));
	(void)json_object_set_new(o, "properties", properties(result));
}

/* Of a problem: what is to be done is the same wherever it is found. */
static void
describe_problem(json_t *o, const json_t *problem)
{
	const char *clause = view_text_of(problem, "clause");
	struct buf line, text;

	buf_init(&line, LIMIT_RENDERED);
	buf_init(&text, LIMIT_RENDERED);
	buf_printf(&line, "%s", view_text_of(problem, "todo"));
	if (*clause != '\0')
		buf_printf(&line, " (%s)", clause);
	buf_add_char(&line, '.');
	escape_terminal(&text, buf_slice(&line));
	(void)json_object_set_new(o, "shortDescription",
	    sarif_text(view_text_of(problem, "todo")));
	(void)json_object_set_new(o, "fullDescription",
	    sarif_message(&text, NULL));
	(void)json_object_set_new(o, "help", sarif_message(&text, NULL));
	(void)json_object_set_new(o, "properties",
	    json_pack("{s:[s,s]}", "tags", "email", "message"));
	buf_free(&line);
	buf_free(&text);
}

json_t *
sarif_rule(const char *id, const char *level, const json_t *of)
{
	json_t *o = json_pack("{s:o}", "id", sarif_shown(id));
	json_t *name = pascal_case(id);

	if (name != NULL)
		(void)json_object_set_new(o, "name", name);
	if (json_object_get(of, "rule") != NULL)
		describe_result(o, of);
	else
		describe_problem(o, of);
	(void)json_object_set_new(o, "defaultConfiguration",
	    json_pack("{s:s}", "level", level));
	return o;
}

/* "presend 0.1.0" */
json_t *
sarif_tool(const struct sarif *s, const json_t *header)
{
	struct slice name, version;
	json_t *driver = json_pack("{s:s}", "name", "presend");

	if (slice_cut(slice_str(view_text_of(header, "generator")), ' ', &name,
		&version)) {
		const char *text = (const char *)version.p;

		(void)json_object_set_new(driver, "version", sarif_shown(text));
		(void)json_object_set_new(driver, "semanticVersion",
		    sarif_shown(text));
	}
	(void)json_object_set(driver, "rules", s->rules);
	return json_pack("{s:o}", "driver", driver);
}
