#include "checks/unsubscribe/unsubscribe_body.h"

#include "base/fold.h"
#include "base/limits.h"
#include "checks/content.h"
#include "checks/html.h"
#include "checks/links.h"
#include "message/words.h"

/* How a link shows what it is for; the first is the best. */
enum by {
	BY_URI,         /* it is that of List-Unsubscribe */
	BY_WORDS,       /* its text, or that of its image, says it */
	BY_TARGET,      /* the URI itself says it */
	BY_CONTEXT,     /* what stands around it does */
	BY_PREFERENCES, /* it leads to a page where one may choose */
	BY_NOTHING,
};

static const char *const by_names[] = { [BY_URI] = "uri",
	[BY_WORDS] = "words",
	[BY_TARGET] = "target",
	[BY_CONTEXT] = "context",
	[BY_PREFERENCES] = "preferences" };

struct search {
	struct check_run *run;
	const struct unsubscribe_fields *fields;
	const struct words *words;
	enum by by;
	struct slice link;
	bool hidden; /* one that would do is not shown */
	/* Why there may be more than was looked at; or NULL. */
	const char *cut;
	enum cause cause; /* of that */
};

static enum words_kind
kind_of(struct search *s, struct slice text)
{
	return text.n > 0 ? words_find(s->words, fold_text(s->run->arena, text))
			  : WORDS_NONE;
}

static bool
is_header_uri(const struct search *s, struct slice uri)
{
	return (s->fields->https.n > 0 && slice_eq(uri, s->fields->https)) ||
	       (s->fields->mailto.n > 0 && slice_eq(uri, s->fields->mailto));
}

/* A link that a person can follow, or write to. */
static bool
leads_somewhere(struct slice uri)
{
	struct slice scheme, rest;

	return slice_cut(uri, ':', &scheme, &rest) && rest.n > 0 &&
	       (slice_eq_nocase(scheme, SLICE_LIT("https")) ||
		   slice_eq_nocase(scheme, SLICE_LIT("http")) ||
		   slice_eq_nocase(scheme, SLICE_LIT("mailto")));
}

static void
take(struct search *s, enum by by, struct slice link)
{
	if (by < s->by) {
		s->by = by;
		s->link = link;
	}
}

/* ---- HTML -------------------------------------------------------------- */

/* What a link says of itself in few words, what is around it tells on. */
enum { SHORT_TEXT = 40 };

static enum by
link_by(struct search *s, const struct html_link *l)
{
	enum words_kind text = kind_of(s, l->text);
	enum words_kind label = kind_of(s, l->label);

	if (is_header_uri(s, l->href))
		return BY_URI;
	if (text == WORDS_UNSUBSCRIBE || label == WORDS_UNSUBSCRIBE)
		return BY_WORDS;
	if (kind_of(s, l->href) == WORDS_UNSUBSCRIBE)
		return BY_TARGET;
	if (l->text.n <= SHORT_TEXT &&
	    kind_of(s, l->around) == WORDS_UNSUBSCRIBE)
		return BY_CONTEXT;
	if (text == WORDS_PREFERENCES || label == WORDS_PREFERENCES)
		return BY_PREFERENCES;
	return BY_NOTHING;
}

static void
take_link(struct search *s, const struct html_link *l)
{
	bool shown = l->hidden == HTML_SHOWN && (l->text.n > 0 || l->image);
	enum by by;

	if (!leads_somewhere(l->href))
		return;
	by = link_by(s, l);
	if (shown)
		take(s, by, l->href);
	else if (by <= BY_TARGET)
		s->hidden = true;
}

static void
search_html(struct search *s, const struct body_html *b)
{
	s->cut = b->cut;
	s->cause = b->cause;
	for (size_t i = 0; i < b->html.n_links && s->by > BY_URI; i++)
		take_link(s, &b->html.links[i]);
}

/* ---- plain text -------------------------------------------------------- */

/* The words stand on its line or on the last one before with anything on it. */
static void
take_line(struct search *s, struct slice before, struct slice line)
{
	struct slice rest = line, uri = link_next(&rest), both;
	enum words_kind kind = WORDS_NONE;

	if (uri.n == 0)
		return;
	both = arena_slicef(s->run->arena, "%.*s %.*s", SLICE_FMT(before),
	    SLICE_FMT(line));
	kind = kind_of(s, both);
	for (; uri.n > 0; uri = link_next(&rest)) {
		if (is_header_uri(s, uri))
			take(s, BY_URI, uri);
		else if (kind == WORDS_UNSUBSCRIBE)
			take(s, BY_WORDS, uri);
		else if (kind == WORDS_PREFERENCES)
			take(s, BY_PREFERENCES, uri);
	}
}

/* A line that only holds this many octets of the text is looked at. */
static void
search_text(struct search *s, struct slice body)
{
	struct slice before = SLICE_LIT(""), line;

	while (slice_line(&body, &line) && !arena_failed(s->run->arena)) {
		line = slice_sub(slice_trim(line), 0, LIMIT_TEXT_LINE);
		if (line.n == 0)
			continue;
		take_line(s, before, line);
		before = line;
	}
}

/* ---- the whole --------------------------------------------------------- */

static void
unknown(struct check_run *run, enum cause cause, const char *why)
{
	check_gap(run, "body_link", cause, slice_str(why));
	check_gap(run, "body_link_by", cause, slice_str(why));
}

static void
report(struct search *s)
{
	json_t *facts = s->run->facts;

	if (s->by < BY_NOTHING) {
		check_fact_text(facts, "body_link", s->link);
		check_fact_text(facts, "body_link_by",
		    slice_str(by_names[s->by]));
		return;
	}
	if (s->cut != NULL) {
		unknown(s->run, s->cause,
		    (const char *)arena_slicef(s->run->arena,
			"of the body not all was looked at: %s", s->cut)
			.p);
		return;
	}
	check_fact_null(facts, "body_link");
	check_fact_null(facts, "body_link_by");
	if (s->hidden)
		unsubscribe_problem(s->run, UNSUBSCRIBE_ERROR,
		    "unsubscribe.body-hidden",
		    SLICE_LIT("The body has a link to unsubscribe, but it is "
			      "hidden"));
	else
		unsubscribe_problem(s->run, UNSUBSCRIBE_ERROR,
		    "unsubscribe.body-missing",
		    SLICE_LIT("The body that is shown has no link that says "
			      "it is for unsubscribing"));
}

static enum rc
search_part(struct search *s, const struct mime_part *part)
{
	struct slice text;
	bool cut;
	enum rc rc = mime_text(s->run->arena, part, LIMIT_HTML, &text, &cut);

	if (rc)
		return rc;
	search_text(s, text);
	if (cut) {
		s->cut = "it is longer than one MiB";
		s->cause = CAUSE_LIMIT;
	}
	return RC_OK;
}

/* Of HTML and plain text, HTML is what is shown. */
enum rc
unsubscribe_body(struct check_run *run, const struct unsubscribe_fields *f)
{
	struct search s = { .run = run, .fields = f, .by = BY_NOTHING };
	const struct mime *mime = check_mime(run);
	const struct mime_part *plain;
	const struct body_html *html;
	enum rc rc = check_html(run, &html);

	if (rc || mime == NULL)
		return rc ? rc : RC_LIMIT;
	plain = mime_body(mime, "plain");
	s.words = words_new(run->arena);
	if (s.words == NULL)
		return RC_LIMIT;
	if (html != NULL)
		search_html(&s, html);
	else if (plain != NULL && (rc = search_part(&s, plain)) != RC_OK)
		return rc;
	if ((mime->too_many || mime->too_deep) && s.cut == NULL) {
		s.cut = "it has more parts than are looked at";
		s.cause = CAUSE_LIMIT;
	}
	report(&s);
	return RC_OK;
}
