#include "audit/view.h"

#include "audit/saved.h"
#include "audit/view_parts.h"
#include "base/limits.h"

enum { ARENA_BLOCK = 16 * 1024 };

const struct view views[] = {
	{
	    .name = "text",
	    .extension = "txt",
	    .format = FORMAT_TEXT,
	    .begin = text_begin,
	    .audit = text_audit,
	    .end = text_end,
	},
	{
	    .name = "json",
	    .extension = "json",
	    .format = FORMAT_JSON,
	    .begin = json_begin,
	    .audit = json_audit,
	    .end = json_end,
	},
	{
	    .name = "jsonl",
	    .extension = "jsonl",
	    .format = FORMAT_JSONL,
	    .begin = jsonl_begin,
	    .audit = jsonl_audit,
	    .end = jsonl_end,
	},
	{ .name = NULL },
};

const struct view view_summary = {
	.name = "text",
	.extension = "txt",
	.format = FORMAT_TEXT,
	.begin = summary_begin,
	.audit = summary_audit,
	.end = summary_end,
};

const struct view view_diff = {
	.name = "text",
	.extension = "txt",
	.format = FORMAT_TEXT,
	.begin = diff_begin,
	.audit = diff_audit,
	.end = diff_end,
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

static enum rc
outcome(const struct view_run *run)
{
	if (arena_failed(run->arena) || run->out.failed)
		return RC_LIMIT;
	return RC_OK;
}

enum rc
view_begin(struct view_run *run, const struct view *view,
    const struct view_look *look, const json_t *header)
{
	/* Text is said in other words of many audits, or of a comparison. */
	if (view == &views[0] &&
	    strcmp(view_text_of(header, "schema"), DIFF_SCHEMA) == 0)
		view = &view_diff;
	else if (look->many && view == &views[0])
		view = &view_summary;
	*run = (struct view_run){
		.view = view,
		.look = *look,
		.header = header,
		.arena = arena_new(LIMIT_AUDIT_ARENA, ARENA_BLOCK),
		.totals = json_object(),
		.failures = json_object(),
		.unknowns = json_object(),
	};
	buf_init(&run->out, LIMIT_RENDERED);
	buf_init(&run->early, LIMIT_RENDERED);
	if (run->look.width == 0)
		run->look.width = VIEW_WIDTH;
	if (run->look.width < VIEW_WIDTH_MIN)
		run->look.width = VIEW_WIDTH_MIN;
	if (run->look.width > VIEW_WIDTH_MAX)
		run->look.width = VIEW_WIDTH_MAX;
	if (run->arena == NULL || run->totals == NULL ||
	    run->failures == NULL || run->unknowns == NULL)
		return RC_NOMEM;
	view->begin(run);
	return outcome(run);
}

enum rc
view_audit(struct view_run *run, const json_t *audit)
{
	arena_reset(run->arena);
	run->audits++;
	run->view->audit(run, audit);
	return outcome(run);
}

enum rc
view_end(struct view_run *run)
{
	arena_reset(run->arena);
	run->view->end(run);
	return outcome(run);
}

void
view_close(struct view_run *run)
{
	arena_free(run->arena);
	run->arena = NULL;
	buf_free(&run->out);
	json_decref(run->failures);
	json_decref(run->unknowns);
	run->failures = run->unknowns = NULL;
	buf_free(&run->early);
	json_decref(run->totals);
	run->totals = NULL;
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
