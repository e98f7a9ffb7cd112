#include "base/limits.h"
#include "message/fields.h"
#include "message/mime_judge.h"
#include "message/template_tags.h"

/* What the text and the HTML of a message are like. */

/* ---- HTML -------------------------------------------------------------- */

/* What a walk over tags and comments finds. */
struct markup {
	bool html;       /* <html> */
	bool html_ended; /* </html> */
	size_t cut;      /* offset of a tag or comment without end */
	size_t known;    /* closing tags that only HTML has */
};

static bool
is_name(struct slice s, const char *name)
{
	struct slice want = slice_str(name);

	return slice_starts_nocase(s, want) &&
	       (s.n == want.n || !ascii_is_alnum(s.p[want.n]));
}

/* A tag is a letter, "/", "!" or "?" behind "<" (HTML 13.2.5.6). */
static bool
is_tag(struct slice s)
{
	return s.n > 1 && (ascii_is_alpha(s.p[1]) || s.p[1] == '/' ||
			      s.p[1] == '!' || s.p[1] == '?');
}

static const char *const closing[] = { "a", "b", "body", "div", "font", "h1",
	"html", "li", "p", "span", "strong", "table", "td", "tr" };

static void
tag_note(struct markup *m, struct slice s)
{
	struct slice name = slice_from(s, 2);

	if (is_name(slice_from(s, 1), "html"))
		m->html = true;
	if (s.p[1] != '/')
		return;
	if (is_name(name, "html"))
		m->html_ended = true;
	for (size_t i = 0; i < sizeof(closing) / sizeof(closing[0]); i++) {
		if (is_name(name, closing[i]))
			m->known++;
	}
}

/* Length of what begins with "<"; 0: it does not end. */
static size_t
markup_length(struct slice s)
{
	bool comment = slice_starts(s, SLICE_LIT("<!--"));
	size_t at;

	if (comment && slice_starts(slice_from(s, 4), SLICE_LIT(">")))
		return 5;
	at = comment ? slice_find(s, SLICE_LIT("-->"))
		     : slice_find(s, SLICE_LIT(">"));
	if (at == SIZE_MAX)
		return 0;
	return at + (comment ? 3 : 1);
}

static void
markup_walk(struct slice s, struct markup *m)
{
	size_t all = s.n, n;
	struct slice text, after;

	*m = (struct markup){ .cut = SIZE_MAX };
	while (slice_cut(s, '<', &text, &after)) {
		s = slice_from(s, text.n);
		if (!is_tag(s)) {
			s = after;
			continue;
		}
		tag_note(m, s);
		n = markup_length(s);
		if (n == 0) {
			m->cut = all - s.n;
			return;
		}
		s = slice_from(s, n);
	}
}

static void
html_judge(const struct judge *j, const struct mime_part *p,
    const struct judged_text *t)
{
	struct markup m;

	if (p->decoded > GMAIL_CLIPS)
		mime_judge_say(j, &mime_html_clipped, p, GMAIL_CLIPS,
		    arena_slicef(j->arena,
			"The HTML has %zu octets, and Gmail shows the first "
			"102 KB of it: what is at its end, such as the link to "
			"unsubscribe, is clipped",
			p->decoded));
	if (t->cut)
		return;
	markup_walk(t->text, &m);
	if (m.cut != SIZE_MAX)
		mime_judge_say(j, &mime_html_cut, p, m.cut,
		    SLICE_LIT(
			"A tag or a comment begins here and does not end, "
			"so all that follows is not shown"));
	else if (m.html && !m.html_ended)
		mime_judge_say(j, &mime_html_open, p, t->text.n - 1,
		    SLICE_LIT(
			"The HTML ends without </html>, as if it had been "
			"cut off"));
}

/* ---- plain text -------------------------------------------------------- */

/* A text with that many closing tags was not written for people. */
enum { MARKUP_SURE = 3 };

static void
plain_judge(const struct judge *j, const struct mime_part *p,
    const struct judged_text *t)
{
	struct slice s = slice_trim(t->text);
	struct markup m;

	if (s.n == 0 || memchr(s.p, '<', s.n) == NULL)
		return;
	markup_walk(s, &m);
	if (!slice_starts_nocase(s, SLICE_LIT("<!doctype html")) &&
	    !slice_starts_nocase(s, SLICE_LIT("<html")) &&
	    m.known < MARKUP_SURE)
		return;
	mime_judge_say(j, &mime_text_html, p,
	    slice_offset(t->text, s) + slice_find(s, SLICE_LIT("<")),
	    SLICE_LIT("The part is said to be plain text and holds HTML, so "
		      "readers show its tags"));
}

static size_t
seen_octets(struct slice s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n && n < LIMIT_PROBLEMS; i++)
		n += !ascii_is_space(s.p[i]);
	return n;
}

/* ---- both -------------------------------------------------------------- */

/* "[Unsubscribe](https://...)" is a link in plain text. */
static bool
is_link_text(struct slice tag, struct slice after)
{
	after = slice_sub(after, 0, 8);
	after = slice_trim(after);
	return tag.p[0] == '[' && tag.p[1] != '[' && after.n > 0 &&
	       (after.p[0] == '(' || after.p[0] == '<' || after.p[0] == '[' ||
		   after.p[0] == ':' ||
		   slice_starts_nocase(after, SLICE_LIT("http")));
}

static void
tags_judge(const struct judge *j, const struct mime_part *p,
    const struct judged_text *t)
{
	struct slice rest = t->text, tag, detail;

	while (template_tag_find(rest, &tag)) {
		rest = slice_from(rest, slice_offset(rest, tag) + tag.n);
		if (is_link_text(tag, rest))
			continue;
		detail = SLICE_NONE;
		if (mime_wants(j->lint, &field_template_tag, SLICE_NONE))
			detail = arena_slicef(j->arena,
			    "The text has the place-holder %.*s, which nobody "
			    "filled in",
			    SLICE_FMT(mime_shown(tag)));
		mime_judge_say(j, &field_template_tag, p,
		    slice_offset(t->text, tag), detail);
	}
}

void
mime_judge_content(struct judge *j, const struct mime_part *p,
    const struct judged_text *t)
{
	if (p == j->plain)
		j->plain_seen = seen_octets(t->text);
	if (mime_is(p, "text", "html"))
		html_judge(j, p, t);
	else if (mime_is(p, "text", "plain"))
		plain_judge(j, p, t);
	else
		return;
	tags_judge(j, p, t);
}
