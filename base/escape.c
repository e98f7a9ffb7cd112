#include "base/escape.h"

#include "base/cursor.h"

/* What a cell ends with that held more; an ellipsis is one unit. */
#define XLSX_CUT " \xe2\x80\xa6 (cut: the document has more)"

enum {
	XLSX_CELL_MAX = 32767,
	XLSX_CUT_UNITS = sizeof(XLSX_CUT) - 1 - 2,
};

struct escape_range {
	uint32_t first;
	uint32_t last;
};

/*
 * What shows nothing, reorders what is around it, or is no character: C0, DEL
 * and C1 controls, Default_Ignorable_Code_Point and Bidi_Control of Unicode
 * (variation selectors of the BMP excepted: emoji need them),
 * noncharacters of the BMP, tags.
 */
static const struct escape_range hidden[] = {
	{ 0x0000, 0x001f },
	{ 0x007f, 0x009f },
	{ 0x00ad, 0x00ad },
	{ 0x034f, 0x034f },
	{ 0x061c, 0x061c },
	{ 0x115f, 0x1160 },
	{ 0x17b4, 0x17b5 },
	{ 0x180b, 0x180f },
	{ 0x200b, 0x200f },
	{ 0x2028, 0x202e },
	{ 0x2060, 0x206f },
	{ 0x3164, 0x3164 },
	{ 0xfdd0, 0xfdef },
	{ 0xfeff, 0xfeff },
	{ 0xffa0, 0xffa0 },
	{ 0xfff0, 0xfffb },
	{ 0xfffe, 0xffff },
	{ 0x1bca0, 0x1bca3 },
	{ 0x1d173, 0x1d17a },
	{ 0xe0000, 0xe0fff },
};

static bool
escape_hidden(uint32_t c)
{
	if (c >= 0x20 && c < 0x7f)
		return false;
	for (size_t i = 0; i < sizeof(hidden) / sizeof(*hidden); i++) {
		if (c >= hidden[i].first && c <= hidden[i].last)
			return true;
	}
	/* The last two code points of every plane are noncharacters. */
	return (c & 0xfffe) == 0xfffe;
}

/* One code point as all targets show it; s holds its octets. */
static void
escape_one(struct buf *b, uint32_t c, struct slice s)
{
	if (c == UINT32_MAX)
		buf_printf(b, "\\x%02X", (unsigned int)s.p[0]);
	else if (escape_hidden(c))
		buf_printf(b, "\\u{%X}", (unsigned int)c);
	else
		buf_add(b, s);
}

/* Takes the next code point off *s; *octets are its own. */
static uint32_t
escape_take(struct slice *s, struct slice *octets)
{
	size_t n;
	uint32_t c = utf8_next(*s, &n);

	*octets = slice_sub(*s, 0, n);
	*s = slice_from(*s, n);
	return c;
}

static bool
is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

/*
 * Eight octets at once.  The top bit of an octet of w is set by itself, of
 * w + 1 by DEL, of the differences by what is smaller: a control, a zero.  A
 * carry out of an octet only ever follows one that is not plain itself.
 */
static bool
all_plain(const unsigned char *p)
{
	const uint64_t ones = UINT64_MAX / 255;
	uint64_t w, quote, backslash;

	memcpy(&w, p, sizeof(w));
	quote = w ^ ones * '"';
	backslash = w ^ ones * '\\';
	return ((w | (w + ones) | (w - ones * 0x20) | (quote - ones) |
		    (backslash - ones)) &
		   ones << 7) == 0;
}

/* How many octets at the front stand for themselves. */
static size_t
plain_run(struct slice s)
{
	size_t n = 0;

	while (s.n - n >= 8 && all_plain(s.p + n))
		n += 8;
	while (n < s.n && is_plain(s.p[n]))
		n++;
	return n;
}

void
escape_terminal(struct buf *b, struct slice s)
{
	struct slice octets;
	uint32_t c;

	while (s.n > 0) {
		c = escape_take(&s, &octets);
		if (c == '\n')
			buf_add_str(b, "\\n");
		else if (c == '\t')
			buf_add_str(b, "\\t");
		else
			escape_one(b, c, octets);
	}
}

/* How many digits are taken. */
static size_t
csv_digits(struct cursor *c)
{
	size_t from = c->at;

	while (cursor_peek(c) >= '0' && cursor_peek(c) <= '9')
		(void)cursor_u8(c);
	return c->at - from;
}

/* number = [ "+" / "-" ] 1*DIGIT [ "." 1*DIGIT ] [ "e" [ "+" / "-" ] 1*DIGIT ] */
static bool
csv_is_number(struct slice s)
{
	struct cursor c = cursor_of(s);

	if (!cursor_skip(&c, '-'))
		(void)cursor_skip(&c, '+');
	if (csv_digits(&c) == 0)
		return false;
	if (cursor_skip(&c, '.') && csv_digits(&c) == 0)
		return false;
	if (cursor_skip(&c, 'e') || cursor_skip(&c, 'E')) {
		if (!cursor_skip(&c, '-'))
			(void)cursor_skip(&c, '+');
		if (csv_digits(&c) == 0)
			return false;
	}
	return cursor_done(&c);
}

/* Spreadsheets of East Asia take the fullwidth forms for the plain ones. */
static bool
csv_is_formula(struct slice s)
{
	size_t n;
	uint32_t first;

	if (s.n == 0)
		return false;
	first = utf8_next(s, &n);
	switch (first) {
	case '=':
	case '+':
	case '-':
	case '@':
	case '\t':
	case '\r':
	case 0xff1d:
	case 0xff0b:
	case 0xff0d:
	case 0xff20:
		return !csv_is_number(s);
	default:
		return false;
	}
}

/* What of a field is more than visible ASCII. */
struct csv_look {
	bool quotes;  /* it must be quoted */
	bool escapes; /* some of it does not stand for itself */
};

static struct csv_look
csv_look_at(struct slice s)
{
	unsigned int quotes = 0, escapes = 0;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = s.p[i];

		quotes |= (c == ',') | (c == ';') | (c == '"') | (c == '\n') |
			  (c == '\t');
		escapes |= (c < 0x20) | (c >= 0x7f) | (c == '"');
	}
	if (s.n > 0)
		quotes |= (s.p[0] == ' ') | (s.p[s.n - 1] == ' ');
	return (struct csv_look){ quotes != 0, escapes != 0 };
}

static void
csv_octets(struct buf *b, struct slice s)
{
	struct slice octets;
	uint32_t c;

	while (s.n > 0) {
		size_t n = plain_run(s);

		buf_add(b, slice_sub(s, 0, n));
		s = slice_from(s, n);
		if (s.n == 0)
			break;
		c = escape_take(&s, &octets);
		if (c == '"')
			buf_add_str(b, "\"\"");
		else if (c == '\n' || c == '\t')
			buf_add(b, octets);
		else
			escape_one(b, c, octets);
	}
}

void
escape_csv(struct buf *b, struct slice s)
{
	struct csv_look look = csv_look_at(s);

	if (look.quotes)
		buf_add_char(b, '"');
	if (csv_is_formula(s))
		buf_add_char(b, '\'');
	if (look.escapes)
		csv_octets(b, s);
	else
		buf_add(b, s);
	if (look.quotes)
		buf_add_char(b, '"');
}

/* Excel counts UTF-16 units; what is escaped is ASCII, a unit an octet. */
static size_t
xlsx_units(uint32_t c, size_t octets)
{
	if (octets > 4 || c == UINT32_MAX || escape_hidden(c))
		return octets;
	return c > 0xffff ? 2 : 1;
}

/* Behind an underscore: what Excel takes for a character (ECMA-376 22.9.2.19). */
static bool
xlsx_is_escape(struct slice s)
{
	if (s.n < 6 || s.p[0] != 'x' || s.p[5] != '_')
		return false;
	for (size_t i = 1; i < 5; i++) {
		if (ascii_hex(s.p[i]) < 0)
			return false;
	}
	return true;
}

static void
xlsx_one(struct buf *b, uint32_t c, struct slice octets, struct slice rest)
{
	if (c == '_' && xlsx_is_escape(rest))
		buf_add_str(b, "_x005F_");
	else if (c == '\n' || c == '\t')
		buf_add(b, octets);
	else
		escape_one(b, c, octets);
}

/* All of it stays as it is, a unit an octet. */
static bool
xlsx_is_plain(struct slice s)
{
	size_t n = plain_run(s);

	while (n < s.n && (s.p[n] == '"' || s.p[n] == '\\'))
		n += 1 + plain_run(slice_from(s, n + 1));
	return n == s.n && (n == 0 || memchr(s.p, '_', n) == NULL);
}

void
escape_xlsx(struct buf *b, struct slice s)
{
	static const struct slice said = { (const unsigned char *)XLSX_CUT,
		sizeof(XLSX_CUT) - 1 };
	size_t units = 0, before, cut = b->n;
	struct slice octets;
	uint32_t c;

	if (s.n <= XLSX_CELL_MAX && xlsx_is_plain(s)) {
		buf_add(b, s);
		return;
	}
	while (s.n > 0 && !b->failed) {
		before = b->n;
		c = escape_take(&s, &octets);
		xlsx_one(b, c, octets, s);
		units += xlsx_units(c, b->n - before);
		if (units > XLSX_CELL_MAX) {
			b->n = cut;
			buf_add(b, said);
			return;
		}
		if (units <= XLSX_CELL_MAX - XLSX_CUT_UNITS)
			cut = b->n;
	}
}

static const char *
html_reference(uint32_t c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

/* How many octets at the front stand for themselves. */
static size_t
html_run(struct slice s)
{
	size_t n = 0;

	while (n < s.n && s.p[n] >= 0x20 && s.p[n] < 0x7f &&
	       html_reference(s.p[n]) == NULL)
		n++;
	return n;
}

void
escape_html(struct buf *b, struct slice s)
{
	struct slice octets;
	const char *reference;
	uint32_t c;
	size_t n;

	while (s.n > 0) {
		n = html_run(s);
		buf_add(b, slice_sub(s, 0, n));
		s = slice_from(s, n);
		if (s.n == 0)
			break;
		c = escape_take(&s, &octets);
		reference = html_reference(c);
		if (reference != NULL)
			buf_add_str(b, reference);
		else if (c == '\n' || c == '\t')
			buf_add(b, octets);
		else
			escape_one(b, c, octets);
	}
}

void
escape_xml(struct buf *b, struct slice s)
{
	struct slice octets;
	const char *reference;
	uint32_t c;

	while (s.n > 0) {
		c = escape_take(&s, &octets);
		reference = html_reference(c);
		if (reference != NULL)
			buf_add_str(b, reference);
		else if (c == '\n' || c == '\t')
			buf_printf(b, "&#%u;", (unsigned int)c);
		else
			escape_one(b, c, octets);
	}
}

static void
json_numbered(struct buf *b, uint32_t c)
{
	if (c >= 0x10000) /* RFC 8259 7: a surrogate pair */
		buf_printf(b, "\\u%04X\\u%04X",
		    (unsigned int)(0xD800 + ((c - 0x10000) >> 10)),
		    (unsigned int)(0xDC00 + (c & 0x3FF)));
	else
		buf_printf(b, "\\u%04X", (unsigned int)c);
}

static void
json_one(struct buf *b, uint32_t c, struct slice octets)
{
	static const char letters[] = "\"\"\\\\\bb\ff\nn\rr\tt";

	for (const char *l = letters; *l != '\0'; l += 2) {
		if (c == (unsigned char)l[0]) {
			buf_add_char(b, '\\');
			buf_add_char(b, l[1]);
			return;
		}
	}
	if (c == UINT32_MAX)
		json_numbered(b, 0xFFFD);
	else if (escape_hidden(c))
		json_numbered(b, c);
	else
		buf_add(b, octets);
}

void
escape_json(struct buf *b, struct slice s)
{
	struct slice octets;
	uint32_t c;

	while (s.n > 0) {
		size_t n = plain_run(s);

		buf_add(b, slice_sub(s, 0, n));
		s = slice_from(s, n);
		if (s.n == 0)
			break;
		c = escape_take(&s, &octets);
		json_one(b, c, octets);
	}
}

/* RFC 3986 2.3, and what parts the segments of a path. */
static bool
uri_stays(unsigned char c)
{
	return ascii_is_alpha(c) || ascii_is_digit(c) ||
	       (c != '\0' && strchr("-._~/", c) != NULL);
}

void
escape_uri(struct buf *b, struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (uri_stays(s.p[i]))
			buf_add_char(b, (char)s.p[i]);
		else
			buf_printf(b, "%%%02X", (unsigned int)s.p[i]);
	}
}

void
escape_octets(struct buf *b, struct slice s)
{
	struct slice octets;
	uint32_t c;

	while (s.n > 0) {
		c = escape_take(&s, &octets);
		if (c == '\\') {
			buf_add_str(b, "\\\\");
		} else if (c != UINT32_MAX && !escape_hidden(c)) {
			buf_add(b, octets);
		} else {
			for (size_t i = 0; i < octets.n; i++)
				buf_printf(b, "\\%03u",
				    (unsigned int)octets.p[i]);
		}
	}
}

bool
unescape_octets(struct buf *b, struct slice s)
{
	struct cursor c = cursor_of(s);
	size_t before = b->n;
	uint64_t value;

	while (!cursor_done(&c)) {
		if (!cursor_skip(&c, '\\')) {
			buf_add_char(b, (char)cursor_u8(&c));
		} else if (cursor_skip(&c, '\\')) {
			buf_add_char(b, '\\');
		} else if (slice_number(cursor_bytes(&c, 3), 255, &value)) {
			buf_add_char(b, (char)(unsigned char)value);
		} else {
			b->n = before;
			return false;
		}
	}
	return true;
}
