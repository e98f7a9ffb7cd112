#include "checks/spf/spf_names.h"

#include "base/limits.h"

static const char *const names[] = { "all", "include", "a", "mx", "ptr", "ip4",
	"ip6", "exists", "redirect", "exp" };

enum {
	N_NAMES = sizeof(names) / sizeof(*names),
	NAME_MAX_LENGTH = 16,
	HOST_MAX = 253,
};

/* ---- parts ------------------------------------------------------------- */

static bool
is_sign(unsigned char c)
{
	return c == '+' || c == '-' || c == '~' || c == '?';
}

struct spf_parts
spf_parts_of(struct slice text)
{
	struct spf_parts p = { .sign = slice_sub(text, 0, 0) };
	size_t n = 0;

	if (text.n > 0 && is_sign(text.p[0]))
		p.sign = slice_sub(text, 0, 1);
	text = slice_from(text, p.sign.n);
	while (n < text.n && text.p[n] != ':' && text.p[n] != '=')
		n++;
	p.name = slice_sub(text, 0, n);
	p.separated = n < text.n;
	p.value = slice_from(text, n + 1);
	return p;
}

bool
spf_is_kind_name(struct slice name)
{
	for (size_t i = 0; i < N_NAMES; i++)
		if (slice_eq_nocase(name, slice_str(names[i])))
			return true;
	return false;
}

bool
spf_kind_name_is(struct slice name, enum spf_kind kind)
{
	return slice_eq_nocase(name, slice_str(spf_kind_name(kind)));
}

/* ---- what is nearly a name --------------------------------------------- */

static size_t
least(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;

	return m < c ? m : c;
}

/* One row of the table of distances; before is the row above the last. */
static void
distance_row(struct slice a, struct slice b, size_t i,
    size_t rows[3][NAME_MAX_LENGTH + 1])
{
	const size_t *last = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
	size_t *row = rows[i % 3];

	row[0] = i;
	for (size_t j = 1; j <= b.n; j++) {
		bool same = ascii_lower(a.p[i - 1]) == ascii_lower(b.p[j - 1]);

		row[j] =
		    least(last[j] + 1, row[j - 1] + 1, last[j - 1] + !same);
		if (i > 1 && j > 1 &&
		    ascii_lower(a.p[i - 1]) == ascii_lower(b.p[j - 2]) &&
		    ascii_lower(a.p[i - 2]) == ascii_lower(b.p[j - 1]) &&
		    before[j - 2] + 1 < row[j])
			row[j] = before[j - 2] + 1;
	}
}

/* Letters that are missing, too many, others, or the wrong way round. */
static size_t
distance(struct slice a, struct slice b)
{
	size_t rows[3][NAME_MAX_LENGTH + 1] = { { 0 } };

	if (a.n > NAME_MAX_LENGTH || b.n > NAME_MAX_LENGTH)
		return SIZE_MAX;
	for (size_t j = 0; j <= b.n; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a.n; i++)
		distance_row(a, b, i, rows);
	return rows[a.n % 3][b.n];
}

/* One slip in a short name, two in a long one; "a" is like too much. */
static bool
is_near(struct slice name, struct slice known, size_t d)
{
	if (d == 0)
		return true;
	return name.n > 1 && known.n > 1 && d <= (known.n > 5 ? 2u : 1u);
}

const char *
spf_nearest_name(const struct spf_parts *p)
{
	const char *best = NULL;
	size_t best_d = SIZE_MAX;
	bool tie = false;

	for (size_t i = 0; i < N_NAMES; i++) {
		struct slice known = slice_str(names[i]);
		size_t d = distance(p->name, known);

		/* With a value it is not all, without it little else. */
		if (!is_near(p->name, known, d) || d > best_d ||
		    (i == 0) == p->separated)
			continue;
		tie = d == best_d;
		best = names[i];
		best_d = d;
	}
	return tie ? NULL : best;
}

/* ---- values ------------------------------------------------------------ */

bool
spf_is_host(struct slice s)
{
	struct slice label, last = SLICE_NONE;
	size_t labels = 0;
	bool more = true;

	if (s.n == 0 || s.n > HOST_MAX || memchr(s.p, '.', s.n) == NULL)
		return false;
	while (more) {
		more = slice_cut(s, '.', &label, &s);
		if (label.n == 0)
			return !more && labels > 1;
		for (size_t i = 0; i < label.n; i++)
			if (!ascii_is_alnum(label.p[i]) && label.p[i] != '-' &&
			    label.p[i] != '_')
				return false;
		last = label;
		labels++;
	}
	return ascii_is_alpha(last.p[0]);
}

bool
spf_next_start(struct slice text, size_t *at)
{
	static const char *const starts[] = { "include:", "ip4:", "ip6:",
		"exists:", "redirect=", "exp=", "mx:" };

	for (size_t i = *at + 1; i < text.n; i++) {
		struct slice rest = slice_from(text, i);
		bool sign = is_sign(rest.p[0]);

		*at = i;
		rest = slice_from(rest, sign ? 1 : 0);
		if (sign && slice_eq_nocase(rest, SLICE_LIT("all")))
			return true;
		for (size_t k = 0; k < sizeof(starts) / sizeof(*starts); k++)
			if (slice_starts_nocase(rest, slice_str(starts[k])))
				return true;
	}
	return false;
}

bool
spf_runs_on(const struct spf_term *t)
{
	struct slice end =
	    slice_from(t->spec, t->spec.n < 4 ? 0 : t->spec.n - 4);

	if (t->macros || t->kind == SPF_IP4 || t->kind == SPF_IP6 ||
	    t->kind == SPF_MODIFIER || t->spec.n == 0)
		return false;
	if (end.n == 4 && is_sign(end.p[0]) &&
	    slice_eq_nocase(slice_from(end, 1), SLICE_LIT("all")))
		return true;
	for (size_t i = 0; i < t->spec.n; i++)
		if (memchr(":,;@", t->spec.p[i], 4) != NULL)
			return true;
	return false;
}

bool
spf_asks_in_vain(const struct spf_term *t)
{
	return t->kind == SPF_EXISTS &&
	       (slice_eq_nocase(t->spec, SLICE_LIT("%{i}")) ||
		   slice_eq_nocase(t->spec, SLICE_LIT("%{ir}")));
}

/* ---- placeholders ------------------------------------------------------ */

static bool
has_any(struct slice text, const char *const *words)
{
	for (size_t i = 0; words[i] != NULL; i++)
		if (slice_find_nocase(text, slice_str(words[i])) != SIZE_MAX)
			return true;
	return false;
}

bool
spf_is_placeholder(struct slice text)
{
	static const char *const words[] = { "x.x.x.x", "xx.xx", "xxx.xxx",
		"your_", "yourip", "your-ip", "your.ip", "yourserver",
		"your-server-ip", "yourdomain", "your-domain", "server_ip",
		"server-ip", "serverip", "ip_address", "ip-address",
		"ipaddress", "ip_here", "a.b.c.d", "<", ">", "[", "]", "{{",
		"}}", "%%", "$", NULL };

	return has_any(text, words);
}

/* Not "your-server.": a hosting provider's servers are called so. */
bool
spf_is_placeholder_name(struct slice text)
{
	static const char *const words[] = { "yourdomain.", "your-domain.",
		"your_domain", "<", ">", NULL };

	return has_any(text, words);
}

bool
spf_is_ellipsis(struct slice text)
{
	size_t dots = 0;

	while (dots < text.n && text.p[dots] == '.')
		dots++;
	return (dots > 1 && dots == text.n) ||
	       slice_eq(text, SLICE_LIT("\xe2\x80\xa6"));
}

/* ---- words of no term -------------------------------------------------- */

bool
spf_is_punctuation(struct slice text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] <= ' ' || text.p[i] > '~' ||
		    ascii_is_alnum(text.p[i]))
			return false;
	return text.n > 0;
}

struct slice
spf_letters(struct slice text)
{
	while (text.n > 0 && !ascii_is_alpha(text.p[0]))
		text = slice_from(text, 1);
	while (text.n > 0 && !ascii_is_alpha(text.p[text.n - 1]))
		text = slice_sub(text, 0, text.n - 1);
	return text;
}

bool
spf_is_dmarc_tag(const struct spf_parts *p)
{
	static const char *const tags[] = { "rua", "ruf", "adkim", "aspf",
		"pct" };
	static const char *const policies[] = { "none", "quarantine",
		"reject" };
	bool policy = slice_eq_nocase(p->name, SLICE_LIT("p")) ||
		      slice_eq_nocase(p->name, SLICE_LIT("sp"));

	for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++)
		if (slice_eq_nocase(p->name, slice_str(tags[i])))
			return true;
	for (size_t i = 0; policy && i < sizeof(policies) / sizeof(*policies);
	     i++)
		if (slice_starts_nocase(p->value, slice_str(policies[i])))
			return true;
	return false;
}

/* ---- ranges of addresses ----------------------------------------------- */

/* Digits alone, as a decimal number up to most. */
static bool
small_number(struct slice s, unsigned int most, unsigned int *out)
{
	*out = 0;
	if (s.n == 0 || s.n > 3)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (!ascii_is_digit(s.p[i]))
			return false;
		*out = *out * 10 + (s.p[i] - '0');
	}
	return *out <= most;
}

/* "192.0.2", "192.0.2.*": how many numbers there are; 0: it is no address. */
static unsigned int
read_octets(struct slice s, uint32_t *out, bool *open)
{
	unsigned int labels = 0, n = 0, octet = 0;
	struct slice label;
	bool more = true;

	*out = 0;
	*open = false;
	while (more) {
		more = slice_cut(s, '.', &label, &s);
		if (slice_eq(label, SLICE_LIT("*")))
			*open = true;
		else if (*open || !small_number(label, 255, &octet))
			return 0;
		else
			n++;
		if (++labels > 4)
			return 0;
		*out = *out << 8 | (*open ? 0 : octet);
	}
	*out <<= 8 * (4 - labels);
	return n > 1 ? n : 0;
}

/* "24", "255.255.255.0" */
static bool
read_length(struct slice s, unsigned int *bits)
{
	uint32_t mask;
	bool open;

	if (small_number(s, 32, bits))
		return true;
	if (read_octets(s, &mask, &open) != 4)
		return false;
	*bits = 0;
	while (*bits < 32 && (mask << *bits & 0x80000000u) != 0)
		++*bits;
	return *bits == 32 || mask << *bits == 0;
}

struct slice
spf_plain_range(struct arena *arena, struct slice text)
{
	struct slice address, length = SLICE_NONE;
	unsigned int n, bits = 32;
	uint32_t a;
	bool open, given;

	given = slice_cut(text, '/', &address, &length) ||
		slice_cut(text, '\\', &address, &length);
	n = read_octets(address, &a, &open);
	if (n == 0 || (given && !read_length(length, &bits)) ||
	    (n < 4 && !given && !open))
		return SLICE_NONE;
	if (open && !given)
		bits = n * 8;
	address = arena_slicef(arena, "%u.%u.%u.%u", (unsigned int)(a >> 24),
	    (unsigned int)(a >> 16 & 255), (unsigned int)(a >> 8 & 255),
	    (unsigned int)(a & 255));
	return bits == 32
		   ? address
		   : arena_slicef(arena, "%.*s/%u", SLICE_FMT(address), bits);
}

/* ---- octets ------------------------------------------------------------ */

/* Characters by their octets in UTF-8. */
struct character {
	const char *utf8;
	size_t n;
};

#define CHARACTER(s) \
	{ \
		"" s, sizeof(s) - 1 \
	}

static size_t
starts_with_any(struct slice s, const struct character *set, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (slice_starts(s, slice_of(set[i].utf8, set[i].n)))
			return set[i].n;
	return 0;
}

static size_t
ends_with_any(struct slice s, const struct character *set, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s.n >= set[i].n && slice_eq(slice_from(s, s.n - set[i].n),
					   slice_of(set[i].utf8, set[i].n)))
			return set[i].n;
	return 0;
}

static const struct character marks[] = { CHARACTER("\""), CHARACTER("'"),
	CHARACTER("`"), CHARACTER("\\"), CHARACTER("\xe2\x80\x98"),
	CHARACTER("\xe2\x80\x99"), CHARACTER("\xe2\x80\x9a"),
	CHARACTER("\xe2\x80\x9c"), CHARACTER("\xe2\x80\x9d"),
	CHARACTER("\xe2\x80\x9e"), CHARACTER("\xc2\xab"),
	CHARACTER("\xc2\xbb") };

static const struct character stops[] = { CHARACTER(";"), CHARACTER(","),
	CHARACTER(".") };

static const struct character dashes[] = { CHARACTER("\xe2\x80\x90"),
	CHARACTER("\xe2\x80\x91"), CHARACTER("\xe2\x80\x92"),
	CHARACTER("\xe2\x80\x93"), CHARACTER("\xe2\x80\x94"),
	CHARACTER("\xe2\x80\x95"), CHARACTER("\xe2\x88\x92"),
	CHARACTER("\xef\xbc\x8d"), CHARACTER("--") };

static const struct character blanks[] = { CHARACTER("\t"), CHARACTER("\n"),
	CHARACTER("\r"), CHARACTER("\v"), CHARACTER("\f"),
	CHARACTER("\xc2\xa0"), CHARACTER("\xe2\x80\x82"),
	CHARACTER("\xe2\x80\x83"), CHARACTER("\xe2\x80\x89"),
	CHARACTER("\xe2\x80\x8a"), CHARACTER("\xe2\x80\xaf"),
	CHARACTER("\xe3\x80\x80") };

/* Zero-width space, joiners and mark, word joiner, soft hyphen. */
static const struct character hidden[] = { CHARACTER("\xe2\x80\x8b"),
	CHARACTER("\xe2\x80\x8c"), CHARACTER("\xe2\x80\x8d"),
	CHARACTER("\xef\xbb\xbf"), CHARACTER("\xe2\x81\xa0"),
	CHARACTER("\xc2\xad"), CHARACTER("\xe2\x80\x8e") };

#define COUNT(set) (sizeof(set) / sizeof(*(set)))

struct slice
spf_unquote(struct slice s, bool *quoted)
{
	size_t front, back, stop;

	do {
		front = starts_with_any(s, marks, COUNT(marks));
		s = slice_from(s, front);
		back = ends_with_any(s, marks, COUNT(marks));
		s = slice_sub(s, 0, s.n - back);
		stop = ends_with_any(s, stops, COUNT(stops));
		s = slice_sub(s, 0, s.n - stop);
		*quoted = *quoted || front > 0 || back > 0;
	} while (front + back + stop > 0);
	return s;
}

size_t
spf_dash_length(struct slice text)
{
	return starts_with_any(text, dashes, COUNT(dashes));
}

bool
spf_plain_blanks(struct arena *arena, struct slice text, struct slice *out)
{
	unsigned char *p = arena_new_of(arena, unsigned char, text.n + 1);
	size_t n = 0, at = 0, length;
	bool any = false;

	if (p == NULL)
		return false;
	while (at < text.n) {
		struct slice rest = slice_from(text, at);

		length = starts_with_any(rest, blanks, COUNT(blanks));
		if (length > 0)
			p[n++] = ' ';
		else
			length = starts_with_any(rest, hidden, COUNT(hidden));
		any = any || length > 0;
		if (length == 0)
			p[n++] = text.p[at];
		at += length > 0 ? length : 1;
	}
	*out = slice_of(p, n);
	return any;
}
