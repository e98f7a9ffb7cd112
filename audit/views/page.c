#include "audit/views/page.h"

#include "base/escape.h"
#include "base/limits.h"

void
page_init(struct page *p, struct buf *out, const struct view_look *look)
{
	*p = (struct page){ .out = out, .look = look };
	buf_init(&p->scratch, LIMIT_RENDERED);
	buf_init(&p->ascii, LIMIT_RENDERED);
}

void
page_close(struct page *p)
{
	if (p->scratch.failed || p->ascii.failed)
		p->out->failed = true;
	buf_free(&p->scratch);
	buf_free(&p->ascii);
}

void
page_style(struct page *p, enum style style)
{
	static const char *const codes[] = {
		[STYLE_PLAIN] = "\033[0m",
		[STYLE_BOLD] = "\033[1m",
		[STYLE_DIM] = "\033[2m",
		[STYLE_GOOD] = "\033[1;32m",
		[STYLE_BAD] = "\033[1;31m",
		[STYLE_OPEN] = "\033[1;33m",
	};

	if (p->look->color)
		buf_add_str(p->out, codes[style]);
}

/* Valid UTF-8 that is not ASCII, as the escapes of escape_terminal(). */
static void
ascii_only(struct buf *b, struct slice s)
{
	size_t n;

	for (; s.n > 0; s = slice_from(s, n)) {
		uint32_t c = utf8_next(s, &n);

		if (c < 0x80)
			buf_add_char(b, (char)c);
		else
			buf_printf(b, "\\u{%X}", (unsigned int)c);
	}
}

/* The text as it may be shown; until the next call. */
static struct slice
shown(struct page *p, const char *text)
{
	buf_reset(&p->scratch);
	escape_terminal(&p->scratch, slice_str(text));
	if (p->look->unicode || p->scratch.failed)
		return buf_slice(&p->scratch);
	buf_reset(&p->ascii);
	ascii_only(&p->ascii, buf_slice(&p->scratch));
	return buf_slice(&p->ascii);
}

static size_t
columns_of(struct slice s)
{
	size_t columns = 0, n;

	for (; s.n > 0; s = slice_from(s, n))
		columns += (size_t)utf8_width(utf8_next(s, &n));
	return columns;
}

/* Octets of the longest prefix that fits into so many columns. */
static size_t
prefix(struct slice s, size_t columns)
{
	size_t at = 0, used = 0, n, width;

	while (at < s.n) {
		width = (size_t)utf8_width(utf8_next(slice_from(s, at), &n));
		if (used + width > columns)
			break;
		used += width;
		at += n;
	}
	return at;
}

size_t
page_columns(struct page *p, const char *text)
{
	return columns_of(shown(p, text));
}

size_t
page_add(struct page *p, const char *text)
{
	struct slice s = shown(p, text);

	buf_add(p->out, s);
	return columns_of(s);
}

void
page_cell(struct page *p, const char *text, size_t columns)
{
	page_spaces(p, columns - page_clip(p, text, columns - 1));
}

void
page_spaces(struct page *p, size_t n)
{
	buf_printf(p->out, "%*s", (int)n, "");
}

void
page_pad(struct page *p, const char *text, size_t columns)
{
	size_t used = page_add(p, text);

	page_spaces(p, used < columns ? columns - used : 0);
}

static const char *
ellipsis(const struct page *p)
{
	return p->look->unicode ? "\xE2\x80\xA6" : "..";
}

size_t
page_cut(struct page *p, const char *text, size_t columns)
{
	struct slice s = shown(p, text), tail;
	size_t all = columns_of(s), dots = p->look->unicode ? 1 : 2, head;

	if (all <= columns || columns <= dots) {
		buf_add(p->out, slice_sub(s, 0, prefix(s, columns)));
		return all < columns ? all : columns;
	}
	head = (columns - dots + 1) / 2;
	tail = slice_from(s, prefix(s, all - (columns - dots - head)));
	s = slice_sub(s, 0, prefix(s, head));
	buf_add(p->out, s);
	buf_add_str(p->out, ellipsis(p));
	buf_add(p->out, tail);
	return columns_of(s) + dots + columns_of(tail);
}

size_t
page_clip(struct page *p, const char *text, size_t columns)
{
	struct slice s = shown(p, text);
	size_t all = columns_of(s), dots = p->look->unicode ? 1 : 2;

	if (all <= columns || columns <= dots) {
		buf_add(p->out, slice_sub(s, 0, prefix(s, columns)));
		return all < columns ? all : columns;
	}
	s = slice_sub(s, 0, prefix(s, columns - dots));
	buf_add(p->out, s);
	buf_add_str(p->out, ellipsis(p));
	return columns_of(s) + dots;
}

static void
new_line(struct page *p, size_t indent)
{
	size_t n = p->margin != NULL ? strlen(p->margin) : 0;

	buf_add_char(p->out, '\n');
	buf_add_str(p->out, n > 0 ? p->margin : "");
	page_spaces(p, indent > n ? indent - n : 0);
}

/*
 * One word; one that is wider than a line is cut wherever the line ends, but
 * for a link: a terminal that wraps it by itself can still open it.
 */
static size_t
fill_word(struct page *p, struct slice word, size_t at, size_t indent)
{
	bool link = slice_find(word, SLICE_LIT("://")) != SIZE_MAX;
	size_t width = p->look->width, left = columns_of(word), n;

	while (!link && left > width - at) {
		n = prefix(word, width - at);
		left -= columns_of(slice_sub(word, 0, n));
		buf_add(p->out, slice_sub(word, 0, n));
		word = slice_from(word, n);
		new_line(p, indent);
		at = indent;
	}
	buf_add(p->out, word);
	return at + left;
}

void
page_fill(struct page *p, const char *text, size_t at, size_t indent)
{
	struct slice rest = shown(p, text), word;
	size_t width = p->look->width, columns;
	bool more = rest.n > 0, first = true;

	while (more) {
		more = slice_cut(rest, ' ', &word, &rest);
		columns = columns_of(word);
		if (columns == 0)
			continue;
		if ((!first || at > indent) && at + !first + columns > width) {
			new_line(p, indent);
			at = indent;
			first = true;
		}
		if (!first) {
			buf_add_char(p->out, ' ');
			at++;
		}
		at = fill_word(p, word, at < width ? at : width - 1, indent);
		first = false;
	}
	buf_add_char(p->out, '\n');
}

void
page_gap(struct page *p)
{
	struct slice tail =
	    slice_from(buf_slice(p->out), p->out->n > 2 ? p->out->n - 2 : 0);

	if (!slice_eq(tail, SLICE_LIT("\n\n")) &&
	    !slice_eq(buf_slice(p->out), SLICE_LIT("\n")) && p->out->n > 0)
		buf_add_char(p->out, '\n');
}

void
page_heading(struct page *p, const char *text)
{
	page_gap(p);
	page_style(p, STYLE_BOLD);
	page_fill(p, text, 0, 0);
	page_style(p, STYLE_PLAIN);
}
