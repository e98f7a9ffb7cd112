#include "checks/check.h"
#include "checks/table.h"
#include "checks/tags.h"
#include "message/message.h"

/*
 * List-Unsubscribe (RFC 2369) and List-Unsubscribe-Post (RFC 8058), as they
 * stand in the message.  Whether a DKIM signature covers them is for others
 * to say.
 */

static const struct fact_doc unsubscribe_facts[] = {
	{ "list_unsubscribe", "text",
	    "the List-Unsubscribe field, unfolded; the first, if there are "
	    "several; null: there is none" },
	{ "list_unsubscribe_post", "text",
	    "the List-Unsubscribe-Post field likewise" },
	{ "https_uri", "text",
	    "the first https URI in List-Unsubscribe; null: none" },
	{ "mailto_uri", "text",
	    "the first mailto URI in List-Unsubscribe; null: none" },
	{ "suggested", "text",
	    "List-Unsubscribe as it should be: the https URI that it has (of "
	    "an http one, or made up, with TOKEN, if there is none), and its "
	    "mailto URI" },
	{ "header_pair", "bool",
	    "the pair is right by RFC 8058 3.1: one field of each; exactly one "
	    "https URI, no http URI; and the Post field says "
	    "List-Unsubscribe=One-Click" },
	{ "problems", "list", "what is wrong" },
	{ "problems[].code", "text",
	    "stable: unsubscribe.missing, unsubscribe.post-missing, "
	    "unsubscribe.post-value, unsubscribe.post-alone, "
	    "unsubscribe.no-https, unsubscribe.http, "
	    "unsubscribe.several-https, unsubscribe.duplicate-header, "
	    "unsubscribe.no-brackets, unsubscribe.unclosed, "
	    "unsubscribe.bad-uri, unsubscribe.trailing-text, "
	    "unsubscribe.comment-ignored, unsubscribe.encoded-word" },
	{ "problems[].detail", "text", "for people" },
	{ NULL, NULL, NULL },
};

static const char field_name[] = "List-Unsubscribe";
static const char post_name[] = "List-Unsubscribe-Post";

static void
problem(struct check_run *run, const char *code, struct slice detail)
{
	check_problem(run->facts, "problems", code, detail);
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
	bool comments;      /* some were skipped */
	struct slice https; /* the first; or nothing */
	struct slice mailto;
	struct slice http;
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
	struct slice scheme, rest;

	if (uri_is_https(uri)) {
		if (u->n_https++ == 0)
			u->https = uri;
	} else if (uri_is_mailto(uri)) {
		if (u->mailto.p == NULL)
			u->mailto = uri;
	} else if (!uri_split(uri, &scheme, &rest) ||
		   slice_eq_nocase(scheme, SLICE_LIT("https")) ||
		   slice_eq_nocase(scheme, SLICE_LIT("mailto"))) {
		problem(u->run, "unsubscribe.bad-uri", uri);
	} else if (slice_eq_nocase(scheme, SLICE_LIT("http"))) {
		if (u->n_http++ == 0)
			u->http = uri;
		problem(u->run, "unsubscribe.http", uri);
	}
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
		problem(u->run, "unsubscribe.no-brackets", u->rest);
		return false;
	}
	end = slice_find(u->rest, SLICE_LIT(">"));
	if (end == SIZE_MAX) {
		problem(u->run, "unsubscribe.unclosed", u->rest);
		return false;
	}
	take_uri(u,
	    without_space(u->run->arena, slice_sub(u->rest, 1, end - 1)));
	u->rest = slice_from(u->rest, end + 1);
	skip_cfws(u);
	if (u->rest.n == 0)
		return false;
	if (u->rest.p[0] != ',') {
		problem(u->run, "unsubscribe.trailing-text", u->rest);
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
		problem(u->run, "unsubscribe.encoded-word", all);
	while (read_item(u) && !arena_failed(u->run->arena))
		continue;
	if (u->comments)
		problem(u->run, "unsubscribe.comment-ignored", all);
}

/* ---- the two fields ---------------------------------------------------- */

static void
text_or_null(json_t *facts, const char *key, struct slice text)
{
	if (text.p != NULL)
		check_fact_text(facts, key, text);
	else
		check_fact_null(facts, key);
}

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
		problem(run, "unsubscribe.duplicate-header",
		    arena_slicef(run->arena, "%s: %zu fields", name, n));
	if (f == NULL)
		return SLICE_NONE;
	text = slice_trim(field_unfolded(run->arena, f));
	return text.p != NULL ? text : SLICE_LIT("");
}

/* A field that RFC 8058 allows, with what is right of the one that is there. */
static void
suggest(struct check_run *run, const struct uris *u)
{
	struct slice https = u->https, scheme, rest, all;

	if (https.n == 0 && uri_split(u->http, &scheme, &rest))
		https = arena_slicef(run->arena, "https:%.*s", SLICE_FMT(rest));
	if (https.n == 0)
		https = arena_slicef(run->arena,
		    "https://%.*s/unsubscribe?token=TOKEN",
		    SLICE_FMT(run->subject->domain));
	all = arena_slicef(run->arena, "<%.*s>", SLICE_FMT(https));
	if (u->mailto.n > 0)
		all = arena_slicef(run->arena, "%.*s, <%.*s>", SLICE_FMT(all),
		    SLICE_FMT(u->mailto));
	check_fact_text(run->facts, "suggested", all);
}

/* RFC 8058 3.1, 4: exactly one https URI; others may be, but not http. */
static bool
judge_uris(struct check_run *run, struct slice text)
{
	struct uris u = { .run = run, .rest = text };

	read_uris(&u);
	text_or_null(run->facts, "https_uri", u.https);
	text_or_null(run->facts, "mailto_uri", u.mailto);
	suggest(run, &u);
	if (text.p == NULL)
		return false;
	if (u.n_https == 0)
		problem(run, "unsubscribe.no-https", text);
	if (u.n_https > 1)
		problem(run, "unsubscribe.several-https", text);
	return u.n_https == 1 && u.n_http == 0;
}

static bool
judge_post(struct check_run *run, struct slice post, bool has_list)
{
	if (post.p == NULL) {
		if (has_list)
			problem(run, "unsubscribe.post-missing",
			    SLICE_LIT("List-Unsubscribe stands alone"));
		return false;
	}
	if (!has_list)
		problem(run, "unsubscribe.post-alone", post);
	if (slice_eq(post, SLICE_LIT("List-Unsubscribe=One-Click")))
		return true;
	problem(run, "unsubscribe.post-value", post);
	return false;
}

static enum rc
unsubscribe_run(struct check_run *run)
{
	const struct message *m = run->subject->message;
	bool one_list, one_post, uris, pair;
	struct slice list, post;

	if (m == NULL) {
		check_gap(run, "", CAUSE_NEEDS_MESSAGE,
		    SLICE_LIT("there is no sample message"));
		return RC_OK;
	}
	if (m->too_many) {
		check_gap(run, "", CAUSE_LIMIT,
		    SLICE_LIT("the message has too many header fields"));
		return RC_OK;
	}
	(void)json_object_set_new(run->facts, "problems", json_array());
	list = only_field(run, field_name, &one_list);
	post = only_field(run, post_name, &one_post);
	text_or_null(run->facts, "list_unsubscribe", list);
	text_or_null(run->facts, "list_unsubscribe_post", post);
	if (list.p == NULL)
		problem(run, "unsubscribe.missing",
		    SLICE_LIT("no List-Unsubscribe field"));
	uris = judge_uris(run, list);
	pair = judge_post(run, post, list.p != NULL);
	check_fact_bool(run->facts, "header_pair",
	    one_list && one_post && uris && pair);
	return arena_failed(run->arena) ? RC_LIMIT : RC_OK;
}

const struct check check_unsubscribe = {
	.name = "unsubscribe",
	.summary = "the header fields for one-click unsubscribing",
	.standards = "RFC 2369, RFC 8058 3.1",
	.facts = unsubscribe_facts,
	.run = unsubscribe_run,
};
