#ifndef BASE_SLICE_H
#define BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * A borrowed view of bytes.  Never NUL-terminated, never owned, may hold NULs.
 * Whoever holds the bytes (an arena, a DNS answer) must outlive the slice.
 * {NULL, 0} is "nothing"; an empty string has a pointer.
 */
struct slice {
	const unsigned char *p;
	size_t n;
};

#define SLICE_LIT(s) \
	((struct slice){ (const unsigned char *)("" s), sizeof(s) - 1 })
#define SLICE_NONE ((struct slice){ NULL, 0 })

/* For printf("%.*s"): only for bytes known to be printable. */
#define SLICE_FMT(s) (int)(s).n, (const char *)(s).p

static inline struct slice
slice_of(const void *p, size_t n)
{
	return (struct slice){ p, n };
}

/* The bytes of a C string, without its NUL; NULL gives SLICE_NONE. */
static inline struct slice
slice_str(const char *s)
{
	return (struct slice){ (const unsigned char *)s,
		s != NULL ? strlen(s) : 0 };
}

static inline bool
slice_eq(struct slice a, struct slice b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool
slice_starts(struct slice s, struct slice prefix)
{
	return s.n >= prefix.n &&
	       (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

/* From offset at on, at most n octets; clamped to what is there. */
static inline struct slice
slice_sub(struct slice s, size_t at, size_t n)
{
	if (at > s.n)
		at = s.n;
	if (n > s.n - at)
		n = s.n - at;
	/* No arithmetic on NULL, which has no octets. */
	return slice_of(at > 0 ? s.p + at : s.p, n);
}

/* Everything from offset at on. */
static inline struct slice
slice_from(struct slice s, size_t at)
{
	return slice_sub(s, at, s.n);
}

/* From the begin of one to the end of another that is behind it. */
static inline struct slice
slice_span(struct slice first, struct slice last)
{
	return slice_of(first.p, (size_t)(last.p - first.p) + last.n);
}

/* Where a part of it begins. */
static inline size_t
slice_offset(struct slice all, struct slice part)
{
	return part.p != NULL ? (size_t)(part.p - all.p) : 0;
}

/* ASCII only, whatever the locale. */
static inline unsigned char
ascii_lower(unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? (unsigned char)(c - 'A' + 'a') : c;
}

static inline bool
ascii_is_alpha(unsigned char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static inline bool
ascii_is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

/* A table, as in ids a processor could not guess which of the two it is. */
extern const bool ascii_alnum[256];

static inline bool
ascii_is_alnum(unsigned char c)
{
	return ascii_alnum[c];
}

/* Space, tab, CR, LF. */
static inline bool
ascii_is_space(unsigned char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The value of a hexadecimal digit, or -1. */
int ascii_hex(unsigned char c);

bool slice_eq_nocase(struct slice, struct slice);
bool slice_starts_nocase(struct slice, struct slice prefix);
bool slice_ends_nocase(struct slice, struct slice suffix);

/* memcmp order, the shorter first among equals. */
int slice_cmp(struct slice, struct slice);

/* Without white space (ascii_is_space) at both ends. */
struct slice slice_trim(struct slice);

/* Splits at the first sep.  Without one: false, head is all, tail nothing. */
static inline bool
slice_cut(struct slice in, unsigned char sep, struct slice *head,
    struct slice *tail)
{
	const unsigned char *at =
	    in.n > 0 ? (const unsigned char *)memchr(in.p, sep, in.n) : NULL;

	if (at == NULL) {
		*head = in;
		*tail = SLICE_NONE;
		return false;
	}
	*head = slice_of(in.p, (size_t)(at - in.p));
	*tail = slice_of(at + 1, in.n - head->n - 1);
	return true;
}

/*
 * Takes the next line off *in, without its CRLF or LF.  False when *in was
 * empty.  A last line without an end of line counts.
 */
static inline bool
slice_line(struct slice *in, struct slice *line)
{
	if (in->n == 0)
		return false;
	if (!slice_cut(*in, '\n', line, in))
		*in = SLICE_NONE;
	if (line->n > 0 && line->p[line->n - 1] == '\r')
		line->n--;
	return true;
}

/* Every octet is one of ASCII from the space to the tilde. */
bool slice_is_printable(struct slice);

/* Offset of the first needle in s, or SIZE_MAX.  An empty needle is at 0. */
size_t slice_find(struct slice s, struct slice needle);
size_t slice_find_nocase(struct slice s, struct slice needle);

/* All of s is decimal digits and the number is at most max. */
bool slice_number(struct slice s, uint64_t max, uint64_t *out);

#endif
