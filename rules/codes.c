/*
 * Codes of bounces: enhanced status codes (RFC 3463 2) or reply codes
 * (RFC 5321 4.2) alone.
 *
 *  codes  = code *(1*WSP code)
 *  code   = 3DIGIT / ("2" / "4" / "5") "." 1*3DIGIT "." 1*3DIGIT
 */
#include "rules/codes.h"

static bool
is_code(struct slice s)
{
	struct slice class, subject, detail;
	uint64_t n;

	if (s.n == 0 || (s.p[0] != '2' && s.p[0] != '4' && s.p[0] != '5'))
		return false;
	if (!slice_cut(s, '.', &class, &detail))
		return s.n == 3 && slice_number(s, 999, &n);
	if (class.n != 1 || !slice_cut(detail, '.', &subject, &detail))
		return false;
	return subject.n <= 3 && slice_number(subject, 999, &n) &&
	       detail.n <= 3 && slice_number(detail, 999, &n);
}

static size_t
word_end(struct slice s)
{
	size_t n = 0;

	while (n < s.n && !ascii_is_space(s.p[n]))
		n++;
	return n;
}

enum rc
codes_parse(struct arena *a, struct slice text, size_t *at,
    const struct slice **out, size_t *n)
{
	struct slice rest = text, *codes = NULL, *more;
	size_t count = 0, cap = 0, length;

	while (rest.n > 0) {
		length = word_end(rest);
		more = arena_grow(a, codes, count, &cap, sizeof(*codes));
		if (more == NULL)
			return RC_NOMEM;
		codes = more;
		codes[count] = slice_sub(rest, 0, length);
		*at = text.n - rest.n;
		if (!is_code(codes[count++]))
			return RC_INVALID;
		rest = slice_from(rest, length);
		while (rest.n > 0 && ascii_is_space(rest.p[0]))
			rest = slice_from(rest, 1);
	}
	*out = codes;
	*n = count;
	return RC_OK;
}
