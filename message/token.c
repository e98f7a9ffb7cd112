#include "message/token.h"

#include "base/limits.h"
#include "base/utf8.h"

/* atext of RFC 5322 3.2.3, ASCII part */
static bool
is_atext(int c)
{
	return c > 0 && c < 128 &&
	       (ascii_is_alnum((unsigned char)c) ||
		   memchr("!#$%&'*+-/=?^_`{|}~", c, 19) != NULL);
}

/* obs-NO-WS-CTL of RFC 5322 4.1 */
static bool
is_obs_control(int c)
{
	return (c > 0 && c < 32 && c != '\t' && c != '\n' && c != '\r') ||
	       c == 127;
}

static bool
fault_at(struct token *t, enum address_fault fault, size_t at)
{
	t->kind = TOKEN_FAULT;
	t->fault = fault;
	t->at = at;
	return false;
}

/*
 * FWS     = ([*WSP CRLF] 1*WSP) / obs-FWS
 * obs-FWS = 1*WSP *(CRLF 1*WSP)
 * A bare LF folds as CRLF does: files have it so.  A line end without white
 * space behind it is wrong.
 */
static bool
line_end_take(struct cursor *c, struct token *t)
{
	size_t at = c->at;

	(void)cursor_skip(c, '\r');
	if (!cursor_skip(c, '\n') ||
	    (cursor_peek(c) != ' ' && cursor_peek(c) != '\t'))
		return fault_at(t, ADDRESS_SYNTAX, at);
	while (cursor_peek(c) == ' ' || cursor_peek(c) == '\t')
		c->at++;
	if (cursor_peek(c) == '\r' || cursor_peek(c) == '\n')
		t->obsolete = true;
	return true;
}

/* quoted-pair = ("\" (VCHAR / WSP)) / obs-qp */
static bool
pair_take(struct cursor *c, struct token *t)
{
	int next;

	c->at++;
	next = cursor_peek(c);
	if (next < 0)
		return fault_at(t, ADDRESS_SYNTAX, c->at - 1);
	if (next < 32 || next == 127)
		t->obsolete = t->obsolete || next != '\t';
	c->at++;
	return true;
}

/*
 * One octet or character of qtext, ctext or dtext, whose own delimiters the
 * caller has looked for.
 */
static bool
text_take(struct cursor *c, struct token *t)
{
	int next = cursor_peek(c);
	size_t n = 1;

	if (next == '\r' || next == '\n')
		return line_end_take(c, t);
	if (next == '\\')
		return pair_take(c, t);
	if (is_obs_control(next))
		t->obsolete = true;
	else if (next == 0 ||
		 (next > 127 &&
		     utf8_next(slice_from(c->all, c->at), &n) == UINT32_MAX))
		return fault_at(t, ADDRESS_SYNTAX, c->at);
	c->at += n;
	return true;
}

/* comment = "(" *([FWS] (ctext / quoted-pair / comment)) [FWS] ")" */
static bool
comment_take(struct cursor *c, struct token *t)
{
	size_t open = c->at, depth = 0;

	do {
		if (cursor_skip(c, '(')) {
			if (++depth > LIMIT_COMMENT_DEPTH)
				return fault_at(t, ADDRESS_TOO_DEEP, c->at - 1);
		} else if (cursor_skip(c, ')')) {
			depth--;
		} else if (cursor_done(c)) {
			return fault_at(t, ADDRESS_UNCLOSED, open);
		} else if (!text_take(c, t)) {
			return false;
		}
	} while (depth > 0);
	return true;
}

/* CFWS; false: t is a fault. */
static bool
blank_take(struct cursor *c, struct token *t)
{
	for (;;) {
		int next = cursor_peek(c);

		if (next == '(') {
			if (!comment_take(c, t))
				return false;
		} else if (next == '\r' || next == '\n') {
			if (!line_end_take(c, t))
				return false;
		} else if (next == ' ' || next == '\t') {
			c->at++;
		} else {
			return true;
		}
		t->blank = true;
	}
}

/* atom without CFWS = 1*atext, with UTF-8 (RFC 6532 3.2) */
static bool
atom_take(struct cursor *c, struct token *t)
{
	size_t n;

	for (;;) {
		int next = cursor_peek(c);

		if (is_atext(next))
			c->at++;
		else if (next > 127 &&
			 utf8_next(slice_from(c->all, c->at), &n) != UINT32_MAX)
			c->at += n;
		else
			break;
	}
	t->kind = TOKEN_ATOM;
	t->text = slice_sub(c->all, t->at, c->at - t->at);
	return c->at > t->at;
}

/* quoted-string and domain-literal without CFWS */
static bool
enclosed_take(struct cursor *c, struct token *t)
{
	bool quoted = cursor_u8(c) == '"';
	unsigned char close = quoted ? '"' : ']';

	while (!cursor_skip(c, close)) {
		if (cursor_done(c))
			return fault_at(t, ADDRESS_UNCLOSED, t->at);
		if (!quoted && cursor_peek(c) == '[')
			return fault_at(t, ADDRESS_SYNTAX, c->at);
		if (!quoted && cursor_peek(c) == '\\')
			t->obsolete = true;
		if (!text_take(c, t))
			return false;
	}
	t->kind = quoted ? TOKEN_QUOTED : TOKEN_LITERAL;
	t->text = slice_sub(c->all, t->at, c->at - t->at);
	if (quoted)
		t->text = slice_sub(t->text, 1, t->text.n - 2);
	return true;
}

/* False: t is a fault. */
static bool
token_take(struct cursor *c, struct token *t)
{
	int next;

	if (!blank_take(c, t))
		return false;
	t->at = c->at;
	next = cursor_peek(c);
	if (next < 0) {
		t->kind = TOKEN_END;
		return true;
	}
	if (next == '"' || next == '[')
		return enclosed_take(c, t);
	if (memchr("<>@,;:.", next, 7) != NULL) {
		t->kind = TOKEN_SPECIAL;
		t->text = cursor_bytes(c, 1);
		return true;
	}
	return atom_take(c, t) || fault_at(t, ADDRESS_SYNTAX, c->at);
}

struct token
token_next(struct cursor *c)
{
	struct token t = { 0 };
	size_t start = c->at;

	if (!token_take(c, &t))
		c->at = start;
	t.end = c->at;
	return t;
}
