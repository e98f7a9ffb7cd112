#include <stdint.h>

#include "audit/document.h"
#include "audit/views/view.h"
#include "base/escape.h"
#include "bounces/expat.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* A terminal gets lines of visible UTF-8, whatever the document holds. */
static void
expect_harmless(struct slice s, enum format format)
{
	/* Fields of CSV keep the lines of their texts, pages the tabs. */
	const char *more = format == FORMAT_CSV    ? "\r\n\t"
			   : format == FORMAT_HTML ? "\n\t"
						   : "\n";
	size_t n;

	for (; s.n > 0; s = slice_from(s, n)) {
		uint32_t c = utf8_next(s, &n);

		if (c == UINT32_MAX ||
		    (c < 0x20 && (c == 0 || strchr(more, (int)c) == NULL)) ||
		    (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E))
			__builtin_trap();
	}
}

/* What json wrote is read back as the same. */
static void
expect_same(struct slice s, const json_t *header, const json_t *item)
{
	json_t *got = json_loadb((const char *)s.p, s.n, 0, NULL);
	const json_t *audits = json_object_get(got, "audits");

	if (got == NULL ||
	    !json_equal(item != NULL ? json_array_get(audits, 0) : got,
		item != NULL ? item : header))
		__builtin_trap();
	json_decref(got);
}

/* XML is well-formed, as Expat has it. */
static void
expect_xml(struct slice s)
{
	struct expat e;
	XML_Parser parser;

	if (expat_load(&e) != NULL)
		return;
	parser = e.create("UTF-8");
	if (parser == NULL ||
	    e.parse(parser, (const char *)s.p, (int)s.n, 1) != XML_STATUS_OK)
		__builtin_trap();
	e.free_parser(parser);
}

/* One run, with a rule behind each result. */
static void
expect_sarif(struct slice s)
{
	json_t *got = json_loadb((const char *)s.p, s.n, 0, NULL);
	const json_t *run = json_array_get(json_object_get(got, "runs"), 0),
		     *result;
	const json_t *driver =
	    json_object_get(json_object_get(run, "tool"), "driver");
	const json_t *rules = json_object_get(driver, "rules");
	size_t i;

	if (!json_is_array(rules))
		__builtin_trap();
	json_array_foreach(json_object_get(run, "results"), i, result)
	{
		json_int_t at =
		    json_integer_value(json_object_get(result, "ruleIndex"));

		if (!json_equal(json_object_get(result, "ruleId"),
			json_object_get(json_array_get(rules, (size_t)at),
			    "id")))
			__builtin_trap();
	}
	json_decref(got);
}

/* Backticks at the front. */
static size_t
fence_of(struct slice line)
{
	size_t n = 0;

	while (n < line.n && line.p[n] == '`')
		n++;
	return n >= 3 ? n : 0;
}

/* Outside of code nothing that Markdown or those who show it look for. */
static void
expect_plain(struct slice line)
{
	bool code = false;

	for (; line.n > 0; line = slice_from(line, 1)) {
		code = code != (line.p[0] == '`');
		if (!code && line.p[0] != '\0' &&
		    strchr("<@[]_~!&\\$^{}", line.p[0]) != NULL)
			__builtin_trap();
	}
	if (code)
		__builtin_trap();
}

/* A line that names a source, without the link that it begins with. */
static struct slice
without_link(struct slice line)
{
	struct slice begin = SLICE_LIT("Source: <https://");
	size_t end = slice_find(line, SLICE_LIT(">"));

	if (!slice_starts(line, begin))
		return line;
	if (end == SIZE_MAX)
		__builtin_trap();
	return slice_from(line, end + 1);
}

static void
expect_markdown(struct slice s)
{
	size_t fence = 0, ticks;
	struct slice line;

	while (slice_line(&s, &line)) {
		ticks = fence_of(line);
		if (fence == 0 && ticks == 0)
			expect_plain(without_link(line));
		else if (fence == 0)
			fence = ticks;
		else if (ticks >= fence)
			fence = 0;
	}
	if (fence != 0)
		__builtin_trap();
}

/* A tag takes its attributes with it; false: it has no end of its own. */
static bool
tag_next(struct slice *s, struct slice *name)
{
	size_t end = slice_find(*s, SLICE_LIT(">")), n = 0;
	bool empty;

	if (end == SIZE_MAX)
		__builtin_trap();
	while (n < end && (ascii_is_alnum(s->p[n]) || s->p[n] == '/'))
		n++;
	*name = slice_sub(*s, 0, n);
	empty = end > 0 && s->p[end - 1] == '/';
	*s = slice_from(*s, end + 1);
	return !slice_eq(*name, SLICE_LIT("meta")) &&
	       !slice_eq(*name, SLICE_LIT("br")) && !empty;
}

/* Elements are closed in turn; there is no script, nor a comment. */
static void
expect_html(struct slice s)
{
	struct slice open[32], name;
	size_t n = 0, at;

	if (!slice_starts(s, SLICE_LIT("<!DOCTYPE html>")))
		__builtin_trap();
	s = slice_from(s, 15);
	while ((at = slice_find(s, SLICE_LIT("<"))) != SIZE_MAX) {
		bool opens;

		s = slice_from(s, at + 1);
		opens = tag_next(&s, &name);
		if (name.n == 0 || slice_eq(name, SLICE_LIT("script")) ||
		    n == sizeof(open) / sizeof(open[0]))
			__builtin_trap();
		if (name.p[0] == '/' &&
		    (n == 0 || !slice_eq(open[--n], slice_from(name, 1))))
			__builtin_trap();
		else if (name.p[0] != '/' && opens)
			open[n++] = name;
	}
	if (n != 0)
		__builtin_trap();
}

/* What each form promises, beside that nothing in it acts. */
static void
expect_form(struct slice s, enum format format)
{
	switch (format) {
	case FORMAT_JUNIT:
		expect_xml(s);
		break;
	case FORMAT_SARIF:
		expect_sarif(s);
		break;
	case FORMAT_MARKDOWN:
		expect_markdown(s);
		break;
	case FORMAT_HTML:
		expect_html(s);
		break;
	case FORMAT_BY_NAME:
	case FORMAT_TEXT:
	case FORMAT_JSON:
	case FORMAT_JSONL:
	case FORMAT_CSV:
	case FORMAT_XLSX:
		break;
	}
}

/* item NULL: the header is all of the document. */
static void
render(const struct view *view, struct view_wishes want, const json_t *item)
{
	struct view_run run = { .part = NULL };
	enum rc rc;

	want.view = view;
	if (view->of[want.document] == NULL)
		return;
	rc = view_begin(&run, &want);
	if (rc == RC_OK && item != NULL)
		rc = view_item(&run, item);
	if (rc == RC_OK)
		rc = view_end(&run);
	if (rc == RC_OK && !view->binary) {
		expect_harmless(buf_slice(&run.out), view->format);
		expect_form(buf_slice(&run.out), view->format);
		if (view->format == FORMAT_JSON &&
		    want.document != DOCUMENT_EVENTS)
			expect_same(buf_slice(&run.out), want.header, item);
	}
	view_close(&run);
}

/* By every form; text is looked at in each way. */
static void
render_all(enum document document, const json_t *header, const json_t *item)
{
	struct view_wishes want = { .document = document,
		.header = header,
		.look = { .unicode = true } };

	for (const struct view *v = views; v->name != NULL; v++) {
		render(v, want, item);
		want.look.width = VIEW_WIDTH_MIN;
	}
	render(&views[0], want, item);
	want.look.many = true;
	render(&views[0], want, item);
	render(view_find(FORMAT_MARKDOWN, ""), want, item);
	render(view_find(FORMAT_HTML, ""), want, item);
	want.look.many = false;
	want.look.quiet = true;
	want.look.unicode = false;
	render(&views[0], want, item);
}

static bool
is_of(const json_t *object, const char *schema)
{
	return strcmp(view_text_of(object, "schema"), schema) == 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	json_t *item = json_loadb((const char *)data, n, 0, NULL);
	json_t *audit = json_pack("{s:s}", "schema", AUDIT_SCHEMA);
	json_t *diff = json_pack("{s:s}", "schema", DIFF_SCHEMA);

	if (is_of(item, BOUNCES_SCHEMA)) {
		render_all(DOCUMENT_BOUNCES, item, NULL);
	} else if (is_of(item, BOUNCES_DIFF_SCHEMA)) {
		render_all(DOCUMENT_BOUNCES_DIFF, item, NULL);
	} else if (is_of(item, EXPLAIN_SCHEMA)) {
		render_all(DOCUMENT_EXPLAIN, item, NULL);
	} else if (json_is_object(item)) {
		render_all(DOCUMENT_AUDIT, audit, item);
		render_all(DOCUMENT_DIFF, diff, item);
		render_all(DOCUMENT_EVENTS, NULL, item);
	}
	json_decref(diff);
	json_decref(audit);
	json_decref(item);
	return 0;
}
