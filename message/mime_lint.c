#include "message/mime_lint.h"

enum { SHOWN = 60 };

bool
mime_wants(const struct mime_lint *l, const struct lint_kind *kind,
    struct slice header)
{
	return lint_wants(l->lint, kind, header);
}

/* The place takes a walk over the message: only for what is kept. */
static struct lint_place
place_of(const struct mime_lint *l, const struct lint_kind *kind,
    struct slice header, struct slice octet)
{
	struct lint_place place = { .header = header };

	if (lint_wants(l->lint, kind, header))
		message_place(l->message,
		    slice_offset(l->message->octets, octet), &place.line,
		    &place.column);
	return place;
}

void
mime_say(const struct mime_lint *l, const struct lint_kind *kind,
    struct slice header, struct slice octet, struct slice detail)
{
	lint_say(l->lint, kind, place_of(l, kind, header, octet), detail);
}

void
mime_say_many(const struct mime_lint *l, const struct lint_kind *kind,
    struct slice octet, struct slice detail, size_t count)
{
	lint_say_many(l->lint, kind, place_of(l, kind, SLICE_NONE, octet),
	    detail, count);
}

struct slice
mime_shown(struct slice s)
{
	return slice_sub(s, 0, SHOWN);
}
