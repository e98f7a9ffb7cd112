#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void
buf_init(struct buf *b, size_t limit)
{
	*b = (struct buf){ .limit = limit };
}

void
buf_free(struct buf *b)
{
	free(b->p);
	b->p = NULL;
	b->n = b->cap = 0;
}

void
buf_reset(struct buf *b)
{
	b->n = 0;
	b->failed = false;
}

/* Room for more octets and a NUL behind them. */
static bool
buf_room(struct buf *b, size_t more)
{
	size_t cap = b->cap > 0 ? b->cap : 256;
	unsigned char *p;

	if (!b->failed && more < b->cap - b->n)
		return true;
	if (b->failed || more > b->limit || b->n > b->limit - more ||
	    b->n + more > SIZE_MAX / 2) {
		b->failed = true;
		return false;
	}
	while (cap <= b->n + more)
		cap *= 2;
	if (cap > b->limit)
		cap = b->limit + 1;
	p = realloc(b->p, cap);
	if (p == NULL) {
		b->failed = true;
		return false;
	}
	b->p = p;
	b->cap = cap;
	return true;
}

void
buf_reserve(struct buf *b, size_t n)
{
	if (n > b->n)
		(void)buf_room(b, n - b->n);
}

void
buf_add(struct buf *b, struct slice s)
{
	if (s.n == 0 || !buf_room(b, s.n))
		return;
	memcpy(b->p + b->n, s.p, s.n);
	b->n += s.n;
}

void
buf_add_str(struct buf *b, const char *s)
{
	buf_add(b, slice_str(s));
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	size_t room = b->failed ? 0 : b->cap - b->n;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(room > 0 ? (char *)b->p + b->n : NULL, room, fmt, ap);
	va_end(ap);
	if (n < 0)
		b->failed = true;
	if (n < 0 || !buf_room(b, (size_t)n))
		return;
	if ((size_t)n >= room) { /* there was too little of it */
		va_start(ap, fmt);
		(void)vsnprintf((char *)b->p + b->n, (size_t)n + 1, fmt, ap);
		va_end(ap);
	}
	b->n += (size_t)n;
}

void
buf_drop(struct buf *b, size_t n)
{
	if (n > b->n)
		n = b->n;
	b->n -= n;
	if (b->n > 0)
		memmove(b->p, b->p + n, b->n);
}
