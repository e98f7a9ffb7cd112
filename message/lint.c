#include "message/lint.h"

#include "base/limits.h"

/* Kinds are few: the list is short, and its end is where repetitions are. */
static struct lint_problem *
find(const struct lint *l, const struct lint_kind *kind, struct slice header)
{
	for (size_t i = l->n; i-- > 0;) {
		struct lint_problem *p = &l->problems[i];

		if (p->kind == kind && slice_eq_nocase(p->header, header))
			return p;
	}
	return NULL;
}

bool
lint_wants(const struct lint *l, const struct lint_kind *kind,
    struct slice header)
{
	return l != NULL && l->n < LIMIT_PROBLEMS &&
	       find(l, kind, header) == NULL;
}

void
lint_say(struct lint *l, const struct lint_kind *kind, struct lint_place at,
    struct slice detail)
{
	lint_say_many(l, kind, at, detail, 1);
}

void
lint_say_many(struct lint *l, const struct lint_kind *kind,
    struct lint_place at, struct slice detail, size_t count)
{
	struct lint_problem *p, *more;

	if (l == NULL)
		return;
	p = find(l, kind, at.header);
	if (p != NULL) {
		p->count += count;
		return;
	}
	if (l->n == LIMIT_PROBLEMS) {
		l->cut = true;
		return;
	}
	more = arena_grow(l->arena, l->problems, l->n, &l->cap, sizeof(*more));
	if (more == NULL)
		return;
	l->problems = more;
	more[l->n++] = (struct lint_problem){ kind, at.line, at.column,
		at.header, detail, count };
}
