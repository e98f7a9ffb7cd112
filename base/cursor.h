#ifndef BASE_CURSOR_H
#define BASE_CURSOR_H

#include "base/slice.h"

/*
 * A forward-only cursor over hostile bytes.  The first failure sticks: every
 * later take returns zero or nothing and moves nothing, so a parser may read
 * a whole structure and test failed once at the end.
 */
struct cursor {
	struct slice all;
	size_t at;
	bool failed;
};

static inline struct cursor
cursor_of(struct slice s)
{
	return (struct cursor){ s, 0, false };
}

/* The same bytes, read from another offset; past the end is a failure. */
static inline struct cursor
cursor_at(struct slice s, size_t at)
{
	return (struct cursor){ s, at <= s.n ? at : s.n, at > s.n };
}

static inline size_t
cursor_left(const struct cursor *c)
{
	return c->failed ? 0 : c->all.n - c->at;
}

static inline bool
cursor_done(const struct cursor *c)
{
	return cursor_left(c) == 0;
}

static inline struct slice
cursor_bytes(struct cursor *c, size_t n)
{
	struct slice s;

	if (cursor_left(c) < n) {
		c->failed = true;
		return SLICE_NONE;
	}
	s = slice_sub(c->all, c->at, n);
	c->at += n;
	return s;
}

static inline struct slice
cursor_rest(struct cursor *c)
{
	return cursor_bytes(c, cursor_left(c));
}

/* The next octet without taking it, or -1 at the end. */
static inline int
cursor_peek(const struct cursor *c)
{
	return cursor_left(c) > 0 ? c->all.p[c->at] : -1;
}

/* Takes the next octet if it is ch. */
static inline bool
cursor_skip(struct cursor *c, unsigned char ch)
{
	if (cursor_peek(c) != ch)
		return false;
	c->at++;
	return true;
}

static inline uint8_t
cursor_u8(struct cursor *c)
{
	struct slice s = cursor_bytes(c, 1);

	return s.n == 1 ? s.p[0] : 0;
}

/* Big-endian, as all of DNS is. */
static inline uint16_t
cursor_u16(struct cursor *c)
{
	struct slice s = cursor_bytes(c, 2);

	return s.n == 2 ? (uint16_t)((unsigned int)s.p[0] << 8 | s.p[1]) : 0;
}

static inline uint32_t
cursor_u32(struct cursor *c)
{
	uint32_t high = cursor_u16(c);

	return high << 16 | cursor_u16(c);
}

#endif
