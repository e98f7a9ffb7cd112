#include "base/limits.h"
#include "message/address.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check(bool fine)
{
	if (!fine)
		__builtin_trap();
}

static void
check_list(const struct address_list *l, size_t size)
{
	check(l->n <= LIMIT_ADDRESSES && l->at <= size);
	check(l->fault != ADDRESS_FINE || l->at == 0);
	check(l->fault != ADDRESS_FINE || l->n + l->groups > 0);
	check(l->fault != ADDRESS_EMPTY || l->n + l->groups == 0);
	for (size_t i = 0; i < l->n; i++) {
		const struct mailbox *m = &l->mailboxes[i];

		check(m->local.p != NULL && m->local.n <= size);
		check(m->domain.p != NULL && m->domain.n > 0 &&
		      m->domain.n <= size);
		check(m->literal == (m->domain.p[0] == '['));
		/* At most three octets for one (U+FFFD), and spaces. */
		check(m->display.n <= 4 * size);
	}
}

/* A plain address, put together again, is the same address. */
static void
check_again(struct arena *a, const struct mailbox *m)
{
	struct address_list again;
	struct slice text;

	for (size_t i = 0; i < m->local.n; i++) {
		if (!ascii_is_alnum(m->local.p[i]))
			return;
	}
	if (m->local.n == 0 || m->literal)
		return;
	text = arena_slicef(a, "<%.*s@%.*s>", SLICE_FMT(m->local),
	    SLICE_FMT(m->domain));
	if (text.p == NULL || address_list_parse(a, text, &again) != RC_OK)
		return;
	check(again.fault == ADDRESS_FINE && again.n == 1);
	check(slice_eq(again.mailboxes[0].local, m->local));
	check(slice_eq(again.mailboxes[0].domain, m->domain));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(1024 * 1024, 4096);
	struct slice all = slice_of(data, size);
	struct address_list l;
	struct path p;

	if (a == NULL)
		return 0;
	if (address_list_parse(a, all, &l) == RC_OK) {
		check_list(&l, size);
		for (size_t i = 0; i < l.n && i < 4; i++)
			check_again(a, &l.mailboxes[i]);
	} else {
		check(arena_failed(a));
	}
	arena_reset(a);
	if (path_parse(a, all, &p))
		check(p.null ? p.local.p == NULL && p.domain.p == NULL
			     : p.domain.n > 0 && p.local.n <= size);
	arena_free(a);
	return 0;
}
