#include "checks/content.h"

const struct content *
check_content(struct check_run *run)
{
	const struct content *made = run->memos->of[MEMO_MIME];
	struct arena *a = run->memos->arena;
	struct content *c;

	if (made != NULL || run->subject->message == NULL)
		return made;
	c = arena_new_of(a, struct content, 1);
	if (c == NULL)
		return NULL;
	c->lint.arena = a;
	if (mime_parse(a, run->subject->message, &c->lint, &c->mime) != RC_OK)
		return NULL;
	run->memos->of[MEMO_MIME] = c;
	return c;
}

const struct mime *
check_mime(struct check_run *run)
{
	const struct content *c = check_content(run);

	return c != NULL ? &c->mime : NULL;
}
