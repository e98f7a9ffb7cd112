#include "rules/compile.h"

enum { QUOTE_MAX = 60, NEAREST_MAX = 80 };

enum rc
compile_fail(struct compile *c, size_t at, struct slice what)
{
	if (what.p == NULL)
		return RC_NOMEM;
	c->at = c->base + at;
	c->what = what;
	return RC_INVALID;
}

struct slice
compile_quote(struct slice s)
{
	size_t n = s.n < QUOTE_MAX ? s.n : QUOTE_MAX;

	while (n > 0 && n < s.n && (s.p[n] & 0xc0) == 0x80)
		n--;
	return slice_sub(s, 0, n);
}

struct slice
compile_join(struct arena *a, struct slice one, struct slice two,
    struct slice three)
{
	unsigned char *p =
	    arena_new_of(a, unsigned char, one.n + two.n + three.n + 1);

	if (p == NULL)
		return SLICE_NONE;
	if (one.n > 0)
		memcpy(p, one.p, one.n);
	if (two.n > 0)
		memcpy(&p[one.n], two.p, two.n);
	if (three.n > 0)
		memcpy(&p[one.n + two.n], three.p, three.n);
	return slice_of(p, one.n + two.n + three.n);
}

static size_t
least(size_t a, size_t b, size_t c)
{
	if (b < a)
		a = b;
	return c < a ? c : a;
}

/* Levenshtein distance of two names of at most NEAREST_MAX octets. */
static size_t
distance(struct slice a, struct slice b)
{
	size_t row[NEAREST_MAX + 1];

	for (size_t j = 0; j <= b.n; j++)
		row[j] = j;
	for (size_t i = 0; i < a.n; i++) {
		size_t diagonal = row[0];

		row[0] = i + 1;
		for (size_t j = 0; j < b.n; j++) {
			size_t change = diagonal + (a.p[i] != b.p[j]);

			diagonal = row[j + 1];
			row[j + 1] = least(row[j] + 1, diagonal + 1, change);
		}
	}
	return row[b.n];
}

const char *
compile_nearest(struct slice s, const char *const *names)
{
	size_t best = s.n / 3 + 1;
	const char *nearest = NULL;

	if (s.n > NEAREST_MAX)
		return NULL;
	for (; *names != NULL; names++) {
		struct slice name = slice_str(*names);
		size_t d;

		if (name.n > NEAREST_MAX)
			continue;
		d = distance(s, name);
		if (d < best || (nearest == NULL && d == best)) {
			best = d;
			nearest = *names;
		}
	}
	return nearest;
}

const char *
compile_suggest(struct arena *a, struct slice s, const char *const *names)
{
	const char *name = compile_nearest(s, names);

	if (name == NULL)
		return "";
	return arena_printf(a, ", did you mean \"%s\"?", name);
}
