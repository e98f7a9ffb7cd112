#include "audit/json_text.h"

#include "base/escape.h"

static void
add_string(struct buf *out, struct slice s)
{
	buf_add_char(out, '"');
	escape_json(out, s);
	buf_add_char(out, '"');
}

static void
add_line(struct buf *out, struct json_layout l)
{
	if (l.indent == 0)
		return;
	buf_add_char(out, '\n');
	for (unsigned int i = 0; i < l.indent * l.depth; i++)
		buf_add_char(out, ' ');
}

/* Whether the text is read back as that number. */
static bool
is_read_as(const char *text, size_t n, double real)
{
	json_t *read = json_loadb(text, n, JSON_DECODE_ANY, NULL);
	double got = json_real_value(read);
	bool same = json_is_real(read) && got >= real && got <= real;

	json_decref(read);
	return same;
}

/*
 * 15 digits are what a decimal number keeps through a double: 0.1 stays so.
 * 17 are what a double keeps through decimals.
 */
static void
add_real(struct buf *out, const json_t *value)
{
	double real = json_real_value(value);
	char text[64];
	size_t n = 0;

	for (size_t digits = 15; digits <= 17; digits++) {
		n = json_dumpb(value, text, sizeof(text),
		    JSON_ENCODE_ANY | JSON_REAL_PRECISION(digits));
		if (n == 0 || n > sizeof(text) || is_read_as(text, n, real))
			break;
	}
	if (n == 0 || n > sizeof(text))
		out->failed = true;
	else
		buf_add(out, slice_of(text, n));
}

static void
add_array(struct buf *out, const json_t *array, struct json_layout l)
{
	struct json_layout inner = { l.indent, l.depth + 1 };
	const json_t *value;
	size_t i;

	buf_add_char(out, '[');
	json_array_foreach(array, i, value)
	{
		if (i > 0)
			buf_add_char(out, ',');
		add_line(out, inner);
		json_text(out, value, inner);
	}
	if (json_array_size(array) > 0)
		add_line(out, l);
	buf_add_char(out, ']');
}

static void
add_object(struct buf *out, const json_t *object, struct json_layout l)
{
	struct json_layout inner = { l.indent, l.depth + 1 };
	/* Only the iterators' types want it not to be const. */
	json_t *o = (json_t *)(uintptr_t)object;
	void *at = json_object_iter(o);

	buf_add_char(out, '{');
	for (bool first = true; at != NULL; first = false) {
		if (!first)
			buf_add_char(out, ',');
		add_line(out, inner);
		add_string(out, slice_of(json_object_iter_key(at),
				    json_object_iter_key_len(at)));
		buf_add_char(out, ':');
		if (l.indent > 0)
			buf_add_char(out, ' ');
		json_text(out, json_object_iter_value(at), inner);
		at = json_object_iter_next(o, at);
	}
	if (json_object_size(object) > 0)
		add_line(out, l);
	buf_add_char(out, '}');
}

void
json_text(struct buf *out, const json_t *value, struct json_layout l)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		add_object(out, value, l);
		break;
	case JSON_ARRAY:
		add_array(out, value, l);
		break;
	case JSON_STRING:
		add_string(out, slice_of(json_string_value(value),
				    json_string_length(value)));
		break;
	case JSON_INTEGER:
		buf_printf(out, "%" JSON_INTEGER_FORMAT,
		    json_integer_value(value));
		break;
	case JSON_REAL:
		add_real(out, value);
		break;
	case JSON_TRUE:
		buf_add_str(out, "true");
		break;
	case JSON_FALSE:
		buf_add_str(out, "false");
		break;
	case JSON_NULL:
		buf_add_str(out, "null");
		break;
	}
}
