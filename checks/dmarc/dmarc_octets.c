#include "checks/dmarc/dmarc_problems.h"
#include "checks/dmarc/dmarc_tags.h"

/* What should not be in a record, and what should stand between. */

enum { CLIP = 100, SMART_QUOTE = 3 };

struct slice
dmarc_clip(struct slice s)
{
	size_t n = CLIP;

	if (s.n <= CLIP)
		return s;
	while (n > 0 && (s.p[n] & 0xc0) == 0x80)
		n--;
	return slice_sub(s, 0, n);
}

/* UTF-8 of U+2018 to U+201F: E2 80 98 to E2 80 9F. */
static bool
is_smart_quote(struct slice s)
{
	return s.n >= SMART_QUOTE && s.p[0] == 0xe2 && s.p[1] == 0x80 &&
	       s.p[2] >= 0x98 && s.p[2] <= 0x9f;
}

struct dmarc_octets
dmarc_octets_look(struct slice s)
{
	struct dmarc_octets out = { false, false, false, false };

	while (s.n > 0) {
		size_t n = 1;

		if (is_smart_quote(s)) {
			out.smart_quotes = true;
			n = SMART_QUOTE;
		} else if (s.p[0] == '"') {
			out.quotes = true;
		} else if (s.p[0] == '\\') {
			out.backslash = true;
		} else if (s.p[0] != '\t' && (s.p[0] < ' ' || s.p[0] > '~')) {
			out.other = true;
		}
		s = slice_from(s, n);
	}
	return out;
}

static bool
is_gap(unsigned char c)
{
	return ascii_is_space(c) || c == ',';
}

/* "rua = ..." of a known tag, or "v=". */
static bool
begins_tag(struct slice s)
{
	size_t n = 0;

	while (n < s.n && ascii_is_alpha(s.p[n]))
		n++;
	if (dmarc_tag_find(slice_sub(s, 0, n)) == DMARC_TAGS &&
	    !slice_eq_nocase(slice_sub(s, 0, n), SLICE_LIT("v")))
		return false;
	s = slice_from(s, n);
	while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t'))
		s = slice_from(s, 1);
	return s.n > 0 && s.p[0] == '=';
}

size_t
dmarc_find_bundled(struct slice value, bool *comma)
{
	size_t at = 0, gap;

	while (at < value.n) {
		if (!is_gap(value.p[at])) {
			at++;
			continue;
		}
		gap = at;
		*comma = false;
		while (at < value.n && is_gap(value.p[at]))
			*comma = value.p[at++] == ',' || *comma;
		if (begins_tag(slice_from(value, at)))
			return gap;
	}
	return SIZE_MAX;
}
