#include "checks/unsubscribe/unsubscribe_uri.h"

#include "base/domain.h"

/* ---- taken apart ------------------------------------------------------- */

/* RFC 3986 3.2: [ userinfo "@" ] host [ ":" port ] */
struct authority {
	struct slice userinfo; /* nothing: none */
	struct slice host;     /* brackets and all */
	struct slice port;     /* nothing: none */
};

/* The last "@" ends the user information, as browsers have it. */
static void
authority_read(struct slice s, struct authority *out)
{
	struct slice head, tail;
	size_t end;

	*out = (struct authority){ SLICE_NONE, s, SLICE_NONE };
	while (slice_cut(out->host, '@', &head, &tail)) {
		out->userinfo = head;
		out->host = tail;
	}
	if (slice_starts(out->host, SLICE_LIT("["))) {
		end = slice_find(out->host, SLICE_LIT("]"));
		if (end == SIZE_MAX)
			return;
		tail = slice_from(out->host, end + 1);
		out->host = slice_sub(out->host, 0, end + 1);
		if (slice_starts(tail, SLICE_LIT(":")))
			out->port = slice_from(tail, 1);
	} else if (slice_cut(out->host, ':', &head, &tail)) {
		out->host = head;
		out->port = tail;
	}
}

/* Names that nobody else can look up: RFC 6761, RFC 6762, RFC 8375. */
static const char *const private_names[] = { "localhost", "local", "internal",
	"intranet", "private", "corp", "lan", "home", "home.arpa", "invalid" };

static enum uri_host
name_kind(struct slice name)
{
	for (size_t i = 0; i < sizeof(private_names) / sizeof(*private_names);
	     i++)
		if (domain_is_under(name, slice_str(private_names[i])))
			return URI_HOST_PRIVATE;
	if (domain_labels(name) < 2)
		return URI_HOST_PRIVATE;
	return domain_is_fqdn(name) ? URI_HOST_NAME : URI_HOST_BAD;
}

static void
host_read(struct arena *arena, struct slice host, struct unsubscribe_uri *out)
{
	struct slice inner = host;

	out->host = host;
	if (host.n >= 2 && host.p[0] == '[' && host.p[host.n - 1] == ']')
		inner = slice_sub(host, 1, host.n - 2);
	if (ip_parse(inner, &out->ip)) {
		out->host = ip_text(arena, &out->ip);
		out->kind = ip_scope(&out->ip) == IP_PUBLIC ? URI_HOST_ADDRESS
							    : URI_HOST_PRIVATE;
	} else if (domain_canonical(arena, host, &out->host) != DOMAIN_FINE) {
		out->kind = URI_HOST_BAD;
	} else {
		out->kind = name_kind(out->host);
	}
}

void
unsubscribe_uri_read(struct arena *arena, struct slice uri,
    struct unsubscribe_uri *out)
{
	struct slice rest = slice_from(uri, sizeof("https://") - 1);
	const struct slice none = SLICE_LIT("");
	struct authority a;
	bool six, default_port;
	size_t end = 0;

	*out = (struct unsubscribe_uri){ .kind = URI_HOST_BAD };
	while (end < rest.n && strchr("/?#", rest.p[end]) == NULL)
		end++;
	authority_read(slice_sub(rest, 0, end), &a);
	host_read(arena, a.host, out);
	six = out->ip.family == 6;
	default_port = a.port.n == 0 || slice_eq(a.port, SLICE_LIT("443"));
	out->port = a.port;
	out->userinfo = a.userinfo.p != NULL;
	out->fragment =
	    slice_cut(slice_from(rest, end), '#', &out->path, &rest);
	out->request = arena_slicef(arena, "https://%s%.*s%s%s%.*s%s%.*s",
	    six ? "[" : "", SLICE_FMT(out->host), six ? "]" : "",
	    default_port ? "" : ":", SLICE_FMT(default_port ? none : a.port),
	    slice_starts(out->path, SLICE_LIT("/")) ? "" : "/",
	    SLICE_FMT(out->path));
}

bool
unsubscribe_uri_odd_port(const struct unsubscribe_uri *u)
{
	return u->port.p != NULL && !slice_eq(u->port, SLICE_LIT("443"));
}

/* ---- who it is for ----------------------------------------------------- */

enum {
	TOKEN_DIGITS = 5, /* a number that is no version and no year */
	TOKEN_MIXED = 6,  /* of letters and digits */
	TOKEN_CASES = 12, /* of letters of both cases, in no order */
	CHANGES = 4,      /* from small to capital or back */
};

/* Letters, digits, "-" and "_" mixed as no word is; or an address. */
static bool
is_token(struct slice s)
{
	size_t digits = 0, letters = 0, changes = 0;

	if (slice_find(s, SLICE_LIT("@")) != SIZE_MAX ||
	    slice_find_nocase(s, SLICE_LIT("%40")) != SIZE_MAX)
		return true;
	/* A place-holder that nobody filled in. */
	if (slice_find(s, SLICE_LIT("{")) != SIZE_MAX ||
	    slice_find(s, SLICE_LIT("*|")) != SIZE_MAX ||
	    slice_find(s, SLICE_LIT("%%")) != SIZE_MAX)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		bool upper = s.p[i] >= 'A' && s.p[i] <= 'Z';

		digits += ascii_is_digit(s.p[i]);
		letters += ascii_is_alpha(s.p[i]);
		if (i > 0 && ascii_is_alpha(s.p[i]) &&
		    ascii_is_alpha(s.p[i - 1]))
			changes +=
			    upper != (s.p[i - 1] >= 'A' && s.p[i - 1] <= 'Z');
	}
	return digits >= TOKEN_DIGITS ||
	       (digits > 0 && letters > 0 && digits + letters >= TOKEN_MIXED) ||
	       (letters >= TOKEN_CASES && changes >= CHANGES);
}

/* The values of a query (RFC 3986 3.4), but for those that name campaigns. */
static bool
query_has_token(struct slice query)
{
	struct slice one, name, value;

	while (query.n > 0) {
		(void)slice_cut(query, '&', &one, &query);
		if (!slice_cut(one, '=', &name, &value))
			value = name;
		else if (slice_starts_nocase(name, SLICE_LIT("utm_")))
			continue;
		if (is_token(value))
			return true;
	}
	return false;
}

bool
unsubscribe_uri_has_token(const struct unsubscribe_uri *u)
{
	struct slice path, query, one, host = u->host;

	(void)slice_cut(u->path, '?', &path, &query);
	while (path.n > 0) {
		(void)slice_cut(path, '/', &one, &path);
		if (is_token(one))
			return true;
	}
	/* Below the domain itself, a label may be made for each recipient. */
	while (u->ip.family == 0 && domain_labels(host) > 2) {
		(void)slice_cut(host, '.', &one, &host);
		if (is_token(one))
			return true;
	}
	return query_has_token(query);
}
