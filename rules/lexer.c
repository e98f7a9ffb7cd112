/*
 *  word   = path
 *  text   = DQUOTE *(%x00-21 / %x23-5B / %x5D-FF / "\" OCTET) DQUOTE
 *  number = ["-"] 1*DIGIT ["." 1*DIGIT]
 *
 * In a text \" is a quote and \\ a backslash; before anything else a
 * backslash stands for itself, so that patterns read as they are.
 */
#include "rules/lexer.h"

#include "rules/path.h"

static size_t
digits(struct slice s, size_t at)
{
	size_t n = 0;

	while (at + n < s.n && ascii_is_digit(s.p[at + n]))
		n++;
	return n;
}

static size_t
number_length(struct slice s)
{
	size_t at = s.n > 0 && s.p[0] == '-', n = digits(s, at), more;

	if (n == 0)
		return 0;
	at += n;
	if (at < s.n && s.p[at] == '.' && (more = digits(s, at + 1)) > 0)
		at += 1 + more;
	return at;
}

/* With both quotes; 0 when the second is missing. */
static size_t
text_length(struct slice s)
{
	size_t at = 1;

	while (at < s.n && s.p[at] != '"')
		at += s.p[at] == '\\' ? 2 : 1;
	return at < s.n ? at + 1 : 0;
}

/* The longer before what they begin with. */
static const struct {
	const char *text;
	enum token_kind kind;
} signs[] = {
	{ "<=", TOKEN_LE },
	{ ">=", TOKEN_GE },
	{ "==", TOKEN_EQ },
	{ "!=", TOKEN_NE },
	{ "<", TOKEN_LT },
	{ ">", TOKEN_GT },
	{ "(", TOKEN_OPEN },
	{ ")", TOKEN_CLOSE },
	{ "[", TOKEN_OPEN_SET },
	{ "]", TOKEN_CLOSE_SET },
	{ ",", TOKEN_COMMA },
};

static enum token_kind
sign(struct slice s, size_t *n)
{
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		struct slice text = slice_str(signs[i].text);

		*n = text.n;
		if (slice_starts(s, text))
			return signs[i].kind;
	}
	*n = 1;
	return TOKEN_STRANGE;
}

struct token
lexer_next(struct slice text, size_t at)
{
	struct token t;
	size_t n;

	while (at < text.n && ascii_is_space(text.p[at]))
		at++;
	t = (struct token){ TOKEN_END, at, slice_from(text, at) };
	if (t.text.n == 0)
		return t;
	if ((n = path_length(t.text)) > 0) {
		t.kind = TOKEN_WORD;
	} else if ((n = number_length(t.text)) > 0) {
		t.kind = TOKEN_NUMBER;
	} else if (t.text.p[0] == '"') {
		n = text_length(t.text);
		t.kind = n > 0 ? TOKEN_TEXT : TOKEN_UNENDED;
		if (n == 0)
			n = t.text.n;
	} else {
		t.kind = sign(t.text, &n);
	}
	t.text = slice_sub(t.text, 0, n);
	return t;
}
