#include "base/wsp.h"

enum { WIDTH = 16 };

/* gcc and clang make of it what the machine has. */
typedef unsigned char octets __attribute__((vector_size(WIDTH)));

static bool
untidy_at(struct slice s, size_t i)
{
	return s.p[i] == '\t' ||
	       (s.p[i] == ' ' && (i + 1 == s.n || s.p[i + 1] <= ' '));
}

/* Any of the WIDTH octets from p on, of which there is one more. */
static bool
any_untidy(const unsigned char *p)
{
	octets here, next;
	uint64_t half[2];

	memcpy(&here, p, sizeof(here));
	memcpy(&next, p + 1, sizeof(next));
	here = (octets)(here == '\t') |
	       ((octets)(here == ' ') & (octets)(next <= ' '));
	memcpy(half, &here, sizeof(half));
	return (half[0] | half[1]) != 0;
}

size_t
wsp_find_untidy(struct slice s, size_t at)
{
	while (at < s.n && s.n - at > WIDTH && !any_untidy(s.p + at))
		at += WIDTH;
	while (at < s.n && !untidy_at(s, at))
		at++;
	return at;
}
