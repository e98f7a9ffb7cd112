#include "audit/json_text.h"
#include "audit/views/view_parts.h"

enum { INDENT = 2 };

static void
json_begin(struct view_run *run)
{
	json_t *header = json_copy((json_t *)(uintptr_t)run->header);
	const char *key;
	json_t *value;

	buf_add_str(&run->out, "{");
	json_object_foreach(header, key, value)
	{
		json_t *name = json_string(key);

		buf_add_str(&run->out, "\n  ");
		json_text(&run->out, name, (struct json_layout){ 0 });
		buf_add_str(&run->out, ": ");
		json_text(&run->out, value, (struct json_layout){ INDENT, 1 });
		buf_add_char(&run->out, ',');
		json_decref(name);
	}
	buf_add_str(&run->out, "\n  \"audits\": [");
	json_decref(header);
}

static void
json_item(struct view_run *run, const json_t *audit)
{
	buf_add_str(&run->out, run->items > 1 ? ",\n    " : "\n    ");
	json_text(&run->out, audit, (struct json_layout){ INDENT, 2 });
}

static void
json_end(struct view_run *run)
{
	buf_add_str(&run->out, run->items > 0 ? "\n  ]\n}\n" : "]\n}\n");
}

static void
jsonl_item(struct view_run *run, const json_t *audit)
{
	static const char *const first[] = { "schema", "as_of" };
	json_t *line = json_object();

	for (size_t i = 0; i < 2; i++) {
		json_t *value = json_object_get(run->header, first[i]);

		if (value != NULL)
			(void)json_object_set(line, first[i], value);
	}
	if (json_object_update(line, (json_t *)(uintptr_t)audit) != 0)
		run->out.failed = true;
	json_text(&run->out, line, (struct json_layout){ 0 });
	buf_add_char(&run->out, '\n');
	json_decref(line);
}

const struct view_part json_of_items = {
	.begin = json_begin,
	.item = json_item,
	.end = json_end,
};

const struct view_part jsonl_of_items = { .item = jsonl_item };

/* ---- one object -------------------------------------------------------- */

static void
json_one(struct view_run *run)
{
	json_text(&run->out, run->header,
	    (struct json_layout){ .indent = INDENT });
	buf_add_char(&run->out, '\n');
}

const struct view_part json_of_one = { .begin = json_one };

/* ---- lines with nothing of a header ------------------------------------ */

static void
jsonl_event(struct view_run *run, const json_t *event)
{
	json_text(&run->out, event, (struct json_layout){ 0 });
	buf_add_char(&run->out, '\n');
}

const struct view_part jsonl_of_events = { .item = jsonl_event };
