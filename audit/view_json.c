#include "audit/json_text.h"
#include "audit/view_parts.h"

enum { INDENT = 2 };

void
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

void
json_audit(struct view_run *run, const json_t *audit)
{
	buf_add_str(&run->out, run->audits > 1 ? ",\n    " : "\n    ");
	json_text(&run->out, audit, (struct json_layout){ INDENT, 2 });
}

void
json_end(struct view_run *run)
{
	buf_add_str(&run->out, run->audits > 0 ? "\n  ]\n}\n" : "]\n}\n");
}

void
jsonl_begin(struct view_run *run)
{
	(void)run;
}

void
jsonl_audit(struct view_run *run, const json_t *audit)
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

void
jsonl_end(struct view_run *run)
{
	(void)run;
}
