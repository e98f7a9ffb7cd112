#include "checks/spf/spf_ranges.h"

#include <stdlib.h>

#include "base/table.h"

static unsigned int
bits_of(const struct ip *ip)
{
	return ip->family == 4 ? 32 : 128;
}

struct spf_range
spf_range_of(const struct ip *ip, unsigned int bits)
{
	struct spf_range r = { .ip = { .family = ip->family },
		.bits = bits < bits_of(ip) ? bits : bits_of(ip) };
	unsigned int whole = r.bits / 8, rest = r.bits % 8;

	memcpy(r.ip.b, ip->b, whole);
	if (rest > 0)
		r.ip.b[whole] = (uint8_t)(ip->b[whole] & (0xffu << (8 - rest)));
	return r;
}

/*
 * No two blocks of one kind have others between them within one range, so its
 * ends are enough.
 */
enum ip_scope
spf_range_scope(const struct spf_range *r)
{
	struct ip last = r->ip;
	enum ip_scope scope = ip_scope(&r->ip);

	for (unsigned int i = r->bits; i < bits_of(&r->ip); i++)
		last.b[i / 8] |= (uint8_t)(0x80u >> i % 8);
	return ip_scope(&last) == scope ? scope : IP_PUBLIC;
}

bool
spf_range_has(const struct spf_range *outer, const struct spf_range *inner)
{
	struct spf_range cut;

	if (outer->ip.family != inner->ip.family || outer->bits > inner->bits)
		return false;
	cut = spf_range_of(&inner->ip, outer->bits);
	return ip_eq(&cut.ip, &outer->ip);
}

struct slice
spf_range_text(struct arena *arena, const struct spf_range *r)
{
	char text[IP_TEXT_MAX];

	ip_format(&r->ip, text);
	if (r->bits == bits_of(&r->ip))
		return arena_slicef(arena, "%s", text);
	return arena_slicef(arena, "%s/%u", text, r->bits);
}

/* ---- merging ----------------------------------------------------------- */

/* The wider of two with the same start comes first. */
static int
range_cmp(const void *a, const void *b)
{
	const struct spf_range *x = a, *y = b;
	int order;

	if (x->ip.family != y->ip.family)
		return x->ip.family < y->ip.family ? -1 : 1;
	order = memcmp(x->ip.b, y->ip.b, sizeof(x->ip.b));
	if (order != 0)
		return order;
	return (x->bits > y->bits) - (x->bits < y->bits);
}

/* The two halves of the range that is one bit wider. */
static bool
are_halves(const struct spf_range *a, const struct spf_range *b)
{
	struct spf_range wide;

	if (a->bits != b->bits || a->bits == 0)
		return false;
	wide = spf_range_of(&a->ip, a->bits - 1);
	return spf_range_has(&wide, b) && !ip_eq(&a->ip, &b->ip);
}

size_t
spf_ranges_merge(struct spf_range *ranges, size_t n)
{
	size_t kept = 0;

	if (n > 1)
		qsort(ranges, n, sizeof(*ranges), range_cmp);
	for (size_t i = 0; i < n; i++) {
		if (kept > 0 && spf_range_has(&ranges[kept - 1], &ranges[i]))
			continue;
		ranges[kept++] = ranges[i];
		while (kept > 1 &&
		       are_halves(&ranges[kept - 2], &ranges[kept - 1])) {
			kept--;
			ranges[kept - 1] = spf_range_of(&ranges[kept - 1].ip,
			    ranges[kept - 1].bits - 1);
		}
	}
	return kept;
}

/* ---- what came earlier ------------------------------------------------- */

enum { RANGE_KEY = 18 };

/* lengths: those that there are, so that no others are looked for. */
struct spf_cover {
	struct arena *arena;
	struct table *ranges;
	bool lengths[2][129];
};

struct spf_cover *
spf_cover_new(struct arena *arena)
{
	struct spf_cover *c = arena_new_of(arena, struct spf_cover, 1);

	if (c == NULL)
		return NULL;
	c->arena = arena;
	c->ranges = table_new();
	return c->ranges != NULL ? c : NULL;
}

void
spf_cover_free(struct spf_cover *c)
{
	if (c != NULL)
		table_free(c->ranges);
}

static void
key_of(const struct spf_range *r, unsigned char key[RANGE_KEY])
{
	key[0] = r->ip.family;
	key[1] = (unsigned char)r->bits;
	memcpy(&key[2], r->ip.b, sizeof(r->ip.b));
}

bool
spf_cover_add(struct spf_cover *c, const struct spf_range *r, void *value,
    void **earlier)
{
	bool *lengths = c->lengths[r->ip.family == 6];
	unsigned char key[RANGE_KEY];
	struct slice own;

	*earlier = NULL;
	for (unsigned int bits = 0; bits <= r->bits && *earlier == NULL;
	     bits++) {
		struct spf_range wide;

		if (!lengths[bits])
			continue;
		wide = spf_range_of(&r->ip, bits);
		key_of(&wide, key);
		*earlier = table_get(c->ranges, slice_of(key, RANGE_KEY));
	}
	if (*earlier != NULL)
		return true;
	key_of(r, key);
	own = arena_copy(c->arena, slice_of(key, RANGE_KEY));
	lengths[r->bits] = true;
	return own.p != NULL && table_put(c->ranges, own, value);
}
