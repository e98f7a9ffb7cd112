#include "message/mime_judge.h"

/* How text and HTML stand together (RFC 2046 5.1.4). */

/* A text that says so little, beside HTML of that many octets, is none. */
enum { SEEN_LITTLE = 20, HTML_LONG = 1000 };

/* The first text of a kind that is within a part, or NULL. */
static const struct mime_part *
text_within(const struct mime *m, const struct mime_part *p,
    const char *subtype)
{
	const struct mime_part *end = m->parts + m->n;

	for (const struct mime_part *q = p + 1; q < end && q->depth > p->depth;
	     q++) {
		if (mime_is(q, "text", subtype) && mime_is_shown(q))
			return q;
	}
	return NULL;
}

/* False: something has been said of HTML without text. */
static bool
alternative_judge(const struct judge *j, const struct mime_part *p)
{
	const struct mime_part *plain = text_within(j->mime, p, "plain");
	const struct mime_part *html = text_within(j->mime, p, "html");

	if (html == NULL)
		return true;
	if (plain == NULL) {
		mime_say(j->lint, &mime_alternative_no_text, SLICE_NONE,
		    p->octets,
		    SLICE_LIT("The multipart/alternative has HTML and no "
			      "text/plain, which filters hold against bulk "
			      "mail"));
		return false;
	}
	if (html < plain)
		mime_say(j->lint, &mime_alternative_order, SLICE_NONE,
		    html->octets,
		    SLICE_LIT("The HTML stands before the plain text, so "
			      "readers, who show the last that they can, show "
			      "the plain text"));
	return true;
}

void
mime_judge_shape(const struct judge *j)
{
	const struct mime *m = j->mime;
	const struct mime_part *plain = j->plain;
	const struct mime_part *html = mime_body(m, "html");
	bool fine = true;

	for (size_t i = 0; i < m->n; i++) {
		if (mime_is(&m->parts[i], "multipart", "alternative") &&
		    (m->parts[i].parent == NULL ||
			mime_is(m->parts[i].parent, "multipart", NULL)))
			fine = alternative_judge(j, &m->parts[i]) && fine;
	}
	if (html != NULL && plain == NULL && fine)
		mime_say(j->lint, &mime_html_only, SLICE_NONE, html->octets,
		    SLICE_LIT("The message has HTML and no plain text, which "
			      "filters hold against bulk mail"));
	if (html != NULL && plain != NULL && html->decoded > HTML_LONG &&
	    j->plain_seen < SEEN_LITTLE)
		mime_say(j->lint, &mime_text_empty, SLICE_NONE, plain->octets,
		    SLICE_LIT("The plain text says next to nothing beside a "
			      "long HTML, which filters hold against bulk "
			      "mail"));
}
