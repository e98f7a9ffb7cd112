#include "message/clause.h"

bool
clause_comment(struct cursor *c, struct slice *text)
{
	size_t start = c->at + 1, depth = 0;

	do {
		switch (cursor_u8(c)) {
		case '(':
			depth++;
			break;
		case ')':
			depth--;
			break;
		case '\\':
			if (!cursor_done(c))
				c->at++;
			break;
		}
	} while (depth > 0 && !cursor_done(c));
	*text = slice_sub(c->all, start, c->at - start - (depth == 0));
	return depth == 0;
}

struct slice
clause_word(struct cursor *c, const char *stops)
{
	size_t start = c->at, n = strlen(stops);

	while (!cursor_done(c) && !ascii_is_space(c->all.p[c->at]) &&
	       memchr(stops, c->all.p[c->at], n) == NULL)
		c->at++;
	return slice_sub(c->all, start, c->at - start);
}

struct slice
clause_extent(struct cursor *c, bool *open)
{
	size_t start;

	(void)cursor_skip(c, '"');
	start = c->at;
	while (!cursor_done(c) && cursor_peek(c) != '"') {
		if (cursor_u8(c) == '\\' && !cursor_done(c))
			c->at++;
	}
	if (cursor_skip(c, '"'))
		return slice_sub(c->all, start, c->at - 1 - start);
	*open = true;
	return slice_from(c->all, start);
}

struct slice
clause_quoted(struct arena *a, struct cursor *from, bool *open)
{
	struct cursor c = cursor_of(clause_extent(from, open));
	unsigned char *text = arena_alloc(a, c.all.n + 1, 1);
	size_t n = 0;

	if (text == NULL)
		return SLICE_NONE;
	while (!cursor_done(&c)) {
		uint8_t octet = cursor_u8(&c);

		if (octet == '\\' && !cursor_done(&c))
			octet = cursor_u8(&c);
		if (octet != '\r' && octet != '\n')
			text[n++] = octet;
	}
	return slice_of(text, n);
}
