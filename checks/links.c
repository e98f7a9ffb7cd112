#include "checks/links.h"

/*
 * RFC 3986 3.2: scheme "://" [ userinfo "@" ] host [ ":" port ]
 * The last "@" ends the user information, as browsers have it; to them "\" is
 * a slash, too.
 */
struct slice
link_host(struct slice uri)
{
	struct slice head, tail, host;
	size_t end = 0;

	if (!slice_starts_nocase(uri, SLICE_LIT("http://")) &&
	    !slice_starts_nocase(uri, SLICE_LIT("https://")))
		return SLICE_NONE;
	tail = slice_from(uri, slice_find(uri, SLICE_LIT("//")) + 2);
	while (end < tail.n && strchr("/\\?#", tail.p[end]) == NULL)
		end++;
	host = slice_sub(tail, 0, end);
	while (slice_cut(host, '@', &head, &tail))
		host = tail;
	end = slice_find(host, SLICE_LIT("]"));
	if (slice_starts(host, SLICE_LIT("[")) && end != SIZE_MAX)
		return slice_sub(host, 0, end + 1);
	(void)slice_cut(host, ':', &head, &tail);
	return head;
}

static bool
begins(struct slice text)
{
	return slice_starts_nocase(text, SLICE_LIT("https://")) ||
	       slice_starts_nocase(text, SLICE_LIT("http://")) ||
	       slice_starts_nocase(text, SLICE_LIT("mailto:"));
}

struct slice
link_next(struct slice *rest)
{
	static const char ends[] = " \t<>\"'()[]{}|\\^`";
	struct slice uri;
	size_t n = 0;

	while (rest->n > 0 && !begins(*rest))
		*rest = slice_from(*rest, 1);
	if (rest->n == 0)
		return SLICE_NONE;
	while (
	    n < rest->n && rest->p[n] > ' ' && strchr(ends, rest->p[n]) == NULL)
		n++;
	uri = slice_sub(*rest, 0, n);
	*rest = slice_from(*rest, n);
	while (uri.n > 0 && strchr(".,;:!?", uri.p[uri.n - 1]) != NULL)
		uri.n--;
	return uri;
}
