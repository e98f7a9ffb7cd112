/*
 * What makes a reverse name generic.  A heuristic, and data: receivers keep
 * theirs secret, so this one looks only for what nobody would name a mail
 * server on purpose.
 *
 * 1. The address itself, forwards or backwards: octets in decimal (also
 *    padded to three digits) or hexadecimal, apart or run together; for IPv6
 *    the groups, or all 32 digits.
 * 2. One of the words below as a whole run of letters in a label, left of the
 *    last two labels, and a number: in the same label, or as a label of
 *    its own.  Words marked alone need no number.
 *
 * Dots, hyphens and underscores are the same to both.
 */
#include "checks/reverse.h"

#include "base/buf.h"
#include "base/domain.h"

struct word {
	struct slice text;
	bool alone;
};

#define WORD(s, alone) \
	{ \
		{ (const unsigned char *)(s), sizeof(s) - 1 }, alone \
	}

static const struct word words[] = {
	WORD("adsl", false),
	WORD("broadband", false),
	WORD("cable", false),
	WORD("client", false),
	WORD("clients", false),
	WORD("cpe", false),
	WORD("cust", false),
	WORD("customer", false),
	WORD("customers", false),
	WORD("dhcp", false),
	WORD("dial", false),
	WORD("dialin", true),
	WORD("dialup", true),
	WORD("dsl", false),
	WORD("dyn", false),
	WORD("dynamic", true),
	WORD("dynamicip", true),
	WORD("fiber", false),
	WORD("ftth", false),
	WORD("ip", false),
	WORD("pool", false),
	WORD("pools", false),
	WORD("ppp", false),
	WORD("pppoe", false),
	WORD("rev", false),
	WORD("reverse", false),
	WORD("static", false),
	WORD("unallocated", true),
	WORD("unassigned", true),
	WORD("unused", true),
	WORD("user", false),
	WORD("vdsl", false),
	WORD("vps", false),
	WORD("xdsl", false),
};

enum { NAME_OCTETS_MAX = 1024 };

/* Lower case, with every separator a hyphen. */
static struct slice
flatten(struct arena *arena, struct slice name)
{
	unsigned char *p;
	size_t i;

	if (name.n > NAME_OCTETS_MAX)
		name.n = NAME_OCTETS_MAX;
	p = arena_new_of(arena, unsigned char, name.n + 1);
	if (p == NULL)
		return SLICE_NONE;
	for (i = 0; i < name.n; i++) {
		if (name.p[i] == '.' || name.p[i] == '_')
			p[i] = '-';
		else
			p[i] = ascii_lower(name.p[i]);
	}
	return slice_of(p, name.n);
}

/* ---- the address ------------------------------------------------------- */

/* How one octet or group is spelt, and what stands between two. */
struct form {
	bool hex;
	unsigned int width; /* at least so many digits */
	bool apart;         /* a hyphen between two */
};

static void
spell_one(struct buf *b, unsigned int value, const struct form *form)
{
	const unsigned int base = form->hex ? 16 : 10;
	unsigned char digits[16];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (unsigned char)"0123456789abcdef"[value % base];
		value /= base;
	} while (value > 0 || sizeof(digits) - at < form->width);
	buf_add(b, slice_from(slice_of(digits, sizeof(digits)), at));
}

/* The parts in order, or from the last to the first. */
static void
spell(struct buf *b, const uint16_t *parts, size_t n, const struct form *form,
    bool backwards)
{
	size_t i;

	buf_reset(b);
	for (i = 0; i < n; i++) {
		if (i > 0 && form->apart)
			buf_add_char(b, '-');
		spell_one(b, parts[backwards ? n - 1 - i : i], form);
	}
}

static bool
is_digit_of(unsigned char c, bool hex)
{
	return hex ? ascii_hex(c) >= 0 : ascii_is_digit(c);
}

/* The needle is there, and not as a part of a longer number. */
static bool
has_number(struct slice s, struct slice needle, bool hex)
{
	size_t at = 0, step;

	while ((step = slice_find(slice_from(s, at), needle)) != SIZE_MAX) {
		size_t start = at + step, end = start + needle.n;

		if ((start == 0 || !is_digit_of(s.p[start - 1], hex)) &&
		    (end >= s.n || !is_digit_of(s.p[end], hex)))
			return true;
		at = start + 1;
	}
	return false;
}

/* What is shorter, such as 1111 for 1.1.1.1, is a number like any other. */
enum { ADDRESS_TEXT_MIN = 6, ADDRESS_TEXT_MAX = 128 };

struct parts {
	uint16_t value[32];
	size_t n;
};

static bool
has_parts(struct slice flat, const struct parts *parts,
    const struct form *forms, size_t n_forms)
{
	bool found = false;
	struct buf b;
	size_t i;

	buf_init(&b, ADDRESS_TEXT_MAX);
	for (i = 0; i < 2 * n_forms && !found; i++) {
		const struct form *form = &forms[i / 2];

		spell(&b, parts->value, parts->n, form, i % 2 == 1);
		found = !b.failed && b.n >= ADDRESS_TEXT_MIN &&
			has_number(flat, buf_slice(&b), form->hex);
	}
	buf_free(&b);
	return found;
}

static bool
has_v4(struct slice flat, const struct ip *ip)
{
	static const struct form forms[] = {
		{ false, 1, true },
		{ false, 1, false },
		{ false, 3, true },
		{ false, 3, false },
		{ true, 2, true },
		{ true, 2, false },
	};
	struct parts parts = { .n = 4 };
	size_t i;

	for (i = 0; i < parts.n; i++)
		parts.value[i] = ip->b[i];
	return has_parts(flat, &parts, forms, sizeof(forms) / sizeof(forms[0]));
}

static bool
has_v6(struct slice flat, const struct ip *ip)
{
	static const struct form of_groups[] = {
		{ true, 1, true },
		{ true, 4, true },
	};
	static const struct form of_digits[] = {
		{ true, 1, true },
		{ true, 1, false },
	};
	struct parts groups = { .n = 8 }, digits = { .n = 32 };
	char text[IP_TEXT_MAX];
	size_t i;

	for (i = 0; i < 16; i++) {
		groups.value[i / 2] =
		    (uint16_t)(groups.value[i / 2] << 8 | ip->b[i]);
		digits.value[2 * i] = ip->b[i] >> 4;
		digits.value[2 * i + 1] = ip->b[i] & 15;
	}
	/* RFC 5952 text with hyphens: 2001-db8--25. */
	ip_format(ip, text);
	for (i = 0; text[i] != '\0'; i++)
		if (text[i] == ':')
			text[i] = '-';
	return has_number(flat, slice_str(text), true) ||
	       has_parts(flat, &groups, of_groups, 2) ||
	       has_parts(flat, &digits, of_digits, 2);
}

/* ---- the words --------------------------------------------------------- */

/* What a label is made of. */
struct label {
	bool word;   /* one of the words */
	bool alone;  /* one that needs no number */
	bool letter; /* any letter */
	bool digit;  /* any digit */
};

static void
look_up(struct slice run, struct label *out)
{
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!slice_eq_nocase(words[i].text, run))
			continue;
		out->word = true;
		out->alone = out->alone || words[i].alone;
	}
}

static struct label
label_read(struct slice s)
{
	struct label out = { 0 };
	size_t i, start = 0;

	for (i = 0; i <= s.n; i++) {
		if (i < s.n && ascii_is_alpha(s.p[i])) {
			out.letter = true;
			continue;
		}
		if (i > start)
			look_up(slice_sub(s, start, i - start), &out);
		start = i + 1;
		out.digit = out.digit || (i < s.n && ascii_is_digit(s.p[i]));
	}
	return out;
}

/* The last two labels are the provider's own name. */
static bool
has_word(struct slice name)
{
	bool word = false, number = false;
	size_t labels = domain_labels(name);
	struct slice head;

	for (; labels > 2; labels--) {
		struct label l;

		(void)slice_cut(name, '.', &head, &name);
		l = label_read(head);
		if (l.alone || (l.word && l.digit))
			return true;
		word = word || l.word;
		number = number || (l.digit && !l.letter);
	}
	return word && number;
}

bool
reverse_generic(struct arena *arena, struct slice name, const struct ip *ip)
{
	struct slice flat = flatten(arena, name);

	if (ip->family == 4 ? has_v4(flat, ip) : has_v6(flat, ip))
		return true;
	return has_word(name);
}
