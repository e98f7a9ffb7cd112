#include "checks/dmarc/dmarc_tags.h"

/*
 * RFC 9989 4.8:
 *   dmarc-version = "v" equals %s"DMARC1"
 *   dmarc-request = "none" / "quarantine" / "reject"
 *   dmarc-yorn    = "y" / "n"
 *   dmarc-psd     = "y" / "n" / "u"
 *   dmarc-rors    = "r" / "s"
 *   dmarc-urilist = dmarc-uri *(*WSP "," *WSP dmarc-uri)
 *   dmarc-fo      = "0", "1", "d", "s", or several with colons between, each
 *                   once and not both "0" and "1"
 * RFC 7489 6.4 has in fo a list of any of these, which is taken here, as
 * "0:1:d:s" is much published; and besides
 *   dmarc-uri       = URI [ "!" 1*DIGIT [ "k" / "m" / "g" / "t" ] ]
 *   dmarc-ainterval = "ri" *WSP "=" *WSP 1*DIGIT
 *   dmarc-rfmt      = "rf" *WSP "=" *WSP Keyword *(*WSP ":" Keyword)
 *   dmarc-percent   = "pct" *WSP "=" *WSP 1*3DIGIT
 */
const struct version dmarc_version = {
	.value = { (const unsigned char *)"DMARC1", 6 },
	.loose = true,
};

enum { PERCENT_MAX = 100, MAILTO = 7 };

/* ---- values ------------------------------------------------------------ */

const char *
dmarc_policy_name(struct slice value)
{
	static const char *const names[] = { "none", "quarantine", "reject" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (slice_eq_nocase(value, slice_str(names[i])))
			return names[i];
	return NULL;
}

static bool
is_policy(struct slice v)
{
	return dmarc_policy_name(v) != NULL;
}

static bool
is_one_of(struct slice v, const char *letters)
{
	return v.n == 1 && v.p[0] != '\0' &&
	       strchr(letters, ascii_lower(v.p[0])) != NULL;
}

static bool
is_psd(struct slice v)
{
	return is_one_of(v, "ynu");
}

static bool
is_mode(struct slice v)
{
	return is_one_of(v, "rs");
}

static bool
is_testing(struct slice v)
{
	return is_one_of(v, "yn");
}

static bool
is_failure_options(struct slice v)
{
	struct slice item;
	bool more = true;

	while (more) {
		more = slice_cut(v, ':', &item, &v);
		if (!is_one_of(slice_trim(item), "01ds"))
			return false;
	}
	return true;
}

static bool
is_percent(struct slice v)
{
	uint64_t n;

	return slice_number(v, PERCENT_MAX, &n);
}

static bool
is_interval(struct slice v)
{
	uint64_t n;

	return slice_number(v, UINT32_MAX, &n);
}

static bool
is_format(struct slice v)
{
	return slice_eq_nocase(v, SLICE_LIT("afrf"));
}

/* RFC 9989 4.10.1: at least one that can be read. */
static bool
has_uri(struct slice list)
{
	struct slice item;

	while (list_next(&list, &item)) {
		struct dmarc_uri uri = dmarc_uri_read(item);

		if (dmarc_uri_is_valid(&uri))
			return true;
	}
	return false;
}

/* ---- the tags ---------------------------------------------------------- */

struct row {
	const char *name;
	bool (*valid)(struct slice);
	const char *values;
	bool obsolete;
};

static const char policies[] = "none, quarantine or reject";
static const char uris[] = "mailto:ADDRESS, several with commas between";

static const struct row rows[DMARC_TAGS] = {
	[DMARC_P] = { "p", is_policy, policies, false },
	[DMARC_SP] = { "sp", is_policy, policies, false },
	[DMARC_NP] = { "np", is_policy, policies, false },
	[DMARC_PSD] = { "psd", is_psd, "y, n or u", false },
	[DMARC_RUA] = { "rua", has_uri, uris, false },
	[DMARC_RUF] = { "ruf", has_uri, uris, false },
	[DMARC_ADKIM] = { "adkim", is_mode, "r or s", false },
	[DMARC_ASPF] = { "aspf", is_mode, "r or s", false },
	[DMARC_FO] = { "fo", is_failure_options,
	    "0, 1, d or s, or several with colons between", false },
	[DMARC_T] = { "t", is_testing, "y or n", false },
	[DMARC_PCT] = { "pct", is_percent, "a number up to 100", true },
	[DMARC_RF] = { "rf", is_format, "afrf", true },
	[DMARC_RI] = { "ri", is_interval, "a number of seconds", true },
};

enum dmarc_tag
dmarc_tag_find(struct slice name)
{
	unsigned int i;

	for (i = 0; i < DMARC_TAGS; i++)
		if (slice_eq_nocase(name, slice_str(rows[i].name)))
			break;
	return (enum dmarc_tag)i;
}

const char *
dmarc_tag_name(enum dmarc_tag tag)
{
	return rows[tag].name;
}

bool
dmarc_tag_is_obsolete(enum dmarc_tag tag)
{
	return rows[tag].obsolete;
}

bool
dmarc_tag_is_valid(enum dmarc_tag tag, struct slice value)
{
	return rows[tag].valid(value);
}

const char *
dmarc_tag_values(enum dmarc_tag tag)
{
	return rows[tag].values;
}

/* ---- URIs -------------------------------------------------------------- */

/* Where the last c is; SIZE_MAX: nowhere. */
static size_t
last_of(struct slice s, unsigned char c)
{
	size_t i;

	for (i = s.n; i > 0; i--)
		if (s.p[i - 1] == c)
			return i - 1;
	return SIZE_MAX;
}

/* "!" 1*DIGIT [ "k" / "m" / "g" / "t" ] at the end. */
static void
take_size(struct dmarc_uri *u)
{
	size_t at = last_of(u->text, '!'), i;
	struct slice size;

	if (at == SIZE_MAX)
		return;
	size = slice_from(u->text, at + 1);
	for (i = 0; i < size.n && ascii_is_digit(size.p[i]); i++)
		continue;
	if (i == 0 || size.n - i > 1 ||
	    (size.n - i == 1 && !is_one_of(slice_from(size, i), "kmgt")))
		return;
	u->size = size;
	u->text = slice_sub(u->text, 0, at);
}

static bool
is_domain_text(struct slice s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]) && s.p[i] != '-' && s.p[i] != '.' &&
		    s.p[i] != '_')
			return false;
	return s.n > 0 && s.p[0] != '.' &&
	       slice_find(s, SLICE_LIT("..")) == SIZE_MAX;
}

/* local@domain, with octets that a URI may have (RFC 6068 2). */
static bool
take_address(struct slice to, struct dmarc_uri *u)
{
	size_t at = last_of(to, '@'), i;

	if (at == SIZE_MAX || at == 0 ||
	    !is_domain_text(slice_from(to, at + 1)))
		return false;
	for (i = 0; i < at; i++)
		if (to.p[i] <= ' ' || to.p[i] >= 0x7f ||
		    memchr("<>\"\\^`{|}@:()[]?#", to.p[i], 17) != NULL)
			return false;
	u->domain = slice_from(to, at + 1);
	return true;
}

static enum dmarc_uri_kind
kind_of(struct dmarc_uri *u)
{
	struct slice scheme, rest, to;

	if (slice_starts_nocase(u->text, SLICE_LIT("mailto:"))) {
		(void)slice_cut(slice_from(u->text, MAILTO), '?', &to, &rest);
		return uri_split(u->text, &scheme, &rest) && take_address(to, u)
			   ? DMARC_MAILTO
			   : DMARC_NO_URI;
	}
	if (take_address(u->text, u))
		return DMARC_ADDRESS;
	if (!uri_split(u->text, &scheme, &rest))
		return DMARC_NO_URI;
	if (slice_eq_nocase(scheme, SLICE_LIT("http")) ||
	    slice_eq_nocase(scheme, SLICE_LIT("https")))
		return slice_starts(rest, SLICE_LIT("//")) && rest.n > 2
			   ? DMARC_HTTP
			   : DMARC_NO_URI;
	return DMARC_OTHER;
}

struct dmarc_uri
dmarc_uri_read(struct slice item)
{
	struct dmarc_uri u = { .text = item };

	take_size(&u);
	u.kind = kind_of(&u);
	return u;
}

struct slice
dmarc_uri_without_sizes(struct slice item)
{
	struct dmarc_uri u = { .text = item };

	do {
		u.size = SLICE_NONE;
		take_size(&u);
	} while (u.size.p != NULL);
	return u.text;
}

bool
dmarc_uri_is_stray(struct slice segment)
{
	struct dmarc_uri u = dmarc_uri_read(segment);
	struct slice name, value;

	/* In "ruf=a@example.com" it is a tag; not in "mailto:a@b?x=y". */
	if (slice_cut(segment, '=', &name, &value) &&
	    slice_find(name, SLICE_LIT("@")) == SIZE_MAX)
		return false;
	return u.kind == DMARC_MAILTO || u.kind == DMARC_ADDRESS;
}

bool
dmarc_uri_is_valid(const struct dmarc_uri *u)
{
	switch (u->kind) {
	case DMARC_MAILTO:
	case DMARC_HTTP:
	case DMARC_OTHER:
		return true;
	case DMARC_ADDRESS:
	case DMARC_NO_URI:
		break;
	}
	return false;
}
