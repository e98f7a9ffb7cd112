#include "audit/view_parts.h"
#include "base/escape.h"
#include "base/limits.h"

/*
 * JSON comes out as UTF-8, but what a terminal would obey or hide (C1, DEL,
 * bidirectional controls and the like) as \uXXXX: a report is read with cat
 * too.
 */

static int
collect(const char *text, size_t n, void *arg)
{
	struct buf *b = arg;

	buf_add(b, slice_of(text, n));
	return b->failed ? -1 : 0;
}

static void
add_escaped(struct buf *out, uint32_t c)
{
	if (c >= 0x10000) { /* RFC 8259 7: a surrogate pair */
		buf_printf(out, "\\u%04X\\u%04X",
		    (unsigned int)(0xD800 + ((c - 0x10000) >> 10)),
		    (unsigned int)(0xDC00 + (c & 0x3FF)));
		return;
	}
	buf_printf(out, "\\u%04X", (unsigned int)c);
}

/* Whether a terminal may get it as it is; scratch is emptied. */
static bool
is_visible(struct slice one, struct buf *scratch)
{
	buf_reset(scratch);
	escape_terminal(scratch, one);
	return slice_eq(buf_slice(scratch), one);
}

/* Adds JSON text, with an indent behind each of its newlines. */
static void
add_json(struct buf *out, struct slice json, const char *indent)
{
	struct buf scratch;
	size_t n;

	buf_init(&scratch, LIMIT_AUDIT_ARENA);
	for (; json.n > 0; json = slice_from(json, n)) {
		uint32_t c = utf8_next(json, &n);
		struct slice one = slice_sub(json, 0, n);

		if (c == '\n') {
			buf_add_char(out, '\n');
			buf_add_str(out, indent);
		} else if (c < 0x7F || is_visible(one, &scratch)) {
			buf_add(out, one);
		} else {
			add_escaped(out, c);
		}
	}
	buf_free(&scratch);
}

static void
dump(struct buf *out, const json_t *value, size_t flags, const char *indent)
{
	struct buf text;

	buf_init(&text, LIMIT_RENDERED);
	if (json_dump_callback(value, collect, &text, flags) != 0)
		out->failed = true;
	add_json(out, buf_slice(&text), indent);
	buf_free(&text);
}

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
		dump(&run->out, name, JSON_ENCODE_ANY, "");
		buf_add_str(&run->out, ": ");
		dump(&run->out, value, JSON_ENCODE_ANY | JSON_INDENT(2), "  ");
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
	dump(&run->out, audit, JSON_INDENT(2), "    ");
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
	dump(&run->out, line, JSON_COMPACT, "");
	buf_add_char(&run->out, '\n');
	json_decref(line);
}

void
jsonl_end(struct view_run *run)
{
	(void)run;
}
