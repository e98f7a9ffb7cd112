#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/slice.h"

/*
 * Bytes that grow, with a ceiling that has no default.  A failure (ceiling,
 * out of memory) sticks: later additions do nothing, and buf.failed is tested
 * once at the end.
 */
struct buf {
	unsigned char *p;
	size_t n;
	size_t cap;
	size_t limit;
	bool failed;
};

void buf_init(struct buf *, size_t limit);

/* Safe on a zeroed struct and twice. */
void buf_free(struct buf *);

/* Empties it and forgets a failure; keeps the memory. */
void buf_reset(struct buf *);

/* The octets are copied; they may not be the buffer's own. */
void buf_add(struct buf *, struct slice);
void buf_add_str(struct buf *, const char *);
void buf_printf(struct buf *, const char *, ...)
    __attribute__((format(printf, 2, 3)));

/* Room for n octets in all, so that it need not move till there are more. */
void buf_reserve(struct buf *, size_t n);

/* Takes n octets off the front. */
void buf_drop(struct buf *, size_t n);

static inline void
buf_add_char(struct buf *b, char c)
{
	if (!b->failed && b->cap - b->n > 1)
		b->p[b->n++] = (unsigned char)c;
	else
		buf_add(b, slice_of(&c, 1));
}

/* Borrowed until the next addition. */
static inline struct slice
buf_slice(const struct buf *b)
{
	return slice_of(b->p, b->n);
}

#endif
