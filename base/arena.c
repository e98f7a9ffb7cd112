#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * Under AddressSanitizer what is not handed out is poisoned, with a gap
 * behind each allocation: an over-read within the arena is found too.
 */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(ARENA_ASAN)
#include <sanitizer/asan_interface.h>

enum { ARENA_GAP = 16 };
#else
#define ASAN_POISON_MEMORY_REGION(p, n)   ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))

enum { ARENA_GAP = 0 };
#endif

struct block {
	struct block *next;
	size_t used;
	size_t size;
	alignas(max_align_t) unsigned char data[];
};

struct arena {
	struct block *head;
	size_t total;
	size_t limit;
	size_t next_size;
	bool failed;
	bool starved;
};

enum { ARENA_BLOCK_MAX = 64 * 1024 };

struct arena *
arena_new(size_t limit, size_t block)
{
	struct arena *a = calloc(1, sizeof(*a));

	if (a != NULL) {
		a->limit = limit;
		a->next_size = block;
	}
	return a;
}

static void
blocks_free(struct block *b)
{
	struct block *next;

	for (; b != NULL; b = next) {
		next = b->next;
		ASAN_UNPOISON_MEMORY_REGION(b->data, b->size);
		free(b);
	}
}

void
arena_free(struct arena *a)
{
	if (a == NULL)
		return;
	blocks_free(a->head);
	free(a);
}

void
arena_reset(struct arena *a)
{
	struct block *keep, *next;

	a->failed = a->starved = false;
	if (a->head == NULL)
		return;
	/* The oldest is the smallest but for one that was too big for it. */
	for (keep = a->head; keep->next != NULL; keep = next) {
		next = keep->next;
		keep->next = NULL;
		blocks_free(keep);
	}
	ASAN_UNPOISON_MEMORY_REGION(keep->data, keep->size);
	memset(keep->data, 0, keep->used);
	ASAN_POISON_MEMORY_REGION(keep->data, keep->size);
	keep->used = 0;
	a->head = keep;
	a->total = keep->size;
}

struct arena_mark
arena_mark(const struct arena *a)
{
	return (
	    struct arena_mark){ a->head, a->head != NULL ? a->head->used : 0 };
}

void
arena_rewind(struct arena *a, struct arena_mark m)
{
	struct block *b;

	if (m.block == NULL) {
		arena_reset(a);
		return;
	}
	while ((b = a->head) != m.block) {
		a->head = b->next;
		a->total -= b->size;
		b->next = NULL;
		blocks_free(b);
	}
	ASAN_UNPOISON_MEMORY_REGION(b->data, b->size);
	memset(b->data + m.used, 0, b->used - m.used);
	b->used = m.used;
	ASAN_POISON_MEMORY_REGION(b->data + b->used, b->size - b->used);
}

static struct block *
arena_add_block(struct arena *a, size_t want)
{
	size_t room = want > a->next_size ? want : a->next_size;
	struct block *b;

	if (room > a->limit - a->total) {
		room = want;
		if (room > a->limit - a->total)
			return NULL;
	}
	if (room > SIZE_MAX - sizeof(*b))
		return NULL;
	b = calloc(1, sizeof(*b) + room);
	if (b == NULL) {
		a->starved = true;
		return NULL;
	}
	b->size = room;
	b->next = a->head;
	a->head = b;
	a->total += room;
	if (a->next_size < ARENA_BLOCK_MAX)
		a->next_size *= 2;
	ASAN_POISON_MEMORY_REGION(b->data, b->size);
	return b;
}

void *
arena_alloc(struct arena *a, size_t count, size_t size)
{
	const size_t align = alignof(max_align_t);
	struct block *b = a->head;
	size_t want;
	void *p;

	if (size != 0 && count > (SIZE_MAX - align - ARENA_GAP) / size) {
		a->failed = true;
		return NULL;
	}
	want = (count * size + align - 1) / align * align + ARENA_GAP;
	if (b == NULL || b->size - b->used < want)
		b = arena_add_block(a, want);
	if (b == NULL) {
		a->failed = true;
		return NULL;
	}
	p = b->data + b->used;
	b->used += want;
	ASAN_UNPOISON_MEMORY_REGION(p, count * size);
	return p;
}

void *
arena_grow(struct arena *a, void *array, size_t n, size_t *cap, size_t size)
{
	size_t more = *cap > 0 ? *cap * 2 : 4;
	void *bigger;

	if (n < *cap)
		return array;
	bigger = arena_alloc(a, more, size);
	if (bigger == NULL)
		return NULL;
	if (n > 0)
		memcpy(bigger, array, n * size);
	*cap = more;
	return bigger;
}

struct slice
arena_copy(struct arena *a, struct slice s)
{
	unsigned char *p;

	if (s.n == SIZE_MAX || (p = arena_alloc(a, s.n + 1, 1)) == NULL)
		return SLICE_NONE;
	if (s.n > 0)
		memcpy(p, s.p, s.n);
	return slice_of(p, s.n);
}

static char *arena_vprintf(struct arena *, size_t *, const char *, va_list)
    __attribute__((format(printf, 3, 0)));

static char *
arena_vprintf(struct arena *a, size_t *len, const char *fmt, va_list ap)
{
	char usual[256]; /* most are shorter: formatted once, then copied */
	va_list again;
	char *s = NULL;
	int n;

	va_copy(again, ap);
	n = vsnprintf(usual, sizeof(usual), fmt, ap);
	if (n >= 0)
		s = arena_new_of(a, char, (size_t)n + 1);
	else
		a->failed = true;
	if (s != NULL && (size_t)n < sizeof(usual))
		memcpy(s, usual, (size_t)n + 1);
	else if (s != NULL)
		(void)vsnprintf(s, (size_t)n + 1, fmt, again);
	va_end(again);
	*len = s != NULL ? (size_t)n : 0;
	return s;
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	size_t n;
	char *s;

	va_start(ap, fmt);
	s = arena_vprintf(a, &n, fmt, ap);
	va_end(ap);
	return s;
}

struct slice
arena_slicef(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	size_t n;
	char *s;

	va_start(ap, fmt);
	s = arena_vprintf(a, &n, fmt, ap);
	va_end(ap);
	return slice_of(s, n);
}

bool
arena_failed(const struct arena *a)
{
	return a->failed;
}

bool
arena_starved(const struct arena *a)
{
	return a->starved;
}

size_t
arena_size(const struct arena *a)
{
	return a->total;
}
