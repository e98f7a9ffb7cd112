#include "checks/spf/spf_record.h"

#include "base/limits.h"
#include "checks/spf/spf_macro.h"

#define NAME(s) \
	{ \
		(const unsigned char *)("" s), sizeof(s) - 1 \
	}

static const struct kind_row {
	struct slice name;
	enum spf_kind kind;
	bool modifier;
	bool asks; /* RFC 7208 4.6.4 */
} kinds[] = {
	{ NAME("all"), SPF_ALL, false, false },
	{ NAME("include"), SPF_INCLUDE, false, true },
	{ NAME("a"), SPF_A, false, true },
	{ NAME("mx"), SPF_MX, false, true },
	{ NAME("ptr"), SPF_PTR, false, true },
	{ NAME("ip4"), SPF_IP4, false, false },
	{ NAME("ip6"), SPF_IP6, false, false },
	{ NAME("exists"), SPF_EXISTS, false, true },
	{ NAME("redirect"), SPF_REDIRECT, true, true },
	{ NAME("exp"), SPF_EXP, true, false },
};

enum { N_KINDS = sizeof(kinds) / sizeof(*kinds), BITS4 = 32, BITS6 = 128 };

const char *
spf_kind_name(enum spf_kind kind)
{
	for (size_t i = 0; i < N_KINDS; i++) {
		if (kinds[i].kind == kind)
			return (const char *)kinds[i].name.p;
	}
	return kind == SPF_MODIFIER ? "unknown modifier" : "unknown mechanism";
}

bool
spf_kind_asks(enum spf_kind kind)
{
	for (size_t i = 0; i < N_KINDS; i++) {
		if (kinds[i].kind == kind)
			return kinds[i].asks;
	}
	return false;
}

const char *
spf_fault_text(enum spf_fault fault)
{
	switch (fault) {
	case SPF_FINE:
		return "is right";
	case SPF_UNKNOWN_MECHANISM:
		return "is no mechanism that SPF knows";
	case SPF_BAD_QUALIFIER:
		return "has a qualifier that stands before no mechanism";
	case SPF_NO_VALUE:
		return "lacks its value";
	case SPF_SURPLUS_VALUE:
		return "has more behind it than it may have";
	case SPF_BAD_ADDRESS:
		return "has no valid IP address";
	case SPF_BAD_PREFIX:
		return "has no valid prefix length";
	case SPF_BAD_MACRO:
		return "has a macro that is not valid";
	case SPF_BAD_DOMAIN:
		return "has no valid domain name";
	case SPF_BAD_OCTET:
		return "has an octet that no SPF record may have";
	case SPF_REPEATED:
		return "may stand in a record only once";
	case SPF_FAULTS:
		break;
	}
	return "is wrong";
}

bool
spf_record_is(struct slice text)
{
	struct slice version = SLICE_LIT("v=spf1");

	return slice_starts_nocase(text, version) &&
	       (text.n == version.n || text.p[version.n] == ' ');
}

/* The first fault of a term is the one that is told. */
static void
term_fault(struct spf_term *t, enum spf_fault fault)
{
	if (t->fault == SPF_FINE)
		t->fault = fault;
}

static bool
has_octet(struct slice s, unsigned char c)
{
	return s.n > 0 && memchr(s.p, c, s.n) != NULL;
}

/* ---- domain-spec ------------------------------------------------------- */

/* Offset of the first "/" that is not inside of "%{...}", or the length. */
static size_t
slash_find(struct slice s)
{
	bool inside = false;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '/' && !inside)
			return i;
		if (s.p[i] == '{' && i > 0 && s.p[i - 1] == '%')
			inside = true;
		else if (s.p[i] == '}')
			inside = false;
	}
	return s.n;
}

/*
 * A "/" is a literal like others, so a name ends where domain-end says.  One
 * that only lacks that may be right up to a "/": then what follows is at
 * fault, as a prefix length or as one that may not be there.
 */
static enum spf_fault
domain_end_fault(struct spf_term *t)
{
	struct slice head = slice_sub(t->spec, 0, slash_find(t->spec));
	bool macro;
	size_t at;

	if (head.n == t->spec.n ||
	    !spf_macro_valid(head, SPF_DOMAIN_SPEC, &at, &macro))
		return SPF_BAD_DOMAIN;
	t->spec = head;
	return t->kind == SPF_A || t->kind == SPF_MX ? SPF_BAD_PREFIX
						     : SPF_SURPLUS_VALUE;
}

static void
domain_spec(struct spf_term *t, struct slice spec)
{
	bool macro;
	size_t at;

	t->spec = spec;
	t->macros = has_octet(spec, '%');
	if (spec.n == 0)
		term_fault(t, SPF_NO_VALUE);
	else if (!spf_macro_valid(spec, SPF_DOMAIN_SPEC, &at, &macro))
		term_fault(t, macro ? SPF_BAD_MACRO : domain_end_fault(t));
}

/* ":" domain-spec, or "=" domain-spec; rest begins behind the name. */
static void
value_domain(struct spf_term *t, struct slice rest)
{
	if (rest.n > 0 && rest.p[0] == '/')
		rest.n = 0;
	domain_spec(t, slice_from(rest, 1));
}

/* ptr = "ptr" [ ":" domain-spec ] */
static void
value_ptr(struct spf_term *t, struct slice rest)
{
	if (rest.n > 0 && rest.p[0] == '/')
		term_fault(t, SPF_SURPLUS_VALUE);
	else if (rest.n > 0)
		domain_spec(t, slice_from(rest, 1));
}

/* ---- CIDR lengths ------------------------------------------------------ */

/*
 * ip4-cidr-length = "/" ("0" / %x31-39 0*1DIGIT) ; value range 0-32
 * ip6-cidr-length = "/" ("0" / %x31-39 0*2DIGIT) ; value range 0-128
 * digits are those behind the "/".
 */
static void
cidr_read(struct spf_term *t, struct slice digits, uint8_t *bits)
{
	uint64_t value;

	if (!slice_number(digits, *bits, &value) ||
	    (digits.n > 1 && digits.p[0] == '0'))
		term_fault(t, SPF_BAD_PREFIX);
	else
		*bits = (uint8_t)value;
}

/* Takes digits and the "/" before them off the end. */
static bool
cidr_take(struct slice *s, struct slice *digits)
{
	size_t i = s->n;

	while (i > 0 && ascii_is_digit(s->p[i - 1]))
		i--;
	if (i == s->n || i == 0 || s->p[i - 1] != '/')
		return false;
	*digits = slice_from(*s, i);
	s->n = i - 1;
	return true;
}

/*
 * dual-cidr-length = [ ip4-cidr-length ] [ "/" ip6-cidr-length ]
 * No domain-spec ends in "/" and digits, so it is read from the end.
 */
static struct slice
cidr_dual(struct spf_term *t, struct slice rest)
{
	struct slice digits;

	if (!cidr_take(&rest, &digits))
		return rest;
	if (rest.n > 0 && rest.p[rest.n - 1] == '/') {
		rest.n--;
		cidr_read(t, digits, &t->bits6);
		if (!cidr_take(&rest, &digits))
			return rest;
	}
	cidr_read(t, digits, &t->bits4);
	return rest;
}

/* a = "a" [ ":" domain-spec ] [ dual-cidr-length ]; mx alike */
static void
value_host(struct spf_term *t, struct slice rest)
{
	rest = cidr_dual(t, rest);
	if (rest.n > 0 && rest.p[0] == ':')
		domain_spec(t, slice_from(rest, 1));
	else if (rest.n > 0)
		term_fault(t, SPF_BAD_PREFIX);
}

/* ---- addresses --------------------------------------------------------- */

/*
 * ip6-network = <as per Section 2.2 of RFC 4291>; one that maps an IPv4
 * address is an IPv6 network still (RFC 7208 5.6).
 */
static bool
ip6_parse(struct slice text, struct ip *ip)
{
	unsigned char octets[16] = { [10] = 0xff, [11] = 0xff };

	if (!has_octet(text, ':') || !ip_parse(text, ip))
		return false;
	if (ip->family == 6)
		return true;
	memcpy(octets + 12, ip->b, 4);
	return ip_from_octets(slice_of(octets, sizeof(octets)), ip);
}

/*
 * ip4-network = qnum "." qnum "." qnum "." qnum
 * ip_parse() takes no other form of IPv4, and IPv6 has colons.
 */
static enum spf_fault
ip4_parse(struct slice text, struct ip *ip)
{
	struct slice head, tail;
	struct ip before;

	if (!slice_cut(text, ':', &head, &tail))
		return ip_parse(text, ip) ? SPF_FINE : SPF_BAD_ADDRESS;
	/* "192.0.2.1:25" has a port too much. */
	return ip_parse(head, &before) ? SPF_SURPLUS_VALUE : SPF_BAD_ADDRESS;
}

/*
 * ip4 = "ip4" ":" ip4-network [ ip4-cidr-length ]
 * ip6 = "ip6" ":" ip6-network [ ip6-cidr-length ]
 */
static void
value_network(struct spf_term *t, struct slice rest)
{
	struct slice digits;
	bool cidr;

	if (rest.n < 2 || rest.p[0] != ':') {
		term_fault(t, SPF_NO_VALUE);
		return;
	}
	cidr = slice_cut(slice_from(rest, 1), '/', &t->spec, &digits);
	if (t->kind == SPF_IP4)
		term_fault(t, ip4_parse(t->spec, &t->ip));
	else if (!ip6_parse(t->spec, &t->ip))
		term_fault(t, SPF_BAD_ADDRESS);
	if (cidr)
		cidr_read(t, digits,
		    t->kind == SPF_IP4 ? &t->bits4 : &t->bits6);
}

/* ---- terms ------------------------------------------------------------- */

/* unknown-modifier = name "=" macro-string */
static void
value_modifier(struct spf_term *t, struct slice value)
{
	bool macro;
	size_t at;

	t->spec = value;
	t->macros = has_octet(value, '%');
	if (!spf_macro_valid(value, SPF_MACRO_STRING, &at, &macro))
		term_fault(t, macro ? SPF_BAD_MACRO : SPF_BAD_OCTET);
}

static void
term_value(struct spf_term *t, struct slice rest)
{
	switch (t->kind) {
	case SPF_ALL:
		if (rest.n > 0)
			term_fault(t, SPF_SURPLUS_VALUE);
		break;
	case SPF_INCLUDE:
	case SPF_EXISTS:
	case SPF_REDIRECT:
	case SPF_EXP:
		value_domain(t, rest);
		break;
	case SPF_A:
	case SPF_MX:
		value_host(t, rest);
		break;
	case SPF_PTR:
		value_ptr(t, rest);
		break;
	case SPF_IP4:
	case SPF_IP6:
		value_network(t, rest);
		break;
	case SPF_MODIFIER:
		value_modifier(t, slice_from(rest, 1));
		break;
	case SPF_NONSENSE:
		t->spec = slice_from(rest, 1);
		term_fault(t, SPF_UNKNOWN_MECHANISM);
		break;
	}
}

/* name = ALPHA *( ALPHA / DIGIT / "-" / "_" / "." ) */
static size_t
name_length(struct slice s)
{
	size_t i;

	if (s.n == 0 || !ascii_is_alpha(s.p[0]))
		return 0;
	for (i = 1; i < s.n; i++) {
		if (!ascii_is_alnum(s.p[i]) && s.p[i] != '-' && s.p[i] != '_' &&
		    s.p[i] != '.')
			break;
	}
	return i;
}

/*
 * RFC 7208 4.6.1: a modifier has "=" right behind its name, a mechanism ":",
 * "/" or nothing.
 */
static enum spf_kind
kind_find(struct slice name, int next)
{
	bool modifier = next == '=';

	if (name.n == 0 ||
	    (!modifier && next != ':' && next != '/' && next >= 0))
		return SPF_NONSENSE;
	for (size_t i = 0; i < N_KINDS; i++) {
		if (kinds[i].modifier == modifier &&
		    slice_eq_nocase(name, kinds[i].name))
			return kinds[i].kind;
	}
	return modifier ? SPF_MODIFIER : SPF_NONSENSE;
}

/* What is taken for the name of nonsense: up to ":", "/" or "=". */
static size_t
nonsense_length(struct slice s)
{
	size_t i;

	for (i = 0; i < s.n; i++) {
		if (s.p[i] == ':' || s.p[i] == '/' || s.p[i] == '=')
			break;
	}
	return i;
}

static bool
is_qualifier(unsigned char c)
{
	return c == '+' || c == '-' || c == '?' || c == '~';
}

/* directive = [ qualifier ] mechanism */
static struct slice
qualifier_take(struct spf_term *t)
{
	size_t n = 0;

	t->qualifier = '+';
	while (n < t->text.n && is_qualifier(t->text.p[n]))
		n++;
	t->qualified = n > 0;
	if (n > 0)
		t->qualifier = (char)t->text.p[0];
	if (n > 1 || (n > 0 && n == t->text.n))
		term_fault(t, SPF_BAD_QUALIFIER);
	return slice_from(t->text, n);
}

static void
term_parse(struct spf_term *t)
{
	struct slice rest = qualifier_take(t);
	size_t n = name_length(rest);

	t->bits4 = BITS4;
	t->bits6 = BITS6;
	t->name = slice_sub(rest, 0, n);
	t->kind = kind_find(t->name, n < rest.n ? rest.p[n] : -1);
	if (t->kind == SPF_NONSENSE) {
		n = nonsense_length(rest);
		t->name = slice_sub(rest, 0, n);
	}
	if (t->kind == SPF_REDIRECT || t->kind == SPF_EXP ||
	    t->kind == SPF_MODIFIER) {
		if (t->qualified)
			term_fault(t, SPF_BAD_QUALIFIER);
		t->qualified = false;
		t->qualifier = 0;
	}
	term_value(t, slice_from(rest, n));
}

/* ---- records ----------------------------------------------------------- */

/* No term has another octet. */
static bool
is_visible(struct slice s)
{
	return slice_is_printable(s) &&
	       (s.n == 0 || memchr(s.p, ' ', s.n) == NULL);
}

/* The next word at or behind *at. */
static struct slice
word_take(struct slice s, size_t *at)
{
	struct slice word, rest;

	while (*at < s.n && s.p[*at] == ' ')
		(*at)++;
	(void)slice_cut(slice_from(s, *at), ' ', &word, &rest);
	*at += word.n;
	return word;
}

static size_t
terms_count(struct slice text, size_t at)
{
	size_t n = 0;

	while (word_take(text, &at).n > 0)
		n++;
	return n;
}

/* RFC 7208 6: redirect and exp must not stand there twice. */
static void
term_once(const struct spf_term **first, struct spf_term *t)
{
	if (*first == NULL)
		*first = t;
	else
		term_fault(t, SPF_REPEATED);
}

static void
record_note(struct spf_record *r, struct spf_term *t)
{
	if (t->kind == SPF_REDIRECT)
		term_once(&r->redirect, t);
	else if (t->kind == SPF_EXP)
		term_once(&r->exp, t);
	else if (t->kind == SPF_ALL && r->all == NULL)
		r->all = t;
	r->faults += t->fault != SPF_FINE;
}

/*
 * record = version terms *SP
 * terms  = *( 1*SP ( directive / modifier ) )
 */
enum rc
spf_record_parse(struct arena *a, struct slice text, struct spf_record *out)
{
	struct spf_record r = { .text = text };
	struct spf_term *terms = NULL;
	struct slice version, rest;
	bool plain;
	size_t at;

	/* Whatever stands there; spf_record_is() has judged it. */
	(void)slice_cut(text, ' ', &version, &rest);
	at = version.n;
	plain = slice_is_printable(text);
	r.n = terms_count(text, at);
	r.cut = r.n > LIMIT_SPF_TERMS;
	if (r.cut)
		r.n = LIMIT_SPF_TERMS;
	if (r.n > 0)
		terms = arena_new_of(a, struct spf_term, r.n);
	if (r.n > 0 && terms == NULL)
		return arena_starved(a) ? RC_NOMEM : RC_LIMIT;
	for (size_t i = 0; i < r.n; i++) {
		struct spf_term *t = &terms[i];

		t->text = word_take(text, &at);
		t->at = at - t->text.n;
		if (!plain && !is_visible(t->text))
			t->fault = SPF_BAD_OCTET;
		term_parse(t);
		record_note(&r, t);
	}
	r.terms = terms;
	*out = r;
	return RC_OK;
}
