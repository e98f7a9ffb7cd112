#include "checks/spf/spf_mistakes.h"
#include "checks/spf/spf_names.h"

static size_t
count_of(struct slice s, const char *octets)
{
	size_t n = 0;

	while (n < s.n && s.p[n] != '\0' && strchr(octets, s.p[n]) != NULL)
		n++;
	return n;
}

/* Moves past octets of this set; how many. */
static size_t
skip(struct slice *s, const char *octets)
{
	size_t n = count_of(*s, octets);

	*s = slice_from(*s, n);
	return n;
}

/* "v=", "v:", "v -", "="; with it less of the rest is needed. */
static bool
skip_v(struct slice *s)
{
	bool v = skip(s, "vV") > 0;

	(void)skip(s, " ");
	v = skip(s, "=:-") > 0 && v;
	(void)skip(s, " vV");
	return v;
}

static bool
skip_spf(struct slice *s)
{
	static const char *const words[] = { "spf", "sfp", "psf" };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (slice_starts_nocase(*s, slice_str(words[i]))) {
			*s = slice_from(*s, strlen(words[i]));
			return true;
		}
	}
	return false;
}

/* "@ IN TXT \"v=spf1 ...", "SPF: v=spf1 ...": something stands before it. */
static bool
is_within(struct slice text, struct slice *rest)
{
	enum { BEFORE_MAX = 40 };
	const struct slice version = SLICE_LIT("v=spf1 ");
	size_t at = slice_find_nocase(text, version);

	if (at > BEFORE_MAX)
		return false;
	*rest = slice_trim(slice_from(text, at + version.n));
	return true;
}

/* What begins as a version does; *rest is what follows it. */
static bool
begins_so(struct slice s, struct slice *rest)
{
	struct slice before;
	bool v = skip_v(&s), number;

	if (!skip_spf(&s))
		return false;
	before = s;
	if (v)
		(void)skip(&s, " =");
	number = skip(&s, "0123456789") > 0;
	if (!number)
		s = before;
	if (number && s.n > 1 && s.p[0] == '.' && ascii_is_digit(s.p[1]))
		(void)skip(&s, ".0123456789");
	/* Sender ID, RFC 4406 3.1. */
	if (slice_starts_nocase(s, SLICE_LIT("/")))
		(void)skip(&s, "/,mfropaMFROPA");
	if (s.n > 0 && memchr(" \t;:,.\"", s.p[0], 7) == NULL && !(v && number))
		return false;
	(void)skip(&s, " \t;:,.\"");
	*rest = s;
	return v || number;
}

bool
spf_near_miss(struct slice text, struct slice *rest)
{
	bool quoted = false;

	text = slice_trim(spf_unquote(slice_trim(text), &quoted));
	return begins_so(text, rest) || is_within(text, rest);
}
