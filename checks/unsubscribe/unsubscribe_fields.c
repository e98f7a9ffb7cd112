#include "checks/unsubscribe/unsubscribe_fields.h"

#include "checks/tags.h"
#include "message/message.h"

const char list_unsubscribe[] = "List-Unsubscribe";
const char list_unsubscribe_post[] = "List-Unsubscribe-Post";

void
unsubscribe_problem(struct check_run *run, enum unsubscribe_severity severity,
    const char *code, struct slice detail)
{
	json_t *o = check_problem(run->facts, "problems", code, detail);

	if (o != NULL)
		(void)json_object_set_new(o, "severity",
		    json_string(
			severity == UNSUBSCRIBE_ERROR ? "error" : "warning"));
}

/* "WHAT: TEXT", of which the text is from outside. */
static void
error(struct check_run *run, const char *code, const char *what,
    struct slice text)
{
	unsubscribe_problem(run, UNSUBSCRIBE_ERROR, code,
	    arena_slicef(run->arena, "%s: %.*s", what, SLICE_FMT(text)));
}

static void
warning(struct check_run *run, const char *code, const char *what,
    struct slice text)
{
	unsubscribe_problem(run, UNSUBSCRIBE_WARNING, code,
	    arena_slicef(run->arena, "%s: %.*s", what, SLICE_FMT(text)));
}

/* ---- RFC 2369 2 -------------------------------------------------------- */

/*
 * A list of URIs in angle brackets with commas between.  White space within
 * the brackets is none; comments are let through, but only there may other
 * text stand; what follows a URI without a comma is to be ignored.
 */
struct uris {
	struct check_run *run;
	struct slice rest;
	bool comments; /* some were skipped */
	struct unsubscribe_fields *out;
	size_t n_https;
	size_t n_http;
};

/* RFC 5322 3.2.2: a comment, with those in it; all the rest if unclosed. */
static struct slice
skip_comment(struct slice s)
{
	size_t depth = 0, i;

	for (i = 0; i < s.n; i++) {
		if (s.p[i] == '\\') {
			i++;
		} else if (s.p[i] == '(') {
			depth++;
		} else if (s.p[i] == ')' && --depth == 0) {
			i++;
			break;
		}
	}
	return slice_from(s, i);
}

static void
skip_cfws(struct uris *u)
{
	while (u->rest.n > 0) {
		if (ascii_is_space(u->rest.p[0])) {
			u->rest = slice_from(u->rest, 1);
		} else if (u->rest.p[0] == '(') {
			u->comments = true;
			u->rest = skip_comment(u->rest);
		} else {
			return;
		}
	}
}

static struct slice
without_space(struct arena *arena, struct slice s)
{
	unsigned char *p = arena_new_of(arena, unsigned char, s.n + 1);
	size_t i, n = 0;

	if (p == NULL)
		return SLICE_LIT("");
	for (i = 0; i < s.n; i++)
		if (!ascii_is_space(s.p[i]))
			p[n++] = s.p[i];
	return slice_of(p, n);
}

static void
take_uri(struct uris *u, struct slice uri)
{
	struct unsubscribe_fields *out = u->out;
	struct slice scheme, rest;

	if (uri_is_https(uri)) {
		if (u->n_https++ == 0)
			out->https = uri;
	} else if (uri_is_mailto(uri)) {
		if (out->mailto.p == NULL)
			out->mailto = uri;
	} else if (!uri_split(uri, &scheme, &rest) ||
		   slice_eq_nocase(scheme, SLICE_LIT("https")) ||
		   slice_eq_nocase(scheme, SLICE_LIT("mailto"))) {
		error(u->run, "unsubscribe.bad-uri",
		    "List-Unsubscribe has something that is no URI", uri);
	} else if (slice_eq_nocase(scheme, SLICE_LIT("http"))) {
		if (u->n_http++ == 0)
			out->http = uri;
		error(u->run, "unsubscribe.http",
		    "List-Unsubscribe has an http URL, with which nobody "
		    "unsubscribes by one click",
		    uri);
	}
}

/* RFC 2369 2: it is to be ignored, which not all who read it do. */
static void
take_item(struct uris *u, struct slice written)
{
	struct slice uri = without_space(u->run->arena, written);

	if (uri.n < slice_trim(written).n)
		warning(u->run, "unsubscribe.space-in-uri",
		    "a URI in List-Unsubscribe is broken by white space or "
		    "folding, and not every receiver joins it again",
		    uri);
	take_uri(u, uri);
}

/* One item of the list; false: nothing after it counts. */
static bool
read_item(struct uris *u)
{
	size_t end;

	skip_cfws(u);
	if (u->rest.n == 0)
		return false;
	if (u->rest.p[0] == ',') /* an empty item, as old lists have */
		goto next;
	if (u->rest.p[0] != '<') {
		error(u->run, "unsubscribe.no-brackets",
		    "List-Unsubscribe has text where a URI in <> has to stand",
		    u->rest);
		return false;
	}
	end = slice_find(u->rest, SLICE_LIT(">"));
	if (end == SIZE_MAX) {
		error(u->run, "unsubscribe.unclosed",
		    "in List-Unsubscribe a URI begins with < and has no >, as "
		    "when its next line begins without a blank",
		    u->rest);
		return false;
	}
	take_item(u, slice_sub(u->rest, 1, end - 1));
	u->rest = slice_from(u->rest, end + 1);
	skip_cfws(u);
	if (u->rest.n == 0)
		return false;
	if (u->rest.p[0] != ',') {
		warning(u->run, "unsubscribe.trailing-text",
		    "in List-Unsubscribe text follows a URI without a comma, "
		    "and from there on all is ignored",
		    u->rest);
		return false;
	}
next:
	u->rest = slice_from(u->rest, 1);
	return true;
}

static void
read_uris(struct uris *u)
{
	struct slice all = u->rest;

	/* RFC 2047 5: an encoded word has no place in a URI. */
	if (slice_find(all, SLICE_LIT("=?")) != SIZE_MAX &&
	    slice_find(all, SLICE_LIT("?=")) != SIZE_MAX)
		error(u->run, "unsubscribe.encoded-word",
		    "List-Unsubscribe is written as encoded words, which "
		    "nobody decodes there",
		    all);
	while (read_item(u) && !arena_failed(u->run->arena))
		continue;
	if (u->comments)
		warning(u->run, "unsubscribe.comment-ignored",
		    "List-Unsubscribe has a comment, and not every receiver "
		    "skips it",
		    all);
}

/* ---- the URI to POST to ------------------------------------------------ */

static void
judge_host(struct check_run *run, const struct unsubscribe_uri *u)
{
	switch (u->kind) {
	case URI_HOST_NAME:
		return;
	case URI_HOST_ADDRESS:
		warning(run, "unsubscribe.ip-host",
		    "the https URL has an address in place of a host name, for "
		    "which hardly a certificate is made out",
		    u->host);
		return;
	case URI_HOST_PRIVATE:
		error(run, "unsubscribe.private-host",
		    "the https URL is of a host that nobody outside reaches",
		    u->host);
		return;
	case URI_HOST_BAD:
		error(run, "unsubscribe.bad-host",
		    "the https URL has no host name that can be", u->host);
		return;
	}
}

static void
judge_uri(struct check_run *run, struct unsubscribe_fields *f)
{
	const struct unsubscribe_uri *u = &f->uri;

	unsubscribe_uri_read(run->arena, f->https, &f->uri);
	judge_host(run, u);
	if (u->userinfo)
		error(run, "unsubscribe.userinfo",
		    "the https URL has a user name in it, and the POST has no "
		    "credentials (RFC 8058 3.2)",
		    f->https);
	if (unsubscribe_uri_odd_port(u))
		warning(run, "unsubscribe.port",
		    "the https URL has a port of its own, which some receivers "
		    "do not connect to",
		    u->port);
	if (u->fragment)
		warning(run, "unsubscribe.fragment",
		    "what is behind # in the https URL does not reach the "
		    "server",
		    f->https);
	f->token = unsubscribe_uri_has_token(u);
	if (!f->token)
		warning(run, "unsubscribe.no-token",
		    "Nothing in the https URL seems to tell who is to be "
		    "unsubscribed, and the POST says it neither (RFC 8058 3.1)",
		    f->https);
}

/* ---- the two fields ---------------------------------------------------- */

/* The first field of the name; more than one is a problem. */
static struct slice
only_field(struct check_run *run, const char *name, bool *once)
{
	const struct message *m = run->subject->message;
	const struct field *f = message_field(m, name, 0);
	size_t n = message_count(m, name);
	struct slice text;

	*once = n == 1;
	if (n > 1)
		unsubscribe_problem(run, UNSUBSCRIBE_ERROR,
		    "unsubscribe.duplicate-header",
		    arena_slicef(run->arena,
			"%s is there %zu times, and one is allowed "
			"(RFC 8058 3.1, RFC 2369 2)",
			name, n));
	if (f == NULL)
		return SLICE_NONE;
	text = slice_trim(field_unfolded(run->arena, f));
	return text.p != NULL ? text : SLICE_LIT("");
}

struct slice
unsubscribe_suggest(struct check_run *run, const struct unsubscribe_fields *f)
{
	struct slice https = f->https, scheme, rest, all;

	if (https.n == 0 && uri_split(f->http, &scheme, &rest))
		https = arena_slicef(run->arena, "https:%.*s", SLICE_FMT(rest));
	if (!uri_is_https(https) || f->uri.kind == URI_HOST_PRIVATE ||
	    (f->https.n > 0 && f->uri.kind == URI_HOST_BAD) || f->uri.userinfo)
		https = arena_slicef(run->arena,
		    "https://%.*s/unsubscribe?token=TOKEN",
		    SLICE_FMT(run->subject->domain));
	all = arena_slicef(run->arena, "<%.*s>", SLICE_FMT(https));
	if (f->mailto.n > 0)
		all = arena_slicef(run->arena, "%.*s, <%.*s>", SLICE_FMT(all),
		    SLICE_FMT(f->mailto));
	return all;
}

/* RFC 8058 3.1, 4: exactly one https URI; others may be, but not http. */
static bool
judge_list(struct check_run *run, struct unsubscribe_fields *f)
{
	struct uris u = { .run = run, .rest = f->list, .out = f };

	if (f->list.p == NULL) {
		unsubscribe_problem(run, UNSUBSCRIBE_ERROR,
		    "unsubscribe.missing",
		    SLICE_LIT("there is no List-Unsubscribe field"));
		return false;
	}
	read_uris(&u);
	if (u.n_https == 0)
		error(run, "unsubscribe.no-https",
		    "List-Unsubscribe has no https URL", f->list);
	if (u.n_https > 1)
		error(run, "unsubscribe.several-https",
		    "List-Unsubscribe has several https URLs, and one is "
		    "allowed",
		    f->list);
	if (u.n_https > 0)
		judge_uri(run, f);
	return u.n_https == 1 && u.n_http == 0;
}

#define ONE_CLICK SLICE_LIT("List-Unsubscribe=One-Click")

/* What is wrong with the value, in the fewest words that mend it. */
static const char *
post_fault(struct slice post)
{
	if (slice_eq_nocase(post, ONE_CLICK))
		return "List-Unsubscribe-Post has capital letters in other "
		       "places than List-Unsubscribe=One-Click has";
	if (slice_find_nocase(post, ONE_CLICK) != SIZE_MAX)
		return "List-Unsubscribe-Post has more than "
		       "List-Unsubscribe=One-Click in it";
	if (post.n == 0)
		return "List-Unsubscribe-Post is empty";
	return "List-Unsubscribe-Post does not say List-Unsubscribe=One-Click";
}

/* RFC 8058 3.1: "MUST contain the single key/value pair". */
static bool
judge_post(struct check_run *run, const struct unsubscribe_fields *f)
{
	if (f->post.p == NULL) {
		if (f->list.p != NULL)
			unsubscribe_problem(run, UNSUBSCRIBE_ERROR,
			    "unsubscribe.post-missing",
			    SLICE_LIT("List-Unsubscribe stands alone: without "
				      "List-Unsubscribe-Post nobody may POST"));
		return false;
	}
	if (f->list.p == NULL)
		error(run, "unsubscribe.post-alone",
		    "List-Unsubscribe-Post stands without List-Unsubscribe",
		    f->post);
	if (slice_eq(f->post, ONE_CLICK))
		return true;
	error(run, "unsubscribe.post-value", post_fault(f->post), f->post);
	return false;
}

void
unsubscribe_fields_read(struct check_run *run, struct unsubscribe_fields *out)
{
	bool one_list, one_post, list, post;

	*out = (struct unsubscribe_fields){ .token = false };
	out->list = only_field(run, list_unsubscribe, &one_list);
	out->post = only_field(run, list_unsubscribe_post, &one_post);
	list = judge_list(run, out);
	post = judge_post(run, out);
	out->pair = one_list && one_post && list && post;
}
