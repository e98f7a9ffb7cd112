#include "bounces/mail_parts.h"

#include "base/limits.h"
#include "bounces/mail_fields.h"
#include "message/charset.h"
#include "message/transfer.h"

struct part_fields {
	struct slice type, encoding, disposition, received, from;
};

static const struct field_row part_rows[] = {
	FIELD_ROW(struct part_fields, type, "Content-Type"),
	FIELD_ROW(struct part_fields, encoding, "Content-Transfer-Encoding"),
	FIELD_ROW(struct part_fields, disposition, "Content-Disposition"),
	FIELD_ROW(struct part_fields, received, "Received"),
	FIELD_ROW(struct part_fields, from, "From"),
};

static const struct field_row mail_rows[] = {
	FIELD_ROW(struct mail, return_path, "Return-Path"),
	FIELD_ROW(struct mail, from, "From"),
	FIELD_ROW(struct mail, to, "To"),
	FIELD_ROW(struct mail, subject, "Subject"),
	FIELD_ROW(struct mail, date, "Date"),
	FIELD_ROW(struct mail, content_type, "Content-Type"),
	FIELD_ROW(struct mail, content_encoding, "Content-Transfer-Encoding"),
	FIELD_ROW(struct mail, failed_recipients, "X-Failed-Recipients"),
	FIELD_ROW(struct mail, auto_submitted, "Auto-Submitted"),
	FIELD_ROW(struct mail, precedence, "Precedence"),
	FIELD_ROW(struct mail, auto_reply, "X-Autoreply"),
	FIELD_ROW(struct mail, auto_response, "X-Autorespond"),
};

#define ROWS(rows) (sizeof(rows) / sizeof((rows)[0]))

static const struct {
	const char *type;
	enum mail_part_kind kind;
} types[] = {
	{ "message/delivery-status", PART_STATUS },
	{ "message/global-delivery-status", PART_STATUS },
	{ "message/feedback-report", PART_FEEDBACK },
	{ "message/rfc822", PART_ORIGINAL },
	{ "message/global", PART_ORIGINAL },
	{ "message/partial", PART_ORIGINAL },
	{ "text/rfc822", PART_ORIGINAL },
	{ "text/html", PART_HTML },
	{ "application/xml", PART_FILE },
	{ "text/xml", PART_FILE },
	{ "application/gzip", PART_FILE },
	{ "application/x-gzip", PART_FILE },
	{ "application/zip", PART_FILE },
	{ "application/x-zip", PART_FILE },
	{ "application/octet-stream", PART_FILE },
	/* Of any other sort: what is of no use; the prefix comes last. */
	{ "text/plain", PART_TEXT },
	{ "text;", PART_TEXT },
	{ "text/", PART_OTHER },
	{ "image/", PART_OTHER },
	{ "audio/", PART_OTHER },
	{ "video/", PART_OTHER },
	{ "application/", PART_OTHER },
	{ "message/", PART_OTHER },
};

static enum mail_part_kind
kind_of(struct slice type)
{
	for (size_t i = 0; i < ROWS(types); i++) {
		if (slice_starts_nocase(type, slice_str(types[i].type)))
			return types[i].kind;
	}
	return PART_TEXT;
}

static enum mime_encoding
encoding_of(struct slice s)
{
	if (slice_starts_nocase(s, SLICE_LIT("base64")))
		return MIME_BASE64;
	if (slice_starts_nocase(s, SLICE_LIT("quoted-printable")))
		return MIME_QUOTED_PRINTABLE;
	return MIME_7BIT;
}

/* ---- delimiters (RFC 2046 5.1.1) --------------------------------------- */

/*
 * The next line "--boundary": *before is what is in front of it, and *in what
 * is behind.  False: there is none.
 */
static bool
next_delimiter(struct slice *in, struct slice boundary, struct slice *before,
    bool *last)
{
	struct slice rest = *in, line;
	size_t at = 0, found;

	if (rest.p == NULL)
		return false;
	while (
	    (found = slice_find(slice_from(rest, at), boundary)) != SIZE_MAX) {
		at += found;
		line = slice_from(rest, at + boundary.n);
		if (at >= 2 && rest.p[at - 1] == '-' && rest.p[at - 2] == '-' &&
		    (at == 2 || rest.p[at - 3] == '\n') &&
		    (line.n == 0 || ascii_is_space(line.p[0]) ||
			slice_starts(line, SLICE_LIT("--")))) {
			*last = slice_starts(line, SLICE_LIT("--"));
			*before = slice_sub(rest, 0, at - 2);
			*in = line;
			(void)slice_line(in, &line);
			return true;
		}
		at += boundary.n;
	}
	return false;
}

static void split(struct mail *, struct slice body, struct slice boundary,
    size_t depth);

static void
add(struct mail *m, const struct part_fields *f, struct slice body,
    size_t depth)
{
	struct slice boundary = SLICE_NONE;
	struct mail_part *p;

	if (slice_starts_nocase(f->type, SLICE_LIT("multipart/")))
		boundary = field_parameter(f->type, SLICE_LIT("boundary"));
	if (boundary.n > 0 && depth < LIMIT_BOUNCE_DEPTH) {
		split(m, body, boundary, depth + 1);
		return;
	}
	m->parts_cut |= boundary.n > 0 || m->n_parts == LIMIT_BOUNCE_PARTS;
	if (m->n_parts == LIMIT_BOUNCE_PARTS)
		return;
	p = &m->parts[m->n_parts++];
	p->kind = kind_of(f->type);
	p->encoding = encoding_of(f->encoding);
	p->charset = field_parameter(f->type, SLICE_LIT("charset"));
	p->body = body;
}

static void
add_part(struct mail *m, struct slice part, size_t depth)
{
	struct part_fields f = { .type = SLICE_NONE };
	struct slice body = part;

	(void)fields_take(&body, part_rows, ROWS(part_rows), &f);
	/* A message without a header of the part that it is in. */
	if (f.type.p == NULL && (f.received.p != NULL || f.from.p != NULL)) {
		f.type = SLICE_LIT("message/rfc822");
		body = part;
	}
	add(m, &f, body, depth);
}

static void
split(struct mail *m, struct slice body, struct slice boundary, size_t depth)
{
	struct slice part, rest = body;
	size_t n = m->n_parts;
	bool last = false;

	if (!next_delimiter(&rest, boundary, &part, &last)) {
		add_part(m, body, LIMIT_BOUNCE_DEPTH);
		return;
	}
	while (!last && m->n_parts < LIMIT_BOUNCE_PARTS) {
		if (!next_delimiter(&rest, boundary, &part, &last)) {
			part = rest; /* its end is missing */
			last = true;
		}
		add_part(m, part, depth);
	}
	m->parts_cut |= !last;
	if (m->n_parts == n)
		add_part(m, body, LIMIT_BOUNCE_DEPTH);
}

void
mail_parse(struct slice message, struct mail *m)
{
	struct part_fields f = { .type = SLICE_NONE };

	*m = (struct mail){ .n_parts = 0 };
	m->body = message;
	(void)fields_take(&m->body, mail_rows, ROWS(mail_rows), m);
	m->header = slice_sub(message, 0, message.n - m->body.n);
	f.type = m->content_type;
	f.encoding = m->content_encoding;
	add(m, &f, m->body, 0);
}

const struct mail_part *
mail_part(const struct mail *m, enum mail_part_kind kind)
{
	for (size_t i = 0; i < m->n_parts; i++) {
		if (m->parts[i].kind == kind)
			return &m->parts[i];
	}
	return NULL;
}

/* ---- texts ------------------------------------------------------------- */

static struct slice
keep(struct batch *b, const struct buf *text)
{
	struct slice out =
	    text->failed ? SLICE_NONE : arena_copy(b->arena, buf_slice(text));

	b->failed |= out.p == NULL;
	return out;
}

static struct slice
decoded(struct batch *b, const struct mail_part *p, bool *cut)
{
	size_t max =
	    p->kind == PART_STATUS ? LIMIT_BOUNCE_STATUS : LIMIT_BOUNCE_TEXT;
	struct transfer t = { .in = p->body, .max = max };
	struct slice out;
	struct buf text;

	*cut = p->body.n > max;
	if (!transfer_is_coded(p->encoding))
		return slice_sub(p->body, 0, max);
	/* No more of it than can be wanted. */
	t.in = slice_sub(p->body, 0, 4 * max);
	buf_init(&text, 4 * max);
	t.out = &text;
	transfer_decode(&t, p->encoding);
	*cut = t.n > max || t.in.n < p->body.n;
	out = keep(b, &text);
	buf_free(&text);
	return out;
}

/* ISO-2022-JP hides its letters behind escapes. */
static bool
is_ascii(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] >= 0x80 || s.p[i] == 0x1b)
			return false;
	}
	return true;
}

static struct slice
in_utf8(struct batch *b, struct slice charset, struct slice s)
{
	int number = charset.n > 0 ? charset_find(charset) : -1;
	struct charsets open = { .bad_at = 0 };
	struct slice out = s;
	struct buf text;
	bool known = false;

	if (number < 0 || is_ascii(s) ||
	    slice_eq_nocase(charset, SLICE_LIT("utf-8")))
		return s;
	buf_init(&text, 4 * (size_t)LIMIT_BOUNCE_TEXT);
	(void)charset_to_utf8(&open, number, s, &text, &known);
	if (known)
		out = keep(b, &text);
	charsets_close(&open);
	buf_free(&text);
	return out;
}

/* How much a tag takes, and what stands for it; 0: to the end. */
static size_t
take_tag(struct slice s, unsigned char *octet)
{
	size_t end = slice_find(s, SLICE_LIT(">"));

	/* A style sheet is no text. */
	if (slice_starts_nocase(s, SLICE_LIT("<style")))
		end = slice_find_nocase(s, SLICE_LIT("</style>"));
	*octet = slice_starts_nocase(s, SLICE_LIT("<b>")) ||
			 slice_starts(s, SLICE_LIT("</"))
		     ? ' '
		     : '\n';
	return end != SIZE_MAX ? end + 1 : 0;
}

/* A tag, a reference or an octet. */
static size_t
take_html(struct slice s, unsigned char *octet)
{
	static const struct {
		const char *name;
		unsigned char octet;
	} references[] = { { "&lt;", '<' }, { "&gt;", '>' }, { "&nbsp;", ' ' },
		{ "&amp;", '&' } };

	*octet = s.p[0];
	if (s.p[0] == '<')
		return take_tag(s, octet);
	for (size_t i = 0;
	     s.p[0] == '&' && i < sizeof(references) / sizeof(*references);
	     i++) {
		struct slice name = slice_str(references[i].name);

		if (slice_starts(s, name)) {
			*octet = references[i].octet;
			return name.n;
		}
	}
	return 1;
}

/* What is between the tags, of which most end a line. */
static struct slice
without_tags(struct batch *b, struct slice s)
{
	unsigned char *out;
	size_t n = 0, at = 0, took = 1;

	if (s.n == 0 || s.p == NULL)
		return s;
	out = arena_alloc(b->arena, s.n, 1);
	b->failed |= out == NULL;
	while (out != NULL && took > 0 && at < s.n) {
		took = take_html(slice_from(s, at), &out[n]);
		at += took;
		n += took > 0;
	}
	return slice_of(out, n);
}

struct slice
mail_text(struct batch *b, const struct mail_part *p, bool *cut)
{
	struct slice s = decoded(b, p, cut);

	if (p->kind == PART_TEXT || p->kind == PART_HTML)
		s = in_utf8(b, p->charset, s);
	return p->kind == PART_HTML ? without_tags(b, s) : s;
}
