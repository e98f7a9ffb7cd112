#include "base/escape.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

enum { OUT_MAX = 64 * 1024 * 1024 };

typedef void escaper(struct buf *, struct slice);

static bool
acts(uint32_t c)
{
	return (c >= 0x7f && c <= 0x9f) || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0xe0000 && c < 0xe1000) || c == UINT32_MAX;
}

/* Only the line ends and tabs that the target allows may be in the output. */
static void
check(escaper *f, struct slice in, bool lines)
{
	struct slice s;
	struct buf b;
	uint32_t c;
	size_t n;

	buf_init(&b, OUT_MAX);
	f(&b, in);
	if (b.failed)
		__builtin_trap();
	for (s = buf_slice(&b); s.n > 0; s = slice_from(s, n)) {
		c = utf8_next(s, &n);
		if (acts(c))
			__builtin_trap();
		if (c < 0x20 && !(lines && (c == '\n' || c == '\t')))
			__builtin_trap();
		if (utf8_width(c) < 0 || utf8_width(c) > 2)
			__builtin_trap();
	}
	buf_free(&b);
}

static void
check_csv(struct slice in)
{
	struct slice s;
	struct buf b;

	buf_init(&b, OUT_MAX);
	escape_csv(&b, in);
	s = buf_slice(&b);
	if (slice_starts(s, SLICE_LIT("\"")))
		s = slice_sub(s, 1, s.n - 2);
	if (s.n > 0 && memchr("=@\t\r", s.p[0], 4) != NULL)
		__builtin_trap();
	/* A sign may stand before a number alone. */
	if (s.n > 0 && (s.p[0] == '+' || s.p[0] == '-') &&
	    (s.n < 2 || !ascii_is_digit(s.p[1]) ||
		!ascii_is_digit(s.p[s.n - 1])))
		__builtin_trap();
	buf_free(&b);
}

/* Text or an attribute of XML: no markup, and lines as references. */
static void
check_xml(struct slice in)
{
	struct slice s;
	struct buf b;

	buf_init(&b, OUT_MAX);
	escape_xml(&b, in);
	s = buf_slice(&b);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < 0x20 || memchr("<>\"'", s.p[i], 4) != NULL)
			__builtin_trap();
	}
	buf_free(&b);
}

/* One line, whose code ends in it; outside of code words alone. */
static void
check_markdown(struct slice in)
{
	bool code = false;
	struct slice s;
	struct buf b;

	buf_init(&b, OUT_MAX);
	escape_markdown(&b, in);
	s = buf_slice(&b);
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = s.p[i];

		if (c == '|' || c == '\n')
			__builtin_trap();
		code = code != (c == '`');
		if (!code && c != '`' && c < 0x80 && !ascii_is_alnum(c) &&
		    memchr(" .,;:'\"()-/?%", c, 13) == NULL)
			__builtin_trap();
	}
	if (code)
		__builtin_trap();
	buf_free(&b);
}

static void
check_uri(struct slice in)
{
	struct slice s;
	struct buf b;

	buf_init(&b, OUT_MAX);
	escape_uri(&b, in);
	s = buf_slice(&b);
	for (size_t i = 0; i < s.n; i++) {
		if (!ascii_is_alnum(s.p[i]) &&
		    memchr("-._~/%", s.p[i], 6) == NULL)
			__builtin_trap();
	}
	buf_free(&b);
}

static void
check_round_trip(struct slice in)
{
	struct buf shown, back;

	buf_init(&shown, OUT_MAX);
	buf_init(&back, OUT_MAX);
	escape_octets(&shown, in);
	if (!unescape_octets(&back, buf_slice(&shown)) ||
	    !slice_eq(buf_slice(&back), in))
		__builtin_trap();
	buf_reset(&back);
	(void)unescape_octets(&back, in);
	buf_free(&shown);
	buf_free(&back);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice in = slice_of(data, size);

	check(escape_terminal, in, false);
	check(escape_octets, in, false);
	check(escape_csv, in, true);
	check(escape_json, in, false);
	check(escape_html, in, true);
	check(escape_xlsx, in, true);
	check(escape_xml, in, false);
	check(escape_markdown, in, false);
	check(escape_uri, in, false);
	check_xml(in);
	check_markdown(in);
	check_uri(in);
	check_csv(in);
	check_round_trip(in);
	return 0;
}
