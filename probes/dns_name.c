#include "probes/dns_name.h"

#include "base/domain.h"
#include "base/limits.h"

enum {
	LABEL_MAX = 63,
	LABEL_POINTER = 0xC0,
	HEADER = 12, /* octets before the first name of a message */
};

/* ---- the wire ---------------------------------------------------------- */

static void
name_add(struct dns_name *name, unsigned int length, const unsigned char *p)
{
	name->wire[name->n++] = (unsigned char)length;
	for (unsigned int i = 0; i < length; i++)
		name->wire[name->n++] = ascii_lower(p[i]);
}

/* Takes the rest of a pointer.  It must lead to before limit. */
static bool
pointer_follow(struct cursor *c, unsigned int first, size_t limit)
{
	size_t target = (size_t)(first & LABEL_MAX) << 8 | cursor_u8(c);

	if (c->failed || target < HEADER || target >= limit)
		return false;
	*c = cursor_at(c->all, target);
	return true;
}

/*
 * Each pointer must lead to before the labels it ends: that makes loops
 * impossible, and no encoder needs more.
 */
bool
dns_name_take(struct cursor *c, struct dns_name *out)
{
	struct cursor at = *c;
	size_t start = c->at;
	unsigned int pointers = 0;

	out->n = 0;
	for (;;) {
		unsigned int length = cursor_u8(&at);

		if (length >= LABEL_POINTER) {
			if (pointers == 0)
				c->at = at.at + 1;
			if (++pointers > LIMIT_DNS_POINTERS ||
			    !pointer_follow(&at, length, start))
				break;
			start = at.at;
			continue;
		}
		if (length > LABEL_MAX || cursor_left(&at) < length ||
		    out->n + 1 + length + (length > 0) > DNS_NAME_MAX)
			break;
		if (at.failed)
			break;
		name_add(out, length, cursor_bytes(&at, length).p);
		if (length > 0)
			continue;
		if (pointers == 0)
			*c = at;
		return true;
	}
	c->failed = true;
	return false;
}

void
dns_name_skip(struct cursor *c)
{
	for (;;) {
		unsigned int length = cursor_u8(c);

		if (c->failed || length == 0)
			return;
		if (length >= LABEL_POINTER) {
			(void)cursor_u8(c);
			return;
		}
		if (length > LABEL_MAX) {
			c->failed = true;
			return;
		}
		(void)cursor_bytes(c, length);
	}
}

bool
dns_name_eq(const struct dns_name *a, const struct dns_name *b)
{
	return a->n == b->n && memcmp(a->wire, b->wire, a->n) == 0;
}

bool
dns_name_is_under(const struct dns_name *name, const struct dns_name *ancestor)
{
	size_t at = 0;

	while (name->n - at > ancestor->n)
		at += (size_t)name->wire[at] + 1;
	return name->n - at == ancestor->n &&
	       memcmp(name->wire + at, ancestor->wire, ancestor->n) == 0;
}

/* ---- text -------------------------------------------------------------- */

/* The octet after a backslash: three digits or the character itself. */
static unsigned char
escape_take(struct cursor *c)
{
	unsigned int value = 0;

	if (!ascii_is_digit((unsigned char)cursor_peek(c)))
		return cursor_u8(c);
	for (int i = 0; i < 3; i++) {
		unsigned char digit = cursor_u8(c);

		if (!ascii_is_digit(digit)) {
			c->failed = true;
			return 0;
		}
		value = value * 10 + (digit - '0');
	}
	if (value > 255)
		c->failed = true;
	return (unsigned char)value;
}

/* Takes one label and the dot after it. */
static bool
label_parse(struct cursor *c, struct dns_name *out)
{
	unsigned char label[LABEL_MAX];
	unsigned int n = 0;

	while (!cursor_done(c) && !cursor_skip(c, '.')) {
		unsigned char octet = cursor_u8(c);

		if (octet == '\\')
			octet = escape_take(c);
		if (c->failed || n == LABEL_MAX)
			return false;
		label[n++] = octet;
	}
	if (n == 0 || out->n + 1 + n + 1 > DNS_NAME_MAX)
		return false;
	name_add(out, n, label);
	return true;
}

bool
dns_name_parse(struct slice text, struct dns_name *out)
{
	struct cursor c = cursor_of(text);

	out->n = 0;
	if (slice_eq(text, SLICE_LIT(".")))
		c = cursor_of(SLICE_NONE);
	while (!cursor_done(&c)) {
		if (!label_parse(&c, out))
			return false;
	}
	if (c.failed)
		return false;
	name_add(out, 0, NULL);
	return true;
}

struct slice
dns_name_text(struct arena *a, const struct dns_name *name)
{
	unsigned char text[DNS_NAME_MAX * DOMAIN_OCTET_MAX];
	size_t n = 0;

	for (size_t at = 0; name->wire[at] != 0;) {
		size_t end = at + 1 + name->wire[at];

		if (at > 0)
			text[n++] = '.';
		for (at++; at < end; at++)
			n += domain_octet_text(name->wire[at], text + n);
	}
	return arena_copy(a, slice_of(text, n));
}
