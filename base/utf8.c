#include "base/utf8.h"

/* What a lead octet announces; least is the smallest code point allowed. */
struct utf8_form {
	unsigned char mask;
	unsigned char lead;
	unsigned char length;
	uint32_t least;
};

static const struct utf8_form forms[] = {
	{ 0xe0, 0xc0, 2, 0x80 },
	{ 0xf0, 0xe0, 3, 0x800 },
	{ 0xf8, 0xf0, 4, 0x10000 },
};

static uint32_t
utf8_decode(struct slice s, const struct utf8_form *f)
{
	uint32_t c = s.p[0] & (unsigned char)~f->mask;

	if (s.n < f->length)
		return UINT32_MAX;
	for (size_t i = 1; i < f->length; i++) {
		if ((s.p[i] & 0xc0) != 0x80)
			return UINT32_MAX;
		c = c << 6 | (s.p[i] & 0x3f);
	}
	if (c < f->least || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return UINT32_MAX;
	return c;
}

uint32_t
utf8_next(struct slice s, size_t *n)
{
	uint32_t c;

	*n = 1;
	if (s.p[0] < 0x80)
		return s.p[0];
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		if ((s.p[0] & forms[i].mask) != forms[i].lead)
			continue;
		c = utf8_decode(s, &forms[i]);
		if (c != UINT32_MAX)
			*n = forms[i].length;
		return c;
	}
	return UINT32_MAX;
}

bool
utf8_valid(struct slice s)
{
	size_t n;

	for (; s.n > 0; s = slice_from(s, n)) {
		if (utf8_next(s, &n) == UINT32_MAX)
			return false;
	}
	return true;
}
