#include "checks/spf/spf_macro.h"

#include "base/cursor.h"
#include "base/domain.h"
#include "base/limits.h"

/*
 * One macro-expand.  letter is 0 for "%%", "%_" and "%-", which stand for
 * text.
 */
struct macro {
	unsigned char letter; /* lower case */
	bool upper;           /* the letter as written: escape for a URL */
	bool reverse;
	uint64_t delimiters; /* bits of octet_bit() */
	size_t keep;         /* right-hand parts; SIZE_MAX: all */
	struct slice text;
};

/* All delimiters lie between " " and "_", which are 64 octets. */
static uint64_t
octet_bit(unsigned char c)
{
	return c >= ' ' && c <= '_' ? (uint64_t)1 << (c - ' ') : 0;
}

static bool
is_delimiter(unsigned char c)
{
	struct slice delimiters = SLICE_LIT(".-+,/_=");

	return memchr(delimiters.p, c, delimiters.n) != NULL;
}

/* RFC 7208 7.2: c, r and t only in "exp" text */
static bool
letter_may(unsigned char letter, enum spf_macro_place place)
{
	struct slice letters = SLICE_LIT("slodiphvcrt");

	if (place != SPF_EXPLANATION)
		letters.n -= 3;
	return memchr(letters.p, letter, letters.n) != NULL;
}

/* RFC 7208 7.3: not zero; 128 at least must be had, so more are all. */
static void
keep_take(struct cursor *c, struct macro *m)
{
	size_t value = 0;

	m->keep = SIZE_MAX;
	if (!ascii_is_digit((unsigned char)cursor_peek(c)))
		return;
	while (ascii_is_digit((unsigned char)cursor_peek(c))) {
		value = value * 10 + (size_t)(cursor_u8(c) - '0');
		if (value > LIMIT_SPF_EXPANSION)
			value = LIMIT_SPF_EXPANSION;
	}
	if (value == 0)
		c->failed = true;
	m->keep = value;
}

/* macro-letter transformers *delimiter "}" */
static void
letter_take(struct cursor *c, struct macro *m)
{
	unsigned char letter = cursor_u8(c);

	/* Zero is for what has no letter. */
	if (!ascii_is_alpha(letter))
		c->failed = true;
	m->letter = ascii_lower(letter);
	m->upper = letter != m->letter;
	keep_take(c, m);
	m->reverse = cursor_skip(c, 'r') || cursor_skip(c, 'R');
	while (!cursor_skip(c, '}')) {
		unsigned char delimiter = cursor_u8(c);

		if (!is_delimiter(delimiter)) {
			c->failed = true;
			return;
		}
		m->delimiters |= octet_bit(delimiter);
	}
}

/*
 * Takes a macro-expand, its "%" first.  False, and the cursor has failed, when
 * it is none; which letters may stand there is not judged.
 */
static bool
macro_take(struct cursor *c, struct macro *m)
{
	(void)cursor_u8(c);
	*m = (struct macro){ 0 };
	switch (cursor_u8(c)) {
	case '%':
		m->text = SLICE_LIT("%");
		break;
	case '_':
		m->text = SLICE_LIT(" ");
		break;
	case '-':
		m->text = SLICE_LIT("%20");
		break;
	case '{':
		letter_take(c, m);
		break;
	default:
		c->failed = true;
	}
	return !c->failed;
}

/* Takes what stands before the next "%" or the end. */
static struct slice
literal_take(struct cursor *c)
{
	struct slice rest = slice_from(c->all, c->at), head, tail;

	(void)slice_cut(rest, '%', &head, &tail);
	return cursor_bytes(c, head.n);
}

/* ---- syntax ------------------------------------------------------------ */

/* Offset of the first octet that may not stand there, or the length. */
static size_t
literal_end(struct slice s, enum spf_macro_place place)
{
	unsigned char least = place == SPF_EXPLANATION ? ' ' : '!';
	size_t i;

	for (i = 0; i < s.n; i++) {
		if (s.p[i] < least || s.p[i] > '~')
			break;
	}
	return i;
}

/*
 * toplabel = ( *alphanum ALPHA *alphanum ) /
 *            ( 1*alphanum "-" *( alphanum / "-" ) alphanum )
 */
static bool
is_toplabel(struct slice s)
{
	bool digits = true;

	if (s.n == 0 || s.p[0] == '-' || s.p[s.n - 1] == '-')
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (!ascii_is_alnum(s.p[i]) && s.p[i] != '-')
			return false;
		digits = digits && ascii_is_digit(s.p[i]);
	}
	return !digits;
}

/*
 * Whether literals end as a domain-spec must: "." toplabel [ "." ].  False:
 * *at is the offset of what stands for the toplabel.
 */
static bool
is_domain_end(struct slice s, size_t *at)
{
	size_t i;

	if (s.n > 0 && s.p[s.n - 1] == '.')
		s.n--;
	for (i = s.n; i > 0 && s.p[i - 1] != '.'; i--)
		;
	*at = i;
	return i > 0 && is_toplabel(slice_from(s, i));
}

bool
spf_macro_valid(struct slice text, enum spf_macro_place place, size_t *at,
    bool *macro)
{
	struct cursor c = cursor_of(text);
	bool ended = false; /* in a macro-expand */
	struct macro m;
	size_t start = 0, bad;

	*macro = false;
	while (!cursor_done(&c)) {
		struct slice literal;

		start = c.at;
		literal = literal_take(&c);
		bad = literal_end(literal, place);
		*at = start + bad;
		if (bad < literal.n)
			return false;
		ended = !cursor_done(&c);
		if (!ended)
			break;
		if (!macro_take(&c, &m) ||
		    (m.letter != 0 && !letter_may(m.letter, place))) {
			*macro = true;
			return false;
		}
	}
	if (place != SPF_DOMAIN_SPEC || ended)
		return true;
	if (is_domain_end(slice_from(text, start), at))
		return true;
	*at += start;
	return false;
}

bool
spf_macro_has(struct slice text, char letter)
{
	struct cursor c = cursor_of(text);
	struct macro m;

	for (;;) {
		(void)literal_take(&c);
		if (cursor_done(&c) || !macro_take(&c, &m))
			return false;
		if (m.letter == ascii_lower((unsigned char)letter))
			return true;
	}
}

/* ---- expansion --------------------------------------------------------- */

enum {
	VALUE_MAX = 64,  /* 32 nibbles of IPv6, with a dot behind each */
	NUMBER_MAX = 21, /* of int64_t */
};

/*
 * Where an expansion goes.  The first time out is NULL: it is measured, and
 * nothing is allocated but what is needed.
 */
struct sink {
	unsigned char *out;
	size_t n;
	size_t read; /* octets that letters stood for */
};

static void
sink_add(struct sink *s, struct slice text)
{
	if (s->out != NULL && text.n > 0)
		memcpy(s->out + s->n, text.p, text.n);
	s->n += text.n;
}

/* RFC 3986 2.3: unreserved = ALPHA / DIGIT / "-" / "." / "_" / "~" */
static bool
is_unreserved(unsigned char c)
{
	return ascii_is_alnum(c) || c == '-' || c == '.' || c == '_' ||
	       c == '~';
}

static void
sink_add_url(struct sink *s, struct slice text)
{
	static const char hex[] = "0123456789ABCDEF";

	for (size_t i = 0; i < text.n; i++) {
		char escape[3] = { '%', hex[text.p[i] >> 4],
			hex[text.p[i] & 15] };

		if (is_unreserved(text.p[i]))
			sink_add(s, slice_sub(text, i, 1));
		else
			sink_add(s, slice_of(escape, sizeof(escape)));
	}
}

static void
sink_add_part(struct sink *s, const struct macro *m, struct slice part)
{
	if (m->upper)
		sink_add_url(s, part);
	else
		sink_add(s, part);
}

/* RFC 7208 7.3: the address as 32 nibbles with dots. */
static struct slice
nibbles(const struct ip *ip, char out[VALUE_MAX])
{
	static const char hex[] = "0123456789abcdef";
	size_t n = 0;

	for (size_t i = 0; i < sizeof(ip->b); i++) {
		out[n++] = hex[ip->b[i] >> 4];
		out[n++] = '.';
		out[n++] = hex[ip->b[i] & 15];
		out[n++] = '.';
	}
	return slice_of(out, n - 1);
}

static struct slice
number(int64_t value, char out[VALUE_MAX])
{
	uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
	size_t at = NUMBER_MAX;

	do {
		out[--at] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (value < 0)
		out[--at] = '-';
	return slice_of(out + at, NUMBER_MAX - at);
}

static struct slice
or_unknown(struct slice s)
{
	return s.n > 0 ? s : SLICE_LIT("unknown");
}

/* What is made ready before the first round. */
struct letters {
	const struct spf_letters *given;
	struct slice sender, domain, validated;
};

/* What a letter stands for, perhaps in space. */
static struct slice
letter_value(unsigned char letter, const struct letters *l,
    char space[VALUE_MAX])
{
	const struct spf_letters *given = l->given;

	switch (letter) {
	case 's':
		return l->sender;
	case 'l':
		return given->sender_local;
	case 'o':
		return given->sender_domain;
	case 'd':
		return l->domain;
	case 'h':
		return given->helo;
	case 'p':
		return or_unknown(l->validated);
	case 'r':
		return or_unknown(given->receiver);
	case 'v':
		return given->ip.family == 6 ? SLICE_LIT("ip6")
					     : SLICE_LIT("in-addr");
	case 't':
		return number(given->now, space);
	case 'i':
		if (given->ip.family == 6)
			return nibbles(&given->ip, space);
		break;
	}
	ip_format(&given->ip, space);
	return slice_str(space);
}

static bool
is_split(const struct macro *m, unsigned char c)
{
	return (octet_bit(c) & m->delimiters) != 0;
}

static void
parts_forward(struct sink *s, const struct macro *m, struct slice value)
{
	size_t start = value.n, parts = 0, end;

	for (; start > 0; start--) {
		if (is_split(m, value.p[start - 1]) && ++parts == m->keep)
			break;
	}
	for (;; start = end + 1) {
		for (end = start; end < value.n; end++) {
			if (is_split(m, value.p[end]))
				break;
		}
		sink_add_part(s, m, slice_sub(value, start, end - start));
		if (end == value.n)
			return;
		sink_add(s, SLICE_LIT("."));
	}
}

/* The right-hand parts of what is reversed are the first ones. */
static void
parts_backward(struct sink *s, const struct macro *m, struct slice value)
{
	size_t end = 0, parts = 0, start;

	for (; end < value.n; end++) {
		if (is_split(m, value.p[end]) && ++parts == m->keep)
			break;
	}
	for (;; end = start - 1) {
		for (start = end; start > 0; start--) {
			if (is_split(m, value.p[start - 1]))
				break;
		}
		sink_add_part(s, m, slice_sub(value, start, end - start));
		if (start == 0)
			return;
		sink_add(s, SLICE_LIT("."));
	}
}

/*
 * RFC 7208 7.3: split, reversed, the right-hand parts of it, joined with dots,
 * and only then escaped.
 */
static void
sink_add_letter(struct sink *s, struct macro *m, struct slice value)
{
	if (m->delimiters == 0)
		m->delimiters = octet_bit('.');
	s->read += value.n;
	if (m->keep == SIZE_MAX && !m->reverse &&
	    m->delimiters == octet_bit('.'))
		sink_add_part(s, m, value);
	else if (m->reverse)
		parts_backward(s, m, value);
	else
		parts_forward(s, m, value);
}

/* False: over the ceiling. */
static bool
expand(struct sink *s, struct slice text, const struct letters *l)
{
	struct cursor c = cursor_of(text);
	struct macro m;

	for (;;) {
		char space[VALUE_MAX];

		sink_add(s, literal_take(&c));
		if (s->n > LIMIT_SPF_EXPANSION || s->read > LIMIT_SPF_EXPANSION)
			return false;
		if (cursor_done(&c) || !macro_take(&c, &m))
			return true;
		if (m.letter == 0)
			sink_add(s, m.text);
		else
			sink_add_letter(s, &m,
			    letter_value(m.letter, l, space));
	}
}

/* s = <sender>: the local-part, "@", the domain. */
static struct slice
sender_join(struct arena *a, const struct spf_letters *given)
{
	struct sink s = { 0 };

	s.out = arena_new_of(a, unsigned char,
	    given->sender_local.n + 1 + given->sender_domain.n);
	if (s.out == NULL)
		return SLICE_NONE;
	sink_add(&s, given->sender_local);
	sink_add(&s, SLICE_LIT("@"));
	sink_add(&s, given->sender_domain);
	return slice_of(s.out, s.n);
}

enum rc
spf_macro_expand(struct arena *a, struct slice text,
    const struct spf_letters *given, struct slice *out)
{
	struct letters l = { .given = given };
	struct sink s = { 0 };

	if (spf_macro_has(text, 's'))
		l.sender = sender_join(a, given);
	l.domain = domain_octets(a, given->domain);
	l.validated = domain_octets(a, given->validated);
	if (!arena_failed(a) && !expand(&s, text, &l))
		return RC_LIMIT;
	if (!arena_failed(a))
		s.out = arena_new_of(a, unsigned char, s.n + 1);
	if (s.out == NULL)
		return arena_starved(a) ? RC_NOMEM : RC_LIMIT;
	*out = slice_of(s.out, s.n);
	s.n = s.read = 0;
	(void)expand(&s, text, &l);
	return RC_OK;
}

/* ---- names ------------------------------------------------------------- */

enum { TARGET_MAX = 253, LABEL_MAX = 63 };

/* A name that is put together from its end. */
struct target {
	size_t at; /* where it begins in octets */
	unsigned char octets[TARGET_MAX];
};

/* An A-label for a U-label that is valid; else the octets as they are. */
static struct slice
label_canonical(struct arena *a, struct slice label)
{
	struct slice ascii;

	for (size_t i = 0; i < label.n; i++) {
		if (label.p[i] < 0x80)
			continue;
		if (domain_canonical(a, label, &ascii) == DOMAIN_FINE &&
		    domain_labels(ascii) == 1)
			return ascii;
		break;
	}
	return label;
}

/* False: there is no more room. */
static bool
target_put(struct target *target, struct slice label)
{
	bool dot = target->at < TARGET_MAX;

	if (label.n + dot > target->at)
		return false;
	if (dot)
		target->octets[--target->at] = '.';
	for (size_t i = label.n; i > 0; i--)
		target->octets[--target->at] = ascii_lower(label.p[i - 1]);
	return true;
}

/* Takes the last label off *rest; false when it was the first. */
static bool
label_take_last(struct slice *rest, struct slice *label)
{
	size_t i = rest->n;

	while (i > 0 && rest->p[i - 1] != '.')
		i--;
	*label = slice_from(*rest, i);
	*rest = slice_sub(*rest, 0, i > 0 ? i - 1 : 0);
	return i > 0;
}

static bool
target_read(struct arena *a, struct slice text, struct target *target)
{
	struct slice label;
	bool more = text.n > 0;

	if (more && text.p[text.n - 1] == '.')
		text.n--;
	while (more) {
		more = label_take_last(&text, &label);
		label = label_canonical(a, label);
		if (!target_put(target, label))
			break;
		if (label.n == 0 || label.n > LABEL_MAX)
			return false;
	}
	return target->at < TARGET_MAX && !arena_failed(a);
}

bool
spf_target_name(struct arena *a, struct slice expanded, struct slice *out)
{
	struct target t = { .at = TARGET_MAX };

	if (!target_read(a, expanded, &t))
		return false;
	*out =
	    domain_from_octets(a, slice_of(t.octets + t.at, TARGET_MAX - t.at));
	return out->p != NULL;
}
