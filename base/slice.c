#include "base/slice.h"

#define REPEAT_5(x)  x, x, x, x, x
#define REPEAT_10(x) REPEAT_5(x), REPEAT_5(x)
#define REPEAT_26(x) REPEAT_10(x), REPEAT_10(x), REPEAT_5(x), x

const bool ascii_alnum[256] = {
	['0'] = REPEAT_10(true),
	['A'] = REPEAT_26(true),
	['a'] = REPEAT_26(true),
};

int
ascii_hex(unsigned char c)
{
	if (ascii_is_digit(c))
		return c - '0';
	c = ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
slice_eq_nocase(struct slice a, struct slice b)
{
	return a.n == b.n && slice_starts_nocase(a, b);
}

bool
slice_starts_nocase(struct slice s, struct slice prefix)
{
	if (s.n < prefix.n)
		return false;
	for (size_t i = 0; i < prefix.n; i++) {
		if (ascii_lower(s.p[i]) != ascii_lower(prefix.p[i]))
			return false;
	}
	return true;
}

bool
slice_ends_nocase(struct slice s, struct slice suffix)
{
	return s.n >= suffix.n &&
	       slice_eq_nocase(slice_from(s, s.n - suffix.n), suffix);
}

int
slice_cmp(struct slice a, struct slice b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n > 0 ? memcmp(a.p, b.p, n) : 0;

	if (c != 0)
		return c;
	return a.n < b.n ? -1 : a.n > b.n;
}

/*
 * Eight octets at once.  The top bit of an octet of w is set by itself, of
 * w + 1 by DEL, of w - space by a control.  A carry out of an octet only ever
 * follows one that is not printable itself.
 */
static bool
all_printable(const unsigned char *p)
{
	const uint64_t ones = UINT64_MAX / 255;
	uint64_t w;

	memcpy(&w, p, sizeof(w));
	return ((w | (w + ones) | (w - ones * ' ')) & ones << 7) == 0;
}

bool
slice_is_printable(struct slice s)
{
	size_t i = 0;

	for (; s.n - i >= sizeof(uint64_t); i += sizeof(uint64_t)) {
		if (!all_printable(s.p + i))
			return false;
	}
	for (; i < s.n; i++) {
		if (s.p[i] < ' ' || s.p[i] > '~')
			return false;
	}
	return true;
}

struct slice
slice_trim(struct slice s)
{
	while (s.n > 0 && ascii_is_space(s.p[0]))
		s = slice_from(s, 1);
	while (s.n > 0 && ascii_is_space(s.p[s.n - 1]))
		s.n--;
	return s;
}

size_t
slice_find(struct slice s, struct slice needle)
{
	const unsigned char *at;

	if (needle.n == 0)
		return 0;
	if (s.n < needle.n)
		return SIZE_MAX;
	at = memmem(s.p, s.n, needle.p, needle.n);
	return at != NULL ? (size_t)(at - s.p) : SIZE_MAX;
}

size_t
slice_find_nocase(struct slice s, struct slice needle)
{
	unsigned char first = needle.n > 0 ? ascii_lower(needle.p[0]) : 0;

	for (size_t i = 0; needle.n <= s.n && i <= s.n - needle.n; i++) {
		if (needle.n == 0 ||
		    (ascii_lower(s.p[i]) == first &&
			slice_starts_nocase(slice_from(s, i), needle)))
			return i;
	}
	return SIZE_MAX;
}

bool
slice_number(struct slice s, uint64_t max, uint64_t *out)
{
	uint64_t v = 0;

	if (s.n == 0)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned int d = (unsigned int)s.p[i] - '0';

		if (d > 9 || v > (max - d) / 10 || d > max)
			return false;
		v = v * 10 + d;
	}
	*out = v;
	return true;
}
