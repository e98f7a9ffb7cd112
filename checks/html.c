#include "checks/html.h"

#include "base/limits.h"
#include "checks/content.h"

/* Stands for a message without HTML, as a memo is made once. */
static const struct body_html none;

static enum rc
read_part(struct check_run *run, const struct mime_part *part,
    struct body_html *b)
{
	struct arena *a = run->memos->arena;
	struct slice text;
	bool cut;
	enum rc rc = mime_text(a, part, LIMIT_HTML, &text, &cut);

	if (!rc)
		rc = html_read(a, text, &b->html);
	if (rc)
		return rc;
	b->cause = b->html.missing != NULL ? CAUSE_UNSUPPORTED : CAUSE_LIMIT;
	b->cut = b->html.missing != NULL ? b->html.missing : b->html.cut;
	if (b->cut == NULL && cut)
		b->cut = "it is longer than one MiB";
	return RC_OK;
}

enum rc
check_html(struct check_run *run, const struct body_html **out)
{
	const struct mime *mime;
	const struct mime_part *part;
	struct body_html *b;
	enum rc rc;

	*out = run->memos->of[MEMO_HTML];
	if (*out == NULL && run->subject->message != NULL) {
		mime = check_mime(run);
		if (mime == NULL)
			return RC_LIMIT;
		part = mime_body(mime, "html");
		b = arena_new_of(run->memos->arena, struct body_html, 1);
		if (b == NULL)
			return RC_LIMIT;
		if (part != NULL && (rc = read_part(run, part, b)) != RC_OK)
			return rc;
		run->memos->of[MEMO_HTML] = part != NULL ? b : &none;
		*out = run->memos->of[MEMO_HTML];
	}
	if (*out == &none)
		*out = NULL;
	return RC_OK;
}
