#include "message/received_spf.h"

#include "base/cursor.h"

/*
 * header-field   = "Received-SPF:" [CFWS] result FWS [comment FWS]
 *                  [ key-value-list ] CRLF
 * result         = "pass" / "fail" / "softfail" / "neutral" / "none" /
 *                  "temperror" / "permerror"
 * key-value-list = key-value-pair *( ";" [CFWS] key-value-pair ) [";"]
 * key-value-pair = key [CFWS] "=" ( dot-atom / quoted-string )
 * key            = "client-ip" / "envelope-from" / "helo" / "problem" /
 *                  "receiver" / "identity" / "mechanism" / name
 */
struct parser {
	struct arena *arena;
	struct cursor c;
	struct received_spf *out;
};

static const char *const results[] = { "pass", "fail", "softfail", "neutral",
	"none", "temperror", "permerror",
	/* RFC 4408 9.1 */
	"error", "unknown" };

enum { RESULTS = sizeof(results) / sizeof(results[0]) };

/* A comment with those in it; the first is kept. */
static void
comment_take(struct parser *p)
{
	struct cursor *c = &p->c;
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
	if (depth > 0)
		p->out->malformed = true;
	if (p->out->comment.p == NULL)
		p->out->comment =
		    slice_sub(c->all, start, c->at - start - (depth == 0));
}

/* [CFWS] */
static void
blank_take(struct parser *p)
{
	for (;;) {
		int next = cursor_peek(&p->c);

		if (next == '(')
			comment_take(p);
		else if (next >= 0 && ascii_is_space((unsigned char)next))
			p->c.at++;
		else
			return;
	}
}

static struct slice
word_take(struct cursor *c, const char *stops)
{
	size_t start = c->at, n = strlen(stops);

	while (!cursor_done(c) && !ascii_is_space(c->all.p[c->at]) &&
	       memchr(stops, c->all.p[c->at], n) == NULL)
		c->at++;
	return slice_sub(c->all, start, c->at - start);
}

/* Without backslashes and line ends. */
static struct slice
unescaped(struct arena *a, struct slice s)
{
	unsigned char *text = arena_alloc(a, s.n + 1, 1);
	struct cursor c = cursor_of(s);
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

/* quoted-string; one that is open goes to the end. */
static struct slice
quoted_take(struct parser *p)
{
	struct cursor *c = &p->c;
	size_t start;

	(void)cursor_skip(c, '"');
	start = c->at;
	while (!cursor_done(c) && cursor_peek(c) != '"') {
		if (cursor_u8(c) == '\\' && !cursor_done(c))
			c->at++;
	}
	if (!cursor_skip(c, '"')) {
		p->out->malformed = true;
		return unescaped(p->arena, slice_from(c->all, start));
	}
	return unescaped(p->arena, slice_sub(c->all, start, c->at - 1 - start));
}

static void
pair_keep(struct parser *p, struct slice key, struct slice value)
{
	struct received_spf *out = p->out;

	const struct {
		const char *name;
		struct slice *to;
	} keys[] = {
		{ "client-ip", &out->client_ip },
		{ "envelope-from", &out->envelope_from },
		{ "helo", &out->helo },
		{ "receiver", &out->receiver },
		{ "identity", &out->identity },
		{ "mechanism", &out->mechanism },
		{ "problem", &out->problem },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (slice_eq_nocase(key, slice_str(keys[i].name)) &&
		    keys[i].to->p == NULL)
			*keys[i].to = value;
	}
}

/*
 * One pair.  More than a dot-atom is taken for a value: addresses with colons
 * and mailboxes stand there without quotes.
 */
static void
pair_take(struct parser *p)
{
	struct slice key = word_take(&p->c, "=;("), value;

	blank_take(p);
	if (key.n == 0 || !cursor_skip(&p->c, '=')) {
		p->out->malformed = true;
		/* On, whatever it is. */
		if (key.n == 0 && !cursor_done(&p->c))
			p->c.at++;
		return;
	}
	blank_take(p);
	if (cursor_peek(&p->c) == '"')
		value = quoted_take(p);
	else
		value = word_take(&p->c, ";(");
	pair_keep(p, key, value);
}

static bool
is_result(struct slice word)
{
	for (size_t i = 0; i < RESULTS; i++) {
		if (slice_eq_nocase(word, slice_str(results[i])))
			return true;
	}
	return false;
}

enum rc
received_spf_parse(struct arena *a, struct slice value,
    struct received_spf *out)
{
	struct parser p = { .arena = a, .c = cursor_of(value), .out = out };

	*out = (struct received_spf){ 0 };
	blank_take(&p);
	/* What stands before the result is nobody's explanation of it. */
	out->comment = SLICE_NONE;
	out->result = word_take(&p.c, "(;=");
	if (!is_result(out->result))
		out->malformed = true;
	for (;;) {
		blank_take(&p);
		if (cursor_skip(&p.c, ';'))
			continue;
		if (cursor_done(&p.c) || arena_failed(a))
			break;
		pair_take(&p);
	}
	return arena_failed(a) ? RC_LIMIT : RC_OK;
}
