#include "message/octets.h"

#include "base/arena.h"

size_t
octets_8bit(struct slice s)
{
	const uint64_t tops = UINT64_MAX / 255 << 7;
	size_t i = 0;
	uint64_t w;

	for (; s.n - i >= sizeof(w); i += sizeof(w)) {
		memcpy(&w, s.p + i, sizeof(w));
		if ((w & tops) != 0)
			break;
	}
	while (i < s.n && s.p[i] < 128)
		i++;
	return i;
}

size_t
octets_lines(struct slice s)
{
	struct slice head;
	size_t n = 0;

	while (slice_cut(s, '\n', &head, &s))
		n++;
	return n;
}

struct slice
octets_lower(struct arena *a, struct slice s)
{
	unsigned char *p;
	size_t i = 0;

	while (i < s.n && ascii_lower(s.p[i]) == s.p[i])
		i++;
	if (i == s.n)
		return s;
	p = arena_new_of(a, unsigned char, s.n);
	if (p == NULL)
		return SLICE_NONE;
	for (i = 0; i < s.n; i++)
		p[i] = ascii_lower(s.p[i]);
	return slice_of(p, s.n);
}
