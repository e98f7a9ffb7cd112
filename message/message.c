#include "message/message.h"

#include "base/cursor.h"
#include "base/limits.h"
#include "message/encoded.h"
#include "message/piece.h"

static bool
lines_take(struct pieces *l, struct slice *line)
{
	if (!slice_line(&l->rest, line))
		return false;
	l->line++;
	return true;
}

static bool
is_wsp(const struct slice *s)
{
	return s->n > 0 && (s->p[0] == ' ' || s->p[0] == '\t');
}

/*
 * field     = field-name ":" unstructured CRLF
 * obs-field = field-name *WSP ":" ...              (RFC 5322 4.5)
 * ftext     = %d33-57 / %d59-126                   (RFC 5322 3.6.8)
 */
static bool
field_begins(struct slice line, struct slice *name, size_t *value)
{
	struct cursor c = cursor_of(line);

	while (cursor_peek(&c) > 32 && cursor_peek(&c) < 127 &&
	       cursor_peek(&c) != ':')
		c.at++;
	*name = slice_sub(line, 0, c.at);
	while (cursor_peek(&c) == ' ' || cursor_peek(&c) == '\t')
		c.at++;
	if (name->n == 0 || !cursor_skip(&c, ':'))
		return false;
	*value = c.at;
	return true;
}

enum piece
piece_take(struct pieces *l, struct field *f)
{
	struct slice from = l->rest, line, all;
	size_t value;

	if (!lines_take(l, &line))
		return PIECE_END;
	if (line.n == 0)
		return PIECE_BLANK;
	if (is_wsp(&line) || !field_begins(line, &f->name, &value))
		return PIECE_STRAY;
	f->line = l->line;
	while (is_wsp(&l->rest) && lines_take(l, &line))
		continue;
	f->lines = l->line - f->line + 1;
	all = slice_sub(from, 0, from.n - l->rest.n);
	if (all.n > 0 && all.p[all.n - 1] == '\n')
		all.n--;
	if (all.n > value && all.p[all.n - 1] == '\r')
		all.n--;
	f->value = slice_from(all, value);
	return PIECE_FIELD;
}

/*
 * The "From " line that mailboxes put before a message (RFC 4155).  With a
 * colon next it is a From field with the space of RFC 5322 4.5.
 */
static bool
is_from_line(struct slice octets)
{
	struct slice line, name;
	size_t value;

	return slice_starts(octets, SLICE_LIT("From ")) &&
	       slice_line(&octets, &line) && !field_begins(line, &name, &value);
}

/* One walk over the header; without room for fields it only counts them. */
static size_t
header_walk(struct message *m, struct pieces l, struct field *fields,
    size_t max)
{
	struct slice before;
	struct field f;
	enum piece piece;
	size_t n = 0;

	m->strays = 0;
	for (;;) {
		before = l.rest;
		piece = piece_take(&l, &f);
		if (piece == PIECE_END || piece == PIECE_BLANK)
			break;
		if (piece == PIECE_STRAY)
			m->strays++;
		else if (n == max)
			m->too_many = true;
		else if (fields != NULL)
			fields[n++] = f;
		else
			n++;
	}
	m->header = slice_sub(m->octets, 0, m->octets.n - before.n);
	m->body = SLICE_NONE;
	if (piece == PIECE_BLANK)
		m->body = slice_from(m->octets, m->octets.n - l.rest.n);
	return n;
}

enum rc
message_parse(struct arena *a, struct slice octets, struct message *m)
{
	struct pieces l = { octets, 0 };
	struct field *fields = NULL;
	struct slice line;

	*m = (struct message){ 0 };
	if (is_from_line(octets))
		(void)lines_take(&l, &line);
	m->octets = slice_from(octets, octets.n - l.rest.n);
	m->line = l.line + 1;
	l.rest = m->octets;
	m->n_fields = header_walk(m, l, NULL, LIMIT_HEADER_FIELDS);
	if (m->n_fields > 0) {
		fields = arena_new_of(a, struct field, m->n_fields);
		if (fields == NULL)
			return RC_LIMIT;
		(void)header_walk(m, l, fields, m->n_fields);
	}
	m->fields = fields;
	return RC_OK;
}

const struct field *
message_next(const struct message *m, const char *name,
    const struct field *after)
{
	struct slice want = slice_str(name);
	size_t i = after != NULL ? (size_t)(after - m->fields) + 1 : 0;

	for (; i < m->n_fields; i++) {
		if (slice_eq_nocase(m->fields[i].name, want))
			return &m->fields[i];
	}
	return NULL;
}

const struct field *
message_field(const struct message *m, const char *name, size_t nth)
{
	const struct field *f = message_next(m, name, NULL);

	while (f != NULL && nth-- > 0)
		f = message_next(m, name, f);
	return f;
}

size_t
message_count(const struct message *m, const char *name)
{
	const struct field *f = NULL;
	size_t n = 0;

	while ((f = message_next(m, name, f)) != NULL)
		n++;
	return n;
}

void
message_place(const struct message *m, size_t offset, size_t *line,
    size_t *column)
{
	struct slice before = slice_sub(m->octets, 0, offset), head, tail;

	*line = m->line;
	while (slice_cut(before, '\n', &head, &tail)) {
		before = tail;
		++*line;
	}
	*column = before.n + 1;
}

/* RFC 5322 2.2.3: every CRLF before white space goes, the white space stays. */
struct slice
field_unfolded(struct arena *a, const struct field *f)
{
	struct slice rest = slice_trim(f->value), line;
	unsigned char *p;
	size_t n = 0;

	if (rest.n == 0 || memchr(rest.p, '\n', rest.n) == NULL)
		return rest;
	p = arena_alloc(a, rest.n, 1);
	if (p == NULL)
		return SLICE_NONE;
	while (slice_line(&rest, &line)) {
		if (line.n > 0)
			memcpy(p + n, line.p, line.n);
		n += line.n;
	}
	return slice_of(p, n);
}

struct slice
field_text(struct arena *a, const struct field *f)
{
	struct slice raw = field_unfolded(a, f);
	struct encoded_text t;

	if (encoded_decode(a, raw, &t) != RC_OK)
		return SLICE_NONE;
	return t.text;
}
