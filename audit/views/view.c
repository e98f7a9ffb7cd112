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
	    },
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
	    },
	},
	{ .name = NULL },
};

const struct view *
view_find(enum format format, const char *path)
{
	const char *dot = strrchr(path, '.');

	for (const struct view *v = views; v->name != NULL; v++) {
		if (format == v->format)
			return v;
		if (format == FORMAT_BY_NAME && dot != NULL &&
		    slice_eq_nocase(slice_str(dot + 1),
			slice_str(v->extension)))
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

static void
clamp(unsigned int *width)
{
	if (*width == 0)
		*width = VIEW_WIDTH;
	if (*width < VIEW_WIDTH_MIN)
		*width = VIEW_WIDTH_MIN;
	if (*width > VIEW_WIDTH_MAX)
		*width = VIEW_WIDTH_MAX;
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
	clamp(&run->look.width);
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
