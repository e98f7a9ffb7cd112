#include "message/mailbox.h"

#include "base/cursor.h"

static bool
is_one_of(struct slice word, const char *three_letter_names)
{
	struct slice names = slice_str(three_letter_names);

	if (word.n != 3)
		return false;
	for (; names.n > 0; names = slice_from(names, 3)) {
		if (slice_eq_nocase(word, slice_sub(names, 0, 3)))
			return true;
	}
	return false;
}

static struct slice
word_take(struct slice *rest)
{
	struct slice word;

	*rest = slice_trim(*rest);
	(void)slice_cut(*rest, ' ', &word, rest);
	return word;
}

/*
 * "From " sender weekday month day ...  (RFC 4155 appendix A).  The sender may
 * be missing or hold spaces; prose that begins with "From " has no date.
 */
static bool
is_from_line(struct slice line)
{
	struct slice rest = line, word;

	if (!slice_starts(line, SLICE_LIT("From ")))
		return false;
	rest = slice_from(line, 5);
	while (rest.n > 0) {
		word = word_take(&rest);
		if (!is_one_of(word, "MonTueWedThuFriSatSun"))
			continue;
		if (!is_one_of(word_take(&rest),
			"JanFebMarAprMayJunJulAugSepOctNovDec"))
			return false;
		word = word_take(&rest);
		return word.n > 0 && ascii_is_digit(word.p[0]);
	}
	return false;
}

static bool
starts_with_from_line(struct slice s)
{
	struct slice line;

	return slice_starts(s, SLICE_LIT("From ")) && slice_line(&s, &line) &&
	       is_from_line(line);
}

bool
mailbox_is_mbox(struct slice file)
{
	return starts_with_from_line(file);
}

static bool
is_quoted_from(struct slice line)
{
	struct cursor c = cursor_of(line);

	while (cursor_skip(&c, '>'))
		continue;
	return c.at > 0 && slice_starts(cursor_rest(&c), SLICE_LIT("From "));
}

/* The length of a first line that is empty, else 0. */
static size_t
empty_line(struct slice s)
{
	if (slice_starts(s, SLICE_LIT("\n")))
		return 1;
	return slice_starts(s, SLICE_LIT("\r\n")) ? 2 : 0;
}

/* Whether a message may end here: nothing, or an empty line and From_. */
static bool
is_end(struct slice s)
{
	s = slice_from(s, empty_line(s));
	return s.n == 0 || starts_with_from_line(s);
}

/* Length of the message by its Content-Length, or 0. */
static size_t
length_by_field(struct slice s)
{
	struct slice rest = s, line, name, value;
	uint64_t n;

	while (slice_line(&rest, &line) && line.n > 0) {
		if (!slice_cut(line, ':', &name, &value) ||
		    !slice_eq_nocase(name, SLICE_LIT("Content-Length")))
			continue;
		if (!slice_number(slice_trim(value), rest.n, &n))
			return 0;
		while (slice_line(&rest, &line) && line.n > 0)
			continue;
		if (n == 0 || n > rest.n || !is_end(slice_from(rest, n)))
			return 0;
		return s.n - rest.n + n;
	}
	return 0;
}

/* Length of the message up to the next From_ line behind an empty line. */
static size_t
length_by_scan(struct slice s)
{
	struct slice rest = s, line;
	size_t end;

	while (rest.n > 0) {
		end = s.n - rest.n;
		if (empty_line(rest) > 0 && is_end(rest))
			return end;
		if (!slice_line(&rest, &line))
			break;
	}
	return s.n;
}

bool
mailbox_next(struct slice *rest, struct slice *message)
{
	struct slice line, body;
	size_t n;

	do {
		if (!slice_line(rest, &line))
			return false;
	} while (!is_from_line(line));
	/* With the From_ line at the very end: an empty message, not nothing. */
	body = rest->p != NULL ? *rest : slice_from(line, line.n);
	/* Two From_ lines in a row have an empty one between them, too. */
	n = starts_with_from_line(body) ? 0 : length_by_field(body);
	if (n == 0 && !starts_with_from_line(body))
		n = length_by_scan(body);
	*message = slice_sub(body, 0, n);
	*rest = slice_from(body, n);
	return true;
}

bool
mailbox_is_quoted(struct slice message)
{
	struct slice line;

	while (slice_line(&message, &line)) {
		if (is_quoted_from(line))
			return true;
	}
	return false;
}
