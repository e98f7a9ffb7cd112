/*
 *  field  = name ":" value EOL *(WSP value EOL)
 *  name   = 1*(%d33-57 / %d59-126)               (RFC 5322 2.2)
 */
#include "bounces/mail_fields.h"

/* Names of fields, of which one at least is in a message's first lines. */
static const char *const usual[] = {
	"return-path",
	"received",
	"delivered-to",
	"x-original-to",
	"from",
	"to",
	"date",
	"subject",
	"message-id",
	"mime-version",
	"content-type",
	"dkim-signature",
	"authentication-results",
};

static bool
is_name(unsigned char c)
{
	return c > ' ' && c < 0x7f && c != ':';
}

/* The name in front of a colon; nothing where it is none. */
static struct slice
name_of(struct slice line, struct slice *value)
{
	size_t n = 0, colon;

	while (n < line.n && is_name(line.p[n]))
		n++;
	/* RFC 5322 4.5: white space before the colon is obsolete. */
	for (colon = n; colon < line.n && line.p[colon] == ' ';)
		colon++;
	if (n == 0 || colon == line.n || line.p[colon] != ':')
		return SLICE_NONE;
	*value = slice_from(line, colon + 1);
	return slice_sub(line, 0, n);
}

static bool
is_fold(struct slice line)
{
	return line.n > 0 && (line.p[0] == ' ' || line.p[0] == '\t');
}

static struct slice *
row_for(const struct field_row *rows, size_t n, struct slice name, void *out)
{
	for (size_t i = 0; i < n; i++) {
		if (rows[i].name.n == name.n &&
		    ascii_lower(rows[i].name.p[0]) == ascii_lower(name.p[0]) &&
		    slice_eq_nocase(rows[i].name, name))
			return (
			    struct slice *)(void *)((char *)out + rows[i].at);
	}
	return NULL;
}

bool
fields_take(struct slice *in, const struct field_row *rows, size_t n, void *out)
{
	struct slice line, name, value, before = *in, *last = NULL;

	for (; slice_line(in, &line); before = *in) {
		if (line.n == 0)
			return true;
		if (is_fold(line)) {
			if (last != NULL)
				*last = slice_span(*last, line);
			continue;
		}
		name = name_of(line, &value);
		if (name.p == NULL) {
			*in = before;
			return false;
		}
		last = row_for(rows, n, name, out);
		if (last != NULL && last->p != NULL)
			last = NULL; /* the first counts */
		else if (last != NULL)
			*last = slice_trim(value);
	}
	return true;
}

void
fields_split(struct slice in, struct slice *header, struct slice *body)
{
	struct slice rest = in, line;

	while (slice_line(&rest, &line) && line.n > 0)
		;
	*header = slice_sub(in, 0, in.n - rest.n);
	*body = rest;
}

static bool
is_usual(struct slice name)
{
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++) {
		if (slice_eq_nocase(slice_str(usual[i]), name))
			return true;
	}
	return false;
}

bool
fields_begin(struct slice head)
{
	struct slice line, name, value;
	bool known = false, first = true;

	bool whole = head.n > 0 && head.p[head.n - 1] == '\n';

	while (slice_line(&head, &line) && line.n > 0) {
		if (is_fold(line) && !first)
			continue;
		/* Of a longer header the last line may be cut. */
		if (head.n == 0 && !first && !whole)
			break;
		name = name_of(line, &value);
		if (name.p == NULL)
			return false;
		known |= is_usual(name);
		first = false;
	}
	return known;
}

struct slice
field_parameter(struct slice value, struct slice name)
{
	struct slice rest = value, out;
	size_t at, end;

	while ((at = slice_find_nocase(rest, name)) != SIZE_MAX) {
		bool alone = at > 0 && (rest.p[at - 1] == ';' ||
					   ascii_is_space(rest.p[at - 1]));

		rest = slice_from(rest, at + name.n);
		out = slice_trim(rest);
		if (!alone || out.n == 0 || out.p[0] != '=')
			continue;
		out = slice_trim(slice_from(out, 1));
		if (out.n > 0 && out.p[0] == '"') {
			(void)slice_cut(slice_from(out, 1), '"', &out, &rest);
			return out;
		}
		for (end = 0; end < out.n && out.p[end] != ';' &&
			      !ascii_is_space(out.p[end]);)
			end++;
		return slice_sub(out, 0, end);
	}
	return SLICE_NONE;
}

/* ---- addresses --------------------------------------------------------- */

/* Of an address without quotes; octets over 127 are of RFC 6531. */
static bool
in_address(unsigned char c)
{
	return c > ' ' && c != 0x7f && strchr("<>()[]:;,\"|", c) == NULL;
}

struct slice
address_take(struct slice s, struct slice *rest)
{
	size_t n = 0, at = 0;
	bool dot = false;

	for (; n < s.n && in_address(s.p[n]); n++) {
		if (s.p[n] == '@')
			at = n;
	}
	while (n > 0 && strchr(".'!?`", s.p[n - 1]) != NULL)
		n--;
	for (size_t i = at + 1; i + 1 < n; i++)
		dot |= s.p[i] == '.';
	/* A local name counts only with a domain of more than one label. */
	if (at == 0 || !dot || !ascii_is_alnum(s.p[n - 1]) ||
	    !ascii_is_alnum(s.p[at + 1]))
		return SLICE_NONE;
	*rest = slice_from(s, n);
	return slice_sub(s, 0, n);
}

struct slice
field_address(struct slice value)
{
	struct slice out, rest;
	size_t at = 0;

	while (at < value.n) {
		if (in_address(value.p[at])) {
			out = address_take(slice_from(value, at), &rest);
			if (out.p != NULL)
				return out;
			while (at < value.n && in_address(value.p[at]))
				at++;
		} else {
			at++;
		}
	}
	return SLICE_NONE;
}
