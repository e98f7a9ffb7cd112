#include "message/transfer.h"

#include "message/octets.h"

enum { LINE_MAX_CODED = 76 }; /* RFC 2045 6.7 (5), 6.8 */

static void
fault(struct transfer *t, enum transfer_fault kind, size_t at)
{
	if (t->faults[kind].count++ == 0)
		t->faults[kind].at = at;
}

/* What comes out, and from which offset. */
static void
emit(struct transfer *t, struct slice s, size_t at)
{
	if (t->wanted - t->n < s.n)
		t->wanted_at = at + (t->wanted - t->n);
	if (t->out != NULL && t->n < t->max)
		buf_add(t->out, slice_sub(s, 0, t->max - t->n));
	t->n += s.n;
}

/* A line of the input; end is what ends it. */
struct coded_line {
	struct slice text;
	struct slice end;
	size_t at; /* offset */
};

static bool
line_take(struct slice *rest, struct coded_line *l)
{
	struct slice before = *rest;

	l->at += l->text.n + l->end.n;
	if (!slice_line(rest, &l->text))
		return false;
	l->end = slice_sub(before, l->text.n, before.n - rest->n - l->text.n);
	return true;
}

/* ---- quoted-printable -------------------------------------------------- */

/* hex-octet := "=" 2(DIGIT / "A" / ... / "F"); lower case is let through. */
static size_t
escape_take(struct transfer *t, struct slice text, size_t i, size_t at)
{
	int high = i + 2 < text.n ? ascii_hex(text.p[i + 1]) : -1;
	int low = high >= 0 ? ascii_hex(text.p[i + 2]) : -1;
	unsigned char octet = '=';

	if (low < 0) {
		fault(t, QP_ESCAPE, at + i);
		emit(t, slice_of(&octet, 1), at + i);
		return i + 1;
	}
	octet = (unsigned char)(high << 4 | low);
	emit(t, slice_of(&octet, 1), at + i);
	return i + 3;
}

/* A line without its end: literal runs and escapes in turn. */
static void
qp_text(struct transfer *t, struct slice text, size_t at)
{
	size_t i = 0;

	while (i < text.n) {
		struct slice run, after;

		if (!slice_cut(slice_from(text, i), '=', &run, &after)) {
			emit(t, run, at + i);
			return;
		}
		emit(t, run, at + i);
		i = escape_take(t, text, i + run.n, at);
	}
}

static struct slice
without_blanks(struct slice s)
{
	while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
		s.n--;
	return s;
}

/*
 * qp-line         := *(qp-segment transport-padding CRLF)
 *                    qp-part transport-padding
 * qp-segment      := qp-section *(SPACE / TAB) "="         (RFC 2045 6.7)
 * White space at the end of a line was added on the way, and goes (rule 3).
 */
static void
qp_line(struct transfer *t, const struct coded_line *l, bool last)
{
	struct slice text = without_blanks(l->text);
	bool soft = text.n > 0 && text.p[text.n - 1] == '=';

	if (l->text.n > LINE_MAX_CODED)
		fault(t, QP_LONG, l->at + LINE_MAX_CODED);
	if (soft) {
		qp_text(t, slice_sub(text, 0, text.n - 1), l->at);
		if (last)
			fault(t, QP_SOFT_END, l->at + text.n - 1);
		return;
	}
	if (text.n < l->text.n)
		fault(t, QP_SPACE, l->at + text.n);
	qp_text(t, text, l->at);
	emit(t, l->end, l->at + l->text.n);
}

static void
qp_decode(struct transfer *t)
{
	struct coded_line l = { 0 };
	struct slice rest = t->in;
	size_t high = octets_8bit(t->in);

	if (high < t->in.n)
		fault(t, QP_8BIT, high);
	while (line_take(&rest, &l))
		qp_line(t, &l, rest.n == 0);
}

/* ---- base64 ------------------------------------------------------------ */

/* The value of a digit, plus one; RFC 4648 table 1. */
static const unsigned char digits[256] = {
	['A'] = 1,
	['B'] = 2,
	['C'] = 3,
	['D'] = 4,
	['E'] = 5,
	['F'] = 6,
	['G'] = 7,
	['H'] = 8,
	['I'] = 9,
	['J'] = 10,
	['K'] = 11,
	['L'] = 12,
	['M'] = 13,
	['N'] = 14,
	['O'] = 15,
	['P'] = 16,
	['Q'] = 17,
	['R'] = 18,
	['S'] = 19,
	['T'] = 20,
	['U'] = 21,
	['V'] = 22,
	['W'] = 23,
	['X'] = 24,
	['Y'] = 25,
	['Z'] = 26,
	['a'] = 27,
	['b'] = 28,
	['c'] = 29,
	['d'] = 30,
	['e'] = 31,
	['f'] = 32,
	['g'] = 33,
	['h'] = 34,
	['i'] = 35,
	['j'] = 36,
	['k'] = 37,
	['l'] = 38,
	['m'] = 39,
	['n'] = 40,
	['o'] = 41,
	['p'] = 42,
	['q'] = 43,
	['r'] = 44,
	['s'] = 45,
	['t'] = 46,
	['u'] = 47,
	['v'] = 48,
	['w'] = 49,
	['x'] = 50,
	['y'] = 51,
	['z'] = 52,
	['0'] = 53,
	['1'] = 54,
	['2'] = 55,
	['3'] = 56,
	['4'] = 57,
	['5'] = 58,
	['6'] = 59,
	['7'] = 60,
	['8'] = 61,
	['9'] = 62,
	['+'] = 63,
	['/'] = 64,
};

/* The digits of a group of four that are there, over all lines. */
struct quantum {
	uint32_t bits;
	unsigned int have;   /* digits */
	unsigned int padded; /* "=" behind them */
	bool ended;          /* by padding: there should be nothing more */
	size_t at;           /* offset of the first digit */
};

static void
quantum_emit(struct transfer *t, struct quantum *q)
{
	unsigned char out[3];
	unsigned int n = q->have > 0 ? q->have * 6 / 8 : 0;
	uint32_t bits = q->bits << (4 - q->have) * 6;

	for (unsigned int i = 0; i < n; i++)
		out[i] = (unsigned char)(bits >> (16 - 8 * i) & 0xff);
	emit(t, slice_of(out, n), q->at);
	q->bits = 0;
	q->have = 0;
}

static void
padding_take(struct transfer *t, struct quantum *q, size_t at)
{
	if (q->have == 1 || (q->have == 0 && (!q->ended || q->padded == 0)))
		fault(t, BASE64_OCTET, at);
	if (q->have > 1) {
		q->padded = 4 - q->have;
		quantum_emit(t, q);
	} else if (q->have == 1) {
		q->have = 0;
	}
	if (q->padded > 0)
		q->padded--;
	q->ended = true;
}

/* One octet, wherever it stands. */
static void
octet_take(struct transfer *t, struct quantum *q, unsigned char c, size_t at)
{
	if (c == '=') {
		padding_take(t, q, at);
	} else if (digits[c] > 0) {
		if (q->ended) {
			fault(t, BASE64_INSIDE, at);
			q->ended = false;
			q->padded = 0;
		}
		if (q->have == 0)
			q->at = at;
		q->bits = q->bits << 6 | (digits[c] - 1U);
		if (++q->have == 4)
			quantum_emit(t, q);
	} else if (c != ' ' && c != '\t' && c != '\r') {
		fault(t, BASE64_OCTET, at);
	}
}

/* Whole groups of four, as many as stand there; returns their length. */
static size_t
quanta_take(struct transfer *t, struct slice s, size_t at)
{
	unsigned char out[96];
	size_t i = 0, n = 0;

	for (; s.n - i >= 4 && n + 3 <= sizeof(out); i += 4, n += 3) {
		unsigned int a = digits[s.p[i]], b = digits[s.p[i + 1]];
		unsigned int c = digits[s.p[i + 2]], d = digits[s.p[i + 3]];
		uint32_t bits;

		if (a == 0 || b == 0 || c == 0 || d == 0)
			break;
		bits = (a - 1) << 18 | (b - 1) << 12 | (c - 1) << 6 | (d - 1);
		out[n] = (unsigned char)(bits >> 16);
		out[n + 1] = (unsigned char)(bits >> 8);
		out[n + 2] = (unsigned char)bits;
	}
	if (t->wanted - t->n < n) {
		t->wanted_at = at + (t->wanted - t->n) / 3 * 4;
		t->wanted = SIZE_MAX;
	}
	emit(t, slice_of(out, n), at);
	return i;
}

static void
base64_line(struct transfer *t, struct quantum *q, const struct coded_line *l)
{
	size_t i = 0, n;

	if (l->text.n > LINE_MAX_CODED)
		fault(t, BASE64_LONG, l->at + LINE_MAX_CODED);
	while (i < l->text.n) {
		n = 0;
		if (q->have == 0 && !q->ended)
			n = quanta_take(t, slice_from(l->text, i), l->at + i);
		if (n == 0)
			octet_take(t, q, l->text.p[i], l->at + i);
		i += n > 0 ? n : 1;
	}
}

static void
base64_decode(struct transfer *t)
{
	struct coded_line l = { 0 };
	struct slice rest = t->in;
	struct quantum q = { 0 };

	while (line_take(&rest, &l))
		base64_line(t, &q, &l);
	if (q.have > 0) {
		fault(t, BASE64_SHORT, q.at);
		quantum_emit(t, &q);
	} else if (q.ended && q.padded > 0) {
		fault(t, BASE64_SHORT, q.at);
	}
}

/* ------------------------------------------------------------------------ */

bool
transfer_is_coded(enum mime_encoding encoding)
{
	switch (encoding) {
	case MIME_QUOTED_PRINTABLE:
	case MIME_BASE64:
		return true;
	case MIME_7BIT:
	case MIME_8BIT:
	case MIME_BINARY:
	case MIME_OTHER:
		break;
	}
	return false;
}

void
transfer_decode(struct transfer *t, enum mime_encoding encoding)
{
	t->n = 0;
	switch (encoding) {
	case MIME_QUOTED_PRINTABLE:
		qp_decode(t);
		break;
	case MIME_BASE64:
		base64_decode(t);
		break;
	case MIME_7BIT:
	case MIME_8BIT:
	case MIME_BINARY:
	case MIME_OTHER:
		emit(t, t->in, 0);
		break;
	}
}

size_t
transfer_origin(struct slice in, enum mime_encoding encoding, size_t n)
{
	struct transfer t = { .in = in, .wanted = n, .wanted_at = in.n };

	transfer_decode(&t, encoding);
	return t.wanted_at;
}
