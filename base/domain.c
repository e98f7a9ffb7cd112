#include "base/domain.h"

#include <idn2.h>

#include "base/cursor.h"
#include "base/limits.h"
#include "base/utf8.h"

/* RFC 1035 3.1: 255 octets on the wire are 253 in text; RFC 1035 2.3.4 */
enum { DOMAIN_NAME_MAX = 253, DOMAIN_LABEL_MAX = 63 };

const char *
domain_fault_text(enum domain_fault fault)
{
	switch (fault) {
	case DOMAIN_FINE:
		return "is a domain name";
	case DOMAIN_EMPTY:
		return "is empty";
	case DOMAIN_EMPTY_LABEL:
		return "has an empty label";
	case DOMAIN_LABEL_LONG:
		return "has a label of over 63 octets";
	case DOMAIN_LONG:
		return "is longer than 253 octets";
	case DOMAIN_CHARACTER:
		return "has a character that no domain name has";
	case DOMAIN_HYPHEN:
		return "has a label that begins or ends with a hyphen";
	case DOMAIN_IDN:
		return "is not a valid internationalized domain name";
	}
	return "is not a domain name";
}

static enum domain_fault
domain_label_fault(struct slice label)
{
	if (label.n == 0)
		return DOMAIN_EMPTY_LABEL;
	for (size_t i = 0; i < label.n; i++) {
		if (!ascii_is_alnum(label.p[i]) && label.p[i] != '-' &&
		    label.p[i] != '_')
			return DOMAIN_CHARACTER;
	}
	if (label.n > DOMAIN_LABEL_MAX)
		return DOMAIN_LABEL_LONG;
	if (label.p[0] == '-' || label.p[label.n - 1] == '-')
		return DOMAIN_HYPHEN;
	return DOMAIN_FINE;
}

/* domain = label *("." label); the first fault from the left. */
static enum domain_fault
domain_ascii_fault(struct slice name)
{
	enum domain_fault fault;
	struct slice label, rest = name;
	bool more;

	if (name.n == 0)
		return DOMAIN_EMPTY;
	do {
		more = slice_cut(rest, '.', &label, &rest);
		fault = domain_label_fault(label);
		if (fault != DOMAIN_FINE)
			return fault;
	} while (more);
	return name.n > DOMAIN_NAME_MAX ? DOMAIN_LONG : DOMAIN_FINE;
}

static enum domain_fault
domain_ascii(struct arena *a, struct slice name, struct slice *out)
{
	enum domain_fault fault;
	unsigned char *p;

	if (name.n > 0 && name.p[name.n - 1] == '.')
		name.n--;
	fault = domain_ascii_fault(name);
	if (fault != DOMAIN_FINE)
		return fault;
	p = arena_new_of(a, unsigned char, name.n);
	if (p == NULL)
		return DOMAIN_LONG;
	for (size_t i = 0; i < name.n; i++)
		p[i] = ascii_lower(name.p[i]);
	*out = slice_of(p, name.n);
	return DOMAIN_FINE;
}

static enum domain_fault
domain_idn_fault(int code)
{
	switch (code) {
	case IDN2_OK:
		return DOMAIN_FINE;
	case IDN2_MALLOC:
	case IDN2_TOO_BIG_DOMAIN:
		return DOMAIN_LONG;
	case IDN2_TOO_BIG_LABEL:
		return DOMAIN_LABEL_LONG;
	case IDN2_HYPHEN_STARTEND:
		return DOMAIN_HYPHEN;
	default:
		return DOMAIN_IDN;
	}
}

/* What libidn2 makes of it is judged as any other name is. */
static enum domain_fault
domain_unicode(struct arena *a, struct slice text, struct slice *out)
{
	char in[LIMIT_DOMAIN_TEXT + 1];
	enum domain_fault fault;
	char *ascii = NULL;

	if (text.n > LIMIT_DOMAIN_TEXT)
		return DOMAIN_LONG;
	if (!utf8_valid(text) || memchr(text.p, '\0', text.n) != NULL)
		return DOMAIN_CHARACTER;
	memcpy(in, text.p, text.n);
	in[text.n] = '\0';
	fault = domain_idn_fault(idn2_to_ascii_8z(in, &ascii,
	    IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT));
	if (fault == DOMAIN_FINE)
		fault = domain_ascii(a, slice_str(ascii), out);
	idn2_free(ascii);
	return fault;
}

enum domain_fault
domain_canonical(struct arena *a, struct slice text, struct slice *out)
{
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] >= 0x80)
			return domain_unicode(a, text, out);
	}
	return domain_ascii(a, text, out);
}

struct slice
domain_label_shown(struct arena *a, struct slice label)
{
	char in[DOMAIN_LABEL_MAX + 1];
	struct slice out = SLICE_NONE;
	char *shown = NULL;

	if (!slice_starts(label, SLICE_LIT("xn--")))
		return label;
	if (label.n > DOMAIN_LABEL_MAX)
		return SLICE_NONE;
	memcpy(in, label.p, label.n);
	in[label.n] = '\0';
	if (idn2_to_unicode_8z8z(in, &shown, 0) == IDN2_OK)
		out = arena_copy(a, slice_str(shown));
	idn2_free(shown);
	return slice_starts(out, SLICE_LIT("xn--")) ? SLICE_NONE : out;
}

size_t
domain_octet_text(unsigned char octet, unsigned char out[DOMAIN_OCTET_MAX])
{
	if (octet > ' ' && octet <= '~' && octet != '.' && octet != '\\') {
		out[0] = octet;
		return 1;
	}
	out[0] = '\\';
	out[1] = (unsigned char)('0' + octet / 100);
	out[2] = (unsigned char)('0' + octet / 10 % 10);
	out[3] = (unsigned char)('0' + octet % 10);
	return DOMAIN_OCTET_MAX;
}

struct slice
domain_from_octets(struct arena *a, struct slice octets)
{
	unsigned char text[DOMAIN_OCTET_MAX], *p;
	size_t n = 0;

	for (size_t i = 0; i < octets.n; i++)
		n += octets.p[i] == '.' ? 1
					: domain_octet_text(octets.p[i], text);
	p = arena_new_of(a, unsigned char, n + 1);
	if (p == NULL)
		return SLICE_NONE;
	n = 0;
	for (size_t i = 0; i < octets.n; i++) {
		if (octets.p[i] == '.')
			p[n++] = '.';
		else
			n += domain_octet_text(octets.p[i], p + n);
	}
	return slice_of(p, n);
}

/* Takes \DDD; a backslash without three digits stands for itself. */
static unsigned char
escape_take(struct cursor *c)
{
	struct slice digits = slice_sub(c->all, c->at, 3);
	uint64_t octet;

	if (digits.n < 3 || !slice_number(digits, 255, &octet))
		return '\\';
	(void)cursor_bytes(c, digits.n);
	return (unsigned char)octet;
}

struct slice
domain_octets(struct arena *a, struct slice canonical)
{
	struct cursor c = cursor_of(canonical);
	unsigned char *p;
	size_t n = 0;

	if (canonical.n == 0 || memchr(canonical.p, '\\', canonical.n) == NULL)
		return canonical;
	p = arena_new_of(a, unsigned char, canonical.n);
	if (p == NULL)
		return SLICE_NONE;
	while (!cursor_done(&c)) {
		p[n] = cursor_u8(&c);
		if (p[n] == '\\')
			p[n] = escape_take(&c);
		n++;
	}
	return slice_of(p, n);
}

bool
domain_is_fqdn(struct slice name)
{
	struct slice last = name;
	bool digits = true;

	if (domain_ascii_fault(name) != DOMAIN_FINE ||
	    (name.n > 0 && memchr(name.p, '_', name.n) != NULL))
		return false;
	while (domain_labels(last) > 1)
		last = domain_parent(last);
	/* RFC 3696 2: no top-level domain is all digits, or it is an address */
	for (size_t i = 0; i < last.n; i++)
		digits = digits && ascii_is_digit(last.p[i]);
	return last.n < name.n && !digits;
}

struct slice
domain_parent(struct slice name)
{
	struct slice label, rest;

	if (!slice_cut(name, '.', &label, &rest))
		return slice_from(name, name.n);
	return rest;
}

size_t
domain_labels(struct slice name)
{
	size_t n = name.n > 0;

	for (size_t i = 0; i < name.n; i++)
		n += name.p[i] == '.';
	return n;
}

bool
domain_is_under(struct slice name, struct slice ancestor)
{
	if (ancestor.n == 0 || slice_eq_nocase(name, ancestor))
		return true;
	return name.n > ancestor.n && name.p[name.n - ancestor.n - 1] == '.' &&
	       slice_ends_nocase(name, ancestor);
}
