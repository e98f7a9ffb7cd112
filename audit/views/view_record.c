#include "audit/views/view_parts.h"

/* RFC 1035 3.3: a character-string holds at most 255 octets. */
enum { STRING_OCTETS = 255 };

static struct slice
member(const json_t *o, const char *key)
{
	const json_t *value = json_object_get(o, key);

	return slice_of(json_string_value(value), json_string_length(value));
}

/* Where an octet stands, and so what has a meaning there. */
enum place { IN_QUOTES, IN_ZONE, IN_HEADER };

static bool
has_meaning(unsigned char c, enum place place)
{
	switch (place) {
	case IN_QUOTES:
		return c == '"' || c == '\\';
	case IN_ZONE: /* a backslash is there as part of an escape */
		return c == '"' || c == ';' || c == '(' || c == ')';
	case IN_HEADER:
		break;
	}
	return false;
}

/* RFC 1035 5.1: \DDD is the octet of that number, \X is X itself. */
static void
add_octets(struct buf *b, struct slice s, enum place place)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = s.p[i];

		if (c < 0x20 || c >= 0x7F)
			buf_printf(b, "\\%03u", (unsigned int)c);
		else if (has_meaning(c, place))
			buf_printf(b, "\\%c", c);
		else
			buf_add_char(b, (char)c);
	}
}

static void
add_strings(struct buf *b, struct slice value)
{
	struct slice part;

	do {
		part = slice_sub(value, 0, STRING_OCTETS);
		buf_add_str(b, " \"");
		add_octets(b, part, IN_QUOTES);
		buf_add_char(b, '"');
		value = slice_from(value, part.n);
	} while (value.n > 0);
}

void
record_print(struct buf *b, const json_t *record)
{
	struct slice name = member(record, "name");
	struct slice type = member(record, "type");
	struct slice value = member(record, "value");

	if (slice_eq(type, SLICE_LIT("header"))) {
		add_octets(b, name, IN_HEADER);
		buf_add_str(b, ": ");
		add_octets(b, value, IN_HEADER);
		return;
	}
	add_octets(b, name, IN_ZONE);
	buf_add_str(b, " IN ");
	add_octets(b, type, IN_ZONE);
	if (slice_eq_nocase(type, SLICE_LIT("TXT"))) {
		add_strings(b, value);
	} else {
		buf_add_char(b, ' ');
		add_octets(b, value, IN_ZONE);
	}
}
