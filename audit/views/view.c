#include "audit/views/view.h"

#include <stdlib.h>

#include "audit/views/view_parts.h"
#include "base/limits.h"

enum { ARENA_BLOCK = 16 * 1024, PIECE = 64 * 1024 };

const struct view views[] = {
	{
	    .name = "text",
	    .extension = "txt",
	    .format = FORMAT_TEXT,
	    .of = {
	        [DOCUMENT_AUDIT] = &text_of_audit,
	        [DOCUMENT_DIFF] = &text_of_diff,
	        [DOCUMENT_BOUNCES] = &text_of_bounces,
	        [DOCUMENT_EVENTS] = &jsonl_of_events,
	        [DOCUMENT_EXPLAIN] = &text_of_explain,
	        [DOCUMENT_BOUNCES_DIFF] = &text_of_bounces_diff,
	    },
	    .many = { [DOCUMENT_AUDIT] = &text_of_audits },
	},
	{
	    .name = "json",
	    .extension = "json",
	    .format = FORMAT_JSON,
	    .of = {
	        [DOCUMENT_AUDIT] = &json_of_items,
	        [DOCUMENT_DIFF] = &json_of_items,
	        [DOCUMENT_BOUNCES] = &json_of_one,
	        [DOCUMENT_EVENTS] = &jsonl_of_events,
	        [DOCUMENT_EXPLAIN] = &json_of_one,
	        [DOCUMENT_BOUNCES_DIFF] = &json_of_one,
	    },
	},
	{
	    .name = "jsonl",
	    .extension = "jsonl",
	    .format = FORMAT_JSONL,
	    .of = {
	        [DOCUMENT_AUDIT] = &jsonl_of_items,
	        [DOCUMENT_DIFF] = &jsonl_of_items,
	        [DOCUMENT_EVENTS] = &jsonl_of_events,
	    },
	},
	{
	    .name = "csv",
	    .extension = "csv",
	    .format = FORMAT_CSV,
	    .of = {
	        [DOCUMENT_AUDIT] = &csv_of_audits,
	        [DOCUMENT_DIFF] = &csv_of_diff,
	        [DOCUMENT_BOUNCES] = &csv_of_bounces,
	        [DOCUMENT_EVENTS] = &csv_of_events,
	        [DOCUMENT_BOUNCES_DIFF] = &csv_of_bounces_diff,
	    },
	},
	{
	    .name = "html",
	    .extension = "html",
	    .format = FORMAT_HTML,
	    .evidence = true,
	    .of = {
	        [DOCUMENT_AUDIT] = &html_of_audit,
	        [DOCUMENT_DIFF] = &html_of_diff,
	        [DOCUMENT_BOUNCES] = &html_of_bounces,
	        [DOCUMENT_BOUNCES_DIFF] = &html_of_bounces_diff,
	        [DOCUMENT_EXPLAIN] = &html_of_explain,
	    },
	    .many = { [DOCUMENT_AUDIT] = &html_of_audits },
	},
	{
	    .name = "xlsx",
	    .extension = "xlsx",
	    .format = FORMAT_XLSX,
	    .evidence = true,
	    .binary = true,
	    .of = {
	        [DOCUMENT_AUDIT] = &xlsx_of_audits,
	        [DOCUMENT_DIFF] = &xlsx_of_diff,
	        [DOCUMENT_BOUNCES] = &xlsx_of_bounces,
	        [DOCUMENT_EVENTS] = &xlsx_of_events,
	        [DOCUMENT_BOUNCES_DIFF] = &xlsx_of_bounces_diff,
	    },
	},
	{
	    .name = "junit",
	    .extension = "junit.xml",
	    .format = FORMAT_JUNIT,
	    .of = { [DOCUMENT_AUDIT] = &junit_of_audits },
	},
	{
	    .name = "sarif",
	    .extension = "sarif",
	    .format = FORMAT_SARIF,
	    .of = { [DOCUMENT_AUDIT] = &sarif_of_audits },
	},
	{
	    .name = "markdown",
	    .extension = "md",
	    .format = FORMAT_MARKDOWN,
	    .of = {
	        [DOCUMENT_AUDIT] = &markdown_of_audit,
	        [DOCUMENT_DIFF] = &markdown_of_diff,
	        [DOCUMENT_BOUNCES] = &markdown_of_bounces,
	    },
	    .many = { [DOCUMENT_AUDIT] = &markdown_of_audits },
	},
	{ .name = NULL },
};

/* What else files of a form are called. */
static const char *const extensions[][2] = {
	{ "htm", "html" },
	{ "markdown", "md" },
	{ "sarif.json", "sarif" },
	{ "xml", "junit.xml" },
};

static bool
path_ends(const char *path, const char *extension)
{
	struct slice s = slice_str(path), end = slice_str(extension);

	return slice_ends_nocase(s, end) && s.n > end.n &&
	       s.p[s.n - end.n - 1] == '.';
}

/* "a.junit.xml" is named more closely than "a.xml": the longest counts. */
static const char *
extension_of(const char *path)
{
	const char *found = "";

	for (const struct view *v = views; v->name != NULL; v++) {
		if (path_ends(path, v->extension) &&
		    strlen(v->extension) > strlen(found))
			found = v->extension;
	}
	for (size_t i = 0; i < sizeof(extensions) / sizeof(extensions[0]);
	     i++) {
		if (path_ends(path, extensions[i][0]) &&
		    strlen(extensions[i][0]) > strlen(found))
			return extensions[i][1];
	}
	return found;
}

const struct view *
view_find(enum format format, const char *path)
{
	const char *extension = extension_of(path);

	for (const struct view *v = views; v->name != NULL; v++) {
		if (format == v->format ||
		    (format == FORMAT_BY_NAME &&
			strcmp(v->extension, extension) == 0))
			return v;
	}
	return &views[0];
}

/* ---- a run ------------------------------------------------------------- */

static void
pass_on(struct view_run *run, size_t least)
{
	if (run->sink.take == NULL || run->out.failed || run->out.n < least)
		return;
	if (run->rc == RC_OK && run->out.n > 0)
		run->rc = run->sink.take(run->sink.ctx, buf_slice(&run->out));
	buf_reset(&run->out);
}

void
view_drain(struct view_run *run)
{
	pass_on(run, PIECE);
}

static enum rc
outcome(struct view_run *run)
{
	if (run->rc == RC_OK && (arena_failed(run->arena) || run->out.failed))
		run->rc = RC_LIMIT;
	pass_on(run, 1);
	return run->rc;
}

unsigned int
view_width(unsigned int columns)
{
	if (columns == 0)
		return VIEW_WIDTH;
	if (columns < VIEW_WIDTH_MIN)
		return VIEW_WIDTH_MIN;
	return columns < VIEW_WIDTH_MAX ? columns : VIEW_WIDTH_MAX;
}

enum rc
view_begin(struct view_run *run, const struct view_wishes *w)
{
	const struct view_part *part = w->view->of[w->document];

	if (w->look.many && w->view->many[w->document] != NULL)
		part = w->view->many[w->document];
	*run = (struct view_run){
		.part = part,
		.look = w->look,
		.header = w->header,
		.arena = arena_new(LIMIT_AUDIT_ARENA, ARENA_BLOCK),
		.state = calloc(1, part->state + 1),
		.sink = w->sink,
	};
	buf_init(&run->out, LIMIT_RENDERED);
	run->look.width = view_width(run->look.width);
	if (run->look.folder == NULL)
		run->look.folder = "/tmp";
	if (run->arena == NULL || run->state == NULL)
		return run->rc = RC_NOMEM;
	if (part->begin != NULL)
		part->begin(run);
	return outcome(run);
}

enum rc
view_item(struct view_run *run, const json_t *item)
{
	arena_reset(run->arena);
	run->items++;
	if (run->part->item != NULL)
		run->part->item(run, item);
	return outcome(run);
}

enum rc
view_end(struct view_run *run)
{
	arena_reset(run->arena);
	if (run->part->end != NULL)
		run->part->end(run);
	return outcome(run);
}

void
view_close(struct view_run *run)
{
	if (run->part != NULL && run->part->close != NULL && run->state != NULL)
		run->part->close(run);
	arena_free(run->arena);
	free(run->state);
	buf_free(&run->out);
	*run = (struct view_run){ .part = NULL };
}

const char *
view_text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text != NULL ? text : "";
}

bool
view_is_time(const char *text)
{
	static const char pattern[] = "0000-00-00T00:00:00Z";
	size_t i = 0;

	while (pattern[i] != '\0' &&
	       (pattern[i] == '0' ? ascii_is_digit((unsigned char)text[i])
				  : text[i] == pattern[i]))
		i++;
	return i == sizeof(pattern) - 1 && text[i] == '\0';
}

bool
view_is(const json_t *object, const char *key, const char *word)
{
	return strcmp(view_text_of(object, key), word) == 0;
}

long long
view_number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

const char *
view_provider(const char *id)
{
	static const char *const names[][2] = {
		{ "gmail", "Gmail" },
		{ "yahoo", "Yahoo" },
		{ "outlook", "Outlook" },
		{ "apple", "Apple" },
		{ "comcast", "Comcast" },
		{ "gmx", "GMX" },
		{ "laposte", "La Poste" },
		{ "mailru", "Mail.ru" },
		{ "naver", "Naver" },
		{ "orange", "Orange" },
		{ "standards", "Standards" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(id, names[i][0]) == 0)
			return names[i][1];
	}
	return id;
}
