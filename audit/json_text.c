#include "audit/json_text.h"

#include "base/escape.h"
#include "base/utf8.h"

/* ---- strings ----------------------------------------------------------- */

/* What stands in a string as it is, apart from UTF-8. */
static bool
is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

static void
add_numbered(struct buf *out, uint32_t c)
{
	if (c >= 0x10000) { /* RFC 8259 7: a surrogate pair */
		buf_printf(out, "\\u%04X\\u%04X",
		    (unsigned int)(0xD800 + ((c - 0x10000) >> 10)),
		    (unsigned int)(0xDC00 + (c & 0x3FF)));
		return;
	}
	buf_printf(out, "\\u%04X", (unsigned int)c);
}

/* One code point that is not plain; its octets are one. */
static void
add_special(struct buf *out, uint32_t c, struct slice one)
{
	static const char letters[] = "\"\"\\\\\bb\ff\nn\rr\tt";

	for (const char *l = letters; *l != '\0'; l += 2) {
		if (c == (unsigned char)l[0]) {
			buf_add_char(out, '\\');
			buf_add_char(out, l[1]);
			return;
		}
	}
	if (c == UINT32_MAX)
		add_numbered(out, 0xFFFD);
	else if (escape_is_hidden(c))
		add_numbered(out, c);
	else
		buf_add(out, one);
}

static void
add_string(struct buf *out, struct slice s)
{
	size_t n;

	buf_add_char(out, '"');
	while (s.n > 0) {
		for (n = 0; n < s.n && is_plain(s.p[n]); n++)
			continue;
		buf_add(out, slice_sub(s, 0, n));
		s = slice_from(s, n);
		if (s.n > 0) {
			uint32_t c = utf8_next(s, &n);

			add_special(out, c, slice_sub(s, 0, n));
			s = slice_from(s, n);
		}
	}
	buf_add_char(out, '"');
}

/* ---- values ------------------------------------------------------------ */

static void
add_line(struct buf *out, struct json_layout l)
{
	if (l.indent == 0)
		return;
	buf_add_char(out, '\n');
	for (unsigned int i = 0; i < l.indent * l.depth; i++)
		buf_add_char(out, ' ');
}

static void
add_real(struct buf *out, const json_t *value)
{
	char text[64];
	size_t n = json_dumpb(value, text, sizeof(text), JSON_ENCODE_ANY);

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
		buf_add_str(out, l.indent > 0 ? ": " : ":");
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
