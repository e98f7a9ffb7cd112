#include "base/limits.h"
#include "message/html.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check(bool fine)
{
	if (!fine)
		__builtin_trap();
}

static void
check_within(struct slice part, struct slice whole)
{
	check(
	    part.n == 0 || (part.p >= whole.p &&
			       part.n <= whole.n - (size_t)(part.p - whole.p)));
}

static void
check_links(const struct html *h)
{
	size_t line = 0;

	check(h->n_links <= LIMIT_HTML_LINKS);
	for (size_t i = 0; i < h->n_links; i++) {
		const struct html_link *l = &h->links[i];

		check(html_way_name(l->hidden) != NULL && l->href.p != NULL);
		check(l->line >= line);
		line = l->line;
		if (l->hidden == HTML_SHOWN) {
			check_within(l->text, h->text);
			check_within(l->around, h->text);
			check_within(l->text, l->around);
		}
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(LIMIT_AUDIT_ARENA, 4096);
	struct html h;

	if (a == NULL)
		return 0;
	if (html_read(a, slice_of(data, size), &h) == RC_OK) {
		check(h.missing == NULL);
		check_links(&h);
		for (size_t i = 0; i < h.n_hidden; i++) {
			check(h.hidden[i].way != HTML_SHOWN);
			/* A preheader comes first. */
			check(!h.hidden[i].preheader || i == 0 ||
			      h.hidden[i - 1].preheader);
		}
	} else {
		check(arena_failed(a));
	}
	arena_free(a);
	return 0;
}
