#include "rules/literal.h"

enum { NUMBER_DIGITS_MAX = 15 }; /* what a double holds exactly */

static enum rc
read_number(struct compile *c, const struct token *t, struct literal *out)
{
	struct slice s = t->text;
	double value = 0, unit = 1;
	bool fraction = false;

	if (s.n > NUMBER_DIGITS_MAX)
		return compile_fail(c, t->at,
		    SLICE_LIT("the number is too long"));
	for (size_t i = 0; i < s.n; i++) {
		if (ascii_is_digit(s.p[i])) {
			value = value * 10 + (s.p[i] - '0');
			unit = fraction ? unit * 10 : unit;
		}
		fraction = fraction || s.p[i] == '.';
	}
	value /= unit;
	out->kind = LITERAL_NUMBER;
	out->number = s.p[0] == '-' ? -value : value;
	out->text = s;
	return RC_OK;
}

/* Whether the octet at i, inside the quotes, escapes the one behind it. */
static bool
is_escape(struct slice s, size_t i)
{
	return s.p[i] == '\\' && i + 1 < s.n &&
	       (s.p[i + 1] == '"' || s.p[i + 1] == '\\');
}

static enum rc
read_text(struct compile *c, const struct token *t, struct literal *out)
{
	struct slice s = slice_sub(t->text, 1, t->text.n - 2);
	unsigned char *d = arena_new_of(c->arena, unsigned char, s.n + 1);
	size_t n = 0;

	if (d == NULL)
		return RC_NOMEM;
	for (size_t i = 0; i < s.n; i++) {
		if (is_escape(s, i))
			i++;
		d[n++] = s.p[i];
	}
	out->kind = LITERAL_TEXT;
	out->text = slice_of(d, n);
	return RC_OK;
}

bool
literal_is(const struct token *t)
{
	return t->kind == TOKEN_NUMBER || t->kind == TOKEN_TEXT ||
	       (t->kind == TOKEN_WORD &&
		   (slice_eq(t->text, SLICE_LIT("true")) ||
		       slice_eq(t->text, SLICE_LIT("false")) ||
		       slice_eq(t->text, SLICE_LIT("null"))));
}

enum rc
literal_read(struct compile *c, const struct token *t, struct literal *out)
{
	*out = (struct literal){ .kind = LITERAL_NULL, .at = t->at };
	if (t->kind == TOKEN_NUMBER)
		return read_number(c, t, out);
	if (t->kind == TOKEN_TEXT)
		return read_text(c, t, out);
	if (slice_eq(t->text, SLICE_LIT("null")))
		return RC_OK;
	out->kind = LITERAL_BOOL;
	out->truth = slice_eq(t->text, SLICE_LIT("true"));
	return RC_OK;
}

size_t
literal_offset(struct slice quoted, size_t at)
{
	size_t i = 1;

	for (; at > 0 && i + 1 < quoted.n; at--)
		i += is_escape(quoted, i) ? 2 : 1;
	return i;
}
