#include "audit/views/mark.h"

#include "audit/views/view_parts.h"
#include "base/escape.h"

enum { FENCE_MIN = 3 };

void
mark_text(struct buf *out, const char *text)
{
	escape_markdown(out, slice_str(text));
}

/* The longest run of backticks. */
static size_t
longest_run(struct slice s)
{
	size_t longest = 0, run = 0;

	for (size_t i = 0; i < s.n; i++) {
		run = s.p[i] == '`' ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	return longest;
}

static void
add_fence(struct buf *out, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_add_char(out, '`');
}

void
mark_fenced(struct buf *out, struct slice lines)
{
	size_t n = longest_run(lines) + 1;

	n = n < FENCE_MIN ? FENCE_MIN : n;
	add_fence(out, n);
	buf_add_str(out, "text\n");
	buf_add(out, lines);
	if (lines.n > 0 && lines.p[lines.n - 1] != '\n')
		buf_add_char(out, '\n');
	add_fence(out, n);
	buf_add_char(out, '\n');
}

void
mark_records(struct buf *out, const json_t *records)
{
	const json_t *record;
	struct buf lines;
	size_t i;

	if (json_array_size(records) == 0)
		return;
	buf_init(&lines, out->limit);
	json_array_foreach(records, i, record)
	{
		record_print(&lines, record);
		buf_add_char(&lines, '\n');
	}
	out->failed |= lines.failed;
	mark_fenced(out, buf_slice(&lines));
	buf_free(&lines);
}

bool
mark_is_link(const char *uri)
{
	struct slice s = slice_str(uri), scheme = SLICE_LIT("https://");

	if (!slice_starts(s, scheme) || s.n == scheme.n)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		/* RFC 3986 2; what ends an autolink is none of them. */
		if (!ascii_is_alnum(s.p[i]) &&
		    (s.p[i] == '\0' ||
			strchr("-._~:/?#[]@!$&'()*+,;=%", s.p[i]) == NULL))
			return false;
	}
	return true;
}

void
mark_link(struct buf *out, const char *uri)
{
	if (mark_is_link(uri))
		buf_printf(out, "<%s>", uri);
	else
		mark_text(out, uri);
}
