/*
 *  mbox  = *(from-line message)
 *  from-line = "From " address SP date EOL          (RFC 4155 A)
 */
#include "bounces/mail.h"

/* "From " and, somewhere in the line, a time of day. */
static bool
is_from_line(struct slice s)
{
	struct slice line;

	if (!slice_starts(s, SLICE_LIT("From ")))
		return false;
	(void)slice_cut(s, '\n', &line, &s);
	for (size_t i = 6; i + 2 < line.n; i++) {
		if (line.p[i] == ':' && ascii_is_digit(line.p[i - 1]) &&
		    ascii_is_digit(line.p[i + 1]))
			return true;
	}
	return false;
}

/* An empty line ends in front of that offset. */
static bool
behind_empty(struct slice s, size_t at)
{
	if (at < 2 || s.p[at - 1] != '\n')
		return false;
	return s.p[at - 2] == '\n' ||
	       (at > 2 && s.p[at - 2] == '\r' && s.p[at - 3] == '\n');
}

/* The next From_ line at or behind an offset; the end when there is none. */
static size_t
next_from(struct slice s, size_t at)
{
	size_t found;

	while ((found = slice_find(slice_from(s, at), SLICE_LIT("\nFrom "))) !=
	       SIZE_MAX) {
		at += found + 1;
		if (behind_empty(s, at) && is_from_line(slice_from(s, at)))
			return at;
	}
	return s.n;
}

bool
mbox_recognise(struct slice head)
{
	return is_from_line(head);
}

size_t
mbox_cut(struct slice block)
{
	const unsigned char *end;
	struct slice s = block;

	/* Backwards: the last is what is wanted. */
	while (s.n > 0 && (end = memrchr(s.p, '\n', s.n)) != NULL) {
		size_t at = (size_t)(end - s.p) + 1;

		if (at < block.n && behind_empty(block, at) &&
		    is_from_line(slice_from(block, at)))
			return at;
		s.n = at - 1;
	}
	/* The rest of a message that was too long is of no use. */
	return is_from_line(block) ? 0 : block.n;
}

void
mbox_read(struct batch *b, struct slice block)
{
	size_t at = is_from_line(block) ? 0 : next_from(block, 0), end;
	struct slice message, line;

	for (; at < block.n; at = end) {
		end = next_from(block, at);
		message = slice_sub(block, at, end - at);
		(void)slice_line(&message, &line);
		mail_read(b, message);
	}
}
