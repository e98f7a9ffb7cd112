#include "message/encoded.h"

#include "base/buf.h"
#include "base/cursor.h"
#include "message/charset.h"

/* What a "=?" turns out to be. */
enum word_kind {
	WORD_NONE, /* not even the beginning of one */
	WORD_MALFORMED,
	WORD_UNKNOWN,
	WORD_FINE,
};

struct word {
	int charset;
	struct slice name; /* of the charset */
	bool base64;
	struct slice text;
	size_t end; /* offset behind its "?=" */
};

/* Neighbouring words of one charset. */
struct run {
	int charset;
	size_t words; /* none: there is no run */
	size_t start, end;
	struct buf octets;
};

struct decoder {
	struct slice in;
	size_t done; /* up to here is in out */
	struct buf out;
	struct run run;
	struct charsets charsets;
	struct encoded_text *text;
};

/* token of RFC 2047 2: no space, no controls, no especials */
static bool
is_token(int c)
{
	return c > 32 && c < 127 && memchr("()<>@,;:\\\"/[]?.=", c, 16) == NULL;
}

/* encoded-text = 1*<any printable ASCII but "?" and SPACE> */
static bool
is_encoded_text(int c)
{
	return c > 32 && c < 127 && c != '?';
}

static struct slice
take_while(struct cursor *c, bool (*is)(int))
{
	size_t start = c->at;

	while (is(cursor_peek(c)))
		c->at++;
	return slice_sub(c->all, start, c->at - start);
}

static bool
base64_is(int c)
{
	return c == '+' || c == '/' ||
	       (c >= 0 && ascii_is_alnum((unsigned char)c));
}

static unsigned int
base64_value(unsigned char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26U;
	if (ascii_is_digit(c))
		return c - '0' + 52U;
	return c == '+' ? 62 : 63;
}

/* RFC 4648 4 without line breaks; padding may be missing. */
static bool
base64_add(struct slice s, struct buf *out)
{
	struct cursor c = cursor_of(s);
	struct slice digits = take_while(&c, base64_is);
	unsigned int bits = 0, have = 0;

	for (int i = 0; i < 2 && cursor_skip(&c, '='); i++)
		continue;
	if (!cursor_done(&c) || digits.n % 4 == 1)
		return false;
	for (size_t i = 0; i < digits.n; i++) {
		bits = (bits << 6 | base64_value(digits.p[i])) & 0xffffff;
		have += 6;
		if (have >= 8) {
			have -= 8;
			buf_add_char(out, (char)(bits >> have & 0xff));
		}
	}
	return true;
}

/* RFC 2047 4.2; hexadecimal digits in lower case are let through. */
static bool
q_add(struct slice s, struct buf *out)
{
	struct cursor c = cursor_of(s);
	int high, low;
	uint8_t ch;

	while (!cursor_done(&c)) {
		ch = cursor_u8(&c);
		if (ch == '=') {
			high = ascii_hex(cursor_u8(&c));
			low = ascii_hex(cursor_u8(&c));
			if (c.failed || high < 0 || low < 0)
				return false;
			ch = (uint8_t)(high << 4 | low);
		} else if (ch == '_') {
			ch = ' ';
		}
		buf_add_char(out, (char)ch);
	}
	return !c.failed;
}

static bool
text_add(const struct word *w, struct buf *out)
{
	size_t before = out->n;

	if (w->base64 ? base64_add(w->text, out) : q_add(w->text, out))
		return true;
	out->n = before;
	return false;
}

/*
 * encoded-word = "=?" charset ["*" language] "?" encoding "?" encoded-text
 *                "?="                         (RFC 2047 2, RFC 2231 5)
 * An empty encoded-text is let through.
 */
static enum word_kind
word_parse(struct slice in, size_t at, struct word *w)
{
	struct cursor c = cursor_at(in, at + 2);
	struct slice charset = take_while(&c, is_token), name, language;
	unsigned char encoding;

	if (charset.n == 0 || !cursor_skip(&c, '?'))
		return WORD_NONE;
	encoding = ascii_lower(cursor_u8(&c));
	if ((encoding != 'b' && encoding != 'q') || !cursor_skip(&c, '?'))
		return WORD_NONE;
	w->base64 = encoding == 'b';
	w->text = take_while(&c, is_encoded_text);
	if (!cursor_skip(&c, '?') || !cursor_skip(&c, '='))
		return WORD_MALFORMED;
	w->end = c.at;
	(void)slice_cut(charset, '*', &name, &language);
	if (name.n == 0)
		return WORD_MALFORMED;
	w->name = name;
	w->charset = charset_find(name);
	return w->charset < 0 ? WORD_UNKNOWN : WORD_FINE;
}

static bool
is_blank(struct slice s)
{
	return slice_trim(s).n == 0;
}

/* RFC 2047 5: what may stand at either side of a word. */
static bool
sets_off(struct slice in, size_t at)
{
	return at >= in.n || ascii_is_space(in.p[at]) || in.p[at] == '(' ||
	       in.p[at] == ')';
}

/* False when its words had to be left as they are. */
static bool
run_close(struct decoder *d)
{
	struct run *r = &d->run;
	bool known;
	size_t bad;

	if (r->words == 0)
		return true;
	bad = charset_to_utf8(&d->charsets, r->charset, buf_slice(&r->octets),
	    &d->out, &known);
	if (bad > 0)
		d->text->bad_octets = true;
	if (known) {
		d->text->words += r->words;
	} else {
		buf_add(&d->out, slice_sub(d->in, r->start, r->end - r->start));
		d->text->unknown += r->words;
	}
	d->done = r->end;
	r->words = 0;
	r->octets.n = 0;
	return known;
}

static void
word_add(struct decoder *d, size_t at, const struct word *w)
{
	struct run *r = &d->run;
	struct slice between = slice_sub(d->in, r->end, at - r->end);
	bool beside = r->words > 0 && is_blank(between);

	if (!beside || r->charset != w->charset) {
		if (!run_close(d) || !beside)
			buf_add(&d->out,
			    slice_sub(d->in, d->done, at - d->done));
		r->start = at;
		r->charset = w->charset;
	}
	if (!sets_off(d->in, w->end) || (at > 0 && !sets_off(d->in, at - 1)))
		d->text->loose = true;
	r->words++;
	r->end = w->end;
}

/* Takes what stands at a "=?"; returns where to go on. */
static size_t
word_take(struct decoder *d, size_t at)
{
	struct encoded_text *t = d->text;
	struct word w = { 0 };
	struct buf *octets = &d->run.octets;
	size_t before;

	switch (word_parse(d->in, at, &w)) {
	case WORD_NONE:
		return at + 2;
	case WORD_MALFORMED:
		t->malformed++;
		return at + 2;
	case WORD_UNKNOWN:
		t->unknown++;
		return w.end;
	case WORD_FINE:
		break;
	}
	/* Tried behind the run's octets first: word_add() may empty them. */
	before = octets->n;
	if (!text_add(&w, octets)) {
		t->malformed++;
		return w.end;
	}
	octets->n = before;
	word_add(d, at, &w);
	(void)text_add(&w, octets);
	return w.end;
}

static enum rc
decoder_finish(struct decoder *d, struct arena *a)
{
	(void)run_close(d);
	buf_add(&d->out, slice_from(d->in, d->done));
	if (d->out.failed || d->run.octets.failed)
		return RC_NOMEM;
	d->text->text = arena_copy(a, buf_slice(&d->out));
	return d->text->text.p != NULL ? RC_OK : RC_LIMIT;
}

enum rc
encoded_decode(struct arena *a, struct slice in, struct encoded_text *out)
{
	struct decoder d = { .in = in, .text = out };
	size_t at = 0, next;
	enum rc rc;

	*out = (struct encoded_text){ .text = in };
	if (arena_failed(a))
		return RC_LIMIT;
	if (slice_find(in, SLICE_LIT("=?")) == SIZE_MAX)
		return RC_OK;
	/* The most that one octet becomes: U+FFFD, three of them. */
	buf_init(&d.out, in.n * 4 + 64);
	buf_init(&d.run.octets, in.n);
	while ((next = slice_find(slice_from(in, at), SLICE_LIT("=?"))) !=
	       SIZE_MAX)
		at = word_take(&d, at + next);
	rc = decoder_finish(&d, a);
	buf_free(&d.out);
	buf_free(&d.run.octets);
	charsets_close(&d.charsets);
	return rc;
}

static bool
decodes(const struct word *w)
{
	struct buf b;
	bool fine;

	buf_init(&b, w->text.n);
	fine = text_add(w, &b);
	buf_free(&b);
	return fine;
}

static enum encoded_kind
kind_of(enum word_kind kind, const struct word *w)
{
	if (kind == WORD_MALFORMED || !decodes(w))
		return ENCODED_MALFORMED;
	return kind == WORD_UNKNOWN ? ENCODED_UNKNOWN : ENCODED_FINE;
}

bool
encoded_next(struct slice in, size_t from, struct encoded_word *out)
{
	struct word w = { 0 };
	enum word_kind kind;
	size_t at;

	for (;; from = at + 2) {
		at = slice_find(slice_from(in, from), SLICE_LIT("=?"));
		if (at == SIZE_MAX)
			return false;
		at += from;
		kind = word_parse(in, at, &w);
		if (kind != WORD_NONE)
			break;
	}
	if (kind == WORD_MALFORMED)
		w.end = at + 2;
	*out = (struct encoded_word){ kind_of(kind, &w), at, w.end - at, w.name,
		w.text, w.base64,
		!sets_off(in, w.end) || (at > 0 && !sets_off(in, at - 1)) };
	return true;
}
