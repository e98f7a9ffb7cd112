#include "base/escape.h"

/*
 * GitHub-flavoured Markdown, and what the sites that show it make of a text
 * beyond it: addresses (also www. and without <>), mentions (@name), issues
 * (#1, GH-1, !1), commits (deadbeef), emoji (:name:), commands (/close).  They
 * look at the text that is shown, so no backslash keeps them from it; in code
 * they do not look.
 */

enum { COMMIT_MIN = 7 };

/* A word without what may stand before and behind it. */
struct markdown_word {
	struct slice before;
	struct slice inner;
	struct slice behind;
	bool code;
};

static bool
is_one_of(unsigned char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

/* Beside letters and digits; a colon parts "http" from "//". */
static bool
is_harmless(unsigned char c)
{
	return c >= 0x80 || ascii_is_alnum(c) || is_one_of(c, ".,;'\"()-/?");
}

static bool
is_hex(unsigned char c)
{
	return ascii_is_digit(c) || (c >= 'a' && c <= 'f') ||
	       (c >= 'A' && c <= 'F');
}

/* deadbeef */
static bool
is_commit(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (!is_hex(s.p[i]))
			return false;
	}
	return s.n >= COMMIT_MIN;
}

/* GH-1, ABC-123 */
static bool
is_issue(struct slice s)
{
	size_t i = 0, letters;

	while (i < s.n && ascii_is_alpha(s.p[i]))
		i++;
	letters = i;
	if (letters == 0 || i == s.n || s.p[i++] != '-' || i == s.n)
		return false;
	while (i < s.n && ascii_is_digit(s.p[i]))
		i++;
	return i == s.n;
}

/* 0.3% */
static bool
is_percentage(struct slice s)
{
	for (size_t i = 0; i + 1 < s.n; i++) {
		if (!ascii_is_digit(s.p[i]) && s.p[i] != '.')
			return false;
	}
	return s.n > 1 && s.p[s.n - 1] == '%';
}

static bool
is_more_than_a_word(struct slice s)
{
	if (s.n == 0 || is_percentage(s))
		return false;
	/* A list, a rule, a command. */
	if (s.p[0] == '-' || s.p[0] == '/')
		return true;
	for (size_t i = 0; i < s.n; i++) {
		if (!is_harmless(s.p[i]))
			return true;
	}
	return is_commit(s) || is_issue(s) ||
	       slice_find_nocase(s, SLICE_LIT("www.")) != SIZE_MAX;
}

/* first: a list may begin so, "1." or "1)". */
static struct markdown_word
word_of(struct slice s, bool first)
{
	struct markdown_word w = { .inner = s };
	size_t head = 0, end = s.n;
	const char *tails;

	while (head < end && is_one_of(s.p[head], "(\""))
		head++;
	/* The one of "f(x)" is of the word. */
	tails = memchr(s.p + head, '(', end - head) != NULL ? ".,;:?\""
							    : ".,;:)?\"";
	while (end > head && is_one_of(s.p[end - 1], tails))
		end--;
	/* Of nothing but those it is all. */
	if (head == end) {
		head = 0;
		end = s.n;
	}
	w.before = slice_sub(s, 0, head);
	w.inner = slice_sub(s, head, end - head);
	w.behind = slice_from(s, end);
	w.code = is_more_than_a_word(w.inner);
	if (first && head == 0 && w.behind.n > 0 &&
	    is_one_of(w.behind.p[0], ".)") && ascii_is_digit(w.inner.p[0])) {
		w.inner = s;
		w.behind = slice_from(s, s.n);
		w.code = true;
	}
	return w;
}

static void
add_code(struct buf *b, struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '`' || s.p[i] == '|')
			buf_printf(b, "\\u{%X}", (unsigned int)s.p[i]);
		else
			buf_add_char(b, (char)s.p[i]);
	}
}

/* Words of one line of visible UTF-8; those of code that touch are one. */
static void
add_words(struct buf *b, struct slice rest)
{
	struct markdown_word last = { .code = false }, w;
	struct slice word;
	bool more = rest.n > 0, first = true;

	while (more) {
		more = slice_cut(rest, ' ', &word, &rest);
		if (word.n == 0)
			continue;
		w = word_of(word, first);
		if (last.code && w.code && last.behind.n + w.before.n == 0) {
			buf_add_char(b, ' ');
		} else {
			buf_add_str(b, last.code ? "`" : "");
			buf_add(b, last.behind);
			buf_add_str(b, first ? "" : " ");
			buf_add(b, w.before);
			buf_add_str(b, w.code ? "`" : "");
		}
		if (w.code)
			add_code(b, w.inner);
		else
			buf_add(b, w.inner);
		last = w;
		first = false;
	}
	buf_add_str(b, last.code ? "`" : "");
	buf_add(b, last.behind);
}

void
escape_markdown(struct buf *b, struct slice s)
{
	struct buf line;

	buf_init(&line, b->limit);
	escape_terminal(&line, s);
	b->failed |= line.failed;
	add_words(b, buf_slice(&line));
	buf_free(&line);
}
