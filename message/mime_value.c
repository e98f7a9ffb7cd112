#include "message/mime_value.h"

#include "base/buf.h"
#include "base/cursor.h"
#include "message/charset.h"
#include "message/encoded.h"
#include "message/octets.h"

static void
fault(struct mime_value *v, enum mime_fault kind, size_t at)
{
	struct mime_faults *f = &v->faults[kind];

	if (f->count++ == 0)
		f->at = at;
}

/* ---- tokens ------------------------------------------------------------ */

/*
 * token     = 1*<any (US-ASCII) CHAR except SPACE, CTLs, or tspecials>
 * tspecials = "(" / ")" / "<" / ">" / "@" / "," / ";" / ":" / "\" / <"> /
 *             "/" / "[" / "]" / "?" / "="                  (RFC 2045 5.1)
 */
static bool
is_token(unsigned char c)
{
	return c > 32 && c < 127 && memchr("()<>@,;:\\\"/[]?=", c, 15) == NULL;
}

static bool
is_blank(int c)
{
	return c >= 0 && ascii_is_space((unsigned char)c);
}

/* comment of RFC 5322 3.2.2; without its end it is all the rest. */
static void
comment_take(struct mime_value *v, struct cursor *c)
{
	size_t open = c->at, depth = 0;

	while (!cursor_done(c)) {
		uint8_t ch = cursor_u8(c);

		if (ch == '(')
			depth++;
		else if (ch == ')' && --depth == 0)
			return;
		else if (ch == '\\' && !cursor_done(c))
			c->at++;
	}
	fault(v, MIME_FAULT_UNCLOSED, open);
}

/* [CFWS] */
static void
blank_take(struct mime_value *v, struct cursor *c)
{
	for (;;) {
		if (cursor_peek(c) == '(')
			comment_take(v, c);
		else if (is_blank(cursor_peek(c)))
			c->at++;
		else
			return;
	}
}

/* All up to a blank, a comment, a ";" or one of two more. */
static struct slice
word_take(struct cursor *c, char stop, char other)
{
	size_t start = c->at;

	for (;; c->at++) {
		int next = cursor_peek(c);

		if (next < 0 || next == ';' || next == '(' || next == stop ||
		    next == other || is_blank(next))
			break;
	}
	return slice_sub(c->all, start, c->at - start);
}

static bool
all_token(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (!is_token(s.p[i]))
			return false;
	}
	return s.n > 0;
}

/* ---- parameters -------------------------------------------------------- */

/* quoted-string of RFC 5322 3.2.4; without its end it is all the rest. */
static struct slice
quoted_take(struct mime_value *v, struct cursor *c)
{
	size_t open = c->at, start = ++c->at;

	for (; !cursor_done(c); c->at++) {
		if (cursor_peek(c) == '"') {
			c->at++;
			return slice_sub(c->all, start, c->at - 1 - start);
		}
		if (cursor_peek(c) == '\\' && cursor_left(c) > 1)
			c->at++;
	}
	fault(v, MIME_FAULT_UNCLOSED, open);
	return slice_from(c->all, start);
}

/* A parameter begins here: a name and "=". */
static bool
at_parameter(struct cursor c)
{
	size_t start = c.at;

	while (cursor_peek(&c) >= 0 && is_token(c.all.p[c.at]))
		c.at++;
	if (c.at == start)
		return false;
	while (is_blank(cursor_peek(&c)))
		c.at++;
	return cursor_peek(&c) == '=';
}

/*
 * A value without quotes.  What must not stand there without them is let
 * through, and white space too when what follows is not the next parameter:
 * "name=My file.pdf".
 */
static struct slice
bare_take(struct mime_value *v, struct cursor *c)
{
	size_t start = c->at, end;

	for (;;) {
		(void)word_take(c, ';', ';');
		end = c->at;
		while (is_blank(cursor_peek(c)))
			c->at++;
		if (cursor_done(c) || cursor_peek(c) == ';' ||
		    cursor_peek(c) == '(' || at_parameter(*c))
			break;
	}
	if (end > start && !all_token(slice_sub(c->all, start, end - start)))
		fault(v, MIME_FAULT_UNQUOTED, start);
	return slice_sub(c->all, start, end - start);
}

/*
 * attribute ["*" section] ["*"]
 * section = "0" / (("1" / ... / "9") *DIGIT)               (RFC 2231 7)
 */
static void
name_split(struct mime_value *v, struct mime_parameter *p)
{
	struct slice section;
	uint64_t number;

	p->section = -1;
	if (!slice_cut(p->name, '*', &p->name, &section))
		return;
	if (section.n == 0 || section.p[section.n - 1] == '*')
		p->extended = true;
	if (section.n > 0 && p->extended)
		section.n--;
	if (section.n == 0)
		return;
	if (slice_number(section, 9999, &number))
		p->section = (int)number;
	else
		fault(v, MIME_FAULT_EXTENDED, p->at);
}

static void
parameter_add(struct mime_value *v, struct mime_parameter *p)
{
	if (v->n == LIMIT_MIME_PARAMETERS) {
		fault(v, MIME_FAULT_LIMIT, p->at);
		return;
	}
	name_split(v, p);
	if (octets_8bit(p->name) < p->name.n || octets_8bit(p->raw) < p->raw.n)
		fault(v, MIME_FAULT_8BIT, p->at);
	for (size_t i = 0; i < v->n; i++) {
		const struct mime_parameter *q = &v->parameters[i];

		if (q->section != p->section || q->extended != p->extended ||
		    !slice_eq_nocase(q->name, p->name))
			continue;
		fault(v, MIME_FAULT_TWICE, p->at);
		return;
	}
	v->parameters[v->n++] = *p;
}

/*
 * parameter := attribute "=" value
 * value     := token / quoted-string
 */
static void
parameter_take(struct mime_value *v, struct cursor *c)
{
	struct mime_parameter p = { .at = c->at };

	p.name = word_take(c, '=', '"');
	blank_take(v, c);
	if (!cursor_skip(c, '=')) {
		fault(v, MIME_FAULT_SYNTAX, p.at);
		if (cursor_peek(c) == '"')
			(void)quoted_take(v, c);
		return;
	}
	blank_take(v, c);
	p.quoted = cursor_peek(c) == '"';
	if (p.quoted)
		p.raw = quoted_take(v, c);
	else
		p.raw = bare_take(v, c);
	if (p.name.n == 0 || (p.raw.n == 0 && !p.quoted))
		fault(v, MIME_FAULT_SYNTAX, p.at);
	else
		parameter_add(v, &p);
}

/* *(";" parameter); a ";" too many is let pass, one that is missing is not. */
static void
parameters_take(struct mime_value *v, struct cursor *c)
{
	bool apart;

	for (;;) {
		apart = false;
		blank_take(v, c);
		while (cursor_skip(c, ';')) {
			apart = true;
			blank_take(v, c);
		}
		if (cursor_done(c))
			return;
		if (!apart)
			fault(v, MIME_FAULT_SYNTAX, c->at);
		parameter_take(v, c);
	}
}

/*
 * content     := type "/" subtype *(";" parameter)         (RFC 2045 5.1)
 * disposition := disposition-type *(";" parameter)         (RFC 2183 2)
 */
void
mime_value_parse(struct slice s, bool subtype, struct mime_value *v)
{
	struct cursor c = cursor_of(s);
	size_t at;

	*v = (struct mime_value){ 0 };
	blank_take(v, &c);
	at = c.at;
	v->type = word_take(&c, subtype ? '/' : ';', '=');
	blank_take(v, &c);
	if (subtype && cursor_skip(&c, '/')) {
		blank_take(v, &c);
		v->subtype = word_take(&c, '=', '=');
	}
	if (v->type.n == 0 || (subtype && v->subtype.n == 0) ||
	    cursor_peek(&c) == '=') {
		fault(v, MIME_FAULT_TYPE, at);
		v->type = v->subtype = SLICE_NONE;
		(void)word_take(&c, ';', ';');
	} else if (!all_token(v->type) || (subtype && !all_token(v->subtype))) {
		fault(v, MIME_FAULT_SYNTAX, at);
	}
	parameters_take(v, &c);
}

/* ---- what a parameter says --------------------------------------------- */

struct saying {
	struct mime_value *value;
	struct buf octets; /* of the sections so far */
	struct slice charset;
	bool extended; /* one of the sections is */
};

/* Unfolded (RFC 5322 2.2.3), quoted pairs undone. */
static void
plain_add(struct saying *s, const struct mime_parameter *p)
{
	for (size_t i = 0; i < p->raw.n; i++) {
		unsigned char c = p->raw.p[i];

		if (c == '\r' || c == '\n')
			continue;
		if (c == '\\' && p->quoted && i + 1 < p->raw.n)
			c = p->raw.p[++i];
		buf_add_char(&s->octets, (char)c);
	}
}

/*
 * extended-initial-value := [charset] "'" [language] "'" extended-other-values
 * extended-other-values  := *(ext-octet / attribute-char)
 * ext-octet              := "%" 2(DIGIT / "A" / ... / "F")  (RFC 2231 7)
 */
static void
extended_add(struct saying *s, const struct mime_parameter *p)
{
	struct slice rest = p->raw, charset, after, language;
	int high, low;

	if (p->section <= 0) {
		if (slice_cut(rest, '\'', &charset, &after) &&
		    slice_cut(after, '\'', &language, &rest))
			s->charset = charset;
		else
			fault(s->value, MIME_FAULT_EXTENDED, p->at);
	}
	for (size_t i = 0; i < rest.n; i++) {
		if (rest.p[i] == '\r' || rest.p[i] == '\n')
			continue;
		high = i + 2 < rest.n ? ascii_hex(rest.p[i + 1]) : -1;
		low = high >= 0 ? ascii_hex(rest.p[i + 2]) : -1;
		if (rest.p[i] != '%' || low < 0) {
			if (rest.p[i] == '%')
				fault(s->value, MIME_FAULT_EXTENDED, p->at);
			buf_add_char(&s->octets, (char)rest.p[i]);
			continue;
		}
		buf_add_char(&s->octets, (char)(high << 4 | low));
		i += 2;
	}
	s->extended = true;
}

static void
section_add(struct saying *s, const struct mime_parameter *p)
{
	if (p->extended)
		extended_add(s, p);
	else
		plain_add(s, p);
}

/* The parameter of that name with the lowest section over one; or NULL. */
static const struct mime_parameter *
next_section(const struct mime_value *v, struct slice name, int over)
{
	const struct mime_parameter *best = NULL;

	for (size_t i = 0; i < v->n; i++) {
		const struct mime_parameter *p = &v->parameters[i];

		if (p->section > over && slice_eq_nocase(p->name, name) &&
		    (best == NULL || p->section < best->section))
			best = p;
	}
	return best;
}

/* The one without sections; extended is better (RFC 6266 4.3 has it so). */
static const struct mime_parameter *
whole(const struct mime_value *v, struct slice name)
{
	const struct mime_parameter *found = NULL;

	for (size_t i = 0; i < v->n; i++) {
		const struct mime_parameter *p = &v->parameters[i];

		if (p->section < 0 && slice_eq_nocase(p->name, name) &&
		    (found == NULL || p->extended))
			found = p;
	}
	return found;
}

static bool
sections_add(struct saying *s, struct slice name)
{
	const struct mime_parameter *p;
	int last = -1;

	while ((p = next_section(s->value, name, last)) != NULL) {
		if (p->section != last + 1)
			fault(s->value, MIME_FAULT_EXTENDED, p->at);
		last = p->section;
		section_add(s, p);
	}
	return last >= 0;
}

/* Octets of the charset that the first section names, as UTF-8. */
static struct slice
converted(struct arena *a, struct saying *s, size_t at)
{
	struct charsets sets = { 0 };
	struct slice out;
	struct buf utf8;
	bool known = false;
	int set = charset_find(s->charset);

	buf_init(&utf8, 4 * LIMIT_MIME_PARAMETER);
	if (set >= 0 && charset_to_utf8(&sets, set, buf_slice(&s->octets),
			    &utf8, &known) > 0)
		fault(s->value, MIME_FAULT_EXTENDED, at);
	if (!known && s->charset.n > 0)
		fault(s->value, MIME_FAULT_EXTENDED, at);
	out = arena_copy(a, buf_slice(known ? &utf8 : &s->octets));
	charsets_close(&sets);
	buf_free(&utf8);
	return out;
}

static struct slice
words_decoded(struct arena *a, struct mime_value *v, struct slice s, size_t at)
{
	struct encoded_text t;

	if (slice_find(s, SLICE_LIT("=?")) == SIZE_MAX)
		return s;
	if (encoded_decode(a, s, &t) != RC_OK)
		return SLICE_NONE;
	if (t.words + t.malformed + t.unknown > 0)
		fault(v, MIME_FAULT_WORD, at);
	return t.text;
}

/* It says what it says as it stands. */
static bool
is_plain(const struct mime_parameter *p)
{
	return !p->extended && p->section < 0 &&
	       p->raw.n <= LIMIT_MIME_PARAMETER &&
	       (p->raw.n == 0 || (memchr(p->raw.p, '\\', p->raw.n) == NULL &&
				     memchr(p->raw.p, '\n', p->raw.n) == NULL));
}

static struct slice
said(struct arena *a, struct saying *s, const struct mime_parameter *p)
{
	struct slice out;

	buf_init(&s->octets, LIMIT_MIME_PARAMETER);
	if (p->section < 0 || !sections_add(s, p->name))
		section_add(s, p);
	if (s->octets.failed)
		fault(s->value, MIME_FAULT_LIMIT, p->at);
	if (s->extended)
		out = converted(a, s, p->at);
	else
		out = arena_copy(a, buf_slice(&s->octets));
	buf_free(&s->octets);
	return out;
}

struct slice
mime_value_get(struct arena *a, struct mime_value *v, const char *name,
    bool words)
{
	const struct mime_parameter *p = whole(v, slice_str(name));
	struct saying s = { .value = v };
	struct slice out;

	if (p == NULL)
		p = next_section(v, slice_str(name), -1);
	if (p == NULL)
		return SLICE_NONE;
	out = is_plain(p) ? p->raw : said(a, &s, p);
	return words && !s.extended ? words_decoded(a, v, out, p->at) : out;
}
