#include "checks/tags.h"

/*
 * RFC 6376 3.2:
 *   tag-list = tag-spec *( ";" tag-spec ) [ ";" ]
 *   tag-spec = [FWS] tag-name [FWS] "=" [FWS] tag-value [FWS]
 */
bool
tag_next(struct slice *rest, struct tag *out)
{
	struct slice head;

	do {
		if (rest->n == 0)
			return false;
		(void)slice_cut(*rest, ';', &head, rest);
		head = slice_trim(head);
	} while (head.n == 0);
	out->malformed = !slice_cut(head, '=', &out->name, &out->value);
	out->name = slice_trim(out->name);
	out->value = slice_trim(out->value);
	out->malformed = out->malformed || out->name.n == 0;
	return true;
}

static bool
is_wsp(unsigned char c)
{
	return c == ' ' || c == '\t';
}

static struct slice
skip_wsp(struct slice s)
{
	while (s.n > 0 && is_wsp(s.p[0]))
		s = slice_from(s, 1);
	return s;
}

/* "v" *WSP "=" *WSP value, and then nothing that would make it longer. */
bool
version_begins(struct slice text, const struct version *v)
{
	if (text.n == 0 ||
	    (v->loose ? ascii_lower(text.p[0]) : text.p[0]) != 'v')
		return false;
	text = slice_from(text, 1);
	if (v->loose)
		text = skip_wsp(text);
	if (text.n == 0 || text.p[0] != '=')
		return false;
	text = slice_from(text, 1);
	if (v->loose)
		text = skip_wsp(text);
	if (!slice_starts(text, v->value))
		return false;
	text = slice_from(text, v->value.n);
	if (!v->loose && text.n > 0 && is_wsp(text.p[0]))
		return true;
	text = skip_wsp(text);
	return text.n == 0 || text.p[0] == ';';
}

/* The version is in it, but in another case or place. */
static bool
nearly(struct slice text, const struct version *v)
{
	return slice_find_nocase(text, v->value) != SIZE_MAX;
}

struct versioned
versioned_find(struct check_run *run, const struct answer *a,
    const struct version *v)
{
	struct versioned out = { 0 };
	size_t i;

	if (a->seen != SEEN_ANSWERED)
		return out;
	for (i = 0; i < a->as.dns.n_records; i++) {
		struct slice text =
		    check_text(run->arena, &a->as.dns.records[i]);

		if (version_begins(text, v)) {
			if (out.found++ == 0)
				out.text = text;
		} else if (out.near.p == NULL && nearly(text, v)) {
			out.near = text;
		}
	}
	return out;
}

bool
list_next(struct slice *rest, struct slice *item)
{
	if (rest->n == 0)
		return false;
	(void)slice_cut(*rest, ',', item, rest);
	*item = slice_trim(*item);
	return true;
}

/* RFC 3986 3.1: scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." ) */
static bool
is_scheme(struct slice s)
{
	size_t i;

	if (s.n == 0 || !ascii_is_alpha(s.p[0]))
		return false;
	for (i = 1; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]) && s.p[i] != '+' && s.p[i] != '-' &&
		    s.p[i] != '.')
			return false;
	return true;
}

/* RFC 3986 2: what may stand in a URI at all, escaped or not. */
static bool
is_uri_text(struct slice s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] >= 0x7f ||
		    memchr("<>\"\\^`{|}", s.p[i], 9) != NULL)
			return false;
	return true;
}

bool
uri_split(struct slice uri, struct slice *scheme, struct slice *rest)
{
	if (!slice_cut(uri, ':', scheme, rest))
		return false;
	return is_scheme(*scheme) && rest->n > 0 && is_uri_text(*rest);
}

bool
uri_is_mailto(struct slice uri)
{
	struct slice scheme, rest, to, local, domain;

	if (!uri_split(uri, &scheme, &rest) ||
	    !slice_eq_nocase(scheme, SLICE_LIT("mailto")))
		return false;
	(void)slice_cut(rest, '?', &to, &rest);
	return slice_cut(to, '@', &local, &domain) && local.n > 0 &&
	       domain.n > 0;
}

bool
uri_is_https(struct slice uri)
{
	struct slice scheme, rest, authority, tail;

	if (!uri_split(uri, &scheme, &rest) ||
	    !slice_eq_nocase(scheme, SLICE_LIT("https")) ||
	    !slice_starts(rest, SLICE_LIT("//")))
		return false;
	rest = slice_from(rest, 2);
	(void)slice_cut(rest, '/', &authority, &tail);
	(void)slice_cut(authority, '?', &authority, &tail);
	(void)slice_cut(authority, '#', &authority, &tail);
	return authority.n > 0 && authority.p[0] != ':';
}
